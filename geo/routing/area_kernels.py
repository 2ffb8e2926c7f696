"""Compiled steps from reached roads to the outline of what lies beside them.

Distances to the nearest road are painted on a grid of nodes, and the line of equal distance is followed around. Lengths
are metres in a plane whose x points east and whose y points north.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.heap_kernels import Floats, Ints

Bytes = NDArray[np.uint8]

FAR = 255
"""Value of a grid node that no road comes near."""
_CHOP_CELLS = 8.0


@njit(cache=True, nogil=True)
def clip(shape: Ints, low: Floats, high: Floats, offsets: Ints, x: Floats, y: Floats) -> Floats:
    """Segments [n, 4] (from x, y to x, y) of parts of shapes, each between two shares of its length."""
    room = 0
    for row in range(len(shape)):
        room += offsets[shape[row] + 1] - offsets[shape[row]] - 1
    out = np.empty((room, 4), dtype=np.float64)
    count = 0
    for row in range(len(shape)):
        first, last = offsets[shape[row]], offsets[shape[row] + 1] - 1
        whole = 0.0
        for point in range(first, last):
            whole += math.hypot(x[point + 1] - x[point], y[point + 1] - y[point])
        begin, end = low[row] * whole, high[row] * whole
        along = 0.0
        for point in range(first, last):
            d_x, d_y = x[point + 1] - x[point], y[point + 1] - y[point]
            size = math.hypot(d_x, d_y)
            start, stop = max(begin, along), min(end, along + size)
            if size > 0.0 and stop > start:
                a, b = (start - along) / size, (stop - along) / size
                out[count, 0], out[count, 1] = x[point] + a * d_x, y[point] + a * d_y
                out[count, 2], out[count, 3] = x[point] + b * d_x, y[point] + b * d_y
                count += 1
            along += size
    return out[:count]


@njit(cache=True, nogil=True)
def paint(
    segments: Floats, west: float, south: float, cell_m: float, columns: int, unit_m: float, field: Bytes
) -> None:
    """Lower `field` [rows * columns] to the distance of each node from the segments, in units, up to FAR − 1.

    The grid must reach further than (FAR − 1) units beyond every segment.
    """
    reach = (FAR - 1) * unit_m
    square = np.empty(FAR + 1, dtype=np.float64)
    for value in range(FAR):
        square[value] = (value * unit_m) * (value * unit_m)
    square[FAR] = reach * reach
    for row in range(len(segments)):
        from_x, from_y = segments[row, 0] - west, segments[row, 1] - south
        span_x, span_y = segments[row, 2] - segments[row, 0], segments[row, 3] - segments[row, 1]
        # A long slanting segment fills little of the box around it; short pieces fill theirs.
        pieces = max(1, int(math.ceil(math.hypot(span_x, span_y) / (_CHOP_CELLS * cell_m))))
        d_x, d_y = span_x / pieces, span_y / pieces
        length = d_x * d_x + d_y * d_y
        for piece in range(pieces):
            a_x, a_y = from_x + piece * d_x, from_y + piece * d_y
            left = int(math.ceil((min(a_x, a_x + d_x) - reach) / cell_m))
            right = int(math.floor((max(a_x, a_x + d_x) + reach) / cell_m))
            bottom = int(math.ceil((min(a_y, a_y + d_y) - reach) / cell_m))
            top = int(math.floor((max(a_y, a_y + d_y) + reach) / cell_m))
            for r in range(bottom, top + 1):
                p_y = r * cell_m - a_y
                for c in range(left, right + 1):
                    p_x = c * cell_m - a_x
                    share = 0.0
                    if length > 0.0:
                        share = min(1.0, max(0.0, (p_x * d_x + p_y * d_y) / length))
                    e_x, e_y = p_x - share * d_x, p_y - share * d_y
                    distance = e_x * e_x + e_y * e_y
                    node = r * columns + c
                    if distance < square[field[node]]:
                        field[node] = min(FAR - 1, int(math.sqrt(distance) / unit_m + 0.5))


@njit(cache=True, nogil=True)
def trace(field: Bytes, columns: int, level: float) -> tuple[Floats, Ints]:
    """Follow the lines on which the field is `level` (no whole number): points [n, 2] in cells, and ring offsets.

    What is lower lies to the left: outer rings run against the clock, holes with it. No two rings touch. The nodes at
    the rim of the grid must be higher than `level`.
    """
    rows = len(field) // columns
    crossings = 0
    for r in range(rows - 1):
        for c in range(columns - 1):
            node = r * columns + c
            inside = field[node] < level
            crossings += (inside != (field[node + 1] < level)) + (inside != (field[node + columns] < level))
    points = np.empty((crossings, 2), dtype=np.float64)
    offsets = np.empty(crossings // 4 + 2, dtype=np.int32)
    offsets[0] = 0
    rings = 0
    used = 0
    seen = np.zeros(len(field), dtype=np.bool_)
    for start in range(len(field) - 1):
        if field[start] >= level or field[start + 1] < level or seen[start]:
            continue
        # Every ring goes north somewhere, between a lower node in the west and a higher one in the east.
        d_r, d_c = 1, 0
        low, high = start, start + 1
        while True:
            if d_r == 1:
                if seen[low]:
                    break
                seen[low] = True
            share = (level - field[low]) / (field[high] - field[low] + 0.0)
            points[used, 0] = low % columns + share * (high % columns - low % columns)
            points[used, 1] = low // columns + share * (high // columns - low // columns)
            used += 1
            ahead = d_r * columns + d_c
            if field[low + ahead] >= level:
                high = low + ahead
                d_r, d_c = d_c, -d_r
            elif field[high + ahead] >= level:
                low, high = low + ahead, high + ahead
            else:
                low = high + ahead
                d_r, d_c = -d_c, d_r
        rings += 1
        offsets[rings] = used
    return points[:used], offsets[: rings + 1]
