"""What happened to recommendations and assignments: ids, codes, numbers, times."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.dispatching.states import EndReason, OverrideReason, Point, Returns
from dispatch.dispatching.states_recommendation import ShareLevel
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.events import Event, event
from dispatch.units.states_duty import Source


@event("policy.sharing_changed", subject="region")
class SharingChanged(Event):
    """What organisations lend to each other is another. lenders: whose rules changed.

    rules: all that count now, each as lender, borrower, level, and how many units a station keeps.
    """

    region: str
    version: int
    lenders: tuple[str, ...]
    rules: tuple[tuple[str, str, ShareLevel, int], ...]


@event("recommendation.made", subject="incident_id")
class RecommendationMade(Event):
    """Units were ranked for an incident; all that was looked at is kept under the id."""

    incident_id: UUID
    recommendation_id: UUID
    chosen: UUID | None
    offered: int
    excluded: int
    policy: str
    network_version: str
    overlay_version: int


@event("assignment.made", subject="unit_id")
class UnitAssigned(Event):
    """T3: a unit has an incident."""

    unit_id: UUID
    organisation: str
    assignment_id: UUID
    incident_id: UUID
    priority: Priority
    at: datetime
    source: Source
    recommendation_id: UUID | None
    rank: int | None
    overridden: bool
    planned_s: float | None


@event("assignment.override_explained", subject="assignment_id")
class OverrideExplained(Event):
    """Why another unit than the first choice was sent."""

    assignment_id: UUID
    incident_id: UUID
    reason: OverrideReason
    note_id: UUID | None


@event("assignment.ended", subject="unit_id")
class AssignmentEnded(Event):
    """A unit has an incident no more."""

    unit_id: UUID
    organisation: str
    assignment_id: UUID
    incident_id: UUID
    reason: EndReason
    at: datetime
    source: Source


@event("assignment.entered", subject="unit_id")
class RunEntered(Event):
    """A whole run that was over was copied from paper: it moved nobody."""

    unit_id: UUID
    organisation: str
    assignment_id: UUID
    incident_id: UUID
    priority: Priority
    at: datetime
    ended_at: datetime
    reason: EndReason
    source: Source


@event("assignment.incident_returned", subject="incident_id")
class IncidentReturned(Event):
    """A unit was lost. With `waits` the incident is at the head of its priority again; `alarm`: somebody must act."""

    incident_id: UUID
    assignment_id: UUID
    unit_id: UUID
    why: Returns
    t0: datetime
    priority: Priority
    others: int
    waits: bool
    alarm: bool


@event("assignment.time_told", subject="assignment_id")
class TimeTold(Event):
    """A time point that no status tells. `kept`: the run was over already; it moves nothing."""

    assignment_id: UUID
    unit_id: UUID
    organisation: str
    time_id: UUID
    point: Point
    at: datetime
    source: Source
    corrects: UUID | None
    kept: bool


@event("assignment.clearing_projected", subject="assignment_id")
class ClearingProjected(Event):
    """When a unit will be free, and where (the place stands in the assignment)."""

    assignment_id: UUID
    unit_id: UUID
    organisation: str
    clear_at: datetime | None


@event("assignment.unacknowledged", subject="assignment_id")
class Unacknowledged(Event):
    """The crew has not answered in time: somebody calls them."""

    assignment_id: UUID
    unit_id: UUID
    organisation: str
    incident_id: UUID
    priority: Priority
    assigned_at: datetime


@event("assignment.swap_suggested", subject="assignment_id")
class SwapSuggested(Event):
    """A unit that was freed would be there sooner. Never done by itself."""

    assignment_id: UUID
    incident_id: UUID
    unit_id: UUID
    nearer_unit_id: UUID
    remaining_s: float
    nearer_s: float


@event("queue.offered", subject="incident_id")
class QueueOffered(Event):
    """A unit is free, and this incident waits."""

    incident_id: UUID
    unit_id: UUID
    organisation: str
    priority: Priority
    waiting: int
