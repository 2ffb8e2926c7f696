"""A mission under way: its plan, its steps, its gates, what is promised and read. Nothing here commits.

A gate warns and records; it never holds a vehicle. Whoever leaves base, or leaves with the patient, passes a gate in
the same transaction: closed, overridden by the lead, or open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.dispatching.queries import find_active
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_times import project_clearing
from dispatch.ecmo.events_journey import GateExplained, GatePassed, MissionAdvanced, MissionNoted, Noted
from dispatch.ecmo.queries_missions import (
    concerned_by,
    get_mission,
    is_lead,
    list_bookings,
    list_checks,
    list_promises,
)
from dispatch.ecmo.rules_figures import Times
from dispatch.ecmo.rules_kit import items_of
from dispatch.ecmo.service_calling import incident_of
from dispatch.ecmo.service_circuit import carry_patient, take_over_circuit
from dispatch.ecmo.service_gas import expected_of, forget_drive, gas_of
from dispatch.ecmo.service_running import keep_carried
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import CheckList, GateReason, Passage
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState, advance_mission
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.ecmo.tables_journey import (
    EcmoPassage,
    EcmoStep,
)
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, NotFound, Refused

GATE_OF: Final = {
    MissionState.OUTBOUND: CheckList.LEAVING_BASE,
    MissionState.RETURNING: CheckList.LEAVING_WITH_PATIENT,
}
_DECIDES: Final = frozenset({Noted.PLAN, Noted.FIT_TO_MOVE, Noted.VEHICLE, Noted.BROKEN_DOWN})
"""Not what comes by itself, like times and readings, nor what others tick meanwhile: none of it holds up who leaves."""
_BEFORE_LEAVING: Final = frozenset(MissionState) - MISSION_OVER - {MissionState.RETURNING, MissionState.ARRIVED}


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """A plan as it was compared. marks: seconds from now."""

    kind: PlanKind
    marks: Mapping[PlanMark, Times]
    via: UUID | None = None
    aircraft: str | None = None
    moves_uncannulated: bool = False


async def lock_mission(act: Act, mission_id: UUID, version: int | None = None) -> EcmoMission:
    """A mission under way, locked. Raises NotFound, Conflict (`ecmo_mission.outdated`, `ecmo_mission.over`)."""
    row = await get_mission(act.session, act.region, mission_id, lock=True)
    if version is not None and version != row.version:
        raise Conflict("ecmo_mission.outdated", "The mission went on meanwhile.", "Look at it as it is now.")
    if MissionState(row.state) in MISSION_OVER:
        raise Conflict("ecmo_mission.over", "This mission is over.")
    return row


async def note(act: Act, mission: EcmoMission, what: Noted, record_id: UUID) -> None:
    """Tell a change of a mission; one by which steps are decided is counted."""
    mission.version += what in _DECIDES
    await act.session.flush()
    concerned = await concerned_by(act.session, mission)
    act.tell(
        MissionNoted(
            mission_id=mission.id,
            request_id=mission.request_id,
            region=act.region,
            concerned=concerned,
            what=what,
            record_id=record_id,
        )
    )


async def choose_plan(act: Act, mission_id: UUID, plan: ChosenPlan, version: int | None = None) -> EcmoMission:
    """Choose a plan by which the mission is timed from now on.

    Raises as `lock_mission`; Refused (`ecmo_mission.not_fit`): it moves a patient without a circuit, and nobody has
    said by name that he is fit to be moved.
    """
    async with act.together():
        row = await lock_mission(act, mission_id, version)
        if plan.moves_uncannulated and row.fit_to_move_at is None:
            raise _not_fit()
        row.plan_kind, row.plan_via, row.plan_aircraft = plan.kind, plan.via, plan.aircraft
        row.plan_marks = {str(mark): [one.likely, one.slow] for mark, one in plan.marks.items()}
        row.planned_at, row.planned_by = act.clock.now(), act.actor
        await note(act, row, Noted.PLAN, row.id)
        return row


async def say_fit_to_move(act: Act, mission_id: UUID) -> EcmoMission:
    """Say by name that he may be moved without a circuit; said twice it is kept once. Raises as `lock_mission`."""
    async with act.together():
        row = await lock_mission(act, mission_id)
        if row.fit_to_move_at is None:
            row.fit_to_move_at, row.fit_to_move_by = act.clock.now(), act.actor
            await note(act, row, Noted.FIT_TO_MOVE, row.id)
        return row


async def ask_vehicle(act: Act, mission_id: UUID, unit_id: UUID, *, instead: bool = False) -> EcmoMission:
    """Ask for a vehicle: one incident of the dispatch core carries it, with the priority of a threatened life.

    So no other call takes it silently, and the core knows when it will be free. Who lies at a dispatcher's scene has
    that incident already. instead: of the one that was asked for
    before, which stays on the incident until somebody takes it off; one that is on it no more needs no such word.
    Raises as `lock_mission`, `assign`; Conflict (`ecmo_mission.vehicle`): there is one already; Refused
    (`ecmo_mission.no_hospital`).
    """
    async with act.together():
        row = await lock_mission(act, mission_id)
        if row.unit_id == unit_id or (row.unit_id is not None and not instead and await _on_its_way(act, row)):
            raise Conflict("ecmo_mission.vehicle", "The mission has a vehicle already.")
        incident = await incident_of(act, row)
        assignment = await assign(act, incident.id, Order(unit_id))
        expected = await expected_of(act.session, row, act.clock.now())
        bed = next((one for one in expected if one.mark is PlanMark.BED), None)
        if bed is not None:
            await project_clearing(act, assignment.id, bed.slow)
        row.incident_id, row.unit_id = incident.id, unit_id
        forget_drive(row)
        if row.patient_id is None:
            await carry_patient(act, row, incident.id)
        await note(act, row, Noted.VEHICLE, incident.id)
        return row


async def _on_its_way(act: Act, row: EcmoMission) -> bool:
    run = None if row.unit_id is None else await find_active(act.session, row.unit_id)
    return run is not None and run.incident_id == row.incident_id


async def advance(
    act: Act,
    mission_id: UUID,
    state: MissionState,
    told: Told | None = None,
    *,
    version: int | None = None,
    override: bool = False,
) -> EcmoMission:
    """Go over into a state; the gate before it is passed and recorded. override: the lead's one action.

    Raises as `lock_mission`; IllegalTransition (`ecmo_mission.transition`); Invalid (`time.*`);
    Refused (`ecmo_mission.not_fit`, `ecmo_gate.not_lead`).
    """
    async with act.together():
        row = await lock_mission(act, mission_id, version)
        old = MissionState(row.state)
        new = advance_mission(old, state)
        if old is MissionState.AT_PATIENT and new is MissionState.RETURNING and row.fit_to_move_at is None:
            raise _not_fit()
        when = act.moment(told)
        concerned = await concerned_by(act.session, row)
        gate = GATE_OF.get(new)
        if gate is not None:
            passage = await _pass(act, row, gate, override=override)
            act.tell(
                GatePassed(
                    mission_id=row.id, request_id=row.request_id, region=act.region, concerned=concerned,
                    passage_id=passage.id, checklist=gate, how=Passage(passage.how),
                    open_items=tuple(passage.open_items),
                )
            )  # fmt: skip
        act.session.add(
            EcmoStep(
                id=act.new_id(), mission_id=row.id, state=new, at=when.occurred_at, entered_at=when.entered_at,
                actor=act.actor,
            )
        )  # fmt: skip
        if new is MissionState.RETURNING:
            await take_over_circuit(act, row)
        row.state, row.version = new, row.version + 1
        forget_drive(row)
        if new in MISSION_OVER:
            await _give_all_back(act, row)
        await act.session.flush()
        await keep_carried(act, row)
        act.tell(
            MissionAdvanced(
                mission_id=row.id, request_id=row.request_id, region=act.region, concerned=concerned, state=new,
                at=when.occurred_at,
            ),
            when,
        )  # fmt: skip
        return row


async def _pass(act: Act, row: EcmoMission, gate: CheckList, *, override: bool) -> EcmoPassage:
    now = act.clock.now()
    gas = await gas_of(act.session, row, now, await expected_of(act.session, row, now))
    ticked = {one.item for one in await list_checks(act.session, row.id) if one.checklist == gate} - gas.untrue
    opened = [one for one in items_of(gate, Mode(row.mode)) if one not in ticked]
    if override and opened and not await is_lead(act.session, row.id, act.actor):
        raise Refused(
            "ecmo_gate.not_lead", "A gate is overridden by the mission's lead.", "Leave with it open, or ask him."
        )
    how = Passage.CLOSED if not opened else Passage.OVERRIDDEN if override else Passage.OPEN
    passage = EcmoPassage(
        id=act.new_id(), mission_id=row.id, checklist=gate, how=how, open_items=opened, at=now,
        actor=act.actor, reason=None, reason_at=None, reason_by=None,
    )  # fmt: skip
    act.session.add(passage)
    await act.session.flush()
    return passage


async def untick(act: Act, row: EcmoMission, item: str) -> None:
    """Take back an item of the gates ahead that is true no more; of a gate that was passed it stays as it was."""
    state = MissionState(row.state)
    ahead = {CheckList.LEAVING_BASE} if state is MissionState.PREPARING else set()
    if state in _BEFORE_LEAVING:
        ahead.add(CheckList.LEAVING_WITH_PATIENT)
    for one in await list_checks(act.session, row.id):
        if one.item == item and one.checklist in ahead:
            one.withdrawn_at, one.withdrawn_by = act.clock.now(), act.actor
            await note(act, row, Noted.UNTICKED, one.id)


async def _give_all_back(act: Act, row: EcmoMission) -> None:
    now = act.clock.now()
    for booking in await list_bookings(act.session, row.id):
        if booking.until_at is None:
            booking.until_at = max(now, booking.from_at)
    for promise in await list_promises(act.session, row.id):
        promise.ended_at, promise.ended_by = now, act.actor


async def explain_passage(act: Act, passage_id: UUID, reason: GateReason) -> EcmoPassage:
    """Say afterwards why a gate was passed with items open; the first reason counts.

    Raises NotFound (`ecmo_gate.not_found`), Conflict (`ecmo_gate.explained`).
    """
    async with act.together():
        passage = await act.session.get(EcmoPassage, passage_id, with_for_update=True)
        if passage is None or passage.how == Passage.CLOSED:
            raise NotFound("ecmo_gate.not_found", "No gate was passed open so.")
        if passage.reason is not None:
            raise Conflict("ecmo_gate.explained", "A reason was given already.")
        passage.reason, passage.reason_at, passage.reason_by = reason, act.clock.now(), act.actor
        row = await get_mission(act.session, act.region, passage.mission_id)
        await act.session.flush()
        concerned = await concerned_by(act.session, row)
        act.tell(
            GateExplained(
                mission_id=row.id, request_id=row.request_id, region=act.region, concerned=concerned,
                passage_id=passage.id, reason=reason,
            )
        )  # fmt: skip
        return passage


def _not_fit() -> Refused:
    return Refused(
        "ecmo_mission.not_fit", "Nobody has said by name that this patient may be moved without a circuit.",
        "Let a physician say so, or cannulate first.",
    )  # fmt: skip
