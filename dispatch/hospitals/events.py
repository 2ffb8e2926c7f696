"""What the journal keeps of imported hospitals: counts."""

from __future__ import annotations

from dispatch.kernel.events import Event, event


@event("region.hospitals_imported", subject="region")
class HospitalsImported(Event):
    """The region's hospitals were brought to what a file says."""

    region: str
    data_version: int
    rows: int
    added: int
    updated: int
    removed: int
