"""What is said about timed runs over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.board import FleetRow
from api.fleet.when import WhenIn
from api.roads.schemas import Aware, Latitude, Longitude
from dispatch.units.states_crew import RunKind, RunState
from dispatch.units.states_duty import UnitStatus


class TimedRunIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stand-by at an event or a planned transfer. The place is an event's or a house's, never who is carried."""

    kind: RunKind
    from_at: Aware
    until_at: Aware
    place: Annotated[str, Meta(min_length=1, max_length=200, examples=["示例体育馆"])]
    lat: Latitude | None = None
    lon: Longitude | None = None


class RunTimesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Other times of a run; of one that has begun only the end can change."""

    from_at: Aware
    until_at: Aware
    version: Annotated[int, Meta(ge=1, description="The version that was looked at.")]


class RunEndIn(WhenIn, frozen=True, kw_only=True):
    """How a run ends."""

    status: Annotated[UnitStatus, Meta(description="What the unit does next.")] = UnitStatus.RETURNING_AVAILABLE


class TimedRunOut(msgspec.Struct, frozen=True):
    """A timed run: the period kept for it, and what came to be."""

    id: UUID
    unit_id: UUID
    kind: RunKind
    state: RunState
    from_at: datetime
    until_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    place: str
    lat: Annotated[float | None, Meta(description="Degrees north, WGS-84.")]
    lon: Annotated[float | None, Meta(description="Degrees east, WGS-84.")]
    version: int


class TimedRunsOut(msgspec.Struct, frozen=True):
    """Those that touch the period, by their beginning."""

    runs: list[TimedRunOut]


class RunStepOut(msgspec.Struct, frozen=True):
    """A run after it began or ended, and its unit."""

    run: TimedRunOut
    unit: FleetRow
