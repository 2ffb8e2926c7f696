"""What a past moment looks like: the rows of the boards, as they were known then."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.board import FleetRow
from api.incidents.board import INCIDENT_ROW_EXAMPLE, IncidentRow
from dispatch.incidents.states_incidents import Priority
from dispatch.units.states_duty import UnitStatus


class PastAssignmentOut(msgspec.Struct, frozen=True):
    """A unit had an incident."""

    id: UUID
    unit_id: UUID
    call_sign: Annotated[str, Meta(examples=["阿-07"])]
    organisation: str
    incident_id: UUID
    incident_number: Annotated[str, Meta(examples=["2026-000123"])]
    priority: Annotated[Priority, Meta(description="Of the incident, as it was then.")]
    assigned_at: Annotated[datetime, Meta(description="T3.")]
    acknowledged_at: Annotated[datetime, Meta(description="T4, as far as it was known then.")] | None
    status: Annotated[UnitStatus, Meta(description="Of the unit, as it was then.")]
    planned_s: Annotated[float, Meta(description="The ETA when it was ordered, seconds.")] | None
    promised_at: Annotated[datetime, Meta(description="T3 and that ETA.")] | None


class ReplayOut(msgspec.Struct, frozen=True):
    """The region as it was known at `at`. Nothing in it can be acted on: every `version` is 0."""

    at: datetime
    incidents: Annotated[list[IncidentRow], Meta(description="Those that were not over, in the order of T0.")]
    units: Annotated[list[FleetRow], Meta(description="All, by call sign; stations and call signs are today's.")]
    assignments: list[PastAssignmentOut]


class TrackOut(msgspec.Struct, frozen=True):
    """Where a unit was."""

    unit_id: UUID
    points: Annotated[
        list[tuple[float, float, float, float | None, float | None]],
        Meta(
            description="Seconds after `from` (true time), degrees north, degrees east (WGS-84), degrees clockwise "
            "from north or null, metres per second or null; oldest first."
        ),
    ]


class HappenedOut(msgspec.Struct, frozen=True):
    """Something that changed the boards. `at`: when it was entered; from then on it is in the state."""

    at: datetime
    type: Annotated[str, Meta(examples=["assignment.made"])]
    subject: Annotated[str, Meta(description="Id of the incident or unit.")]


class SpanOut(msgspec.Struct, frozen=True):
    """How units moved in a span, and what happened."""

    tracks: list[TrackOut]
    happened: Annotated[list[HappenedOut], Meta(description="In order; at most 2,000.")]


SPAN_EXAMPLE: Final[dict[str, Any]] = {
    "tracks": [
        {
            "unit_id": "0198c0de-0000-7000-8000-000000000101",
            "points": [[0.0, 40.5475, 81.2807, 90.0, 12.5], [5.0, 40.5475, 81.2814, 90.0, 12.5]],
        }
    ],
    "happened": [
        {
            "at": "2026-11-22T04:01:30Z",
            "type": "assignment.made",
            "subject": "0198c0de-0000-7000-8000-000000000101",
        }
    ],
}
REPLAY_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-22T04:01:00Z",
    "incidents": [{**INCIDENT_ROW_EXAMPLE, "version": 0}],
    "units": [],
    "assignments": [],
}
