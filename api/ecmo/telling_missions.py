"""Missions as they are told: all that belongs to one, read at one moment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from api.ecmo.schemas_diversion import DiversionOut
from api.ecmo.schemas_missions import (
    BookingOut,
    CheckItemOut,
    CheckListOut,
    CylinderOut,
    DemandOut,
    ExpectedOut,
    GasOut,
    KitOut,
    MissingOut,
    MissionOut,
    MissionRow,
    MissionStepOut,
    OxygenOut,
    PassageOut,
    PowerOut,
    PromiseOut,
    ResourcesOut,
    TeamDutiesOut,
    TeamDutyOut,
)
from api.ecmo.schemas_plans import FlightAnswerOut
from api.ecmo.telling_plans import flight_answer_out
from api.names import names_of_actors
from dispatch.accounts.queries import display_names
from dispatch.ecmo.queries_breakdown import find_standing
from dispatch.ecmo.queries_diversion import list_diversions
from dispatch.ecmo.queries_missions import (
    list_bookings,
    list_checks,
    list_duties,
    list_kit,
    list_open_bookings,
    list_passages,
    list_promises,
    list_steps,
)
from dispatch.ecmo.queries_plans import list_flight_answers
from dispatch.ecmo.rules_kit import (
    VERSION,
    Lack,
    OnCall,
    Piece,
    expires_soon,
    items_of,
    kit_lacking,
    kit_needed,
    problems,
    team_lacking,
    team_needed,
)
from dispatch.ecmo.rules_oxygen import Demand, OxygenTold
from dispatch.ecmo.service_gas import Gas, expected_of, gas_of
from dispatch.ecmo.service_journey import GATE_OF
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_diversion import DivertReason
from dispatch.ecmo.states_kit import CheckList, Consent, EcmoKitKind, GateReason, Passage, Promise, TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.ecmo.tables_journey import EcmoCheck, EcmoPassage
from dispatch.ecmo.tables_kit import EcmoBooking, EcmoDuty, EcmoKit
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.states_status import BedKind
from dispatch.kernel.db import Session


def mission_row(row: EcmoMission, passages: Iterable[EcmoPassage]) -> MissionRow:
    """A mission in the list. An override counts as open until its reason is told."""
    opened = [one for one in passages if one.how != Passage.CLOSED and one.reason is None]
    return MissionRow(
        row.id, row.request_id, row.centre_id, row.from_hospital_id, row.to_hospital_id, Mode(row.mode),
        row.is_primary, MissionState(row.state), row.version, row.began_at, row.incident_id, row.unit_id,
        CheckList(opened[-1].checklist) if opened else None,
    )  # fmt: skip


async def mission_out(session: Session, row: EcmoMission, now: datetime) -> MissionOut:
    """A mission with all that belongs to it."""
    bookings, checks = await list_bookings(session, row.id), await list_checks(session, row.id)
    passages, promises = await list_passages(session, row.id), await list_promises(session, row.id)
    expected = await expected_of(session, row, now)
    gas = await gas_of(session, row, now, expected)
    taken = await list_open_bookings(session, row.region)
    kit, duties = await list_kit(session, row.region), await list_duties(session, row.region, now)
    people = {one.person_id for one in bookings if one.person_id}
    names = await display_names(session, people)
    steps = await list_steps(session, row.id)
    diversions = await list_diversions(session, row.id)
    stands = await find_standing(session, row)
    actors = [one.actor for one in steps]
    for rows in (checks, passages, diversions):
        actors += [one.actor for one in rows]
    told = await names_of_actors(session, [*actors, *(one.acknowledged_by for one in promises), row.fit_to_move_by])
    mode = Mode(row.mode)
    held = [TeamRole(one.role) for one in bookings if one.role and one.until_at is None]
    bed = next((one.slow for one in expected if one.mark is PlanMark.BED), now)
    return MissionOut(
        at=now,
        mission=mission_row(row, passages),
        rules_version=VERSION,
        plan_kind=None if row.plan_kind is None else PlanKind(row.plan_kind),
        plan_via=row.plan_via,
        plan_aircraft=row.plan_aircraft,
        flight=await _flight(session, row, now),
        planned_at=row.planned_at,
        fit_to_move_at=row.fit_to_move_at,
        fit_to_move_by=row.fit_to_move_by,
        expected=[
            ExpectedOut(one.mark, one.planned, one.likely, one.slow, one.happened, round(one.late_s, 1))
            for one in expected
        ],
        steps=[MissionStepOut(MissionState(one.state), one.at, one.actor) for one in steps],
        bookings=[_booking(one, names) for one in bookings],
        team_lacking=_lacks(team_lacking(team_needed(primary=row.is_primary), held, _on_call(duties, taken), now, bed)),
        kit_lacking=_lacks(
            kit_lacking(kit_needed(mode, primary=row.is_primary), pieces(kit, taken), row.id, now)
        ),
        lists=[_list(which, mode, checks, told, gas.untrue) for which in CheckList],
        passages=[
            PassageOut(
                one.id, CheckList(one.checklist), Passage(one.how), list(one.open_items), one.at, one.actor,
                None if one.reason is None else GateReason(one.reason),
            )
            for one in passages
        ],
        promises=[
            PromiseOut(
                one.id, Promise(one.what), None if one.bed is None else BedKind(one.bed),
                None if one.consent is None else Consent(one.consent), one.asked_at, one.acknowledged_at,
                one.acknowledged_by,
            )
            for one in promises
        ],
        diversions=[
            DiversionOut(one.id, one.was_to_id, one.to_hospital_id, DivertReason(one.reason), one.at, one.actor)
            for one in diversions
        ],
        stands_unit_id=None if stands is None else stands.unit_id,
        no_way_at=row.no_way_at,
        gas=gas_out(gas),
        names=told,
    )  # fmt: skip


async def _flight(session: Session, row: EcmoMission, now: datetime) -> FlightAnswerOut | None:
    """What the operator of the chosen aircraft answered last: a turn-down is told at every desk of the mission."""
    said = [] if row.plan_aircraft is None else await list_flight_answers(session, row.region, now)
    own = next((one for one in said if one.aircraft == row.plan_aircraft), None)
    return None if own is None else flight_answer_out(own)


async def resources_out(session: Session, region: str, now: datetime) -> ResourcesOut:
    """All kit with what is wrong with it, and who is on call."""
    kit, duties = await list_kit(session, region), await list_duties(session, region, now)
    taken = await list_open_bookings(session, region)
    told = [
        KitOut(
            row.id, row.code, EcmoKitKind(row.kind), row.size, row.hospital_id, row.is_ready, row.expires_at,
            row.checked_at, row.water_l, row.capacity_wh, piece.booked_by, list(problems(piece, now)),
            expires_soon(piece, now),
        )
        for row, piece in zip(kit, pieces(kit, taken), strict=True)
    ]  # fmt: skip
    return ResourcesOut(now, told, await _duties(session, duties, taken, now))


async def duties_out(session: Session, region: str, now: datetime, days: int) -> TeamDutiesOut:
    """Who is on call now, and in the days that follow."""
    duties = await list_duties(session, region, now, until=now + timedelta(days=days))
    told = await _duties(session, duties, await list_open_bookings(session, region), now)
    return TeamDutiesOut(now, sorted(told, key=lambda one: (one.from_at, one.id)))


def pieces(kit: Sequence[EcmoKit], taken: Sequence[EcmoBooking]) -> list[Piece]:
    """Kit as rules see it."""
    by_kit = {one.kit_id: one.mission_id for one in taken if one.kit_id}
    return [
        Piece(
            row.id, EcmoKitKind(row.kind), row.hospital_id, row.is_ready, row.expires_at, row.checked_at,
            by_kit.get(row.id),
        )
        for row in kit
    ]  # fmt: skip


async def _duties(
    session: Session, duties: Sequence[EcmoDuty], taken: Sequence[EcmoBooking], now: datetime
) -> list[TeamDutyOut]:
    names = await display_names(session, {one.person_id for one in duties})
    by_person = {one.person_id: one.mission_id for one in taken if one.person_id}
    return [
        TeamDutyOut(
            row.id, row.hospital_id, row.person_id, names.get(row.person_id), [TeamRole(one) for one in row.roles],
            row.from_at, row.until_at, by_person.get(row.person_id) if row.from_at <= now else None,
        )
        for row in duties
    ]  # fmt: skip


def gas_out(gas: Gas) -> GasOut:
    """Oxygen and power."""
    return GasOut(
        minutes=gas.minutes,
        oxygen_go=gas.oxygen_go,
        power_go=gas.power_go,
        demand=None if gas.demand is None else _demand(gas.demand),
        oxygen=None if gas.oxygen is None else _oxygen(gas.oxygen),
        cylinders=[
            CylinderOut(key, one.label, one.water_l, one.bar, one.reading(gas.at), one.read_at)
            for key, one in gas.cylinders
        ],
        power=[
            PowerOut(
                key, battery.label, battery.capacity_wh, battery.health, battery.load_w, battery.temperature_c,
                told.go, _finite(told.runtime_min), told.required_min, told.changeover,
            )
            for (key, battery), told in zip(gas.batteries, gas.power, strict=True)
        ],
    )  # fmt: skip


def _demand(told: Demand) -> DemandOut:
    return DemandOut(
        told.sweep, told.minute_volume, told.fio2, told.bias, told.other, told.sweep_fio2, sorted(told.by_stream)
    )


def _oxygen(told: OxygenTold) -> OxygenOut:
    return OxygenOut(
        told.go, told.warns, told.usable_l, told.counted_l, told.required_l, told.flow, told.worst_flow,
        _finite(told.lasts_min), _finite(told.lasts_worst_min),
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _booking(one: EcmoBooking, names: Mapping[UUID, str]) -> BookingOut:
    name = None if one.person_id is None else names.get(one.person_id)
    role = None if one.role is None else TeamRole(one.role)
    return BookingOut(one.id, one.kit_id, one.person_id, name, role, one.from_at, one.until_at)


def _on_call(duties: Sequence[EcmoDuty], taken: Sequence[EcmoBooking]) -> list[OnCall]:
    by_person = {one.person_id: one.mission_id for one in taken if one.person_id}
    return [
        OnCall(
            row.person_id, row.hospital_id, frozenset(map(TeamRole, row.roles)), row.until_at,
            by_person.get(row.person_id),
        )
        for row in duties
    ]  # fmt: skip


def _lacks(found: Iterable[Lack]) -> list[MissingOut]:
    return [MissingOut(one.what, one.number, list(one.could)) for one in found]


def _list(
    which: CheckList, mode: Mode, checks: Sequence[EcmoCheck], names: Mapping[str, str], untrue: frozenset[str]
) -> CheckListOut:
    held: dict[str, EcmoCheck] = {one.item: one for one in checks if one.checklist == which and one.item not in untrue}
    items = [
        CheckItemOut(item, row.at, row.actor, names.get(row.actor))
        if (row := held.get(item)) is not None
        else CheckItemOut(item, None, None, None)
        for item in items_of(which, mode)
    ]
    return CheckListOut(which, which in GATE_OF.values(), sum(one.at is not None for one in items), items)
