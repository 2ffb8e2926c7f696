"""What is said about orders, assignments and the queue over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import AnyVersion
from api.dispatching.arrivals import ArrivalOut
from api.dispatching.board import AssignmentRow
from api.fleet.reporting import Heard, SourceName
from api.fleet.schemas import StatusVersion
from api.fleet.when import Happened, Sent
from api.roads.schemas import Aware, Latitude, LineOut, Longitude, Roads
from dispatch.dispatching.rules_arrivals import Goal
from dispatch.dispatching.states import OverrideReason, Point
from dispatch.incidents.states_incidents import Priority
from dispatch.units.states_duty import Effect, Source, UnitStatus


class PathOut(msgspec.Struct, frozen=True):
    """The quickest way under the closures of now. `geometry` and the figures are null when no road leads there."""

    unit_id: UUID
    goal: Goal
    lat: Annotated[float, Meta(description="From where, degrees north.")]
    lon: Annotated[float, Meta(description="Degrees east.")]
    eta_s: Annotated[float | None, Meta(description="Seconds of driving.")]
    distance_m: Annotated[float | None, Meta(description="Metres.")]
    source: Annotated[str, Meta(description="road or unreachable.")]
    reasons: Annotated[list[str], Meta(description="Stable codes of what must be known about this way.")]
    geometry: LineOut | None
    roads: Roads
    warnings: list[str]


class OrderIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which unit is sent, and on what ground. Another than the first choice owes a reason, which may follow."""

    unit_id: UUID
    recommendation_id: UUID | None = None
    reason: OverrideReason | None = None
    words: Annotated[str, Meta(max_length=2_000, description="Beside the reason; kept as a note of the incident.")] = ""
    status_version: StatusVersion | None = None
    at: Annotated[Aware | None, Meta(description="T3 of an order given by radio or on paper; null: now.")] = None
    source: Heard = None
    divert: Annotated[bool, Meta(description="Take it from the less urgent incident that it is on its way to.")] = False


class CallOffIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The assignment as it was looked at."""

    version: AnyVersion = None


class ExplainIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why another than the first choice was sent."""

    reason: OverrideReason
    words: Annotated[str, Meta(max_length=2_000, description="Kept as a note of the incident.")] = ""


class TimeTellIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A time that no status tells: T4, acknowledged; T10, handed over."""

    point: Annotated[Point, Meta(description="T4 or T10.")]
    at: Happened = None
    sent_at: Sent = None
    source: SourceName = None


class ClearingIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When and where a unit will be free, and to which hospital it goes; null takes it back."""

    clear_at: Aware | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    destination_id: Annotated[UUID | None, Meta(description="`key` of a hospital.")] = None


class TimeCorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What T4 or T10 truly was; the earlier version stays."""

    at: Aware
    source: Heard = None


class TimePointOut(msgspec.Struct, frozen=True):
    """One time point in its newest version."""

    point: Point
    at: Annotated[datetime, Meta(description="True time.")]
    entered_at: Annotated[datetime, Meta(description="Time of entry.")]
    source: Source
    actor: Annotated[str, Meta(description="`person:ID`, `device:ID`, `system:NAME`.")]
    actor_name: str | None
    entry_id: UUID
    of_status: Annotated[bool, Meta(description="Corrected at /status-entries, else at /assignment-times.")]
    corrected: Annotated[bool, Meta(description="It took the place of an earlier version.")]


class TimeVersionOut(msgspec.Struct, frozen=True):
    """One thing that was told of this run, whether it counts or not."""

    entry_id: UUID
    point: Annotated[Point | None, Meta(description="Of a told time.")]
    status: Annotated[UnitStatus | None, Meta(description="Of a status entry.")]
    effect: Annotated[Effect | None, Meta(description="What became of a status entry.")]
    at: datetime
    device_at: Annotated[datetime | None, Meta(description="By the clock of who told it.")]
    entered_at: datetime
    source: Source
    actor: str
    actor_name: str | None
    corrects: UUID | None


class AssignmentsOut(msgspec.Struct, frozen=True):
    """Assignments, the longest first, and when those under way will be there."""

    assignments: list[AssignmentRow]
    arrivals: list[ArrivalOut]
    at: datetime


class AssignmentOut(msgspec.Struct, frozen=True):
    """An assignment with its times T3 to T12 and TX, and all that was told of them."""

    assignment: AssignmentRow
    arrival: ArrivalOut | None
    times: Annotated[list[TimePointOut], Meta(description="By true time; what nobody told is missing.")]
    versions: Annotated[list[TimeVersionOut], Meta(description="By true time; `corrects` names what was corrected.")]


class TimeToldOut(msgspec.Struct, frozen=True):
    """A told time, and the assignment with it."""

    time_id: UUID
    point: Point
    at: datetime
    assignment: AssignmentRow


class WaitingOut(msgspec.Struct, frozen=True):
    """An incident that waits for a unit."""

    incident_id: UUID
    number: str
    priority: Priority
    t0: datetime
    waits_s: Annotated[float, Meta(description="Since T0, or since it lost its unit; seconds.")]
    returned_at: Annotated[datetime | None, Meta(description="When it lost its last unit: it goes before the others.")]
    capabilities: str
    requester: Annotated[str, Meta(description="The organisation that asked for it last; empty: none did.")]


class QueueOut(msgspec.Struct, frozen=True):
    """Open incidents that no unit has: by priority, then those that lost theirs, then by age."""

    waiting: list[WaitingOut]
    at: datetime
