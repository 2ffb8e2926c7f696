"""Which one-way roads are carriageways of a divided road, and which roads are urban: geometry, not tags."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.points import E7, METRES_PER_DEGREE

OPPOSITE_WITHIN_M: Final = 40.0
"""An opposite one-way of the same name or ref within this distance makes a road divided."""
_OPPOSITE_COSINE: Final = -0.7
"""Headings that differ by more than about 135° are opposite."""
_LEAST_SHARE: Final = 1 / 3
"""Share of a stretch's length that must have an opposite carriageway."""

URBAN_CELL_M: Final = 500.0
URBAN_JUNCTIONS: Final = 25
"""Junctions in the 3 × 3 cells around a road's middle that make it urban: 11 per km², as in a town's outskirts."""


def divided_shapes(
    offsets: NDArray[np.int32],
    x_e7: NDArray[np.int32],
    y_e7: NDArray[np.int32],
    candidates: NDArray[np.int64],
    labels: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """[candidates] whether each one-way shape has an opposite carriageway of the same label beside it.

    `candidates` are shapes, drawn in their driving direction; `labels` [candidates, 2] are texts of name and ref,
    −1 where unknown.
    """
    found = np.zeros(len(candidates), dtype=bool)
    if len(candidates) < 2:
        return found
    sizes = (offsets[candidates + 1] - offsets[candidates] - 1).astype(np.int64)
    owner = np.repeat(np.arange(len(candidates)), sizes)
    first = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + offsets[candidates][owner]
    scale = METRES_PER_DEGREE / E7
    shrink = math.cos(math.radians(float(np.mean(y_e7)) / E7))
    x, y = x_e7 * (scale * shrink), y_e7 * scale
    d_x, d_y = x[first + 1] - x[first], y[first + 1] - y[first]
    length = np.hypot(d_x, d_y)
    middles = shapely.points((x[first] + x[first + 1]) / 2, (y[first] + y[first + 1]) / 2)
    lines = shapely.linestrings(
        np.stack([np.stack([x[first], y[first]], 1), np.stack([x[first + 1], y[first + 1]], 1)], 1)
    )
    here, there = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=OPPOSITE_WITHIN_M)
    a, b = owner[here], owner[there]
    same = ((labels[a, 0] >= 0) & (labels[a, 0] == labels[b, 0])) | (
        (labels[a, 1] >= 0) & (labels[a, 1] == labels[b, 1])
    )
    product = np.maximum(length[here] * length[there], 1e-9)
    opposite = (d_x[here] * d_x[there] + d_y[here] * d_y[there]) / product < _OPPOSITE_COSINE
    beside = np.zeros(len(owner), dtype=bool)
    beside[here[same & opposite & (a != b)]] = True
    whole = np.bincount(owner, weights=length, minlength=len(candidates))
    covered = np.bincount(owner, weights=length * beside, minlength=len(candidates))
    return covered >= np.maximum(whole, 1e-9) * _LEAST_SHARE


def urban_points(
    lat: NDArray[np.float64], lon: NDArray[np.float64], at_lat: NDArray[np.float64], at_lon: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether each place `at` lies among many junctions (`lat`, `lon`): built-up, where no zone says otherwise."""
    middle = math.cos(math.radians(float(np.mean(lat))))
    south, west = float(lat.min()), float(lon.min())
    cell_y = URBAN_CELL_M / METRES_PER_DEGREE
    cell_x = cell_y / middle
    # Two empty cells on every side: whatever lies beyond the last junction has none beside it, nor at the other side.
    columns = int((float(lon.max()) - west) / cell_x) + 5
    rows = int((float(lat.max()) - south) / cell_y) + 5

    def cell(value: NDArray[np.float64], least: float, size: float, count: int) -> NDArray[np.int64]:
        row: NDArray[np.int64] = np.clip(np.floor((value - least) / size) + 2, 0, count - 1).astype(np.int64)
        return row

    index = cell(lat, south, cell_y, rows) * columns + cell(lon, west, cell_x, columns)
    cells, counts = np.unique(index, return_counts=True)
    row, column = cell(at_lat, south, cell_y, rows), cell(at_lon, west, cell_x, columns)
    total = np.zeros(len(at_lat), dtype=np.int64)
    for d_row in (-1, 0, 1):
        for d_column in (-1, 0, 1):
            wanted = (row + d_row) * columns + column + d_column
            place = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
            total += np.where(cells[place] == wanted, counts[place], 0)
    return total >= URBAN_JUNCTIONS
