"""Where vehicles are on the road by their matched fixes: from there, and in that direction, their journeys begin."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from geo.matching.matcher import MOST_VEHICLES, Matcher, VehicleFix
from geo.matching.states import Match
from geo.points import GeoPoint
from geo.routing.anchors import Entries, Placed
from geo.routing.weighted import Weighted
from geo.snapping import Snaps
from geo.snapping_kernels import OPEN
from geo.speeds import UNREACHABLE

NOWHERE: Final = np.int32(-1)
NEAR_M: Final = 60.0
"""So far a vehicle drives between two fixes: a place nearer to its last fix may be its next, not matched yet."""


class OnRoad(msgspec.Struct, frozen=True, gc=False):
    """A vehicle's newest fix that was looked at, and where that is on the road; None where no road is sure."""

    time_s: float
    point: GeoPoint
    match: Match | None


class MatchedPlaces:
    """What is known of the vehicles of a process, by the ids that origins are given. Thread-safe.

    A vehicle counts as being on its road only where it is asked about at the very place of that fix, or so near to it
    that it is the next one: who is asked about elsewhere (at its station, where it will be free) is put on the nearest
    road, as who was never matched.
    """

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self._known: OrderedDict[str, OnRoad] = OrderedDict()
        self._lock = threading.Lock()

    def see(self, fixes: Sequence[VehicleFix]) -> list[Match | None]:
        """Match fixes, and remember where the vehicles are by the newest of each; `vehicle` is the origin's id."""
        found = self.matcher.match(fixes)
        with self._lock:
            for fix, match in zip(fixes, found, strict=True):
                name = str(fix.vehicle)
                known = self._known.get(name)
                if known is not None and known.time_s >= fix.time_s:
                    continue
                self._known[name] = OnRoad(fix.time_s, GeoPoint(lat=fix.lat, lon=fix.lon), match)
                self._known.move_to_end(name)
            while len(self._known) > MOST_VEHICLES:
                self._known.popitem(last=False)
        return found

    def at(self, name: str, point: GeoPoint) -> Match | None:
        """Where a vehicle is that is asked about at a place; None where that is not known."""
        known = self._known.get(name)
        if known is None or known.match is None:
            return None
        if known.point == point:
            return known.match
        return self.matcher.peek(name, point.lat, point.lon) if known.point.distance_m(point) <= NEAR_M else None

    def put(
        self, names: Sequence[str], lat: NDArray[np.float64], lon: NDArray[np.float64], snaps: Snaps, weighted: Weighted
    ) -> NDArray[np.int32] | None:
        """Move origins in `snaps` to where they are on the road; None where nobody is known.

        Returned: for each origin the edge on which it would first have to turn round, −1 = none. A road that is closed,
        or too low, is left to the nearest open one.
        """
        if not self._known:
            return None
        network, against = weighted.network, np.full(len(names), NOWHERE, dtype=np.int32)
        some = False
        for row, name in enumerate(names):
            match = self.at(name, GeoPoint(lat=lat[row], lon=lon[row])) if name in self._known else None
            if match is None:
                continue
            edge, share = match.edge, match.share
            shape = network.edge_shape[edge]
            if weighted.landing[shape] != OPEN or weighted.ms[edge] == UNREACHABLE:
                continue
            snaps.shape[row], snaps.node[row] = shape, NOWHERE
            snaps.share[row] = 1.0 - share if network.edge_reversed[edge] else share
            snaps.distance_m[row], snaps.shut[row] = match.off_m, False
            against[row] = network.edge_twin[edge]
            some = True
        return against if some else None


def turned(placed: Placed, entries: Entries, against: NDArray[np.int32], turn_ms: int) -> tuple[Placed, Entries]:
    """Origins that must turn round before they can drive on `against`: it takes so much longer that way."""
    turns = (entries.edge >= 0) & (entries.edge == against[entries.owner])
    ms = entries.ms + np.where(turns, turn_ms, 0)
    return (
        Placed(placed.node, placed.ahead, placed.back, placed.share, placed.extra_ms, against, turn_ms),
        Entries(entries.state, ms, entries.m, entries.owner, entries.edge),
    )
