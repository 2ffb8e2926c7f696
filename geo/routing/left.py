"""What is left of a way that is being driven, without asking the roads again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.matching.states import Match
from geo.network.model import RoadNetwork
from geo.travel import Route, Source, Travel


class WayLeft:
    """The way of a vehicle from where it was matched to its goal, by the times of one question.

    What is left of a quickest way is the quickest way: on it the answer is that of a new search, to the rounding of a
    millisecond, and costs none.
    """

    def __init__(self, network: RoadNetwork, ms: NDArray[np.int32], route: Route, match: Match, turn_ms: int) -> None:
        """Take a route that begins at `match`. ms: [E] the times that it was found by; turn_ms: as in `Placed`."""
        edges = np.array(route.edges, dtype=np.int64)
        self._row = {edge: row for row, edge in enumerate(route.edges)}
        self._travel = route.travel
        self._ms, self._m = ms[edges].astype(np.float64), network.edge_length_m[edges]
        whole_ms, whole_m = (route.travel.eta_s or 0.0) * 1000.0, route.travel.distance_m or 0.0
        begun = 0.0
        if route.edges and route.edges[0] == match.edge:
            begun = match.share
        elif route.edges and route.edges[0] == network.edge_twin[match.edge]:
            begun, whole_ms = 1.0 - match.share, whole_ms - turn_ms
        else:
            # It begins on another road, because that one is closed: of where on it is nothing known.
            self._row = {}
        # What comes after the last edge's beginning: a part of it, and a walk where the goal is off the road.
        self._after_ms = _after(self._ms, whole_ms, begun)
        self._after_m = _after(self._m, whole_m, begun)

    def left(self, match: Match) -> Travel | None:
        """How far it still is from a place on the road; None where that is not on the way, or beyond its goal."""
        row = self._row.get(match.edge)
        if row is None:
            return None
        ms = self._after_ms[row] - match.share * self._ms[row]
        m = self._after_m[row] - match.share * self._m[row]
        if ms < 0.0 or m < -1e-6:
            return None
        known = self._travel
        off = known.off_road_target_m
        return Travel(Source.ROAD, round(float(ms)) / 1000.0, max(float(m), 0.0), match.off_m, off, known.reasons)


def _after(parts: NDArray[np.float64], whole: float, begun: float) -> NDArray[np.float64]:
    """[edges] what is left at the beginning of each edge, of a way that begins at a share of the first."""
    before = np.concatenate([[0.0], np.cumsum(parts)[:-1]]) if len(parts) else parts
    left: NDArray[np.float64] = whole + begun * (parts[0] if len(parts) else 0.0) - before
    return left
