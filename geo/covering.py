"""How soon, and by how long a road, many places are reached from the nearest of many others.

For figures of coverage, not for dispatch: a place lies on the nearest open road, whichever its carriageway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.points import GeoPoint
from geo.ranking import Limits
from geo.routing.anchor_kernels import walked_ms
from geo.routing.anchors import Entries, Placed, direct, put
from geo.routing.heap_kernels import NEVER
from geo.routing.isochrones import CELL_M, isochrones
from geo.routing.search import reached
from geo.routing.weighted import Weighted
from geo.snapping import Snapper, Snaps
from geo.travel import Isochrone
from geo.weights import DM

_Floats = NDArray[np.float64]
_FURTHEST: Final = int(NEVER) - 1


@dataclass(frozen=True, slots=True)
class Spots:
    """Places [n], in degrees, and where they meet the open roads."""

    lat: _Floats
    lon: _Floats
    snaps: Snaps

    def __len__(self) -> int:
        """How many there are."""
        return len(self.lat)

    def at(self, rows: NDArray[np.intp] | slice) -> Spots:
        """Some of them."""
        snaps = self.snaps
        cut = Snaps(snaps.shape[rows], snaps.share[rows], snaps.node[rows], snaps.distance_m[rows], snaps.shut[rows])
        return Spots(self.lat[rows], self.lon[rows], cut)


def spots(snapper: Snapper, weighted: Weighted, lat: _Floats, lon: _Floats) -> Spots:
    """Put places on the roads that are open on a graph."""
    return Spots(lat, lon, snapper.snap(lat, lon, weighted.landing))


def soonest_s(
    weighted: Weighted, sources: Spots, places: Spots, limits: Limits, within_s: float | None = None
) -> _Floats:
    """Return [places] seconds from the nearest of the sources; inf where no road leads from any, or not in time."""
    per_m = 1000.0 / limits.walking_speed_mps
    most = _FURTHEST if within_s is None else round(within_s * 1000.0)
    found = _least(weighted, sources, places, (limits.off_road_m, per_m), most)
    return np.where(found <= most, found / 1000.0, np.inf)


def shortest_m(lengths: Weighted, sources: Spots, places: Spots, limits: Limits) -> _Floats:
    """Return [places] metres by road from the nearest of the sources; inf where no road leads from any.

    lengths: `Weights.lengths`. What lies between a place and a road that is further than the limit counts straight.
    """
    found = _least(lengths, sources, places, (limits.off_road_m, float(DM)), _FURTHEST)
    return np.where(found < NEVER, found / DM, np.inf)


def each_within(
    weighted: Weighted, sources: Spots, places: Spots, limits: Limits, within_s: float
) -> Iterator[NDArray[np.bool_]]:
    """For each source in turn: [places] whether it reaches them within a time."""
    for row in range(len(sources)):
        yield np.isfinite(soonest_s(weighted, sources.at(slice(row, row + 1)), places, limits, within_s))


def areas(
    weighted: Weighted, sources: Spots, limits: Limits, within_s: Sequence[float], cell_m: float = CELL_M
) -> list[Isochrone]:
    """Return the ground that is reached from any of the sources within each limit, in the order given.

    cell_m: the grain, as `isochrones` has it.
    """
    placed, start = _put(weighted, sources, (limits.off_road_m, 1000.0 / limits.walking_speed_mps), leaving=True)
    middle = GeoPoint(float(np.mean(sources.lat)), float(np.mean(sources.lon)))
    return isochrones(weighted, placed, start, middle, within_s, cell_m)


def _put(weighted: Weighted, those: Spots, walk: tuple[float, float], *, leaving: bool) -> tuple[Placed, Entries]:
    """walk: how far beside the road counts as nothing, and what each metre beyond costs."""
    extra = walked_ms(those.snaps.distance_m, those.snaps.shut, *walk)
    return put(weighted, those.snaps, extra, leaving=leaving)


def _least(
    weighted: Weighted, sources: Spots, places: Spots, walk: tuple[float, float], most: int
) -> NDArray[np.int64]:
    best = np.full(len(places), NEVER, dtype=np.int64)
    if not len(sources) or not len(places):
        return best
    placed, start = _put(weighted, sources, walk, leaving=True)
    goal, ends = _put(weighted, places, walk, leaving=False)
    states, cost = reached(weighted, start, most)
    known = np.full(weighted.topology.state_count, NEVER, dtype=np.int64)
    known[states] = cost
    there = known[ends.state]
    some = there < NEVER
    np.minimum.at(best, ends.owner[some], there[some] + ends.ms[some])
    _along_one_stretch(weighted, placed, goal, best)
    return best


def _along_one_stretch(weighted: Weighted, placed: Placed, goal: Placed, best: NDArray[np.int64]) -> None:
    """Places on the very stretch that a source is on need no way round by its ends."""
    of_sources, of_places = (np.maximum(some.ahead, some.back) for some in (placed, goal))
    shared = np.intersect1d(of_sources[of_sources >= 0], of_places)
    for place in np.flatnonzero(np.isin(of_places, shared)).tolist():
        here = _rows(placed, np.flatnonzero(of_sources == of_places[place]))
        ms = direct(weighted, here, _rows(goal, np.array([place]))).ms
        best[place] = min(best[place], ms.min())


def _rows(placed: Placed, rows: NDArray[np.intp]) -> Placed:
    return Placed(placed.node[rows], placed.ahead[rows], placed.back[rows], placed.share[rows], placed.extra_ms[rows])
