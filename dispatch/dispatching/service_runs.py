"""What all orders share: their locks, the end of a run, what returns to the queue, and offers. Nothing here commits.

Locks are taken in one order: incidents, then units, each by id; times are stamped after.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.dispatching.events import AssignmentEnded, IncidentReturned, QueueOffered
from dispatch.dispatching.queries import find_active, list_of_incident, list_waiting
from dispatch.dispatching.queries_sharing import get_sharing
from dispatch.dispatching.rules_assignment import Waiting, offer_to, returns
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.states import AssignmentState, EndReason, Returns, advance
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import list_patients
from dispatch.incidents.service import Act
from dispatch.incidents.service_progress import return_to_open
from dispatch.incidents.states_incidents import ACTIVE, IncidentState, Priority
from dispatch.incidents.states_patients import PatientState
from dispatch.kernel.alone import is_alone
from dispatch.kernel.errors import Conflict
from dispatch.kernel.events import Event, Late
from dispatch.telemetry.detection.service_watches import end_watches
from dispatch.units.queries_duty import lock_unit
from dispatch.units.queries_fleet import get_duty_unit
from dispatch.units.service_status import StatusOutcome, StatusReport, report_status
from dispatch.units.states_duty import Source, UnitStatus
from dispatch.units.tables import Unit

_TRIES: Final = 8


async def lock_run(act: Act, unit_id: UUID, *incident_ids: UUID) -> tuple[Unit, Assignment | None]:
    """Lock a unit together with the incident that it has, and further incidents; return what it has.

    Which incident that is can change until the lock is held: then all is given back and tried anew. Raises NotFound
    (`unit.not_found`, `incident.not_found`), Conflict (`assignment.busy`).
    """
    for _ in range(1 if is_alone(act.session) else _TRIES):
        seen = await find_active(act.session, unit_id)
        wanted = {*incident_ids, *([seen.incident_id] if seen else [])}
        savepoint = None if is_alone(act.session) else await act.session.begin_nested()
        for incident_id in sorted(wanted):
            await get_incident(act.session, act.region, incident_id, lock=True)
        unit = await lock_unit(act.session, unit_id)
        active = await find_active(act.session, unit_id)
        if savepoint is None:
            return unit, active
        if active is None or active.incident_id in wanted:
            await savepoint.commit()
            return unit, active
        await savepoint.rollback()
    raise Conflict("assignment.busy", "This unit is being sent here and there at this moment.", "Try again.")


async def set_status(
    act: Act, unit_id: UUID, report: StatusReport, expected_version: int | None, held: Unit | None = None
) -> StatusOutcome:
    """Report a status; its lines wait for the others of this transaction. Raises as `units.report_status`.

    held: the unit, where the caller has locked it.
    """
    outbox: list[Event | Late] = []
    outcome = await report_status(
        act.session,
        act.clock,
        act.context,
        unit_id,
        report,
        held=held,
        expected_version=expected_version,
        outbox=outbox,
    )
    act.tell_all(outbox)
    return outcome


async def finish(
    act: Act, assignment: Assignment, reason: EndReason, at: datetime, before: UnitStatus, source: Source
) -> Returns | None:
    """End an assignment whose incident and unit are locked; return why its incident waits again, if it does."""
    assignment.state = advance(AssignmentState(assignment.state), AssignmentState.ENDED)
    # A corrected time may lie before the order: what never was has no length.
    assignment.ended_at, assignment.end_reason = max(at, assignment.assigned_at), reason
    assignment.end_source = source
    assignment.version += 1
    await act.session.flush()
    await end_watches(act, assignment.id)
    _tell(
        act,
        AssignmentEnded(
            unit_id=assignment.unit_id, organisation=assignment.organisation, assignment_id=assignment.id,
            incident_id=assignment.incident_id, reason=reason, at=assignment.ended_at, source=source,
        ),
        assignment.ended_at,
        source,
    )  # fmt: skip
    return await give_back(act, assignment, reason, before)


async def give_back(act: Act, assignment: Assignment, reason: EndReason, before: UnitStatus) -> Returns | None:
    """Let the locked incident of a run that ended wait again, if it needs a unit; return why, None: it does not."""
    incident = await get_incident(act.session, act.region, assignment.incident_id)
    if incident.state not in ACTIVE:
        return None
    others = len(await list_of_incident(act.session, incident.id, active_only=True))
    patients = [one for one in await list_patients(act.session, incident.id) if one.state != PatientState.MERGED]
    open_patients = sum(one.state == PatientState.OPEN for one in patients)
    why = returns(reason, before, others=others, patients=len(patients), open_patients=open_patients)
    if why is None and (reason is EndReason.COMPLETED or not others):
        return None
    if why is not None and incident.state != IncidentState.OPEN:
        await return_to_open(act, incident.id)
    lost = why or returns(reason, before, others=0, patients=len(patients), open_patients=open_patients)
    if lost is None:
        return None
    act.tell(
        IncidentReturned(
            incident_id=incident.id, assignment_id=assignment.id, unit_id=assignment.unit_id, why=lost,
            t0=incident.t0, priority=Priority(incident.priority), others=others, waits=why is not None,
            alarm=lost is not Returns.CANCELLED,
        )
    )  # fmt: skip
    return why


async def offer_freed(act: Act, unit_id: UUID) -> Sequence[Waiting]:
    """Offer a unit that can be sent now to what waits: an event tells of the first; a person decides.

    Returns all that it may serve, in order; nothing when the unit is not free or nothing waits. Also to be called when
    a crew has signed on. Raises NotFound (`unit.not_found`).
    """
    async with act.together():
        waiting = await list_waiting(act.session, act.region)
        if not waiting:
            return ()
        unit = await get_duty_unit(act.session, unit_id, act.clock.now())
        if not unit.availability.available:
            return ()
        sharing = (await get_sharing(act.session, act.region)).policy
        offered = offer_to(waiting, Party(unit.organisation, unit.system), unit.abilities.letters, sharing)
        if offered:
            first = offered[0]
            act.tell(
                QueueOffered(
                    incident_id=first.incident_id, unit_id=unit_id, organisation=unit.organisation,
                    priority=first.priority, waiting=len(offered),
                )
            )  # fmt: skip
        return offered


def assignment_state(assignment: Assignment) -> dict[str, object]:
    """What an assignment is now, as plain JSON."""
    return {
        "id": str(assignment.id),
        "version": assignment.version,
        "state": assignment.state,
        "unit_id": str(assignment.unit_id),
        "incident_id": str(assignment.incident_id),
        "assigned_at": assignment.assigned_at.isoformat(),
        "end_reason": assignment.end_reason,
    }


def _tell(act: Act, event: Event, at: datetime, source: Source) -> None:
    act.tell_all([Late(event, min(at, act.clock.now()), str(source))])
