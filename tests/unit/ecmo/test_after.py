"""Times of transfers between their marks, of many, and the registry that tells nothing of whom they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.ecmo.rules_after import EVENTS, KPIS, SIGNED_OFF_BY, Measured, marks_of, measured, spread
from dispatch.ecmo.rules_registry import Transfer, registry
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_after import OUTCOMES_AT, EcmoMark, EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_missions import MissionState

ASKED = datetime(2026, 11, 27, 10, 54, 20, tzinfo=UTC)
ROAD = (
    (MissionState.OUTBOUND, 58), (MissionState.AT_PATIENT, 160), (MissionState.CANNULATING, 185),
    (MissionState.ON_CIRCUIT, 222), (MissionState.RETURNING, 300), (MissionState.ARRIVED, 410),
    (MissionState.HANDED_OVER, 430),
)  # fmt: skip
"""Minutes after the request."""


def at(minutes: float) -> datetime:
    return ASKED + timedelta(minutes=minutes)


def told(mode: Mode, *steps: tuple[MissionState, int]) -> dict[str, tuple[float | None, bool | None]]:
    marks = marks_of(ASKED, at(18), [(state, at(minutes)) for state, minutes in steps])
    return {one.kpi.id: (one.minutes, one.met) for one in measured(marks, mode)}


def test_the_table_of_the_reference_and_what_each_mark_is_known_by() -> None:
    assert {one.id: tuple(one.targets.get(mode) for mode in Mode) for one in KPIS} == {
        "to_decision": (30, 30, 30), "to_wheels": (60, 60, 15), "to_puncture": (30, 30, 30), "to_flow": (30, 30, 20),
        "to_departure": (120, 120, 120), "total": (None, None, None),
    }  # fmt: skip
    assert set(EVENTS) == set(EcmoMark)
    assert SIGNED_OFF_BY == ""
    assert set().union(*OUTCOMES_AT.values()) == set(EcmoOutcomeKind)
    assert set(OUTCOMES_AT) == set(OutcomeAt)


def test_a_transfer_by_road() -> None:
    assert told(Mode.VV, *ROAD) == {
        "to_decision": (18, True), "to_wheels": (40, True), "to_puncture": (25, True), "to_flow": (37, False),
        "to_departure": (78, True), "total": (430, None),
    }  # fmt: skip
    assert told(Mode.ECPR, *ROAD)["to_wheels"] == (40, False)


def test_who_is_brought_to_the_cannulator_is_with_him_from_the_arrival_on() -> None:
    brought = told(
        Mode.VV, (MissionState.AT_PATIENT, 60), (MissionState.RETURNING, 70), (MissionState.ARRIVED, 150),
        (MissionState.CANNULATING, 162), (MissionState.ON_CIRCUIT, 190), (MissionState.HANDED_OVER, 200),
    )  # fmt: skip
    assert brought["to_puncture"] == (12, True)
    assert brought["to_departure"] == (None, None), "he left before there was any flow"
    assert brought["to_wheels"] == (None, None)


def test_a_circuit_that_runs_already_has_no_puncture() -> None:
    without = told(Mode.VV, *(one for one in ROAD if one[0] is not MissionState.CANNULATING))
    assert (without["to_puncture"], without["to_flow"]) == ((None, None), (None, None))
    assert without["to_departure"] == (78, True)


def test_the_first_of_each_state_counts() -> None:
    assert told(Mode.VV, *ROAD, (MissionState.CANNULATING, 420)) == told(Mode.VV, *ROAD)


@pytest.mark.parametrize(("count", "few", "small"), [(4, True, True), (5, False, True), (30, False, False)])
def test_of_few_transfers_no_distribution_is_told(count: int, few: bool, small: bool) -> None:
    kpi = KPIS[0]
    known = [Measured(kpi, ASKED, at(10 * n), 10.0 * n, 30.0, 10 * n <= 30) for n in range(1, count + 1)]
    made = spread(
        kpi, [*known, Measured(kpi, ASKED, None, None, 30.0, None), Measured(kpi, None, None, None, 30.0, None)]
    )
    assert (made.eligible, made.n, made.suppressed, made.small) == (count + 1, count, few, small)
    assert made.completeness == pytest.approx(count / (count + 1))
    if few:
        assert (made.p50, made.p90, made.met) == (None, None, None)
    if count == 5:
        assert (made.p50, made.p90, made.met, made.judged) == (30.0, 50.0, 3, 5)
    assert spread(kpi, []).completeness is None


def test_the_registry_tells_every_time_between_and_nothing_of_whom() -> None:
    marks = marks_of(ASKED, at(18), [(state, at(minutes)) for state, minutes in ROAD])
    one = Transfer(
        "E-261127-03", ASKED, "vv", "viral_pneumonia", "closed", "handed_over", "male", 46, 73.0,
        {"ph": 7.19, "fio2": 100}, ["ventilated", "prone"], "road", True, "示例县医院", "=示例中心", marks,
        measured(marks, Mode.VV), ("patient.2.bleeding",), {"h24": "off_circuit"},
    )  # fmt: skip
    (row,) = registry([one], "").collect().to_dicts()
    assert (row["run.id"], row["patient.age_from"], row["pre_ecmo.ph"], row["times.to_flow_min"]) == ("1", 40, 7.19, 37)
    assert row["referral.asked_at"] == ASKED.replace(minute=0, second=0)
    assert row["transport.handed_over_at"] - row["referral.asked_at"] == timedelta(minutes=430)
    assert (row["complications.number"], row["outcome.h24"], row["outcome.discharge"]) == (1, "off_circuit", None)
    assert {"patient.age_years", "mark"}.isdisjoint(row)
    (whole,) = registry([replace(one, age_years=None)], "示例 2026 quality").collect().to_dicts()
    assert (whole["run.id"], whole["referral.asked_at"], whole["patient.age_years"]) == ("E-261127-03", ASKED, None)
    assert whole["mark"] == "示例 2026 quality"
