"""Compiled search for every road within a radius of a point, over the same grid as `geo.snapping_kernels`."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.snapping_kernels import _E7_M, _SLACK, Floats, Ints, _place, _to_segment


@njit(cache=True, nogil=True)
def shapes_within(
    lat: float,
    lon: float,
    radius_m: float,
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
    usable: NDArray[np.bool_],
    shape_out: Ints,
    share_out: Floats,
    node_out: Ints,
    distance_out: Floats,
) -> int:
    """All shapes that come within a radius, each once with its nearest place; returns how many.

    Where more are near than fit into the outputs, the nearest are kept.
    """
    west, south, cell_x, cell_y, columns, rows = grid
    query_x = lon * 1e7
    query_y = lat * 1e7
    shrink = math.cos(math.radians(lat)) * _E7_M
    span_x = int(math.ceil(radius_m / (cell_x * shrink) + _SLACK))
    span_y = int(math.ceil(radius_m / (cell_y * _E7_M) + _SLACK))
    column = int(math.floor((query_x - west) / cell_x))
    row = int(math.floor((query_y - south) / cell_y))
    count = 0
    for r in range(max(0, row - span_y), min(rows - 1, row + span_y) + 1):
        for c in range(max(0, column - span_x), min(columns - 1, column + span_x) + 1):
            cell = r * columns + c
            for item in range(cell_offsets[cell], cell_offsets[cell + 1]):
                if not usable[cell_shapes[item]]:
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
                distance = math.sqrt(square)
                if distance > radius_m:
                    continue
                shape = cell_shapes[item]
                at = -1
                for known in range(count):
                    if shape_out[known] == shape:
                        at = known
                        break
                if at < 0:
                    if count < len(shape_out):
                        at = count
                        count += 1
                    else:
                        at = int(np.argmax(distance_out))
                        if distance >= distance_out[at]:
                            continue
                    distance_out[at] = np.inf
                if distance < distance_out[at]:
                    distance_out[at] = distance
                    shape_out[at] = shape
                    part, node = _place(
                        shape,
                        segment,
                        share,
                        shape_offsets,
                        along_m,
                        first_node,
                        last_node,
                        within_m,
                    )
                    share_out[at] = part
                    node_out[at] = node
    return count
