"""Beats, none, and no patient: on made curves, and on real ones where they are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from api.vehicle.wfdb import read_record
from dispatch.clinical.rules_ecg import FIGURES, EcgEye, Look
from dispatch.clinical.rules_ecg_kernels import MISSING

RATE, UNITS = 500, 200.0
Curve = NDArray[np.int16]


def as_curve(millivolts: NDArray[np.float64]) -> Curve:
    return np.clip(np.round(millivolts * UNITS), -32_767, 32_767).astype(np.int16)


def noise(seconds: float, leads: int = 2, *, mv: float = 0.015, rate: int = RATE, seed: int = 1) -> NDArray[np.float64]:
    made: NDArray[np.float64] = np.random.default_rng(seed).normal(0.0, mv, (leads, round(seconds * rate)))
    return made


def beating(seconds: float, leads: int = 2, *, per_min: float = 75.0, high_mv: float = 1.0, rate: int = RATE) -> Curve:
    """Narrow peaks on a live line."""
    times = np.arange(round(seconds * rate)) / rate
    phase = (times % (60.0 / per_min)) - 0.1
    return as_curve(noise(seconds, leads, rate=rate) + high_mv * np.exp(-((phase / 0.015) ** 2)))


def looks(curve: Curve, *, piece: int = 100, rate: int = RATE, begin: int = 0) -> list[Look]:
    eye = EcgEye(len(curve), rate, UNITS, begin)
    return [eye.see(begin + at, curve[:, at : at + piece]) for at in range(0, curve.shape[1], piece)]


def longest_quiet_s(found: Sequence[Look]) -> float:
    return max(one.quiet_s for one in found if one.quiet_s is not None)


@pytest.mark.parametrize(("per_min", "high_mv"), [(30.0, 1.0), (75.0, 0.3), (180.0, 1.0), (75.0, -0.8)])
def test_a_beating_heart_is_never_quiet(per_min: float, high_mv: float) -> None:
    found = looks(beating(20, per_min=per_min, high_mv=high_mv))
    assert longest_quiet_s(found) < 60.0 / per_min + 0.5
    assert {one.off for one in found} == {0}


@pytest.mark.parametrize("hum_mv", [0.0, 0.3])
def test_a_line_that_lives_and_never_beats_is_quiet_not_off(hum_mv: float) -> None:
    seconds = 10.0
    times = np.arange(round(seconds * RATE)) / RATE
    wander = 0.2 * np.sin(2 * np.pi * 0.2 * times) + hum_mv * np.sin(2 * np.pi * 50 * times)
    found = looks(as_curve(noise(seconds) + wander))
    assert found[-1].quiet_s == pytest.approx(seconds)
    assert {one.off for one in found} == {0}


@pytest.mark.parametrize("rail", [MISSING, 32_767, -32_768, 0, 2_047])
def test_a_lead_that_is_not_connected_is_off_and_no_standstill(rail: int) -> None:
    found = looks(np.full((2, 10 * RATE), rail, dtype=np.int16))
    last = found[-1]
    assert (last.off, last.quiet_s) == (2, None)
    assert (last.still == 2) == (rail in (0, 2_047))
    # Nothing was told for as long as a standstill takes.
    assert longest_quiet_s([one for one in found if one.off < 2]) < FIGURES.asystole_s


def test_one_lead_off_leaves_the_others_to_judge_by() -> None:
    both = beating(10)
    both[0] = MISSING
    found = looks(both)
    assert (found[-1].off, found[-1].still) == (1, 0)
    assert longest_quiet_s(found) < 2.0
    still = as_curve(noise(10))
    still[0] = MISSING
    assert looks(still)[-1].quiet_s == pytest.approx(10.0)


def test_an_electrode_that_comes_and_goes_hides_no_standstill() -> None:
    curve = as_curve(noise(20))
    for second in range(0, 20, 3):
        curve[0, second * RATE : (second + 1) * RATE + 200] = MISSING
        curve[0, (second + 1) * RATE + 200 : (second + 1) * RATE + 260] = 2_000  # the jump of putting it on
    assert looks(curve)[-1].quiet_s is not None
    assert (looks(curve)[-1].quiet_s or 0.0) >= FIGURES.asystole_s


def test_a_heart_that_stops_and_beats_again() -> None:
    curve = np.concatenate((beating(5), as_curve(noise(6)), beating(5)), axis=1)
    found = looks(curve)
    assert longest_quiet_s(found) == pytest.approx(6.5, abs=0.6)
    assert (found[-1].quiet_s or 0.0) < 1.0


def test_after_a_gap_nothing_is_known_of_what_lay_in_it() -> None:
    curve, eye = as_curve(noise(6)), EcgEye(2, RATE, UNITS, 0)
    assert eye.see(0, curve).quiet_s == pytest.approx(6.0)
    assert eye.see(60 * RATE, curve).quiet_s == pytest.approx(6.0)


@settings(max_examples=25)
@given(st.integers(1, 700), st.integers(0, 2**40), st.sampled_from([125, 360, 500, 1000]))
def test_pieces_of_any_length_tell_the_same_at_the_end(piece: int, begin: int, rate: int) -> None:
    curve = np.concatenate((beating(3, rate=rate), as_curve(noise(5, rate=rate))), axis=1)
    curve[1, rate : 3 * rate] = MISSING
    whole = looks(curve, piece=curve.shape[1], rate=rate, begin=begin)[-1]
    assert looks(curve, piece=piece, rate=rate, begin=begin)[-1] == whole


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_whatever_the_samples_are_the_look_is_sane(seed: int, leads: int) -> None:
    curve = np.random.default_rng(seed).integers(-32_768, 32_768, (leads, 1_000), dtype=np.int16)
    for one in looks(curve):
        assert 0 <= one.still <= one.off <= leads
        assert (one.quiet_s is None) == (one.off == leads)


@pytest.mark.parametrize(("name", "quiet_s"), [("100", 1.5), ("s0010_re", 1.0)])
def test_real_records_show_no_standstill_and_no_lead_off(real_data: Path, name: str, quiet_s: float) -> None:
    record = read_record(real_data / "ecg" / name)
    curves = np.stack([(one.samples - one.baseline).astype(np.int16) for one in record.signals])
    for leads in (slice(None), *[slice(lead, lead + 1) for lead in range(len(curves))]):
        chosen, gain = curves[leads], record.signals[0].units_per_mv
        eye, piece = EcgEye(len(chosen), record.rate_hz, gain, 0), record.rate_hz // 5
        found = [eye.see(at, chosen[:, at : at + piece]) for at in range(0, chosen.shape[1], piece)]
        assert longest_quiet_s(found) < quiet_s
        assert {one.off for one in found} == {0}


@pytest.mark.parametrize("name", ["100", "s0010_re"])
def test_a_standstill_put_into_a_real_record_is_found(real_data: Path, name: str) -> None:
    record = read_record(real_data / "ecg" / name)
    rate, gain = record.rate_hz, record.signals[0].units_per_mv
    curves = np.stack([(one.samples - one.baseline).astype(np.int16) for one in record.signals])[:, : 20 * rate]
    stop, piece = 10 * rate, rate // 5
    live = np.random.default_rng(1).normal(0.0, 0.015 * gain, (len(curves), curves.shape[1] - stop))
    curves[:, stop:] = curves[:, stop - 1 : stop] + np.round(live).astype(np.int16)
    eye = EcgEye(len(curves), rate, gain, 0)
    found = [eye.see(at, curves[:, at : at + piece]) for at in range(0, curves.shape[1], piece)]
    assert found[-1].quiet_s is not None
    assert 9.0 < found[-1].quiet_s < 11.5
    assert found[-1].off == 0
