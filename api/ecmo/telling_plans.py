"""Plans as they are told."""

from __future__ import annotations

from uuid import UUID

from api.dispatching.cover import station_out
from api.ecmo.schemas_plans import (
    FlightAnswerOut,
    FlightOut,
    ObjectionOut,
    PlanLegOut,
    PlanMarkOut,
    PlanOut,
    PlansOut,
    RiskOut,
    TakenOut,
    TimesOut,
    VehicleCoverOut,
)
from dispatch.ecmo.rules_figures import FIGURES, Times
from dispatch.ecmo.rules_legs import Leg
from dispatch.ecmo.rules_plans import Plan
from dispatch.ecmo.rules_retiming import ORDER
from dispatch.ecmo.service_plans import Compared, Taken
from dispatch.ecmo.states_plans import FlightAnswer, TurnDown
from dispatch.ecmo.tables_plans import EcmoFlightAnswer


def plans_out(told: Compared) -> PlansOut:
    """All plans with what they take."""
    cover = [
        VehicleCoverOut(unit_id, [station_out(one, found) for one in found.cover])
        for unit_id, found in told.cover.items()
    ]
    plans = [plan_out(one, [taken for taken in told.taken if taken.plan is one]) for one in told.plans]
    return PlansOut(told.at, FIGURES.version, plans, cover)


def plan_out(plan: Plan, taken: list[Taken]) -> PlanOut:
    """One plan."""
    return PlanOut(
        kind=plan.kind,
        recommended=plan.recommended,
        hindrances=list(plan.hindrances),
        moves_uncannulated=plan.moves_uncannulated,
        via=None if plan.via is None else UUID(plan.via.key),
        to_circuit=times_out(plan.to_circuit),
        to_bed=times_out(plan.to_bed),
        distance_m=round(plan.distance_m, 1),
        people=plan.people,
        drivers=plan.drivers,
        marks=[PlanMarkOut(mark, times_out(plan.marks[mark])) for mark in ORDER if mark in plan.marks],
        legs=[_leg(one) for one in plan.legs],
        risks=[RiskOut(one.risk, one.level, one.value) for one in plan.risks],
        flight=_flight(plan),
        takes=[TakenOut(one.unit.id, one.unit.call_sign, one.track, times_out(one.until)) for one in taken],
    )


def flight_answer_out(row: EcmoFlightAnswer) -> FlightAnswerOut:
    """What an operator said."""
    return FlightAnswerOut(
        row.aircraft, FlightAnswer(row.answer), TurnDown(row.reason) if row.reason else None, row.mission_id, row.at,
        row.until, row.actor,
    )  # fmt: skip


def times_out(times: Times) -> TimesOut:
    """Seconds, to a tenth."""
    return TimesOut(round(times.likely, 1), round(times.slow, 1))


def _leg(one: Leg) -> PlanLegOut:
    return PlanLegOut(
        one.kind, list(one.tracks), times_out(one.begins), times_out(one.ends), one.start.key, one.goal.key,
        round(one.distance_m, 1), None if one.drive is None else one.drive.known, one.pause_s,
    )  # fmt: skip


def _flight(plan: Plan) -> FlightOut | None:
    if plan.aircraft is None or plan.judgement is None:
        return None
    objections = [ObjectionOut(one.why, one.place, one.has, one.needs) for one in plan.judgement.objections]
    return FlightOut(
        plan.aircraft.code, plan.aircraft.operator_zh, plan.aircraft.operator_en, plan.judgement.sky, objections
    )
