"""What stands on a handover sheet. Ids, codes, numbers and times; free words only where a closure's reason is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dispatch.incidents.states_calls import CallBackReason
from dispatch.incidents.states_incidents import IncidentState, Priority
from dispatch.units.states_duty import OutReason, UnitStatus


class HandoverState(StrEnum):
    """Where a sheet stands."""

    WAITING = "waiting"
    """Signed by the one who leaves."""
    SIGNED = "signed"
    """By both."""


@dataclass(frozen=True, slots=True)
class SheetRun:
    """A unit that has an incident."""

    unit_id: UUID
    call_sign: str
    status: UnitStatus
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class SheetIncident:
    """An open incident. Its place in words is that of `place_version`, which can be erased: it is not copied."""

    id: UUID
    number: str
    state: IncidentState
    priority: Priority
    complaint: str
    t0: datetime
    place_version: int
    lat: float | None
    lon: float | None
    patients_open: int
    runs: tuple[SheetRun, ...]


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """A unit out of service."""

    id: UUID
    call_sign: str
    organisation: str
    reason: OutReason
    since: datetime
    expected_end_at: datetime


@dataclass(frozen=True, slots=True)
class SheetClosure:
    """A closure or slow-down in force. speed_factor: 0 closes."""

    id: UUID
    reason: str
    speed_factor: float
    active_from: datetime
    active_until: datetime | None


@dataclass(frozen=True, slots=True)
class SheetCallBack:
    """Somebody who is to be called back. Their number stands with the call."""

    id: UUID
    call_id: UUID
    reason: CallBackReason
    due_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the next shift has to know, of one moment. Incidents by priority and age."""

    at: datetime
    incidents: tuple[SheetIncident, ...]
    units_out: tuple[SheetUnit, ...]
    closures: tuple[SheetClosure, ...]
    call_backs: tuple[SheetCallBack, ...]
