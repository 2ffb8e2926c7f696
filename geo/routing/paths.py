"""From the edges of a path to its geometry, streets and turns."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.network.attributes import StreetName
from geo.routing.anchors import Placed
from geo.routing.lines import Drawn, draw
from geo.routing.search import Path
from geo.routing.weighted import Weighted
from geo.travel import Route, Step, Travel, Turn

_STRAIGHT: Final = 20.0
_TURNS: Final = (
    (_STRAIGHT, Turn.STRAIGHT),
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
    start = _cut(path.edges[0], origin, before=0.0)
    stop = _cut(path.edges[-1], target, before=1.0)
    drawn = draw(network, np.array(path.edges, dtype=np.int32), start, stop)
    return Route(travel, drawn.line, _steps(weighted, path, start, stop, drawn), path.edges)


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


def _turn(change: float) -> Turn:
    turn = next(kind for limit, kind in _TURNS if abs(change) <= limit)
    return _LEFT.get(turn, turn) if change < 0.0 else turn


def _steps(weighted: Weighted, path: Path, start: float, stop: float, drawn: Drawn) -> tuple[Step, ...]:
    """One step for each stretch on one street; a stretch without a name joins what it goes straight on from."""
    network = weighted.network
    edges = np.array(path.edges, dtype=np.int32)
    begun, ended = np.zeros(len(edges)), np.ones(len(edges))
    begun[0], ended[-1] = start, stop
    parts = np.maximum(ended - begun, 0.0)
    lengths = (parts * network.edge_length_m[edges]).tolist()
    times = (parts * weighted.ms[edges] / 1000.0).tolist()
    changes = ((drawn.headings[1:, 0] - drawn.headings[:-1, 1] + 180.0) % 360.0 - 180.0).tolist()
    names = network.edge_name[edges].tolist()
    known = {row: network.street_name(row) for row in set(names)}
    steps: list[Step] = []
    turn, street, begins_at = Turn.DEPART, known[names[0]], 0
    length_m, time_s = lengths[0], times[0]
    for row in range(1, len(edges)):
        following = known[names[row]]
        if _goes_on(street, following, changes[row - 1]):
            street = street or following
            length_m += lengths[row]
            time_s += times[row]
            continue
        steps.append(Step(turn, street, length_m, time_s, begins_at))
        turn, street, begins_at = _turn(changes[row - 1]), following, drawn.begins[row]
        length_m, time_s = lengths[row], times[row]
    steps.append(Step(turn, street, length_m, time_s, begins_at))
    steps.append(Step(Turn.ARRIVE, street, 0.0, 0.0, drawn.begins[-1]))
    return tuple(steps)


def _goes_on(street: StreetName, following: StreetName, change: float) -> bool:
    if street is following or street == following:
        return bool(street) or abs(change) <= _STRAIGHT
    if street.name and street.name == following.name:
        return True
    return not following and abs(change) <= _STRAIGHT
