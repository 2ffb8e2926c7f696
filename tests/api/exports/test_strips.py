from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from api.exports.recordings import Stretch
from api.exports.strips import HEIGHT_MM, ROWS, WIDTH_MM, strip_of, svg_of
from api.printing.press import TEMPLATES
from dispatch.telemetry.rules_waves import MISSING

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
OFF = "lead off"


def stretch(samples: np.ndarray, leads: tuple[int, ...] = (1, 2), at_s: float = 0.0, rate: int = 100) -> Stretch:
    return Stretch(AT + timedelta(seconds=at_s), rate, 200.0, leads, samples.astype(np.int16))


def lines(svg: str) -> list[list[tuple[float, float]]]:
    """The curves, as places in millimetres."""
    root = ET.fromstring(svg)  # noqa: S314  our own text
    curves = [one.get("d", "") for one in root.iter(f"{SVG}path") if one.get("clip-path")]
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", one)] for one in curves]


def test_a_second_is_25_mm_and_a_millivolt_10_mm() -> None:
    samples = np.zeros((2, 1_000))
    samples[1, 300] = 200  # one millivolt in lead II, three seconds from the beginning
    rhythm = lines(svg_of(strip_of(AT, [stretch(samples)]), OFF))[-1]
    (x, y), (_, zero) = rhythm[300], rhythm[0]
    assert (x - rhythm[0][0], zero - y) == pytest.approx((75, 10), abs=0.011)
    assert rhythm[-1][0] - rhythm[0][0] == pytest.approx(999 / 100 * 25, abs=0.011)


def test_the_template_sets_a_strip_at_its_size() -> None:
    assert f"plot(one.svg, width: {WIDTH_MM:.0f}mm)" in (TEMPLATES / "run_parts.typ").read_text("utf-8")
    root = ET.fromstring(svg_of(strip_of(AT, []), OFF))  # noqa: S314  our own text
    assert root.get("viewBox") == f"0 0 {WIDTH_MM} {HEIGHT_MM}"
    assert len(lines(svg_of(strip_of(AT, []), OFF))) == 0


def test_leads_are_derived_only_where_they_were_not_sent() -> None:
    sent = np.stack([np.full(1_000, 100), np.full(1_000, 300), np.full(1_000, 7)])
    strip = strip_of(AT, [stretch(sent, (1, 2, 4))])
    assert strip.derived == {"III", "aVL", "aVF"}
    values = {name: traces[0].mv[0] for name, traces in strip.traces.items()}
    assert values == pytest.approx({"I": 0.5, "II": 1.5, "aVR": 0.035, "III": 1.0, "aVL": -0.25, "aVF": 1.25})
    told = svg_of(strip, OFF)
    assert "III*" in told
    assert "aVR*" not in told


def test_gaps_and_leads_that_were_off_are_told_apart() -> None:
    samples = np.zeros((8, 350))
    samples[6] = MISSING
    leads = (1, 2, 7, 8, 9, 10, 11, 12)
    strip = strip_of(AT, [stretch(samples, leads), stretch(samples, leads, at_s=6.5)])
    assert strip.gaps == [(3.5, 6.5)]
    told = svg_of(strip, OFF)
    assert told.count(OFF) == 1  # V5; V1 to V3 stand partly in the gap, and were on
    assert not strip.empty


def test_what_lies_outside_the_ten_seconds_is_left_away() -> None:
    strip = strip_of(AT, [stretch(np.zeros((2, 3_000)), at_s=-10)])
    assert strip.gaps == []
    assert [len(one.mv) for one in strip.traces["II"]] == [1_000]
    assert strip_of(AT, [stretch(np.zeros((2, 100)), at_s=10)]).empty
    assert strip_of(AT, [stretch(np.zeros((2, 100)), at_s=-1)]).empty


def test_every_row_names_leads_that_there_are() -> None:
    assert [len(names) for names in ROWS] == [4, 4, 4, 1]
