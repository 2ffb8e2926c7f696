"""What the journal keeps of imported stations and units: counts."""

from __future__ import annotations

from dispatch.kernel.events import Event, event


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
