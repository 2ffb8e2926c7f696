"""Courses over time with control limits, on numbers that a person can work out. Seconds after Monday 00:00, Beijing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from factories.records import DEFINITIONS, MONDAY, record, rows

from dispatch.reports.rules_figures import rows_of
from dispatch.reports.rules_trends import Measure, Step, Trend, trend_of
from dispatch.reports.rules_views import views_of

DAY = 86_400


def _course(kpi: str, told: Sequence[dict[str, object]], days: int, step: Step, measure: Measure) -> Trend:
    of = DEFINITIONS.versions(kpi)[-1]
    frames = record(**{of.of: rows(of.of, *told)})
    until = MONDAY + timedelta(days=days)
    found = rows_of(views_of(frames)[of.of], of, DEFINITIONS, until).collect()
    return trend_of(of, found, MONDAY, until, step, measure)


def _responses(means: Sequence[int]) -> list[dict[str, object]]:
    """Five incidents a day, each as long as that day's mean."""
    return [
        {"t0": day * DAY + 60 * at, "t3": day * DAY + 60 * at + 30, "t6": day * DAY + 60 * at + mean}
        for day, mean in enumerate(means)
        for at in range(5)
    ]


def test_a_mean_is_held_against_its_moving_range() -> None:
    told = _course("response", _responses([600, 660, 600, 660, 600, 660, 1_200]), 7, "day", "mean")
    # Mean 4980/7; moving ranges 60 five times and 540: 840/6 = 140; 2.66 times that is 372.4.
    assert told.centre == pytest.approx(4_980 / 7)
    assert [one.low for one in told.points] == pytest.approx([4_980 / 7 - 372.4] * 7)
    assert [one.high for one in told.points] == pytest.approx([4_980 / 7 + 372.4] * 7)
    assert [one.signal for one in told.points] == [None] * 6 + ["outside"]


def test_a_share_is_held_against_three_standard_errors_of_its_own_count() -> None:
    runs: list[dict[str, object]] = []
    for day, (late, count) in enumerate([(1, 10), (1, 10), (2, 20), (10, 10)]):
        for at in range(count):
            t3 = day * DAY + 600 * at
            left = t3 + (200 if at < late else 100)
            runs.append({"t3": t3, "t5": left, "t6": left + 300, "t11": left + 900})
    told = _course("departure", runs, 5, "day", "share")
    # 36 of 50 left in time. The fifth day has nobody: no value, no limits, no signal.
    share = 36 / 50
    assert told.centre == pytest.approx(share)
    for place, count in enumerate([10, 10, 20, 10]):
        half = 3 * math.sqrt(share * (1 - share) / count)
        assert told.points[place].low == pytest.approx(share - half)
        assert told.points[place].high == pytest.approx(min(1.0, share + half))
    assert [one.value for one in told.points] == [0.9, 0.9, 0.9, 0.0, None]
    assert [one.signal for one in told.points] == [None, None, None, "outside", None]
    assert (told.points[4].low, told.points[4].high, told.points[4].figure.eligible) == (None, None, 0)


def test_eight_in_a_row_on_one_side_are_a_shift() -> None:
    means = [700, 760] * 4 + [640, 660] * 4
    told = _course("response", _responses(means), 16, "day", "mean")
    # The centre is 690: the first eight lie above it, so that the eighth tells, and again the sixteenth below.
    assert [place for place, one in enumerate(told.points) if one.signal == "shift"] == [7, 15]


@pytest.mark.parametrize(
    ("step", "begins", "counts"),
    [
        # Monday 16 November 2026 and 30 days on: two weeks and two days of November, 15 of December.
        ("week", ["11-16", "11-23", "11-30", "12-07", "12-14"], [35, 35, 35, 35, 10]),
        ("month", ["11-01", "12-01"], [75, 75]),
    ],
)
def test_weeks_begin_on_monday_and_months_on_the_first_of_beijing(
    step: Step, begins: list[str], counts: list[int]
) -> None:
    told = _course("response", _responses([600] * 30), 30, step, "p90")

    def beijing(at: datetime) -> str:
        return f"{at + timedelta(hours=8):%m-%d %H:%M}"

    assert [beijing(one.begins) for one in told.points] == [f"{day} 00:00" for day in begins]
    assert [one.figure.n for one in told.points] == counts
    assert {one.value for one in told.points} == {600}


def test_no_limit_lies_below_nought_where_no_value_can() -> None:
    told = _course("response", _responses([60, 1_800, 60]), 3, "day", "mean")
    assert [(one.low, one.signal) for one in told.points] == [(0.0, None)] * 3
    runs = [
        {
            "t3": day * DAY,
            "t5": day * DAY + 60,
            "t6": day * DAY + 600 + late,
            "planned_s": 600.0,
            "t11": day * DAY + 999,
        }
        for day, late in enumerate([-300, 300, -300])
        for _ in range(5)
    ]
    # Sooner than promised is less than nought: 2.66 times 600 below a mean of −100.
    assert _course("promised", runs, 3, "day", "mean").points[0].low == pytest.approx(-100 - 2.66 * 600)


def test_one_period_alone_has_no_limits() -> None:
    told = _course("response", _responses([600]), 1, "day", "mean")
    assert (told.centre, told.points[0].value, told.points[0].low) == (None, 600.0, None)
