from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.er.vitals import Point
from api.exports.measured import COLUMNS, Cell, Thinned, rows_of, why_no_score
from api.exports.sheet_trends import trends_of
from dispatch.clinical.rules_signals import SIGNALS, judge
from dispatch.clinical.states import NoAdult

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
RATE, PRESSURE, OXYGEN = 0, 1, 2


def point(name: str, value: float | None, at_s: float = 0.0, *, by_hand: bool = False) -> Point:
    at, signal = AT + timedelta(seconds=at_s), SIGNALS.by_name[name]
    return Point(signal, at, at, True, value, judge(signal, 0.0 if value is None else value), by_hand)


def thinned(*points: Point) -> Thinned:
    made = Thinned()
    made.take(points)
    return made


def test_each_row_holds_the_newest_of_its_step_and_nothing_older() -> None:
    rows = rows_of(thinned(point("heart_rate", 80), point("heart_rate", 90, 50), point("spo2", 97, 130)), scored=False)
    assert [(row.at, row.cells[RATE], row.cells[OXYGEN]) for row in rows] == [
        (AT + timedelta(seconds=50), Cell("90"), None),
        (AT + timedelta(seconds=130), None, Cell("97")),
    ]


def test_what_cannot_be_right_is_crossed_and_hides_nothing_that_can() -> None:
    rows = rows_of(thinned(point("spo2", 250), point("heart_rate", 90), point("heart_rate", 900, 5)), scored=False)
    assert rows[0].cells[OXYGEN] == Cell("250", crossed=True)
    assert rows[0].cells[RATE] == Cell("90")


def test_pressures_stand_together_and_the_newer_way_counts() -> None:
    cuff = [("nibp_systolic", 120.0, 0), ("nibp_diastolic", 80.0, 0)]
    both = [*cuff, ("art_systolic", 99.0, 20), ("art_diastolic", 60.0, 20)]
    rows = rows_of(thinned(*(point(name, value, at, by_hand=True) for name, value, at in both)), scored=False)
    assert rows[0].cells[PRESSURE] == Cell("99/60", by_hand=True)


def test_a_score_is_bounds_until_it_is_whole() -> None:
    some = [point("heart_rate", 80), point("spo2", 97)]
    assert rows_of(thinned(*some), scored=True)[0].news2 == "0–14"
    rest = {"respiratory_rate": 15.0, "nibp_systolic": 120.0, "temperature": 37.0, "avpu": 1.0, "fio2": 21.0}
    assert rows_of(thinned(*some, *(point(*one) for one in rest.items())), scored=True)[0].news2 == "0"
    assert rows_of(thinned(*some), scored=False)[0].news2 == ""
    assert rows_of(thinned(point("glucose", 5)), scored=True)[0].news2 == ""
    assert (why_no_score(12, "male", "K03"), why_no_score(30, "female", "K24")) == (NoAdult.UNDER_16, NoAdult.PREGNANT)


def test_a_long_run_has_no_more_rows_than_a_page() -> None:
    rows = rows_of(thinned(*(point("heart_rate", 80, minute * 60) for minute in range(600))), scored=False)
    assert 20 <= len(rows) <= 41
    assert len(rows[0].cells) == len(COLUMNS)


def test_trends_are_broken_where_nothing_was_measured_and_leave_out_what_cannot_be_right() -> None:
    values = thinned(*(point("heart_rate", 80, at) for at in (0, 15, 30, 900, 915)), point("spo2", 250),
                     point("nibp_systolic", 120), point("nibp_diastolic", 80))  # fmt: skip
    plots = trends_of(values, "en")
    assert len(plots) == 2
    line = plots[0]["svg"].split('<path d="')[1].split('"')[0]
    assert line.count("M") == 2
    assert trends_of(thinned(), "en") == []
    assert trends_of(thinned(point("spo2", None)), "zh") == []
