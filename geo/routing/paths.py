"""From the edges of a path to its geometry, streets and turns."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import StreetName
from geo.network.model import RoadNetwork
from geo.routing.anchors import Placed
from geo.routing.search import Path
from geo.routing.weighted import Weighted
from geo.travel import Route, Step, Travel, Turn

_TURNS: Final = (
    (20.0, Turn.STRAIGHT),
    (50.0, Turn.SLIGHT_RIGHT),
    (120.0, Turn.RIGHT),
    (165.0, Turn.SHARP_RIGHT),
    (180.0, Turn.U_TURN),
)
_LEFT: Final = {
    Turn.SLIGHT_RIGHT: Turn.SLIGHT_LEFT,
    Turn.RIGHT: Turn.LEFT,
    Turn.SHARP_RIGHT: Turn.SHARP_LEFT,
}


def make_route(weighted: Weighted, path: Path, origin: Placed, target: Placed, travel: Travel) -> Route:
    """Draw a path from the first origin to the first target, and tell its streets."""
    network = weighted.network
    if not path.edges:
        node = network.node_point(int(origin.node[0]))
        return Route(travel, np.array([[node.lon, node.lat]]), (), ())
    shares = [(0.0, 1.0)] * len(path.edges)
    start = _cut(path.edges[0], origin, before=0.0)
    stop = _cut(path.edges[-1], target, before=1.0)
    shares[0] = (start, shares[0][1])
    shares[-1] = (shares[-1][0], stop)
    lines: list[NDArray[np.float64]] = []
    begins: list[int] = []
    count = 0
    for edge, (low, high) in zip(path.edges, shares, strict=True):
        line = _part(network.edge_line(edge), low, high)
        begins.append(max(0, count - 1))
        lines.append(line if not lines else line[1:])
        count += len(lines[-1])
    steps = _steps(weighted, path, shares, begins, [_headings(line) for line in _whole_lines(network, path, shares)])
    return Route(travel, np.concatenate(lines), steps, path.edges)


def _whole_lines(network: RoadNetwork, path: Path, shares: list[tuple[float, float]]) -> list[NDArray[np.float64]]:
    return [_part(network.edge_line(edge), *share) for edge, share in zip(path.edges, shares, strict=True)]


def _cut(edge: int, placed: Placed, *, before: float) -> float:
    """Where along an edge, in its own direction, a place stands; `before` where the place is the edge's node."""
    if edge == placed.ahead[0]:
        along = float(placed.share[0])
    elif edge == placed.back[0]:
        along = 1.0 - float(placed.share[0])
    else:
        return before
    # `share` counts in drawn direction; an edge's geometry runs in its own.
    return along


def _part(line: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """The part of a line between two shares of its length, both ends included."""
    if low <= 0.0 and high >= 1.0:
        return line
    shrink = np.cos(np.radians(line[:, 1].mean()))
    steps = np.hypot(np.diff(line[:, 0]) * shrink, np.diff(line[:, 1]))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] <= 0.0:
        return line
    along /= along[-1]
    ends = np.array([[np.interp(share, along, line[:, axis]) for axis in (0, 1)] for share in (low, high)])
    inner = line[(along > low) & (along < high)]
    return np.concatenate([ends[:1], inner, ends[1:]])


def _headings(line: NDArray[np.float64]) -> tuple[float, float]:
    """Heading in degrees at the beginning and at the end of a line."""
    shrink = np.cos(np.radians(line[0, 1]))
    spans = np.diff(line, axis=0) * (shrink, 1.0)
    spans = spans[np.hypot(spans[:, 0], spans[:, 1]) > 0.0]
    if not len(spans):
        return 0.0, 0.0
    angles = np.degrees(np.arctan2(spans[[0, -1], 0], spans[[0, -1], 1]))
    return float(angles[0]), float(angles[1])


def _turn(before: float, after: float) -> Turn:
    change = (after - before + 180.0) % 360.0 - 180.0
    turn = next(kind for limit, kind in _TURNS if abs(change) <= limit)
    return _LEFT.get(turn, turn) if change < 0.0 else turn


def _steps(
    weighted: Weighted,
    path: Path,
    shares: list[tuple[float, float]],
    begins: list[int],
    headings: list[tuple[float, float]],
) -> tuple[Step, ...]:
    """One step for each stretch on one street; a stretch without a name joins what it goes straight on from."""
    network = weighted.network
    steps: list[Step] = []
    for row, edge in enumerate(path.edges):
        street = network.edge_street(edge)
        low, high = shares[row]
        part = max(0.0, high - low)
        length, time_s = part * float(network.edge_length_m[edge]), part * int(weighted.ms[edge]) / 1000.0
        turn = _turn(headings[row - 1][1], headings[row][0]) if row else Turn.DEPART
        if steps and _goes_on(steps[-1].street, street, turn):
            last = steps[-1]
            steps[-1] = Step(
                last.turn, last.street or street, last.length_m + length, last.time_s + time_s, last.begins_at
            )
        else:
            steps.append(Step(turn, street, length, time_s, begins[row]))
    last_point = begins[-1] + 1
    steps.append(Step(Turn.ARRIVE, steps[-1].street, 0.0, 0.0, last_point))
    return tuple(steps)


def _goes_on(street: StreetName, following: StreetName, turn: Turn) -> bool:
    if street == following:
        return bool(street) or turn is Turn.STRAIGHT
    if street.name and street.name == following.name:
        return True
    return not following and turn is Turn.STRAIGHT
