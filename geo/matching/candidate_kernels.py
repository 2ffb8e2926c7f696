"""Compiled search for the places on roads where a fix may come from, and how unlikely each is by the fix alone."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from geo.matching.roads import Roads, Scratch
from geo.matching.states import MOST, Figures
from geo.points import METRES_PER_DEGREE
from geo.snapping_kernels import _SLACK, _to_segment

_E7_M: Final = METRES_PER_DEGREE / 1e7


@njit(cache=True, nogil=True)
def _square(roads: Roads, segment: int, query_x: float, query_y: float, shrink: float) -> tuple[float, float]:
    """Squared metres from a place to a segment, and the share of the segment nearest to it."""
    return _to_segment(
        0.0,
        0.0,
        (roads.x_e7[segment] - query_x) * shrink,
        (roads.y_e7[segment] - query_y) * _E7_M,
        (roads.x_e7[segment + 1] - query_x) * shrink,
        (roads.y_e7[segment + 1] - query_y) * _E7_M,
    )


@njit(cache=True, nogil=True)
def _of_heading(figures: Figures, heading_deg: float, road_deg: float) -> float:
    """Cost of a heading beside a road's; nothing where none is told."""
    if math.isnan(heading_deg):
        return 0.0
    turn = abs((heading_deg - road_deg + 180.0) % 360.0 - 180.0) / figures.heading_deg
    return min(0.5 * turn * turn, figures.heading_most)


@njit(cache=True, nogil=True)
def _put(scratch: Scratch, count: int, edge: int, along_m: float, emission: float, off_m: float) -> int:
    """Take one more possible place; where all are taken, in place of the least likely. The new count."""
    at = count
    if count == MOST:
        at = 0
        for row in range(1, MOST):
            if scratch.emission[row] > scratch.emission[at]:
                at = row
        if scratch.emission[at] <= emission:
            return count
    scratch.edge[at] = edge
    scratch.along_m[at] = along_m
    scratch.emission[at] = emission
    scratch.off_m[at] = off_m
    return min(count + 1, MOST)


@njit(cache=True, nogil=True)
def possible_places(
    roads: Roads, figures: Figures, scratch: Scratch, lat: float, lon: float, sigma_m: float, heading_deg: float
) -> int:
    """Fill `scratch` with the places that a fix may come from; returns how many.

    On each road that is near enough every place that is nearer than the road on both sides of it: both legs of a
    hairpin; each of them in every direction that the road has.
    """
    west, south, cell_x, cell_y, columns, rows = roads.grid
    radius_m = min(max(figures.radius_sigmas * sigma_m, figures.least_radius_m), figures.most_radius_m)
    query_x = lon * 1e7
    query_y = lat * 1e7
    shrink = math.cos(math.radians(lat)) * _E7_M
    span_x = int(math.ceil(radius_m / (cell_x * shrink) + _SLACK))
    span_y = int(math.ceil(radius_m / (cell_y * _E7_M) + _SLACK))
    column = int(math.floor((query_x - west) / cell_x))
    row = int(math.floor((query_y - south) / cell_y))
    count = 0
    seen = 0
    for r in range(max(0, row - span_y), min(rows - 1, row + span_y) + 1):
        for c in range(max(0, column - span_x), min(columns - 1, column + span_x) + 1):
            cell = r * columns + c
            for item in range(roads.cell_offsets[cell], roads.cell_offsets[cell + 1]):
                shape = roads.cell_shapes[item]
                if not roads.usable[shape]:
                    continue
                segment = roads.cell_segments[item]
                square, share = _square(roads, segment, query_x, query_y, shrink)
                if square > radius_m * radius_m:
                    continue
                first = roads.shape_offsets[shape]
                last = roads.shape_offsets[shape + 1] - 1
                if segment > first and _square(roads, segment - 1, query_x, query_y, shrink)[0] <= square:
                    continue
                if segment + 1 < last and _square(roads, segment + 1, query_x, query_y, shrink)[0] < square:
                    continue
                known = False
                for one in range(seen):
                    if scratch.segments[one] == segment:
                        known = True
                        break
                if known or seen == len(scratch.segments):
                    continue
                scratch.segments[seen] = segment
                seen += 1
                east = (roads.x_e7[segment + 1] - roads.x_e7[segment]) * shrink
                north = (roads.y_e7[segment + 1] - roads.y_e7[segment]) * _E7_M
                road_deg = math.degrees(math.atan2(east, north))
                along = roads.along_m[segment] + share * (roads.along_m[segment + 1] - roads.along_m[segment])
                part = along / roads.along_m[last] if roads.along_m[last] > 0.0 else 0.0
                off_m = math.sqrt(square)
                by_place = 0.5 * square / (sigma_m * sigma_m)
                for side in range(2):
                    edge = roads.forward[shape] if side == 0 else roads.backward[shape]
                    if edge < 0:
                        continue
                    emission = by_place + _of_heading(figures, heading_deg, road_deg + 180.0 * side)
                    if roads.against[edge]:
                        emission += figures.against
                    share_of_edge = part if side == 0 else 1.0 - part
                    count = _put(scratch, count, edge, share_of_edge * roads.length_m[edge], emission, off_m)
    return count
