"""The counting rules one by one, on rows that a person can read. Times are seconds after Monday 00:00, Beijing."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from factories.records import MONDAY, at, figures, of_all, record, rows

from dispatch.reports.rules_figures import wilson

Record = dict[str, pl.LazyFrame]


def _incidents(*told: dict[str, Any]) -> Record:
    return record(incidents=rows("incidents", *told))


def _runs(*told: dict[str, Any]) -> Record:
    return record(runs=rows("runs", *told))


def _many(count: int, **told: object) -> list[dict[str, Any]]:
    return [dict(told) for _ in range(count)]


def test_percentiles_are_nearest_rank_and_the_mean_is_of_the_rows() -> None:
    made = of_all("response", _incidents(*({"t0": 0, "t3": 60, "t6": 60 * minutes} for minutes in range(1, 11))))
    # 60, 120, … 600: ceil(0.5·10) = 5th, ceil(0.9·10) = 9th; mean 330.
    assert (made.n, made.mean_s, made.p50_s, made.p90_s) == (10, 330.0, 300, 540)
    assert (made.small, made.suppressed, made.completeness) == (True, False, 1.0)
    # Deviation of 60, 120, … 600: 60·√(82.5/9); 1.96 of its tenth root to either side.
    half = 1.959963984540054 * 60 * (82.5 / 9) ** 0.5 / 10**0.5
    assert (made.mean_low_s, made.mean_high_s) == pytest.approx((330 - half, 330 + half))
    few = of_all("response", _incidents(*_many(4, t0=0, t3=60, t6=300)))
    assert (few.mean_low_s, few.mean_high_s) == (None, None)


def test_what_is_missing_is_never_put_in_and_completeness_says_so() -> None:
    made = of_all("response", _incidents(*_many(8, t0=0, t3=60, t6=600), *_many(2, t0=0, t3=60)))
    assert (made.eligible, made.counted, made.n, made.mean_s) == (10, 8, 8, 600.0)
    assert (made.completeness, made.incomplete, made.ranked) == (0.8, True, True)
    assert not of_all("response", _incidents(*_many(6, t0=0, t3=1, t6=9), *_many(4, t0=0, t3=1))).ranked


def test_what_is_impossible_is_kept_out_and_counted() -> None:
    made = of_all(
        "unit_response",
        _runs(
            *_many(5, t3=0, t5=60, t6=300, t11=900),
            {"t3": 0, "t6": -1, "t11": 900},  # negative
            {"t3": 0, "t6": 86_401, "t11": 90_000},  # more than a day
            {"t3": 0, "t5": 400, "t6": 300, "t11": 900},  # there before it left
        ),
    )
    assert (made.n, made.impossible, made.mean_s) == (5, 3, 300.0)


def test_a_time_that_contradicts_its_run_is_in_no_figure_of_the_incident_either() -> None:
    """The first unit of i-0 was there before it left: neither its departure nor its arrival can be believed."""
    runs = [{"incident_id": f"i-{n}", "t3": 60, "t5": 100, "t6": 300, "t11": 900} for n in range(6)]
    runs[0] |= {"t5": 400}
    runs.append({"incident_id": "i-0", "t3": 60, "t5": 390, "t6": 500, "t11": 900})
    told = record(
        incidents=rows(
            "incidents",
            *(
                {"incident_id": f"i-{n}", "t0": 0, "t1": 5, "t3": 60, "t5": 390 if n == 0 else 100, "t6": 300,
                 "t6_capable": 500 if n == 0 else 300}
                for n in range(6)
            ),
        ),
        runs=rows("runs", *runs),
    )  # fmt: skip
    for kpi in ("response", "response_answered"):
        made = of_all(kpi, told)
        assert (made.eligible, made.n, made.impossible) == (6, 5, 1), kpi
    # What the second unit tells stands: the first departure and the arrival of the capable one are its own.
    assert (of_all("response_capable", told).n, of_all("answer_to_wheels", told).n) == (6, 6)
    assert of_all("handling", told).impossible == 0


@pytest.mark.parametrize("exclusion", ["duplicate", "entered_in_error", "drill", "transfer", "cancelled", "flag_down"])
def test_what_is_excluded_is_in_no_response_figure(exclusion: str) -> None:
    told = _incidents(*_many(5, t0=0, t3=60, t6=300), {"t0": 0, "t3": 60, "t6": 9_000, "exclusion": exclusion})
    assert of_all("response", told).eligible == 5
    assert of_all("response_capable", told).eligible == 5


def test_departure_of_who_is_called_off() -> None:
    told = _runs(
        *_many(5, t3=0, t5=100, t6=300, t11=900),
        {"t3": 0, "tx": 120, "ended_at": 120, "end_reason": "cancelled"},  # before 180 s: out
        {"t3": 0, "tx": 400, "ended_at": 400, "end_reason": "cancelled"},  # not gone by 180 s: missed
        {"t3": 0, "t5": 181, "t6": 300, "t11": 900},  # too late
        {"t3": 0, "t6": 300, "t11": 900},  # the button was forgotten: missing
    )
    made = of_all("departure", told)
    assert (made.eligible, made.counted, made.n, made.hits) == (8, 7, 6, 5)
    assert made.share == pytest.approx(5 / 7)
    assert (made.share_low, made.share_high) == pytest.approx(wilson(5, 7))


def test_who_still_stands_at_the_station_is_late_once_the_time_is_over() -> None:
    told = _runs(*_many(5, t3=0, t5=100, t6=300, t11=900), {"t3": 1_000, "end_reason": None})
    assert of_all("departure", told, as_of=at(1_100)).counted == 5
    assert of_all("departure", told, as_of=at(1_180.9)).counted == 5, "whole seconds: it may still leave in time"
    late = of_all("departure", told, as_of=at(1_181))
    assert (late.counted, late.hits, late.n) == (6, 5, 5)


def test_calls_that_are_given_up_count_as_missed_after_ten_seconds_only() -> None:
    told = record(
        calls=rows(
            "calls",
            *_many(5, t0=0, t1=8),
            {"t0": 0, "t1": 11},
            {"t0": 0, "abandoned_at": 9.9, "state": "abandoned"},
            {"t0": 0, "abandoned_at": 10, "state": "abandoned"},
            {"t0": 0, "t1": 0, "origin": "manual"},  # nothing was measured
        )
    )
    made = of_all("answer", told)
    assert (made.eligible, made.counted, made.n, made.hits) == (7, 7, 6, 5)
    assert of_all("abandoned", told).share == pytest.approx(2 / 8)
    assert (of_all("abandoned_early", told).hits, of_all("abandoned_early", told).counted) == (1, 8)


def test_an_incident_of_many_units_is_one_value_and_its_capable_unit_another() -> None:
    told = _incidents(*_many(5, t0=0, t3=60, t6=300, t6_capable=500))
    assert of_all("response", told).mean_s == 300.0
    assert of_all("response_capable", told).mean_s == 500.0


def test_staged_units_are_told_with_both_times() -> None:
    told = _runs(*_many(5, t3=0, t5=60, ts=300, t6=900, t11=2_000), *_many(3, t3=0, t5=60, t6=300, t11=900))
    assert (of_all("staging", told).n, of_all("staging", told).mean_s) == (5, 300.0)
    assert of_all("unit_response", told).mean_s == (5 * 900 + 3 * 300) / 8


def test_an_upgraded_incident_is_judged_from_its_upgrade_with_t0_beside_it() -> None:
    told = _incidents(
        *_many(5, t0=0, t3=60, t6=900, judged_from=400, judged_priority="P1"), {"t0": 0, "t3": 9, "t6": 99}
    )
    upgraded = figures("response_upgraded", told, "priority")
    assert upgraded["priority", "P1"].mean_s == 500.0
    assert upgraded["all", ""].eligible == 5
    assert figures("response", told, "priority")["priority", "P1"].mean_s == 900.0


def test_the_scene_ends_with_leaving_or_without_transport_with_being_free() -> None:
    told = _runs(*_many(3, t3=0, t6=300, t8=900, t9=1_500, t11=2_000), *_many(2, t3=0, t6=300, t11=1_000))
    made = of_all("scene", told)
    assert (made.n, made.mean_s) == (5, (3 * 600 + 2 * 700) / 5)


def test_waiting_without_a_free_unit_is_a_figure_of_its_own() -> None:
    told = _incidents(*_many(5, t0=0, t3=600, t6=900, no_unit_at=30), *_many(15, t0=0, t3=60, t6=300))
    assert of_all("no_unit", told).share == 0.25
    assert (of_all("no_unit_wait", told).n, of_all("no_unit_wait", told).mean_s) == (5, 600.0)


def test_what_was_promised_is_held_against_what_came_by_area_and_hour() -> None:
    late = _many(5, t3=9.5 * 3_600, t5=9.5 * 3_600 + 60, t6=9.5 * 3_600 + 700, planned_s=600.4, incident_id="north")
    early = _many(5, t3=10 * 3_600, t5=10 * 3_600 + 60, t6=10 * 3_600 + 540, planned_s=600.0, incident_id="south")
    nothing = {"t3": 36_000, "t5": 36_060, "t6": 37_000, "incident_id": "south"}
    off = {"t3": 36_000, "tx": 36_200, "ended_at": 36_200, "planned_s": 600.0, "end_reason": "cancelled"}
    told = figures(
        "promised",
        record(
            runs=rows("runs", *late, *early, nothing, off),
            incidents=rows(
                "incidents", {"incident_id": "north", "county": "c-1", "t0": 0},
                {"incident_id": "south", "county": "c-2", "t0": 0},
            ),
        ),
        "county", "hour",
    )  # fmt: skip
    assert told["all", ""].n == 10
    assert told["county", "c-1"].p50_s == told["hour", "09"].p50_s == 99
    assert told["county", "c-2"].p50_s == told["hour", "10"].p50_s == -60


def test_fulfilment_leaves_out_what_was_no_request_and_what_is_still_open() -> None:
    told = _incidents(
        *_many(9, t0=0, t3=60, t6=300),
        {"t0": 0, "state": "open"},
        {"t0": 0, "state": "closed"},
        {"t0": 0, "state": "cancelled", "exclusion": "duplicate"},
    )
    assert (of_all("fulfilment", told).counted, of_all("fulfilment", told).share) == (10, 0.9)


def test_what_goes_on_is_in_no_interval_yet() -> None:
    told = _incidents(*_many(5, t0=0, t3=60, t6=300), {"t0": 0, "t3": 60, "state": "dispatched"})
    assert of_all("response", told).completeness == 1.0


def test_treatment_that_nothing_tells_is_unknown_and_not_zero() -> None:
    patients = rows("patients", *_many(6, outcome="transported"), {"outcome": "not_found"}, {"merged_into": "x"})
    made = of_all("treated_on_scene", record(patients=patients))
    assert (made.eligible, made.counted, made.share, made.completeness) == (6, 0, None, 0.0)


def test_fewer_than_five_are_told_by_their_number_only() -> None:
    made = of_all("response", _incidents(*_many(4, t0=0, t3=60, t6=300)))
    assert (made.n, made.suppressed, made.mean_s, made.p90_s, made.share) == (4, True, None, None, None)


def test_an_empty_period_has_a_figure_without_values() -> None:
    made = of_all("response", record())
    assert (made.eligible, made.n, made.mean_s, made.completeness, made.suppressed) == (0, 0, None, None, False)


def test_hours_and_weekdays_are_of_beijing() -> None:
    told = figures("response", _incidents(*_many(5, t0=3_600 * 9.5, t3=40_000, t6=40_000)), "hour", "weekday")
    assert told["hour", "09"].n == told["weekday", "1"].n == 5
    assert MONDAY.hour == 16
