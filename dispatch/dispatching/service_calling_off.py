"""Taking orders back and calling units off. Nothing here commits."""

from __future__ import annotations

from uuid import UUID

from dispatch.dispatching.queries import get_assignment, list_of_incident
from dispatch.dispatching.rules_assignment import may_undo, status_after
from dispatch.dispatching.rules_policy import PROPOSED, Figures
from dispatch.dispatching.service_runs import assignment_state, finish, lock_run, offer_freed, set_status
from dispatch.dispatching.states import EndReason
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_patients import carried_by
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_progress import cancel_incident
from dispatch.incidents.states_incidents import CancelReason
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.errors import Conflict, Refused
from dispatch.units.queries_duty import find_status, lock_units, standing_of
from dispatch.units.service_status import StatusReport
from dispatch.units.states_duty import Effect, Source, UnitStatus


async def undo(act: Act, assignment_id: UUID, *, figures: Figures = PROPOSED) -> Assignment:
    """Take an order back within seconds. T3 stays.

    Raises NotFound (`assignment.not_found`), Conflict (`assignment.over`), Refused (`assignment.undo_late`).
    """
    return await _call_off(act, assignment_id, EndReason.UNDONE, None, figures)


async def cancel(act: Act, assignment_id: UUID, *, expected_version: int | None = None) -> Assignment:
    """The unit is not needed any more.

    Raises NotFound (`assignment.not_found`), Conflict (`assignment.over`), Outdated (`assignment.outdated`), Refused
    (`assignment.patient_on_board`).
    """
    return await _call_off(act, assignment_id, EndReason.CANCELLED, expected_version, PROPOSED)


async def stand_down(act: Act, assignment_id: UUID, *, expected_version: int | None = None) -> Assignment:
    """Call a unit off while its incident still needs somebody: that waits at once, with an alarm.

    Raises as `cancel`.
    """
    return await _call_off(act, assignment_id, EndReason.STOOD_DOWN, expected_version, PROPOSED)


async def cancel_incident_and_units(
    act: Act,
    incident_id: UUID,
    reason: CancelReason,
    *,
    duplicate_of: UUID | None = None,
    expected_version: int | None = None,
    told: Told | None = None,
) -> Incident:
    """Cancel an incident and call off every unit that has it. Raises as `incidents.cancel_incident` and `cancel`."""
    async with act.together():
        incident = await cancel_incident(
            act, incident_id, reason, duplicate_of=duplicate_of, expected_version=expected_version, told=told
        )
        active = await list_of_incident(act.session, incident_id, active_only=True)
        await lock_units(act.session, [one.unit_id for one in active])
        # A unit cannot have left meanwhile without the incident's lock, which is held.
        for one in active:
            await _end(act, one, EndReason.CANCELLED, PROPOSED)
        return incident


async def _call_off(
    act: Act, assignment_id: UUID, reason: EndReason, expected_version: int | None, figures: Figures
) -> Assignment:
    async with act.together():
        seen = await get_assignment(act.session, act.region, assignment_id)
        _, active = await lock_run(act, seen.unit_id, seen.incident_id)
        if active is None or active.id != assignment_id:
            raise Conflict("assignment.over", "This assignment is over.")
        check_version("assignment", expected_version, active.version, assignment_state(active))
        await _end(act, active, reason, figures)
        return active


async def _end(act: Act, active: Assignment, reason: EndReason, figures: Figures) -> None:
    standing = standing_of(await find_status(act.session, active.unit_id))
    now = act.clock.now()
    if reason is EndReason.UNDONE and not may_undo(active.assigned_at, standing.status, now, figures.assignment):
        raise Refused("assignment.undo_late", "It is too late to take this back.", "Cancel it, or stand it down.")
    if standing.status is UnitStatus.TRANSPORTING or await carried_by(act.session, active.unit_id):
        raise Refused("assignment.patient_on_board", "The unit has a patient on board.")
    # Of a unit whose status nobody knows, being called off does not tell where it is.
    if standing.run_id == active.id:
        home = status_after(standing.status, UnitStatus(active.before_run))
        outcome = await set_status(act, active.unit_id, StatusReport(home, Source.DISPATCHER), None)
        if outcome.effect not in (Effect.APPLIED, Effect.REPEATED):
            raise Conflict("assignment.status_newer", "The unit's status is of a later time.")
    await finish(act, active, reason, now, standing.status, Source.DISPATCHER)
    await offer_freed(act, active.unit_id)
