"""The time at which an ordered vehicle's wheels began to roll, by its receiver."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.telemetry.detection.rules_departures import GAP_S, Departure
from geo.points import METRES_PER_DEGREE

ORDER = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
EAST = METRES_PER_DEGREE * float(np.cos(np.radians(41.0)))
Fix = tuple[float, float, float | None, float | None]
"""Seconds since the order, metres along a road, m/s, metres of accuracy."""


def seen(fixes: Iterable[Fix], departure: Departure | None = None) -> list[float]:
    """The seconds since the order at which departures were found to have begun."""
    rules = departure or Departure(ORDER)
    found = [
        rules.see(ORDER + timedelta(seconds=at_s), 41.0, 80.0 + along_m / EAST, speed_mps, accuracy_m)
        for at_s, along_m, speed_mps, accuracy_m in fixes
    ]
    return [(one - ORDER).total_seconds() for one in found if one is not None]


def stands(from_s: int, until_s: int, along_m: float = 0.0) -> list[Fix]:
    return [(float(second), along_m + (second % 3), 0.3, 8.0) for second in range(from_s, until_s)]


def drives(from_s: int, until_s: int, along_m: float = 0.0, speed_mps: float = 12.0) -> list[Fix]:
    return [
        (float(second), along_m + (second - from_s) * speed_mps, speed_mps, 8.0) for second in range(from_s, until_s)
    ]


@given(st.integers(0, 300), st.floats(4.0, 40.0), st.integers(1, 10))
def test_wheels_roll_from_the_first_fix_that_rolls_however_dense_the_fixes(
    stood_s: int, speed_mps: float, every_s: int
) -> None:
    fixes = [*stands(-30, stood_s), *drives(stood_s, stood_s + 120, speed_mps=speed_mps)]
    thinned = [one for one in fixes if one[0] % every_s == 0]
    (began_s,) = seen(thinned)
    assert stood_s <= began_s < stood_s + every_s


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0.0, 1.4)), max_size=60))
def test_who_creeps_and_stands_never_leaves(steps: list[tuple[int, float]]) -> None:
    times = itertools.accumulate(step for step, _ in steps)
    assert seen([(float(at), speed * 10, speed, 8.0) for at, (_, speed) in zip(times, steps, strict=True)]) == []


def test_who_shunts_in_the_yard_leaves_when_it_drives_off() -> None:
    yard = [*stands(0, 60), *drives(60, 68, 0.0, 5.0), *stands(68, 120, 40.0)]
    assert seen([*yard, *drives(120, 150, 40.0)]) == [120.0]
    # A gate or a crossing on the way out is no end of it.
    assert seen([*stands(0, 60), *drives(60, 68, 0.0, 5.0), *stands(68, 80, 40.0), *drives(80, 110, 40.0)]) == [60.0]


def test_who_drove_when_it_was_ordered_rolled_then_and_never_before() -> None:
    assert seen(drives(-40, 60)) == [0.0]


def test_it_is_found_once() -> None:
    departure = Departure(ORDER)
    first = [*stands(0, 20), *drives(20, 60), *stands(60, 120, 480.0)]
    assert seen(first, departure) == [20.0]
    assert seen(drives(120, 200, 480.0), departure) == []


def test_who_left_while_nobody_saw_it_has_no_time() -> None:
    gap = int(GAP_S) + 1
    assert seen([*stands(0, 20), *drives(20 + gap, 80 + gap, 900.0)]) == []
    assert seen(drives(gap, gap + 60)) == []
    # One that is heard again where it stood is still waited for.
    assert seen([*stands(0, 20), *stands(20 + gap, 30 + gap), *drives(30 + gap, 60 + gap)]) == [30.0 + gap]


def test_bad_fixes_and_those_without_speed_measure_nothing() -> None:
    bad: list[Fix] = [(float(second), second * 12.0, 12.0, 51.0) for second in range(60)]
    silent: list[Fix] = [(float(second), second * 12.0, None, 5.0) for second in range(60)]
    assert seen(bad) == seen(silent) == []
    untold: list[Fix] = [(float(second), second * 12.0, 12.0, None) for second in range(60)]
    assert seen(untold) == [0.0]


@given(st.permutations(range(12)))
def test_fixes_out_of_order_are_passed_over_and_tell_no_time_before_the_order(order: list[int]) -> None:
    fixes = drives(0, 60)
    head = [fixes[place] for place in order]
    assert all(began_s >= 0.0 for began_s in seen([*head, *fixes[12:]]))
