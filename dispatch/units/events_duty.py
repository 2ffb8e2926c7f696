"""What the journal keeps of units on duty: ids, codes, times and places of vehicles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.units.states_crew import RunKind, Skill
from dispatch.units.states_duty import Effect, OutReason, Source, UnitStatus


@event("unit.status_changed", subject="unit_id")
class StatusChanged(Event):
    """A unit's status is another one, or has another run, reason or expected end."""

    unit_id: UUID
    organisation: str
    entry_id: UUID
    from_status: UnitStatus
    status: UnitStatus
    at: datetime
    source: Source
    version: int
    run_id: UUID | None
    reason: OutReason | None
    expected_end_at: datetime | None
    clock_offset_s: float | None
    """How far the device's clock was ahead (behind: negative), where it was off."""


@event("unit.status_kept", subject="unit_id")
class StatusKept(Event):
    """A report was kept that did not move the status: late, of another run, or not possible."""

    unit_id: UUID
    organisation: str
    entry_id: UUID
    status: UnitStatus
    present_status: UnitStatus
    effect: Effect
    at: datetime
    source: Source
    run_id: UUID | None
    clock_offset_s: float | None


@event("unit.status_corrected", subject="unit_id")
class StatusCorrected(Event):
    """The time or the status of an earlier entry was corrected; that entry stays."""

    unit_id: UUID
    organisation: str
    entry_id: UUID
    corrects: UUID
    from_status: UnitStatus
    status: UnitStatus
    from_at: datetime
    at: datetime
    source: Source
    present: bool
    """Whether it changed the present status too."""
    version: int


@event("crew.signed_on", subject="unit_id")
class CrewSignedOn(Event):
    """A person is on board."""

    unit_id: UUID
    organisation: str
    duty_id: UUID
    person_id: UUID
    skill: Skill
    seat: int
    at: datetime
    source: Source


@event("crew.signed_off", subject="unit_id")
class CrewSignedOff(Event):
    """A person left the unit."""

    unit_id: UUID
    organisation: str
    duty_id: UUID
    person_id: UUID
    at: datetime
    source: Source


@event("crew.duty_corrected", subject="unit_id")
class DutyCorrected(Event):
    """The times of a duty were corrected; the former line stays, and counts no more. `duty_id` None: it never was."""

    unit_id: UUID
    organisation: str
    duty_id: UUID | None
    corrects: UUID
    person_id: UUID
    from_at: datetime | None
    until_at: datetime | None
    source: Source


@event("unit.kit_changed", subject="unit_id")
class KitChanged(Event):
    """Pieces of kit came on board or left."""

    unit_id: UUID
    organisation: str
    stowed: tuple[str, ...]
    removed: tuple[str, ...]
    at: datetime
    source: Source


@event("unit.placed", subject="unit_id")
class UnitPlaced(Event):
    """A dispatcher said where a unit is. Fixes of receivers are not journalled."""

    unit_id: UUID
    organisation: str
    lat: float
    lon: float
    at: datetime
    source: Source
    newest: bool


@event("run.planned", subject="run_id")
class RunPlanned(Event):
    """A stand-by or a planned transfer was planned for a unit."""

    run_id: UUID
    unit_id: UUID
    organisation: str
    kind: RunKind
    from_at: datetime
    until_at: datetime


@event("run.moved", subject="run_id")
class RunMoved(Event):
    """A timed run has other times."""

    run_id: UUID
    unit_id: UUID
    organisation: str
    from_at: datetime
    until_at: datetime


@event("run.started", subject="run_id")
class RunStarted(Event):
    """A timed run began."""

    run_id: UUID
    unit_id: UUID
    organisation: str
    at: datetime


@event("run.ended", subject="run_id")
class RunEnded(Event):
    """A timed run is over."""

    run_id: UUID
    unit_id: UUID
    organisation: str
    at: datetime


@event("run.cancelled", subject="run_id")
class RunCancelled(Event):
    """A timed run will not take place."""

    run_id: UUID
    unit_id: UUID
    organisation: str
