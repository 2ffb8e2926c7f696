"""The spatial index that is saved with a network: a grid over shape segments.

Each segment is entered into the cells of points sampled along it, a quarter of a cell apart at most. So any point of a
segment is within an eighth of a cell of a sampled one; a search that grows ring by ring allows for that slack.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.points import E7, METRES_PER_DEGREE

_CELL_M: Final = 60.0
_MOST_CELLS: Final = 4_000_000
SAMPLES_PER_CELL: Final = 4


def build_grid(
    shape_offsets: NDArray[np.int32], x_e7: NDArray[np.int32], y_e7: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Index all segments: `(grid, cell_offsets, cell_segments, cell_shapes)` as stored in `RoadNetwork`."""
    west, south = int(x_e7.min()), int(y_e7.min())
    width, height = int(x_e7.max()) - west + 1, int(y_e7.max()) - south + 1
    middle = math.radians((south + height / 2) / E7)
    metres_x = width / E7 * METRES_PER_DEGREE * math.cos(middle)
    metres_y = height / E7 * METRES_PER_DEGREE
    cell_m = max(_CELL_M, math.sqrt(metres_x * metres_y / _MOST_CELLS))
    columns, rows = max(1, math.ceil(metres_x / cell_m)), max(1, math.ceil(metres_y / cell_m))
    cell_x, cell_y = math.ceil(width / columns), math.ceil(height / rows)
    grid = np.array([west, south, cell_x, cell_y, columns, rows], dtype=np.int64)

    last_points = shape_offsets[1:] - 1
    is_first = np.ones(len(x_e7), dtype=bool)
    is_first[last_points] = False
    first = np.flatnonzero(is_first)
    shape_of_point = np.repeat(np.arange(len(shape_offsets) - 1, dtype=np.int32), np.diff(shape_offsets))

    from_x, from_y = (x_e7[first] - west) / cell_x, (y_e7[first] - south) / cell_y
    step_x, step_y = (x_e7[first + 1] - west) / cell_x - from_x, (y_e7[first + 1] - south) / cell_y - from_y
    samples = np.ceil(np.hypot(step_x, step_y) * SAMPLES_PER_CELL).astype(np.int64) + 1
    starts = np.cumsum(samples) - samples
    segment = np.repeat(np.arange(len(first)), samples)
    share = (np.arange(len(segment)) - starts[segment]) / np.maximum(samples[segment] - 1, 1)
    column = np.minimum((from_x[segment] + share * step_x[segment]).astype(np.int64), columns - 1)
    row = np.minimum((from_y[segment] + share * step_y[segment]).astype(np.int64), rows - 1)
    cell = row * columns + column

    changed = np.ones(len(cell), dtype=bool)
    changed[1:] = (cell[1:] != cell[:-1]) | (segment[1:] != segment[:-1])
    cell, segment = cell[changed], segment[changed]
    order = np.argsort(cell, kind="stable")
    cell, points = cell[order], first[segment[order]].astype(np.int32)
    cell_offsets = np.zeros(columns * rows + 1, dtype=np.int32)
    np.cumsum(np.bincount(cell, minlength=columns * rows), out=cell_offsets[1:])
    return grid, cell_offsets, points, shape_of_point[points]
