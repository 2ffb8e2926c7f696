"""Compiled cutting of lines to a tile, and their writing as geometry commands."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

_MOVE_TO_ONE: Final = 1 << 3 | 1
_LINE_TO: Final = 2
_HEAD_BYTES: Final = 16
"""At most: a command of one byte, two steps and a count of up to five each."""
_PIECE_BYTES: Final = 10

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]


@njit(cache=True, nogil=True, inline="always")
def _narrowed(start: float, step: float, low: float, high: float, enter: float, leave: float) -> tuple[float, float]:
    """Narrow the share of a segment that is inside by one axis; enter > leave = never inside."""
    if step == 0.0:
        if start < low or start > high:
            leave = -1.0
    else:
        first = (low - start) / step
        second = (high - start) / step
        enter = max(enter, min(first, second))
        leave = min(leave, max(first, second))
    return enter, leave


@njit(cache=True, nogil=True)
def cut_runs(
    points: Floats, group: Ints, run_first: Longs, run_count: Longs,
    west: float, north: float, scale: float, low: float, high: float,
) -> tuple[Longs, Longs, Ints]:  # fmt: skip
    """Cut the segments of runs to low…high on both axes (Liang and Barsky 1984); see `geometry.cut`."""
    total = 0
    for run in range(len(run_first)):
        total += run_count[run]
    ends = np.empty((total, 4), dtype=np.int64)
    path = np.empty(total, dtype=np.int64)
    groups = np.empty(total, dtype=np.int32)
    kept = 0
    line = -1
    expected = -1
    for run in range(len(run_first)):
        for row in range(run_first[run], run_first[run] + run_count[run]):
            ax = (points[row, 0] - west) / scale
            ay = (points[row, 1] - north) / scale
            bx = (points[row + 1, 0] - west) / scale
            by = (points[row + 1, 1] - north) / scale
            dx = bx - ax
            dy = by - ay
            enter, leave = _narrowed(ax, dx, low, high, 0.0, 1.0)
            enter, leave = _narrowed(ay, dy, low, high, enter, leave)
            if row != expected or enter > 0.0:
                line += 1
            expected = row + 1 if leave >= 1.0 else -1
            if enter > leave:
                continue
            if leave < 1.0:
                bx = ax + leave * dx
                by = ay + leave * dy
            if enter > 0.0:
                ax += enter * dx
                ay += enter * dy
            x, y, to_x, to_y = round(ax), round(ay), round(bx), round(by)
            if x == to_x and y == to_y:
                continue
            ends[kept, 0], ends[kept, 1], ends[kept, 2], ends[kept, 3] = x, y, to_x, to_y
            path[kept] = line
            groups[kept] = group[row]
            kept += 1
    return ends[:kept], path[:kept], groups[:kept]


@njit(cache=True, nogil=True, inline="always")
def _put(out: Bytes, at: int, value: int) -> int:
    """Write an unsigned varint; returns the place after it."""
    while value > 0x7F:
        out[at] = value & 0x7F | 0x80
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@njit(cache=True, nogil=True, inline="always")
def _folded(value: int) -> int:
    """Zigzag: 0, −1, 1, −2 become 0, 1, 2, 3."""
    return (value << 1) ^ (value >> 63)


@njit(cache=True, nogil=True)
def write_lines(ends: Longs, path: Longs, group: Ints) -> tuple[Bytes, Longs, Ints]:
    """Write pieces as MVT commands; see `geometry.commands`."""
    n = len(path)
    lines = 0
    features = 0
    for row in range(n):
        if row == 0 or path[row] != path[row - 1]:
            lines += 1
            if row == 0 or group[row] != group[row - 1]:
                features += 1
    out = np.empty(n * _PIECE_BYTES + lines * _HEAD_BYTES, dtype=np.uint8)
    bounds = np.empty(features + 1, dtype=np.int64)
    groups = np.empty(features, dtype=np.int32)
    at = 0
    feature = 0
    x = 0
    y = 0
    row = 0
    while row < n:
        if row == 0 or group[row] != group[row - 1]:
            bounds[feature] = at
            groups[feature] = group[row]
            feature += 1
            x = 0
            y = 0
        after = row + 1
        while after < n and path[after] == path[row]:
            after += 1
        at = _put(out, at, _MOVE_TO_ONE)
        at = _put(out, at, _folded(ends[row, 0] - x))
        at = _put(out, at, _folded(ends[row, 1] - y))
        at = _put(out, at, (after - row) << 3 | _LINE_TO)
        while row < after:
            at = _put(out, at, _folded(ends[row, 2] - ends[row, 0]))
            at = _put(out, at, _folded(ends[row, 3] - ends[row, 1]))
            row += 1
        x = ends[after - 1, 2]
        y = ends[after - 1, 3]
    bounds[features] = at
    return out[:at], bounds, groups
