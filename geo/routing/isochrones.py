"""Areas that can be reached within a time: reached roads, widened to what lies beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from geo.points import E7, METRES_PER_DEGREE, GeoPoint
from geo.routing.anchors import Entries, Placed
from geo.routing.search import reached
from geo.routing.weighted import Weighted
from geo.speeds import UNREACHABLE
from geo.travel import Isochrone

BESIDE_ROAD_M: Final = 150.0
"""How far beside a reached road still counts as reached."""
_MOST_ROADS: Final = 60_000
_SIMPLIFY_M: Final = 25.0


def isochrones(
    weighted: Weighted, placed: Placed, start: Entries, origin: GeoPoint, limits_s: Sequence[float]
) -> list[Isochrone]:
    """One area for each limit, smallest first; empty where no road leads away."""
    if not limits_s:
        return []
    limits_ms = [round(limit * 1000.0) for limit in limits_s]
    states, times = reached(weighted, start, max(limits_ms))
    edges, at_start = _departures(weighted, states, times)
    own = start.edge >= 0
    # The stretch that the journey begins on is driven from its middle.
    first_edge, first_ms = start.edge[own], start.ms[own]
    made: list[Isochrone] = []
    for limit_s, limit_ms in zip(limits_s, limits_ms, strict=True):
        here = at_start <= limit_ms
        share = np.minimum(1.0, (limit_ms - at_start[here]) / weighted.ms[edges[here]])
        length_m = float(share @ weighted.network.edge_length_m[edges[here]])
        lines = _lines(weighted, edges[here], share)
        begun = [
            _begun(weighted, placed, int(edge), int(ms), limit_ms)
            for edge, ms in zip(first_edge, first_ms, strict=True)
        ]
        area = _area([*lines, *(line for line, _ in begun)], origin)
        made.append(Isochrone(float(limit_s), area, length_m + sum(part for _, part in begun)))
    return made


def _departures(
    weighted: Weighted, states: NDArray[np.int32], times: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Edges that can be begun, and when: the soonest time over all ways to begin them."""
    side = weighted.onwards
    counts = side.first[states + 1] - side.first[states]
    owner = np.repeat(np.arange(len(states)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    edges = side.edge[side.first[states[owner]] + place]
    begun = times[owner]
    order = np.lexsort((begun, edges))
    edges, begun = edges[order], begun[order]
    first = np.ones(len(edges), dtype=bool)
    first[1:] = edges[1:] != edges[:-1]
    open_edges = weighted.ms[edges] != UNREACHABLE
    return edges[first & open_edges], begun[first & open_edges]


def _lines(weighted: Weighted, edges: NDArray[np.int32], share: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    network = weighted.network
    if len(edges) > _MOST_ROADS:  # a whole prefecture: every road whole, the rim is far below what can be seen
        share = np.ones(len(edges))
    lines: list[NDArray[np.float64]] = []
    seen: set[int] = set()
    for edge, part in zip(edges.tolist(), share.tolist(), strict=True):
        line = network.edge_line(edge)
        if part >= 1.0:
            shape = int(network.edge_shape[edge])
            if shape in seen:
                continue
            seen.add(shape)
            lines.append(line)
        else:
            lines.append(_head(line, part))
    return lines


def _head(line: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """The first `share` of a line."""
    steps = np.hypot(np.diff(line[:, 0]) * np.cos(np.radians(line[0, 1])), np.diff(line[:, 1]))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    goal = share * along[-1]
    keep = line[along < goal]
    end = [[np.interp(goal, along, line[:, axis]) for axis in (0, 1)]]
    return np.concatenate([keep if len(keep) else line[:1], end])


def _begun(
    weighted: Weighted, placed: Placed, edge: int, whole_ms: int, limit_ms: int
) -> tuple[NDArray[np.float64], float]:
    """What can be driven of the stretch that the journey begins on, and its length in metres."""
    network = weighted.network
    line = network.edge_line(edge)
    at = 0.0
    if edge == placed.ahead[0]:
        at = float(placed.share[0])
    elif edge == placed.back[0]:
        at = 1.0 - float(placed.share[0])
    part = 1.0 if whole_ms <= 0 else min(1.0, max(0.0, limit_ms / whole_ms))
    far = at + (1.0 - at) * part
    tail = _head(line, far)
    skipped = len(_head(line, at)) - 1 if at > 0.0 else 0
    begin = _head(line, at)[-1:] if at > 0.0 else line[:1]
    return np.concatenate([begin, tail[skipped:]]), (far - at) * float(network.edge_length_m[edge])


def _area(lines: list[NDArray[np.float64]], origin: GeoPoint) -> MultiPolygon:
    lines = [line for line in lines if len(line) >= 2]
    if not lines:
        return MultiPolygon()
    shrink = float(np.cos(np.radians(origin.lat)))
    scale = np.array([METRES_PER_DEGREE * shrink, METRES_PER_DEGREE])
    sizes = np.array([len(line) for line in lines])
    plane = np.concatenate(lines) * scale
    roads = shapely.linestrings(plane, indices=np.repeat(np.arange(len(lines)), sizes))
    wide = shapely.buffer(shapely.simplify(roads, _SIMPLIFY_M / 2), BESIDE_ROAD_M, quad_segs=3)
    merged = shapely.simplify(shapely.union_all(wide), _SIMPLIFY_M)
    polygons = [part for part in shapely.get_parts(merged) if isinstance(part, Polygon)]
    flat = shapely.transform(MultiPolygon(polygons), lambda xy: np.round(xy / scale * E7) / E7)
    return flat if isinstance(flat, MultiPolygon) else MultiPolygon([flat])
