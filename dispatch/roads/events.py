"""What the journal keeps of regions and closures: ids, codes, counts and times.

Why a road is closed, and who said so, are free words that may name a person: they stay in the closure's own row.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.roads.states import ClosureKind


@event("region.created", subject="region")
class RegionCreated(Event):
    """A region was made, without a network."""

    region: str
    schematic: bool


@event("region.network_adopted", subject="region")
class NetworkAdopted(Event):
    """A road network was taken into use; `stale_closures` on edges of the old one went out of force."""

    region: str
    network_version: int
    network_sha256: str
    stale_closures: tuple[UUID, ...]


@event("region.places_imported", subject="region")
class PlacesImported(Event):
    """The region's own places were brought to what a file says."""

    region: str
    data_version: int
    rows: int
    added: int
    updated: int
    removed: int


@event("region.zones_imported", subject="region")
class ZonesImported(Event):
    """The region's zones were brought to what a file says."""

    region: str
    data_version: int
    rows: int
    added: int
    updated: int
    removed: int


@event("region.population_imported", subject="region")
class PopulationImported(Event):
    """How many people live where was brought to what a file says; digest: SHA-256 of the cells as kept."""

    region: str
    data_version: int
    cells: int
    people: int
    estimate: bool
    digest: str


@event("closure.added", subject="closure_id")
class ClosureAdded(Event):
    """Roads were closed, or slowed down to `speed_factor`."""

    closure_id: UUID
    region: str
    overlay_version: int
    kind: ClosureKind
    ways: int
    """How many it names; so `edges`."""
    edges: int
    network_version: int | None
    radius_m: float | None
    speed_factor: float
    active_from: datetime
    active_until: datetime | None


@event("closure.lifted", subject="closure_id")
class ClosureLifted(Event):
    """A closure was taken out of force before its time."""

    closure_id: UUID
    region: str
    overlay_version: int


@event("closure.reason_erased", subject="closure_id")
class ClosureReasonErased(Event):
    """The words why roads were closed are gone; what is closed stays."""

    closure_id: UUID
    region: str
    overlay_version: int
