"""Areas that can be reached within a time: reached roads, widened to what lies beside them.

The outline is where the distance to the nearest reached road is `BESIDE_ROAD_M`, read off a grid of `CELL_M`. Against
the exact union of buffers its area differs by less than 1 per cent for a network, by up to 3 per cent for a single
street (too small, at its round ends). Gaps between roads narrower than a cell may close.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from geo.points import E7, METRES_PER_DEGREE, GeoPoint
from geo.routing.anchors import Entries, Placed
from geo.routing.area_kernels import FAR, clip, paint, trace
from geo.routing.search import reached
from geo.routing.weighted import Weighted
from geo.travel import Isochrone

BESIDE_ROAD_M: Final = 150.0
"""How far beside a reached road still counts as reached."""
CELL_M: Final = 50.0
_MOST_NODES: Final = 40_000_000
"""Nodes of the grid; beyond about 300 × 300 km its cells grow, and past 100 m the width beside the road with them."""
_SIMPLIFY_M: Final = 8.0
"""Corners whose triangle is smaller than the square of this are cut off."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """Parts of shapes, between two shares of their length in drawn direction. Shapes: [parts]."""

    shape: NDArray[np.int32]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def isochrones(
    weighted: Weighted,
    placed: Placed,
    start: Entries,
    origin: GeoPoint,
    limits_s: Sequence[float],
    cell_m: float = CELL_M,
) -> list[Isochrone]:
    """One area for each limit, in the order given: what any of the places reach; empty where no road leads on.

    origin: a place among them, from which metres are measured. cell_m: of the grid that outlines are read off; above
    100 m the width beside the road grows with it.
    `reached_road_m` counts each stretch of road once, in whichever direction it was driven.
    """
    if not limits_s:
        return []
    limits_ms = [round(limit * 1000.0) for limit in limits_s]
    states, times = reached(weighted, start, max(limits_ms))
    edges, at_start = _departures(weighted, states, times)
    network = weighted.network
    made: list[Isochrone] = []
    for limit_s, limit_ms in zip(limits_s, limits_ms, strict=True):
        here = at_start <= limit_ms
        share = np.minimum(1.0, (limit_ms - at_start[here]) / weighted.ms[edges[here]])
        begun, begin, end = _begun(placed, start, limit_ms)
        driven = np.concatenate([edges[here], begun])
        low = np.concatenate([np.zeros(len(share)), begin])
        high = np.concatenate([share, end])
        parts = _united(weighted, driven, low, high)
        along = np.maximum(network.shape_edge_forward[parts.shape], network.shape_edge_backward[parts.shape])
        length_m = float((parts.high - parts.low) @ network.edge_length_m[along])
        made.append(Isochrone(float(limit_s), _area(weighted, parts, origin, cell_m), length_m))
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
    return edges[first], begun[first]


def _begun(
    placed: Placed, start: Entries, limit_ms: int
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """What can be driven of the stretches that the journey begins on: edges, and shares in their own direction."""
    own = start.edge >= 0
    edges, who = start.edge[own], start.owner[own]
    whole_ms, share = start.ms[own] - placed.extra_ms[who], placed.share[who]
    begin = np.where(edges == placed.back[who], 1.0 - share, np.where(edges == placed.ahead[who], share, 0.0))
    left_ms = limit_ms - placed.extra_ms[who]
    share = np.clip(left_ms / np.maximum(whole_ms, 1), 0.0, 1.0)
    return edges, begin, begin + share * (1.0 - begin)


def _united(
    weighted: Weighted, edges: NDArray[np.int32], low: NDArray[np.float64], high: NDArray[np.float64]
) -> _Parts:
    """Parts of edges as parts of shapes that do not overlap: a street driven both ways is one road."""
    network = weighted.network
    turned = network.edge_reversed[edges]
    low, high = np.where(turned, 1.0 - high, low), np.where(turned, 1.0 - low, high)
    shape = network.edge_shape[edges]
    order = np.lexsort((low, shape))
    shape, low, high = shape[order], low[order], high[order]
    # Each shape has a stretch of the number line to itself, so one running maximum serves all.
    covered = np.maximum.accumulate(2.0 * shape + high) if len(shape) else np.zeros(0)
    before = np.concatenate([[-1.0], covered[:-1]]) - 2.0 * shape
    low = np.maximum(low, before)
    keep = high - low > 1e-9
    return _Parts(shape[keep], low[keep], high[keep])


def _area(weighted: Weighted, parts: _Parts, origin: GeoPoint, least_cell_m: float) -> MultiPolygon:
    network = weighted.network
    shrink = math.cos(math.radians(origin.lat))
    scale = np.array([METRES_PER_DEGREE * shrink, METRES_PER_DEGREE])
    x = (network.shape_x_e7 / E7 - origin.lon) * scale[0]
    y = (network.shape_y_e7 / E7 - origin.lat) * scale[1]
    segments = clip(parts.shape, parts.low, parts.high, network.shape_offsets, x, y)
    if not len(segments):
        return MultiPolygon()
    ends = segments.T.copy()  # column by column is ten times quicker than rows of two
    least, most = (np.array([pick(ends[0], ends[2]), pick(ends[1], ends[3])]) for pick in (_least, _most))
    width, height = most - least + 1000.0
    cell_m = max(least_cell_m, math.sqrt(width * height / _MOST_NODES))
    beside_m = max(BESIDE_ROAD_M, 1.5 * cell_m)
    unit_m = (beside_m + 1.1 * cell_m) / (FAR - 2)
    margin_m = FAR * unit_m + cell_m
    # On whole cells, so that the areas of several limits are read off the same nodes and lie in each other.
    west, south = np.floor((least - margin_m) / cell_m) * cell_m
    columns, rows = (np.ceil((most + margin_m - (west, south)) / cell_m).astype(np.int64) + 1).tolist()
    field = np.full(columns * rows, FAR, dtype=np.uint8)
    paint(segments, west, south, cell_m, columns, unit_m, field)
    points, offsets = trace(field, columns, math.floor(beside_m / unit_m) + 0.5)
    outline = _polygons(points * cell_m + (west, south), offsets)
    flat = shapely.transform(outline, lambda xy: np.round((xy / scale + (origin.lon, origin.lat)) * E7) / E7)
    return _multi(flat)


def _least(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return min(float(one.min()), float(two.min()))


def _most(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return max(float(one.max()), float(two.max()))


def _polygons(points: NDArray[np.float64], offsets: NDArray[np.int32]) -> shapely.Geometry:
    """Rings that do not touch, outer ones against the clock and holes with it, as one valid area, thinned."""
    rings = shapely.linearrings(points, indices=np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)))
    outer = shapely.is_ccw(rings)
    shells, holes = rings[outer], rings[~outer]
    whole = shapely.polygons(shells)
    order = np.argsort(shapely.area(whole), kind="stable")
    at = points[offsets[:-1][~outer]]
    bounds = shapely.bounds(whole)
    homeless = np.ones(len(holes), dtype=bool)
    made: list[Polygon] = []
    for row in order.tolist():  # the smallest shell around a hole is its own
        left, bottom, right, top = bounds[row]
        near = homeless & (at[:, 0] > left) & (at[:, 0] < right) & (at[:, 1] > bottom) & (at[:, 1] < top)
        rows = np.flatnonzero(near)
        if len(rows):
            shapely.prepare(whole[row])
            rows = rows[shapely.contains_xy(whole[row], at[rows, 0], at[rows, 1])]
            homeless[rows] = False
        made.append(shapely.polygons(shells[row], holes=holes[rows]) if len(rows) else whole[row])
    # Visvalingam–Whyatt as for a coverage: rings stay apart, at a third of the time of `simplify`.
    return shapely.coverage_simplify(MultiPolygon(made), _SIMPLIFY_M)


def _multi(area: shapely.Geometry) -> MultiPolygon:
    """The polygons of an area, made valid if thinning or rounding made them touch."""
    valid = area if shapely.is_valid(area) else shapely.make_valid(area)
    return MultiPolygon([part for part in shapely.get_parts(shapely.get_parts(valid)) if isinstance(part, Polygon)])
