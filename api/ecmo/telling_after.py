"""A transfer as it was: course, times, what it used, what became of the patient; read at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from api.ecmo.rows import offers_out
from api.ecmo.schemas_after import AfterOut, EcmoCourseOut, EcmoKpiOut, EcmoOutcomeOut, UsedKitOut, UsedPersonOut
from api.names import names_of_actors
from dispatch.accounts.queries import display_names
from dispatch.ecmo.queries_adverse import list_adverse
from dispatch.ecmo.queries_after import find_mission_of, kit_named, list_all_pressures, list_outcomes
from dispatch.ecmo.queries_missions import list_bookings, list_passages, list_promises, list_steps
from dispatch.ecmo.rules_after import SIGNED_OFF_BY, SOURCE, VERSION, Measured, marks_of, measured
from dispatch.ecmo.service_after import KNOWN_IN
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_adverse import code_of
from dispatch.ecmo.states_after import EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_kit import EcmoKitKind, TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_after import EcmoOutcome
from dispatch.ecmo.tables_journey import EcmoPassage, EcmoPressure, EcmoPromise, EcmoStep
from dispatch.ecmo.tables_kit import EcmoBooking
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.kernel.db import Session
from dispatch.units.queries import get_unit_by_id

_Row = tuple[datetime, str, str, str, str | None]
"""When, what, which, how, and the actor."""


async def after_out(session: Session, row: EcmoRequest, now: datetime, *, may_act: bool) -> AfterOut:
    """Tell a transfer. may_act: the actor works for a side of it."""
    mission = await find_mission_of(session, row.id)
    steps = [] if mission is None else list(await list_steps(session, mission.id))
    outcomes = [] if mission is None else list(await list_outcomes(session, [mission.id]))
    course = await _course(session, row, mission, steps, outcomes)
    bookings = [] if mission is None else list(await list_bookings(session, mission.id))
    times = [(MissionState(one.state), one.at) for one in steps]
    told = () if row.mode is None else measured(marks_of(row.asked_at, row.decided_at, times), Mode(row.mode))
    names = await names_of_actors(session, [one.actor for one in outcomes])
    newest = {one.moment: one.id for one in outcomes}
    vehicle = None
    if mission is not None and mission.unit_id is not None:
        vehicle = (await get_unit_by_id(session, row.region, mission.unit_id)).call_sign
    return AfterOut(
        at=now, request_id=row.id, number=row.number, mode=None if row.mode is None else Mode(row.mode),
        mission_id=None if mission is None else mission.id,
        state=None if mission is None else MissionState(mission.state), vehicle=vehicle,
        kpis=[kpi_out(one) for one in told], course=course, team=await _team(session, bookings),
        kit=[] if mission is None else await _kit(session, mission.id, bookings),
        outcomes=[
            EcmoOutcomeOut(
                one.id, OutcomeAt(one.moment), EcmoOutcomeKind(one.outcome), one.at, one.entered_at,
                names.get(one.actor), newest[one.moment] == one.id,
            )
            for one in outcomes
        ],
        may_enter=may_act and mission is not None and MissionState(mission.state) in KNOWN_IN,
        rules_version=VERSION, rules_source=SOURCE, needs_sign_off=not SIGNED_OFF_BY,
    )  # fmt: skip


def kpi_out(one: Measured) -> EcmoKpiOut:
    """A time of a transfer."""
    kpi = one.kpi
    return EcmoKpiOut(
        kpi.id, kpi.zh, kpi.en, kpi.ug, kpi.begins, kpi.ends, one.begins_at, one.ends_at, one.minutes, one.target,
        one.met,
    )  # fmt: skip


async def _course(
    session: Session, row: EcmoRequest, mission: EcmoMission | None, steps: Sequence[EcmoStep],
    outcomes: Sequence[EcmoOutcome],
) -> list[EcmoCourseOut]:  # fmt: skip
    told: list[_Row] = [(row.created_at, "begun", row.origin, "", row.created_by)]
    if row.asked_at is not None:
        told.append((row.asked_at, "asked", row.mode or "", "", row.asked_by))
    named: list[EcmoCourseOut] = []
    for offer in await offers_out(session, row):
        at = offer.hospital
        if offer.seen_at is not None:
            named.append(EcmoCourseOut(offer.seen_at, "seen", "", "", offer.seen_by_name, at))
        named += [
            EcmoCourseOut(one.at, "decision", one.decision, one.reason or "", one.author_name, at)
            for one in offer.decisions
        ]
        if offer.bound_at is not None:
            named.append(EcmoCourseOut(offer.bound_at, "bound", "", "", offer.bound_by_name, at))
    if mission is not None:
        told += _of_mission(
            mission, await list_passages(session, mission.id), await list_promises(session, mission.id)
        )  # fmt: skip
        events = await list_adverse(session, [mission.id])
        told += [(e.at, "adverse", code_of(e.category, e.severity, e.item), e.phase, e.actor) for e in events]
    told += [(one.at, "state", one.state, "", one.actor) for one in steps]
    told += [(one.at, "outcome", one.moment, one.outcome, one.actor) for one in outcomes]
    if row.ended_at is not None:
        told.append((row.ended_at, "ended", row.state, row.withdrawal or "", row.ended_by))
    names = await names_of_actors(session, [one[4] for one in told])
    rest = [EcmoCourseOut(when, what, code, how, names.get(actor or ""), None) for when, what, code, how, actor in told]
    return sorted(rest + named, key=lambda one: one.at)


def _of_mission(mission: EcmoMission, passages: Sequence[EcmoPassage], promises: Sequence[EcmoPromise]) -> list[_Row]:
    told: list[_Row] = []
    if mission.planned_at is not None:
        told.append((mission.planned_at, "plan", mission.plan_kind or "", "", mission.planned_by))
    if mission.fit_to_move_at is not None:
        told.append((mission.fit_to_move_at, "fit_to_move", "", "", mission.fit_to_move_by))
    told += [(one.at, "gate", one.checklist, one.how, one.actor) for one in passages]
    for one in promises:
        told.append((one.asked_at, "promise", one.what, "asked", one.asked_by))
        if one.acknowledged_at is not None and one.acknowledged_at > one.asked_at:
            told.append((one.acknowledged_at, "promise", one.what, "acknowledged", one.acknowledged_by))
    return told


async def _team(session: Session, bookings: Sequence[EcmoBooking]) -> list[UsedPersonOut]:
    people = [one for one in bookings if one.person_id is not None and one.role is not None]
    names: Mapping[UUID, str] = await display_names(session, {one.person_id for one in people if one.person_id})
    return [
        UsedPersonOut(names.get(one.person_id), TeamRole(one.role), one.from_at, one.until_at)
        for one in people
        if one.person_id is not None and one.role is not None
    ]


async def _kit(session: Session, mission_id: UUID, bookings: Sequence[EcmoBooking]) -> list[UsedKitOut]:
    pieces = await kit_named(session, [one.kit_id for one in bookings if one.kit_id is not None])
    read: dict[UUID, list[EcmoPressure]] = {}
    for reading in await list_all_pressures(session, mission_id):
        read.setdefault(reading.kit_id, []).append(reading)
    told = []
    for one in bookings:
        piece = None if one.kit_id is None else pieces.get(one.kit_id)
        if piece is None:
            continue
        bars = [known.bar for known in read.get(piece.id, ())]
        drawn = None
        if piece.water_l is not None and len(bars) > 1:
            drawn = round(max(bars[0] - bars[-1], 0.0) * piece.water_l, 1)
        told.append(UsedKitOut(piece.code, EcmoKitKind(piece.kind), piece.size, one.from_at, one.until_at, drawn))
    return told
