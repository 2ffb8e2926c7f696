"""Lines of one tile: cut segments to the tile, and write them as MVT geometry commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.tiles.wire import EXTENT, zigzag

BUFFER: Final = 64
"""Units that lines go on beyond the tile, so that no seam shows."""

_MOVE_TO_ONE: Final = 1 << 3 | 1
_LINE_TO: Final = 2


@dataclass(frozen=True, slots=True)
class Segments:
    """Pieces of lines in a tile, in order. Shapes: n pieces.

    `ends` is int64[n, 4]: x, y of the start, x, y of the end, in whole units; `path` int64[n] counts the connected
    lines; `group` int32[n] is the feature each piece belongs to. Both only rise.
    """

    ends: NDArray[np.int64]
    path: NDArray[np.int64]
    group: NDArray[np.int32]


def cut(ends: NDArray[np.float64], index: NDArray[np.int64], group: NDArray[np.int32]) -> Segments:
    """Cut segments to the tile with its buffer (Liang and Barsky 1984), round to whole units, drop what vanishes.

    `ends` float64[n, 4] in units of the tile; `index` int64[n] rises, by exactly one where a line goes on.
    """
    low, high = -float(BUFFER), float(EXTENT + BUFFER)
    begins = np.ones(len(index), dtype=np.bool_)
    begins[1:] = index[1:] != index[:-1] + 1
    outside = np.flatnonzero(((ends < low) | (ends > high)).any(axis=1))
    keep = np.ones(len(index), dtype=np.bool_)
    if len(outside):
        pieces = ends[outside]
        enter, leave = _inside_share(pieces, low, high)
        keep[outside] = enter <= leave
        begins[outside] |= enter > 0.0
        after = outside[leave < 1.0] + 1
        begins[after[after < len(index)]] = True
        step = pieces[:, 2:] - pieces[:, :2]
        ends = ends.copy()
        ends[outside, :2] = pieces[:, :2] + enter[:, None] * step
        ends[outside, 2:] = pieces[:, :2] + leave[:, None] * step
    whole = np.rint(ends).astype(np.int64)
    path = np.cumsum(begins, dtype=np.int64)
    keep &= (whole[:, 0] != whole[:, 2]) | (whole[:, 1] != whole[:, 3])
    return Segments(whole[keep], path[keep], group[keep])


def _inside_share(
    pieces: NDArray[np.float64], low: float, high: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the shares of each segment (0 start, 1 end) where it enters and leaves; enter > leave = never inside."""
    enter, leave = np.zeros(len(pieces)), np.ones(len(pieces))
    for axis in (0, 1):
        start = pieces[:, axis]
        step = pieces[:, axis + 2] - start
        moving = step != 0.0
        safe = np.where(moving, step, 1.0)
        first, second = (low - start) / safe, (high - start) / safe
        enter = np.where(moving, np.maximum(enter, np.minimum(first, second)), enter)
        leave = np.where(moving, np.minimum(leave, np.maximum(first, second)), leave)
        leave = np.where(~moving & ((start < low) | (start > high)), -1.0, leave)
    return enter, leave


def commands(lines: Segments) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int32]]:
    """Write pieces as MVT commands, one (multi-)line per group.

    Returns the numbers of all features in one stream, `bounds` int64[f + 1] that cuts it into features, and the
    groups int32[f] they belong to. The cursor starts at 0, 0 for each feature (specification 2.1, §4.3.2).
    """
    n = len(lines.path)
    first = np.flatnonzero(np.diff(lines.path, prepend=-1) != 0)
    per_path = np.diff(first, append=n)
    # Every path has 4 numbers of its own (MoveTo, dx, dy, LineTo) before the two of each of its pieces.
    line_at = 2 * np.arange(n) + 4 * np.repeat(np.arange(1, len(first) + 1), per_path)
    head_at = line_at[first] - 4
    feature_path = np.flatnonzero(np.diff(lines.group[first], prepend=-1) != 0)
    previous = np.zeros((len(first), 2), dtype=np.int64)
    previous[1:] = lines.ends[first[1:] - 1, 2:]
    previous[feature_path] = 0
    moves = zigzag(lines.ends[first, :2] - previous)
    steps = zigzag(lines.ends[:, 2:] - lines.ends[:, :2])
    stream = np.empty(2 * n + 4 * len(first), dtype=np.uint32)
    stream[head_at] = _MOVE_TO_ONE
    stream[head_at + 1], stream[head_at + 2] = moves[:, 0], moves[:, 1]
    stream[head_at + 3] = per_path.astype(np.uint32) << np.uint32(3) | _LINE_TO
    stream[line_at], stream[line_at + 1] = steps[:, 0], steps[:, 1]
    bounds = np.append(head_at[feature_path], len(stream))
    return stream, bounds, lines.group[first[feature_path]]
