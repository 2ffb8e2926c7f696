"""The edges of a path drawn as one line, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.points import E7


@dataclass(frozen=True, slots=True)
class Drawn:
    """A path of n edges as a line.

    `line` [points, 2] is lon, lat in degrees; `begins` [n + 1] where in it each edge begins, and its last point;
    `headings` [n, 2] degrees clockwise from north at the beginning and the end of each edge.
    """

    line: NDArray[np.float64]
    begins: list[int]
    headings: NDArray[np.float64]


def draw(network: RoadNetwork, edges: NDArray[np.int32], start: float, stop: float) -> Drawn:
    """Draw edges from the share `start` of the first one's length to the share `stop` of the last one's."""
    shape = network.edge_shape[edges]
    first, sizes = network.shape_offsets[shape], network.shape_offsets[shape + 1] - network.shape_offsets[shape]
    begins = np.cumsum(sizes) - sizes
    within = np.arange(int(sizes.sum())) - np.repeat(begins, sizes)
    turned = np.repeat(network.edge_reversed[edges], sizes)
    at = np.where(turned, np.repeat(first + sizes - 1, sizes) - within, np.repeat(first, sizes) + within)
    points = np.stack((network.shape_x_e7[at], network.shape_y_e7[at]), axis=1) / E7
    count = len(edges)
    if count == 1:
        points = part(points, start, stop)
        sizes = np.array([len(points)])
    else:
        head, tail = part(points[: sizes[0]], start, 1.0), part(points[begins[-1] :], 0.0, stop)
        points = np.concatenate([head, points[sizes[0] : begins[-1]], tail])
        sizes = np.concatenate([[len(head)], sizes[1:-1], [len(tail)]])
    begins = np.cumsum(sizes) - sizes
    kept = np.ones(len(points), dtype=bool)
    kept[begins[1:]] = False
    told = [*(begins - np.arange(count)).tolist(), len(points) - count]
    return Drawn(points[kept], told, _headings(points, begins, sizes))


def part(line: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """The part of a line between two shares of its length, both ends included."""
    if low <= 0.0 and high >= 1.0:
        return line
    shrink = np.cos(np.radians((line[1:, 1] + line[:-1, 1]) / 2))
    steps = np.hypot(np.diff(line[:, 0]) * shrink, np.diff(line[:, 1]))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] <= 0.0:
        return line
    along /= along[-1]
    ends = np.array([[np.interp(share, along, line[:, axis]) for axis in (0, 1)] for share in (low, high)])
    inner = line[(along > low) & (along < high)]
    return np.concatenate([ends[:1], inner, ends[1:]])


def _headings(points: NDArray[np.float64], begins: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """[n, 2] headings of the first and last stretch of each line that has a length; 0 where none has."""
    headings = np.empty((len(begins), 2))
    spans = np.diff(points, axis=0)
    shrink = np.cos(np.radians(points[begins, 1]))
    plain = np.ones(len(begins), dtype=bool)
    for column, rows in enumerate((begins, begins + sizes - 2)):
        east, north = spans[rows, 0] * shrink, spans[rows, 1]
        headings[:, column] = np.degrees(np.arctan2(east, north))
        plain &= (east != 0.0) | (north != 0.0)
    for row in np.flatnonzero(~plain).tolist():
        own = spans[begins[row] : begins[row] + sizes[row] - 1] * (shrink[row], 1.0)
        own = own[np.hypot(own[:, 0], own[:, 1]) > 0.0]
        headings[row] = np.degrees(np.arctan2(own[[0, -1], 0], own[[0, -1], 1])) if len(own) else 0.0
    return headings
