"""Closures and slow-downs that lie over a network for a time.

The database keeps them (`dispatch/roads`); they come here as one immutable, versioned value.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.errors import BadClosure
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch of the network that is closed (`speed_factor` 0) or slowed to a share of its speed (0 < factor < 1).

    It names its roads by exactly one of: OSM ways, edges of the present network, a polygon (WGS-84, lon/lat), or a
    circle. It holds from `active_from` up to, not including, `active_until` (None = until lifted); both aware.

    Raises:
        BadClosure: no road named, two ways of naming, a factor outside 0 ≤ f < 1, or times that contradict each other.
    """

    id: UUID
    active_from: datetime
    active_until: datetime | None = None
    speed_factor: float = 0.0
    ways: tuple[int, ...] = ()
    edges: tuple[int, ...] = ()
    polygon: BaseGeometry | None = None
    centre: GeoPoint | None = None
    radius_m: float = 0.0
    reason: str = ""
    author: str = ""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        named = [bool(self.ways), bool(self.edges), self.polygon is not None, self.centre is not None]
        if sum(named) != 1:
            raise BadClosure(
                "A closure names its roads in exactly one way: ways, edges, polygon, or centre and radius."
            )
        if self.centre is not None and not 0.0 < self.radius_m <= 100_000.0:
            raise BadClosure("A closure's radius is more than 0 and at most 100 000 metres.")
        if not 0.0 <= self.speed_factor < 1.0:
            raise BadClosure("A speed factor is 0 (closed) or a share of the usual speed below 1.")
        if self.active_from.tzinfo is None or (self.active_until is not None and self.active_until.tzinfo is None):
            raise BadClosure("A closure's times need a time zone.")
        if self.active_until is not None and self.active_until <= self.active_from:
            raise BadClosure("A closure ends after it begins.")

    def active(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.active_from <= at and (self.active_until is None or at < self.active_until)


@dataclass(frozen=True)
class Overlay:
    """All closures of a region at one version; equal versions of one region are equal overlays."""

    version: int = 0
    closures: tuple[Closure, ...] = ()

    @cached_property
    def _changes(self) -> list[datetime]:
        """Moments at which a closure begins or ends, in order."""
        ends = (closure.active_until for closure in self.closures)
        return sorted({closure.active_from for closure in self.closures} | {end for end in ends if end is not None})

    def phase(self, at: datetime) -> int:
        """Number of the span of time between two changes; in one phase the same closures hold."""
        return bisect_right(self._changes, at)

    def active(self, at: datetime) -> tuple[Closure, ...]:
        """Those that hold at a moment, in a fixed order."""
        return tuple(closure for closure in self.closures if closure.active(at))
