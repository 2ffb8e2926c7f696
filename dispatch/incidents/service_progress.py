"""An incident's way from open to its end. Assignments and arrivals are the dispatching feature's, which calls this."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.events_incidents import IncidentCancelled, IncidentStateChanged
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.queries_incidents import get_incident, list_links
from dispatch.incidents.queries_patients import list_patients
from dispatch.incidents.rules_editing import Outdated, check_version
from dispatch.incidents.rules_patients import check_close
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act, incident_state
from dispatch.incidents.service_links import attach, detach
from dispatch.incidents.states_incidents import CancelReason, IncidentState, LinkKind, advance_incident
from dispatch.incidents.states_patients import PatientState
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.errors import Conflict, Invalid


async def mark_dispatched(act: Act, incident_id: UUID, told: Told | None = None) -> Incident:
    """A unit has it. One that is further along already is left as it is.

    Raises: NotFound: `incident.not_found`. Conflict: `incident.transition`. Invalid: `time.*`.
    """
    async with act.together():
        when, incident = await _begin(act, incident_id, told)
        if incident.state not in (IncidentState.DISPATCHED, IncidentState.ON_SCENE):
            _move(act, incident, IncidentState.DISPATCHED, when)
            incident.dispatched_at = _first(incident.dispatched_at, when)
        await act.session.flush()
        return incident


async def mark_on_scene(act: Act, incident_id: UUID, told: Told | None = None) -> Incident:
    """A unit is there. The first arrival counts. Raises as `mark_dispatched`."""
    async with act.together():
        when, incident = await _begin(act, incident_id, told)
        if incident.state != IncidentState.ON_SCENE:
            _move(act, incident, IncidentState.ON_SCENE, when)
            incident.on_scene_at = _first(incident.on_scene_at, when)
        await act.session.flush()
        return incident


async def return_to_open(act: Act, incident_id: UUID, told: Told | None = None) -> Incident:
    """Its last unit was diverted, broke down or was stood down: it waits again, with its first T0.

    Raises as `mark_dispatched`.
    """
    async with act.together():
        when, incident = await _begin(act, incident_id, told)
        if incident.state != IncidentState.OPEN:
            _move(act, incident, IncidentState.OPEN, when)
            incident.returned_at = when.occurred_at
        await act.session.flush()
        return incident


async def close_incident(
    act: Act, incident_id: UUID, *, expected_version: int | None = None, told: Told | None = None
) -> Incident:
    """Close an incident all of whose patients have an outcome.

    Raises:
        NotFound: `incident.not_found`. Outdated: `incident.outdated`. Invalid: `time.*`.
        Conflict: `incident.no_patients`, `incident.open_patients`, `incident.transition`.
    """
    async with act.together():
        when, incident = await _begin(act, incident_id, told)
        check_version("incident", expected_version, incident.version, incident_state(incident))
        advance_incident(IncidentState(incident.state), IncidentState.CLOSED)
        check_close([PatientState(patient.state) for patient in await list_patients(act.session, incident_id)])
        incident.closed_at = when.occurred_at
        incident.version += 1
        _move(act, incident, IncidentState.CLOSED, when)
        await act.session.flush()
        return incident


async def cancel_incident(
    act: Act,
    incident_id: UUID,
    reason: CancelReason,
    *,
    duplicate_of: UUID | None = None,
    expected_version: int | None = None,
    told: Told | None = None,
) -> Incident:
    """Cancel an incident. Stand its units down before. The calls of a duplicate go over to the other incident.

    Raises:
        NotFound: `incident.not_found`. Outdated: `incident.outdated`.
        Invalid: `incident.duplicate`, the other is named for a duplicate, and only then; `time.*`.
        Conflict: `incident.transition`; `incident.over`, the other one was cancelled itself.
    """
    if (reason is CancelReason.DUPLICATE) != (duplicate_of is not None) or duplicate_of == incident_id:
        raise Invalid("incident.duplicate", "A duplicate names the other incident, and only a duplicate does.")
    async with act.together():
        links = await list_links(act.session, incident_id) if duplicate_of else []
        # Calls are locked before incidents, each in the order of their ids, here as everywhere.
        wanted = sorted(link.call_id for link in links)
        calls = {one: await get_call(act.session, act.region, one, lock=True) for one in wanted}
        for locked in sorted(filter(None, (incident_id, duplicate_of))):
            await get_incident(act.session, act.region, locked, lock=True)
        when, incident = await _begin(act, incident_id, told)
        check_version("incident", expected_version, incident.version, incident_state(incident))
        before = IncidentState(incident.state)
        incident.state = advance_incident(before, IncidentState.CANCELLED)
        incident.cancelled_at, incident.cancel_reason = when.occurred_at, reason
        incident.duplicate_of = duplicate_of
        incident.version += 1
        await act.session.flush()
        act.tell(
            IncidentCancelled(incident_id=incident_id, before=before, reason=reason, duplicate_of=duplicate_of), when
        )
        if duplicate_of is not None:
            other = await get_incident(act.session, act.region, duplicate_of, lock=True)
            if other.state == IncidentState.CANCELLED:
                raise Conflict("incident.over", f"{other.number} was cancelled itself.")
            for link in await list_links(act.session, incident_id):
                if link.call_id not in calls:
                    # A call was linked between the look and the lock.
                    raise Outdated("incident", incident_state(incident))
                await detach(act, calls[link.call_id])
                again = LinkKind.LINKED if link.kind == LinkKind.FIRST else LinkKind(link.kind)
                await attach(act, calls[link.call_id], other, again)
        return incident


async def _begin(act: Act, incident_id: UUID, told: Told | None) -> tuple[Moment, Incident]:
    return act.moment(told), await get_incident(act.session, act.region, incident_id, lock=True)


def _move(act: Act, incident: Incident, state: IncidentState, when: Moment) -> None:
    before = IncidentState(incident.state)
    incident.state = advance_incident(before, state)
    act.tell(IncidentStateChanged(incident_id=incident.id, before=before, state=state), when)


def _first(known: datetime | None, when: Moment) -> datetime:
    return when.occurred_at if known is None else min(known, when.occurred_at)
