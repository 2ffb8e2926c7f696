"""Compiled search for the road nearest to a point, over the grid that is saved with a network.

Distances are metres in a plane laid at the asked point (longitude shrunk by the cosine of its latitude): straight lines
between shape points stay straight, and what is near is measured true.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.points import METRES_PER_DEGREE

_E7_M: Final = METRES_PER_DEGREE / 1e7
_SLACK: Final = 0.15
"""A segment is indexed by points a quarter of a cell apart (`geo.network.grid`): half of that, with a margin.

What is nearer than some distance stands in a cell that is no further away than that and this share of a cell.
"""

NO_LANDING: Final = 0
OPEN: Final = 1
SHUT: Final = 2
MEMO_COLUMNS: Final = 8
_MIX_LAT: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_LON: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF: Final = np.uint64(32)

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]


@njit(cache=True, nogil=True, inline="always")
def _to_segment(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> tuple[float, float]:
    """Squared distance to a segment, and how far along it (0 to 1) the nearest point is."""
    dx = bx - ax
    dy = by - ay
    square = dx * dx + dy * dy
    share = 0.0
    if square > 0.0:
        share = ((x - ax) * dx + (y - ay) * dy) / square
        share = min(1.0, max(0.0, share))
    ex = ax + share * dx - x
    ey = ay + share * dy - y
    return ex * ex + ey * ey, share


@njit(cache=True, nogil=True, inline="always")
def _place(
    shape: int,
    segment: int,
    share: float,
    shape_offsets: Ints,
    along_m: Floats,
    first_node: Ints,
    last_node: Ints,
    within_m: float,
) -> tuple[float, int]:
    """Share of the whole length, and the node if the place on the road is within `within_m` of an end, else −1.

    The place on the road decides, not the point itself: what stands beside a crossing, or beyond a dead end, has all
    the roads of that node and not only one of them.
    """
    last = shape_offsets[shape + 1] - 1
    whole = along_m[last]
    along = along_m[segment] + share * (along_m[segment + 1] - along_m[segment])
    left = whole - along
    part = 0.0
    if whole > 0.0:
        part = min(1.0, max(0.0, along / whole))
    if along <= within_m and along <= left:
        return part, first_node[shape]
    if left <= within_m:
        return part, last_node[shape]
    return part, -1


@njit(cache=True, nogil=True)
def _nearest(
    lat: float,
    lon: float,
    grid: NDArray[np.int64],
    cell_offsets: Ints,
    cell_segments: Ints,
    cell_shapes: Ints,
    x_e7: Ints,
    y_e7: Ints,
    landing: Bytes,
) -> tuple[int, int, float, float, bool]:
    """Shape, segment, share of the segment and squared distance of the nearest open shape; −1 where there is none.

    Also whether a shut one is nearer.

    Cells are searched ring by ring until no farther ring can hold anything nearer; a cell that cannot is passed over.
    Ties go to the lower segment.
    """
    west, south, cell_x, cell_y, columns, rows = grid
    query_x = lon * 1e7
    query_y = lat * 1e7
    shrink = math.cos(math.radians(lat)) * _E7_M
    wide_x = cell_x * shrink
    wide_y = cell_y * _E7_M
    narrow = min(wide_x, wide_y)
    slack = _SLACK * max(wide_x, wide_y)
    column = int(math.floor((query_x - west) / cell_x))
    row = int(math.floor((query_y - south) / cell_y))
    left = (west + column * cell_x - query_x) * shrink
    low = (south + row * cell_y - query_y) * _E7_M
    outside = max(max(-column, column - columns + 1), max(-row, row - rows + 1))
    ring = max(0, outside)
    last_ring = max(max(column, columns - 1 - column), max(row, rows - 1 - row))
    best = np.inf
    beyond = np.inf
    best_shape = -1
    best_segment = -1
    best_share = 0.0
    best_shut = np.inf
    while ring <= last_ring:
        reach = ring * narrow - narrow - slack
        if best_shape >= 0 and reach > 0.0 and best < reach * reach:
            break
        for r in range(max(0, row - ring), min(rows - 1, row + ring) + 1):
            dy = low + (r - row) * wide_y
            dy = max(dy, -dy - wide_y, 0.0)
            if dy * dy > beyond:
                continue
            whole = r in (row - ring, row + ring)
            step = 1 if whole or ring == 0 else 2 * ring
            c = max(0, column - ring) if whole else column - ring
            while c <= column + ring and c < columns:
                dx = left + (c - column) * wide_x
                dx = max(dx, -dx - wide_x, 0.0)
                if 0 <= c < columns and dx * dx + dy * dy <= beyond:
                    cell = r * columns + c
                    for item in range(cell_offsets[cell], cell_offsets[cell + 1]):
                        shape = cell_shapes[item]
                        state = landing[shape]
                        if state == NO_LANDING:
                            continue
                        segment = cell_segments[item]
                        square, share = _to_segment(
                            0.0,
                            0.0,
                            (x_e7[segment] - query_x) * shrink,
                            (y_e7[segment] - query_y) * _E7_M,
                            (x_e7[segment + 1] - query_x) * shrink,
                            (y_e7[segment + 1] - query_y) * _E7_M,
                        )
                        if state == SHUT:
                            best_shut = min(best_shut, square)
                        elif square < best or (square == best and segment < best_segment):
                            best = square
                            best_shape = shape
                            best_segment = segment
                            best_share = share
                    beyond = (math.sqrt(best) + slack) ** 2
                c += step
        ring += 1
    return best_shape, best_segment, best_share, best, best_shut < best


@njit(cache=True, nogil=True)
def snap_many(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    memo: NDArray[np.float64],
    grid: NDArray[np.int64],
    cell_offsets: Ints,
    cell_segments: Ints,
    cell_shapes: Ints,
    shape_offsets: Ints,
    x_e7: Ints,
    y_e7: Ints,
    along_m: Floats,
    first_node: Ints,
    last_node: Ints,
    within_m: float,
    landing: Bytes,
    shape_out: Ints,
    share_out: Floats,
    node_out: Ints,
    distance_out: Floats,
    shut_out: NDArray[np.bool_],
) -> None:
    """For each point: the nearest open shape, the share of its length, the node if at an end, the distance.

    `landing` [S] is NO_LANDING, OPEN or SHUT; `shut_out` tells whether a shut shape is nearer than the open one.
    `shape_out` is −1 where no shape is open at all. `along_m` [P] are metres along each shape at its points,
    `first_node` and `last_node` [S] its ends; a point within `within_m` of an end is that node.

    `memo` [2 ** n, MEMO_COLUMNS], zero at first, holds what was found for points asked before, each in its row or the
    one beside it; it is for one `landing` and one thread. A point is known again by its exact numbers.
    """
    lat_bits = lat.view(np.uint64)
    lon_bits = lon.view(np.uint64)
    last_row = np.uint64(len(memo) - 1)
    for place in range(len(lat)):
        mixed = (lat_bits[place] * _MIX_LAT) ^ (lon_bits[place] * _MIX_LON)
        row = np.int64((mixed ^ (mixed >> _HALF)) & last_row)
        kept = memo[row]
        if kept[0] == 0.0 or kept[1] != lat[place] or kept[2] != lon[place]:
            beside = memo[row ^ 1] if len(memo) > 1 else kept
            if beside[0] == 0.0 or (beside[1] == lat[place] and beside[2] == lon[place]):
                kept = beside
        if kept[0] == 0.0 or kept[1] != lat[place] or kept[2] != lon[place]:
            shape, segment, part, square, shut = _nearest(
                lat[place], lon[place], grid, cell_offsets, cell_segments, cell_shapes, x_e7, y_e7, landing
            )
            node = -1
            if shape >= 0:
                part, node = _place(shape, segment, part, shape_offsets, along_m, first_node, last_node, within_m)
            kept[0] = 1.0
            kept[1] = lat[place]
            kept[2] = lon[place]
            kept[3] = shape
            kept[4] = part
            kept[5] = node
            kept[6] = math.sqrt(square)
            kept[7] = 1.0 if shut else 0.0
        shape_out[place] = np.int32(kept[3])
        share_out[place] = kept[4]
        node_out[place] = np.int32(kept[5])
        distance_out[place] = kept[6]
        shut_out[place] = kept[7] != 0.0
