"""On a divided road one place has two answers: its carriageway, and the opposite one."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import EdgeFlag
from geo.network.model import RoadNetwork
from geo.points import GeoPoint
from geo.routing.weighted import Weighted
from geo.snapping import Snapper, Snaps

_OPPOSITE_COSINE: Final = -0.7


def carriageways(weighted: Weighted, snapper: Snapper, point: GeoPoint, snaps: Snaps, within_m: float) -> list[Snaps]:
    """The nearest carriageway of one snapped point and, on a divided road, the nearest opposite one.

    Opposite is a one-way of the same divided road (same name or ref, or both unnamed) within `within_m` of the snapped
    place, heading the other way. Roundabouts have no opposite. One answer where there is none.
    """
    network = weighted.network
    shape = int(snaps.shape[0])
    if shape < 0 or snaps.node[0] >= 0 or not _is_carriageway(network, shape):
        return [snaps]
    near = snapper.near(point.lat, point.lon, float(snaps.distance_m[0]) + within_m)
    own = _heading(network, shape)
    for row, other in enumerate(near.shape.tolist()):
        if other == shape or not weighted.open_shapes[other] or not _is_carriageway(network, other):
            continue
        if not _same_road(network, shape, other):
            continue
        if float(own @ _heading(network, other)) < _OPPOSITE_COSINE:
            rows = slice(row, row + 1)
            return [snaps, Snaps(near.shape[rows], near.share[rows], near.node[rows], near.distance_m[rows])]
    return [snaps]


def _edge(network: RoadNetwork, shape: int) -> int:
    return int(max(network.shape_edge_forward[shape], network.shape_edge_backward[shape]))


def _is_carriageway(network: RoadNetwork, shape: int) -> bool:
    flags = int(network.edge_flags[_edge(network, shape)])
    one_way = bool(flags & EdgeFlag.ONEWAY)
    return one_way and bool(flags & EdgeFlag.DIVIDED) and not flags & EdgeFlag.ROUNDABOUT


def _same_road(network: RoadNetwork, one: int, two: int) -> bool:
    first, second = network.edge_street(_edge(network, one)), network.edge_street(_edge(network, two))
    if first.name or second.name:
        return first.name == second.name or bool(first.ref and first.ref == second.ref)
    return first.ref == second.ref


def _heading(network: RoadNetwork, shape: int) -> NDArray[np.float64]:
    """Unit vector from the first to the last point of a carriageway, in driving direction."""
    line = network.edge_line(_edge(network, shape))
    span: NDArray[np.float64] = line[-1] - line[0]
    span[0] *= np.cos(np.radians(line[0, 1]))
    size = float(np.hypot(*span))
    unit: NDArray[np.float64] = span / size if size else span
    return unit
