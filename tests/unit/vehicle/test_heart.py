"""The invented ECG of a rehearsal."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from api.vehicle.heart import RATE_HZ, STEP, UNITS_PER_MV, Heart

SECOND_US = 1_000_000


def test_it_beats_as_often_as_its_rate_says_and_leaves_no_gap() -> None:
    heart, now_us = Heart(), 1_700_000_000_000_000
    frames = [one for second in range(1, 61) for one in heart.until(now_us + second * SECOND_US, 90.0)]
    assert [ecg.first_sample for _, ecg in frames] == [STEP * n for n in range(len(frames))]
    assert {b - a for (a, _), (b, _) in pairwise(frames)} == {STEP * SECOND_US // RATE_HZ}
    assert frames[-1][0] + STEP * SECOND_US // RATE_HZ == now_us + 60 * SECOND_US
    second = np.concatenate([ecg.matrix()[1] for _, ecg in frames]) / UNITS_PER_MV
    peaks = (second[1:-1] > 0.6) & (second[1:-1] >= second[:-2]) & (second[1:-1] > second[2:])
    assert 89 <= int(peaks.sum()) <= 91


def test_after_a_pause_it_goes_on_with_the_last_second() -> None:
    heart = Heart()
    list(heart.until(10 * SECOND_US, 60.0))
    frames = list(heart.until(100 * SECOND_US, 60.0))
    assert (frames[0][0], len(frames)) == (99 * SECOND_US, RATE_HZ // STEP)
