"""Junctions where lines cross at grade, and bridges where they cross a river."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.canvas import Canvas
from geo.demo.plane import Line

_SNAP_M: Final = 8.0
"""A crossing this near to a node of one of the two lines is that node."""


class Segments:
    """All segments of a canvas: [n] stroke, index within it, end nodes, and a tree over them."""

    def __init__(self, canvas: Canvas, *, at_grade_only: bool) -> None:
        chosen = [n for n, stroke in enumerate(canvas.strokes) if not (at_grade_only and stroke.over)]
        sizes = np.array([len(canvas.strokes[n].nodes) - 1 for n in chosen], dtype=np.int64)
        self.stroke = np.repeat(np.array(chosen, dtype=np.int64), sizes)
        self.index = np.arange(len(self.stroke)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self.a = np.array([node for n in chosen for node in canvas.strokes[n].nodes[:-1]], dtype=np.int64)
        self.b = np.array([node for n in chosen for node in canvas.strokes[n].nodes[1:]], dtype=np.int64)
        place = np.stack([np.array(canvas.x), np.array(canvas.y)], axis=1)
        self.start, self.stop = place[self.a], place[self.b]
        self.lines = shapely.linestrings(np.stack([self.start, self.stop], axis=1))
        self.tree = shapely.STRtree(self.lines)


def join_crossings(canvas: Canvas) -> int:
    """Give every stroke that `meets` a junction wherever it crosses a line at grade; returns how many."""
    segments = Segments(canvas, at_grade_only=True)
    meets = np.array([stroke.meets for stroke in canvas.strokes])[segments.stroke]
    asked = np.flatnonzero(meets)
    rows, other = segments.tree.query(segments.lines[asked], predicate="intersects")
    one = asked[rows]
    a, b, c, d = segments.a[one], segments.b[one], segments.a[other], segments.b[other]
    fresh = (a != c) & (a != d) & (b != c) & (b != d) & (~meets[other] | (one < other))
    one, other = one[fresh], other[fresh]
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    shares = _shares(segments, one, other)
    inserts: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for first, second, (t, u) in zip(one.tolist(), other.tolist(), shares.tolist(), strict=True):
        node = _junction(canvas, segments, first, second, (t, u))
        for segment, share in ((first, t), (second, u)):
            if node not in (segments.a[segment], segments.b[segment]):
                key = (int(segments.stroke[segment]), int(segments.index[segment]))
                inserts.setdefault(key, []).append((share, node))
    for (stroke, index), found in sorted(inserts.items(), reverse=True):
        nodes = canvas.strokes[stroke].nodes
        nodes[index + 1 : index + 1] = [node for _, node in sorted(found)]
    return len(one)


def _shares(segments: Segments, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """[n, 2] how far along each of the two segments they cross, 0 to 1."""
    p, r = segments.start[one], segments.stop[one] - segments.start[one]
    q, s = segments.start[other], segments.stop[other] - segments.start[other]
    cross = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    cross = np.where(np.abs(cross) < 1e-9, 1e-9, cross)
    gap = q - p
    t = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / cross
    u = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / cross
    shares: NDArray[np.float64] = np.clip(np.stack([t, u], axis=1), 0.0, 1.0)
    return shares


def _junction(canvas: Canvas, segments: Segments, one: int, other: int, shares: tuple[float, float]) -> int:
    """The node of a crossing: one that is near, or a new one."""
    start, stop = segments.start[one], segments.stop[one]
    x, y = (start + shares[0] * (stop - start)).tolist()
    ends = [int(segments.a[one]), int(segments.b[one]), int(segments.a[other]), int(segments.b[other])]
    for node in ends:
        if (canvas.x[node] - x) ** 2 + (canvas.y[node] - y) ** 2 < _SNAP_M**2:
            return node
    return canvas.node(x, y)


def build_bridges(canvas: Canvas, rivers: Sequence[Line]) -> int:
    """Mark the segments that cross a river; returns how many."""
    segments = Segments(canvas, at_grade_only=False)
    water = [shapely.linestrings(river) for river in rivers]
    _, crossing = segments.tree.query(water, predicate="intersects")
    for segment in np.unique(crossing).tolist():
        canvas.strokes[int(segments.stroke[segment])].bridges.add(int(segments.index[segment]))
    return len(crossing)
