"""What the journal keeps of imported stations and units: counts, and of each unit what it was and is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dispatch.kernel.events import Event, event


@dataclass(frozen=True, slots=True)
class UnitDescribed:
    """What figures of a unit are told by. station: its code; system: civil or corps."""

    call_sign: str
    type: str
    special: str
    organisation: str
    system: str
    station: str
    capabilities: str


@event("region.unit_changed", subject="region")
class UnitChanged(Event):
    """A unit joined the region's fleet (`before` None), is another one, or left it (`after` None).

    Its subject is the region, so that who asks how the fleet was reads no unit's many lines.
    """

    region: str
    unit_id: UUID
    organisation: str
    before: UnitDescribed | None
    after: UnitDescribed | None


@event("region.stations_imported", subject="region")
class StationsImported(Event):
    """The region's stations were brought to what a file says."""

    region: str
    data_version: int
    rows: int
    added: int
    updated: int
    removed: int


@event("region.units_imported", subject="region")
class UnitsImported(Event):
    """The region's units were brought to what a file says."""

    region: str
    data_version: int
    rows: int
    added: int
    updated: int
    removed: int
