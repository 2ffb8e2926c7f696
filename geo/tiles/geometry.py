"""Lines of one tile: cut segments to the tile, and write them as MVT geometry commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.tiles.line_kernels import cut_runs, write_lines
from geo.tiles.wire import EXTENT

BUFFER: Final = 64
"""Units that lines go on beyond the tile, so that no seam shows."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Pieces of lines in a tile, in order. Shapes: n pieces.

    `ends` is int64[n, 4]: x, y of the start, x, y of the end, in whole units; `path` int64[n] counts the connected
    lines; `group` int32[n] is the feature each piece belongs to. Both only rise.
    """

    ends: NDArray[np.int64]
    path: NDArray[np.int64]
    group: NDArray[np.int32]


def cut(
    points: NDArray[np.float64],
    group: NDArray[np.int32],
    runs: tuple[NDArray[np.int64], NDArray[np.int64]],
    corner: tuple[float, float] = (0.0, 0.0),
    scale: float = 1.0,
) -> Segments:
    """Cut segments to the tile with its buffer, round to whole units, drop what vanishes.

    Segment i joins `points` float64[P, 2] i and i + 1 and is of `group` int32[P] i. `runs` are the first segments
    int64[r], rising, and how many follow, int64[r]; a line goes on from a segment to the next by number. A point is
    at (point − `corner`) ÷ `scale` in units of the tile.
    """
    low, high = -float(BUFFER), float(EXTENT + BUFFER)
    return Segments(*cut_runs(points, group, *runs, *corner, scale, low, high))


def commands(lines: Segments) -> tuple[bytes, NDArray[np.int64], NDArray[np.int32]]:
    """Write pieces as MVT commands, one (multi-)line per group.

    Returns the encoded numbers of all features in one string, `bounds` int64[f + 1] that cuts it into features, and the
    groups int32[f] they belong to. The cursor starts at 0, 0 for each feature (specification 2.1, §4.3.2).
    """
    stream, bounds, groups = write_lines(lines.ends, lines.path, lines.group)
    return stream.tobytes(), bounds, groups


def warm_up() -> None:
    """Compile the cutting and the writing, or load them, before the first tile is asked for."""
    points = np.array([[0.0, 0.0], [9.0, 9.0]])
    commands(cut(points, np.zeros(2, dtype=np.int32), (np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64))))
