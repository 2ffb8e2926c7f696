"""Which call belongs to which incident, and what that does to the incident's T0."""

from __future__ import annotations

from uuid import UUID

from dispatch.incidents.events_calls import CallOutcomeSet
from dispatch.incidents.events_incidents import CallLinked, CallUnlinked, T0Corrected
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.queries_incidents import find_link, get_incident, list_links
from dispatch.incidents.rules_calls import earliest
from dispatch.incidents.service import Act
from dispatch.incidents.service_callbacks import withdraw_call_back
from dispatch.incidents.service_drafts import drop_draft
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import CallState, Outcome
from dispatch.incidents.states_incidents import IncidentState, LinkKind
from dispatch.incidents.tables_calls import Call, IncidentCall
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.errors import Conflict, Invalid

_OUTCOMES = {
    LinkKind.FIRST: Outcome.NEW_INCIDENT,
    LinkKind.LINKED: Outcome.LINKED,
    LinkKind.ASKED_AGAIN: Outcome.ASKED_AGAIN,
    LinkKind.CALLER_CANCELS: Outcome.CALLER_CANCELS,
}


async def link_call(act: Act, call_id: UUID, incident_id: UUID, kind: LinkKind) -> Incident:
    """Say that a call is about an incident that is there. Its T0 becomes the earliest of its calls'.

    A caller who cancels does not cancel the incident: a dispatcher does. The same again changes nothing.

    Raises:
        NotFound: `call.not_found`, `incident.not_found`. Invalid: `link.first`, only opening makes the first.
        Conflict: `call.ringing`; `call.linked`, it belongs to another; `incident.over`, that one was cancelled.
    """
    if kind is LinkKind.FIRST:
        raise Invalid("link.first", "A first call is linked by opening its incident.")
    async with act.together():
        call = await get_call(act.session, act.region, call_id, lock=True)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        if incident.state == IncidentState.CANCELLED and kind is LinkKind.LINKED:
            raise Conflict("incident.over", f"{incident.number} was cancelled.", "Open a new incident.")
        present = await find_link(act.session, call_id)
        if present is not None and present.incident_id == incident_id and present.kind == kind:
            return incident
        await attach(act, call, incident, kind)
        return incident


async def attach(act: Act, call: Call, incident: Incident, kind: LinkKind) -> None:
    """Link, both being locked. Raises Conflict: `call.ringing`, `call.linked`."""
    if call.state == CallState.RINGING:
        raise Conflict("call.ringing", "Nobody has answered this call yet.", "Answer it first.")
    if await find_link(act.session, call.id) is not None:
        raise Conflict("call.linked", "This call belongs to an incident already.", "Undo that link first.")
    act.session.add(
        IncidentCall(
            id=act.new_id(),
            incident_id=incident.id,
            call_id=call.id,
            kind=kind,
            t0=call.t0,
            t0_source=call.t0_source,
            linked_at=act.clock.now(),
            linked_by=act.actor,
            undone_at=None,
            undone_by=None,
        )
    )
    call.incident_id = incident.id
    call.version += 1
    await act.session.flush()
    await _reckon(act, incident)
    act.tell(
        CallLinked(
            incident_id=incident.id,
            call_id=call.id,
            kind=kind,
            t0=incident.t0,
            t0_source=Source(incident.t0_source),
        )
    )
    await set_outcome(act, call, _OUTCOMES[kind])


async def unlink_call(act: Act, call_id: UUID) -> Incident:
    """Undo a link: the call has no outcome again. An incident left without calls keeps its T0.

    Raises: NotFound: `call.not_found`. Conflict: `call.not_linked`.
    """
    async with act.together():
        call = await get_call(act.session, act.region, call_id, lock=True)
        return await detach(act, call)


async def detach(act: Act, call: Call) -> Incident:
    """Unlink a locked call. Raises Conflict: `call.not_linked`."""
    link = await find_link(act.session, call.id)
    if link is None:
        raise Conflict("call.not_linked", "This call belongs to no incident.")
    incident = await get_incident(act.session, act.region, link.incident_id, lock=True)
    link.undone_at, link.undone_by = act.clock.now(), act.actor
    call.incident_id, call.outcome = None, None
    call.version += 1
    await act.session.flush()
    if incident.state != IncidentState.CANCELLED:
        await _reckon(act, incident)
    act.tell(
        CallUnlinked(incident_id=incident.id, call_id=call.id, t0=incident.t0, t0_source=Source(incident.t0_source))
    )
    return incident


async def correct_t0(act: Act, call: Call) -> None:
    """Take over a locked call's T0, changed by a late signal, into the incident that it belongs to."""
    link = await find_link(act.session, call.id)
    if link is None or (link.t0, link.t0_source) == (call.t0, call.t0_source):
        return
    incident = await get_incident(act.session, act.region, link.incident_id, lock=True)
    before = incident.t0
    link.t0, link.t0_source = call.t0, call.t0_source
    await act.session.flush()
    await _reckon(act, incident)
    if incident.t0 != before:
        act.tell(
            T0Corrected(
                incident_id=incident.id,
                call_id=call.id,
                before=before,
                t0=incident.t0,
                t0_source=Source(incident.t0_source),
            )
        )


async def set_outcome(act: Act, call: Call, outcome: Outcome) -> None:
    """Set what came of a locked call; whoever waited to be called back for it waits no more, its draft is gone."""
    before = Outcome(call.outcome) if call.outcome else None
    if before is not outcome:
        call.outcome = outcome
        act.tell(CallOutcomeSet(call_id=call.id, outcome=outcome, before=before))
    await withdraw_call_back(act, call)
    await drop_draft(act, call)
    await act.session.flush()


async def _reckon(act: Act, incident: Incident) -> None:
    """T0 anew: the earliest of its calls, and of its own beginning if it was opened without one."""
    times = [(link.t0, Source(link.t0_source)) for link in await list_links(act.session, incident.id)]
    if incident.without_call:
        times.append((incident.opened_at, Source(incident.source)))
    if times:
        incident.t0, incident.t0_source = earliest(*times)
        await act.session.flush()
