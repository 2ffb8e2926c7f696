"""What happened to incidents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import (
    CancelReason,
    IncidentState,
    LinkKind,
    PlaceSource,
    Priority,
    PriorityMove,
)
from dispatch.kernel.events import Event, event


@event("incident.opened", subject="incident_id")
class IncidentOpened(Event):
    """An incident began."""

    incident_id: UUID
    number: str
    t0: datetime
    t0_source: Source
    priority: Priority
    complaint: str
    capabilities: str


@event("incident.call_linked", subject="incident_id")
class CallLinked(Event):
    """A call belongs to an incident; `t0` is the incident's with it."""

    incident_id: UUID
    call_id: UUID
    kind: LinkKind
    t0: datetime
    t0_source: Source


@event("incident.call_unlinked", subject="incident_id")
class CallUnlinked(Event):
    """A call does not belong to an incident after all; `t0` is the incident's without it."""

    incident_id: UUID
    call_id: UUID
    t0: datetime
    t0_source: Source


@event("incident.t0_corrected", subject="incident_id")
class T0Corrected(Event):
    """A late signal of one of its calls moved an incident's T0."""

    incident_id: UUID
    call_id: UUID
    before: datetime
    t0: datetime
    t0_source: Source


@event("incident.placed", subject="incident_id")
class IncidentPlaced(Event):
    """An incident got a place, or a better one. Where it is stands in the place's version, which can be erased."""

    incident_id: UUID
    place_id: UUID
    place_version: int
    has_point: bool
    place_source: PlaceSource


@event("incident.described", subject="incident_id")
class IncidentDescribed(Event):
    """Its complaint card or the needed capabilities changed."""

    incident_id: UUID
    complaint: str
    capabilities: str


@event("incident.people_told", subject="incident_id")
class PeopleTold(Event):
    """How many people are concerned, as far as is known; None before: nobody had said."""

    incident_id: UUID
    before: int | None
    people: int


@event("incident.taken", subject="incident_id")
class IncidentTaken(Event):
    """T2: address, complaint and priority are fixed."""

    incident_id: UUID
    taken_at: datetime


@event("incident.priority_changed", subject="incident_id")
class PriorityChanged(Event):
    """More urgent than believed, or less."""

    incident_id: UUID
    before: Priority
    priority: Priority
    move: PriorityMove
    reason_digest: str | None


@event("incident.state_changed", subject="incident_id")
class IncidentStateChanged(Event):
    """Dispatched, on scene, back to open, or closed."""

    incident_id: UUID
    before: IncidentState
    state: IncidentState


@event("incident.cancelled", subject="incident_id")
class IncidentCancelled(Event):
    """It is over without a patient."""

    incident_id: UUID
    before: IncidentState
    reason: CancelReason
    duplicate_of: UUID | None


@event("incident.note_written", subject="incident_id")
class NoteWritten(Event):
    """A note, or a correction of one."""

    incident_id: UUID
    note_id: UUID
    version: int
    digest: str


@event("incident.viewed", subject="incident_id")
class IncidentViewed(Event):
    """Somebody looked at the personal values of an incident in whole, or at its record."""

    incident_id: UUID
    record: bool
