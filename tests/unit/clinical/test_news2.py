from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.clinical.rules_news2 import TABLE, News2, News2Level, Parameter, Reading, news2, no_adult
from dispatch.clinical.states import NoAdult

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
# Written a second time from the chart: what each value scores, as ranges with both ends.
CHART: Mapping[str, list[tuple[float, float, int]]] = {
    "respiratory_rate": [(0, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 120, 3)],
    "spo2": [(0, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    "fio2": [(21, 21, 0), (22, 100, 2)],
    "nibp_systolic": [(0, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 350, 3)],
    "heart_rate": [(0, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 350, 3)],
    "avpu": [(1, 1, 0), (2, 4, 3)],
    "temperature": [(20, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, 45, 2)],
}
WELL = {"respiratory_rate": 16.0, "spo2": 98.0, "fio2": 21.0, "nibp_systolic": 120.0, "heart_rate": 70.0, "avpu": 1.0,
        "temperature": 37.0}  # fmt: skip


def charted(signal: str, value: float) -> int:
    (points,) = [points for low, high, points in CHART[signal] if low <= value <= high]
    return points


def scored(values: Mapping[str, float], age_s: float = 1.0) -> News2:
    return news2({name: Reading(value, NOW - timedelta(seconds=age_s)) for name, value in values.items()}, NOW)


def steps(signal: str) -> list[float]:
    low, high = CHART[signal][0][0], CHART[signal][-1][1]
    size = 10 if signal == "temperature" else 1
    return [number / size for number in range(round(low * size), round(high * size) + 1)]


@pytest.mark.parametrize("signal", sorted(CHART))
def test_every_value_scores_as_the_chart_says(signal: str) -> None:
    for value in steps(signal):
        found = scored(WELL | {signal: value})
        assert (found.low, found.complete) == (charted(signal, value), True), value


def test_every_combination_of_bands_adds_up() -> None:
    edges = [[(name, (low + high) / 2 if high - low > 1 else low) for low, high, _ in CHART[name]] for name in CHART]
    for one in itertools.product(*edges):
        values = {name: float(round(value)) if name != "temperature" else round(value, 1) for name, value in one}
        points = [charted(name, value) for name, value in values.items()]
        found = scored(values)
        assert found.low == found.high == sum(points)
        expected = (
            News2Level.EMERGENCY
            if sum(points) >= 7
            else News2Level.URGENT
            if sum(points) >= 5
            else News2Level.SINGLE
            if 3 in points
            else News2Level.LOW
        )
        assert found.level is expected


@pytest.mark.parametrize(
    ("signal", "value", "points"),
    [
        ("spo2", 91.5, 2),
        ("spo2", 91.4, 3),
        ("temperature", 35.05, 1),
        ("temperature", 35.04, 3),
        ("heart_rate", 40.5, 1),
    ],
)
def test_values_are_rounded_to_what_the_chart_has(signal: str, value: float, points: int) -> None:
    assert scored(WELL | {signal: value}).low == points


@given(st.sets(st.sampled_from(sorted(WELL))), st.data())
def test_bounds_hold_whatever_is_missing(missing: set[str], data: st.DataObject) -> None:
    values = {name: data.draw(st.sampled_from(steps(name)), name) for name in WELL}
    whole = scored(values)
    part = scored({name: value for name, value in values.items() if name not in missing})
    assert part.low <= whole.low <= part.high
    assert part.complete == (not missing)
    assert len(part.missing) == len(missing)
    # Each bound is met by somebody: the missing ones at their best, and at their worst.
    best = {name: min(steps(name), key=lambda value: charted(name, value)) for name in missing}
    worst = {name: max(steps(name), key=lambda value: charted(name, value)) for name in missing}
    assert scored(values | best).low == part.low
    assert scored(values | worst).low == part.high


def test_what_is_too_old_or_cannot_be_right_is_missing() -> None:
    assert scored(WELL, age_s=121).missing == (Parameter.RESPIRATORY_RATE, Parameter.SPO2, Parameter.PULSE)
    assert scored(WELL, age_s=3_601).low == 0
    assert scored(WELL, age_s=3_601).high == 20
    for value in (math.nan, 101.0):
        assert scored(WELL | {"spo2": value}).missing == (Parameter.SPO2,)


def test_of_two_ways_to_measure_the_newer_counts() -> None:
    newer, older = NOW - timedelta(seconds=1), NOW - timedelta(seconds=90)
    both = {"heart_rate": Reading(140.0, older), "pulse_rate": Reading(70.0, newer)}
    assert news2(both, NOW).points[Parameter.PULSE] == 0
    assert news2({"heart_rate": both["heart_rate"]}, NOW).points[Parameter.PULSE] == 3


def test_confused_speech_counts_as_new_confusion() -> None:
    assert scored(WELL | {"gcs_verbal": 4.0}).points[Parameter.CONSCIOUSNESS] == 3
    assert scored(WELL | {"gcs_verbal": 5.0}).points[Parameter.CONSCIOUSNESS] == 0
    # Oriented speech alone does not say that somebody is alert.
    assert Parameter.CONSCIOUSNESS in scored({"gcs_verbal": 5.0}).missing


@pytest.mark.parametrize(
    ("age", "pregnant", "none"),
    [
        (None, False, NoAdult.AGE_UNKNOWN),
        (15, False, NoAdult.UNDER_16),
        (16, False, None),
        (30, True, NoAdult.PREGNANT),
        (15, True, NoAdult.UNDER_16),
        (90, False, None),
    ],
)
def test_only_adults_are_scored(age: int | None, pregnant: bool, none: NoAdult | None) -> None:
    assert no_adult(age, pregnant=pregnant) is none


def test_nobody_has_signed_the_table_off() -> None:
    assert (TABLE.version, TABLE.signed_off_by) == ("1", "")
