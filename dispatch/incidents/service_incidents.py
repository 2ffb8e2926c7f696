"""Incidents opened and edited."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from dispatch.incidents.events_incidents import (
    IncidentDescribed,
    IncidentOpened,
    PriorityChanged,
)
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.queries_incidents import get_incident, list_priority_steps
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_priority import OnDuty, change_of
from dispatch.incidents.rules_texts import capability_letters, card_id
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act, claim_key, incident_state, next_number
from dispatch.incidents.service_describing import place_incident, take_incident, tell_people
from dispatch.incidents.service_links import attach
from dispatch.incidents.service_notes import add_note
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import ACTIVE, IncidentState, LinkKind, Priority, PriorityMove
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_incidents import Incident, PriorityStep
from dispatch.incidents.tables_personal import Owner, PersonalValue
from dispatch.kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident as it is taken. Without a call it counts from `told.at`."""

    priority: Priority
    complaint: str = ""
    capabilities: str = ""
    place: PlaceGiven | None = None
    note: str = ""
    call_id: UUID | None = None
    told: Told = field(default_factory=Told)
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change; None is left as it is."""

    place: PlaceGiven | None = None
    complaint: str | None = None
    capabilities: str | None = None
    people: int | None = None


async def open_incident(act: Act, new: NewIncident, *, key: str | None = None) -> Incident:
    """Open an incident, of a call or without one. The same key with the same body gives the same incident.

    Raises:
        NotFound: `call.not_found`. Conflict: `call.ringing`, `call.linked`, `request.key_reused`.
        Invalid: `incident.complaint`, `incident.capabilities`, `place.*`, `text.*`, `time.*`, `reference.invalid`.
    """
    complaint, capabilities = card_id(new.complaint), capability_letters(new.capabilities)
    async with act.together():
        incident_id = act.new_id()
        if key is not None and (made := await claim_key(act, "incident", key, new, incident_id)) != incident_id:
            return await get_incident(act.session, act.region, made)
        when = act.moment(new.told)
        call = await get_call(act.session, act.region, new.call_id, lock=True) if new.call_id else None
        incident = Incident(
            id=incident_id,
            region=act.region,
            number=await next_number(act),
            state=IncidentState.OPEN,
            version=1,
            t0=call.t0 if call else when.occurred_at,
            t0_source=call.t0_source if call else when.source,
            source=when.source,
            opened_at=when.occurred_at,
            entered_at=when.entered_at,
            without_call=call is None,
            taken_at=None,
            direction="",
            place_version=0,
            complaint=complaint,
            priority=new.priority,
            initial_priority=new.priority,
            provisional=False,
            capabilities=capabilities,
        )
        act.session.add(incident)
        await act.session.flush()
        _add_step(act, incident, 1, PriorityMove.INITIAL, None, when)
        act.tell(
            IncidentOpened(
                incident_id=incident.id,
                number=incident.number,
                t0=incident.t0,
                t0_source=Source(incident.t0_source),
                priority=new.priority,
                complaint=complaint,
                capabilities=capabilities,
            ),
            when,
        )
        if call is not None:
            await attach(act, call, incident, LinkKind.FIRST)
        if new.place is not None:
            await place_incident(act, incident, new.place, when)
        tell_people(act, incident, new.people, when)
        take_incident(act, incident, when)
        if new.note:
            await add_note(act, incident.id, new.note, new.told)
        await act.session.flush()
        return incident


async def edit_incident(
    act: Act, incident_id: UUID, changes: Changes, *, expected_version: int, told: Told | None = None
) -> Incident:
    """Correct place, complaint, needed capabilities or number of people. What is the same already makes no new version.

    Raises:
        NotFound: `incident.not_found`. Outdated: `incident.outdated`, with the current state.
        Conflict: `incident.over`. Invalid: as `open_incident`.
    """
    async with act.together():
        when = act.moment(told)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        check_version("incident", expected_version, incident.version, incident_state(incident))
        check_active(incident)
        before = (incident.complaint, incident.capabilities, incident.place_version, incident.people)
        if changes.complaint is not None:
            incident.complaint = card_id(changes.complaint)
        if changes.capabilities is not None:
            incident.capabilities = capability_letters(changes.capabilities)
        if before[:2] != (incident.complaint, incident.capabilities):
            act.tell(
                IncidentDescribed(
                    incident_id=incident_id, complaint=incident.complaint, capabilities=incident.capabilities
                ),
                when,
            )
        if changes.place is not None:
            await place_incident(act, incident, changes.place, when)
        tell_people(act, incident, changes.people, when)
        if before != (incident.complaint, incident.capabilities, incident.place_version, incident.people):
            incident.version += 1
        take_incident(act, incident, when)
        await act.session.flush()
        return incident


async def change_priority(
    act: Act,
    incident_id: UUID,
    priority: Priority,
    *,
    on_duty: OnDuty,
    reason: str | None = None,
    expected_version: int | None = None,
    told: Told | None = None,
) -> Incident:
    """Raise (anybody, machines too) or lower an incident's priority; see `rules_priority.change_of` for who lowers.

    Raises:
        NotFound: `incident.not_found`. Refused: `priority.*`. Outdated: `incident.outdated`.
        Conflict: `incident.over`. Invalid: `priority.reason`, `text.*`, `time.*`.
    """
    async with act.together():
        when = act.moment(told)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        check_version("incident", expected_version, incident.version, incident_state(incident))
        check_active(incident)
        before = Priority(incident.priority)
        move = change_of(before, priority, roles=act.roles, is_person=act.is_person, reason=reason, on_duty=on_duty)
        if move is None:
            return incident
        said = None
        if reason and reason.strip():
            said = await keep_value(act, Owner.INCIDENT, incident_id, PersonalKind.REASON, reason, when)
        steps = await list_priority_steps(act.session, incident_id)
        incident.priority, incident.provisional = priority, False
        incident.version += 1
        _add_step(act, incident, len(steps) + 1, move, said, when)
        act.tell(
            PriorityChanged(
                incident_id=incident_id,
                before=before,
                priority=priority,
                move=move,
                reason_digest=said.digest if said else None,
            ),
            when,
        )
        await act.session.flush()
        return incident


async def follow_card(
    act: Act, incident: Incident, priority: Priority, when: Moment, *, provisional: bool = False
) -> None:
    """Let a locked, active incident's priority follow the rules of its complaint card; nobody needs to be asked.

    provisional: unknown answers alone make it that urgent.
    """
    before = Priority(incident.priority)
    incident.provisional = provisional
    if before is priority:
        await act.session.flush()
        return
    steps = await list_priority_steps(act.session, incident.id)
    incident.priority = priority
    incident.version += 1
    _add_step(act, incident, len(steps) + 1, PriorityMove.BY_CARD, None, when)
    act.tell(
        PriorityChanged(
            incident_id=incident.id, before=before, priority=priority, move=PriorityMove.BY_CARD, reason_digest=None
        ),
        when,
    )
    await act.session.flush()


def check_active(incident: Incident) -> None:
    """Refuse what is over. Raises Conflict (`incident.over`)."""
    if incident.state not in ACTIVE:
        raise Conflict("incident.over", f"{incident.number} is {incident.state}.")


def _add_step(
    act: Act, incident: Incident, ordinal: int, move: PriorityMove, said: PersonalValue | None, when: Moment
) -> None:
    act.session.add(
        PriorityStep(
            id=act.new_id(),
            incident_id=incident.id,
            ordinal=ordinal,
            priority=incident.priority,
            move=move,
            reason_id=said.id if said else None,
            occurred_at=when.occurred_at,
            entered_at=when.entered_at,
            source=when.source,
            actor=act.actor,
        )
    )
