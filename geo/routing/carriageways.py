"""On a divided road one place has two answers: its carriageway, and the opposite one. The slower counts."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.points import GeoPoint
from geo.routing.anchors import Placed, origins, place
from geo.routing.heap_kernels import NEVER
from geo.routing.search import times_to
from geo.routing.weighted import Weighted
from geo.snapping import Snapper, Snaps
from geo.snapping_kernels import OPEN

_OPPOSITE_COSINE: Final = -0.7


def carriageways(weighted: Weighted, snapper: Snapper, point: GeoPoint, snaps: Snaps, within_m: float) -> list[Snaps]:
    """The nearest carriageway of one snapped point and, on a divided road, the nearest opposite one.

    Opposite is a one-way of the same divided road (same name or ref, or both unnamed) within `within_m` of the snapped
    place, heading the other way there. Roundabouts have no opposite, nor have crossings, where other roads join both.
    One answer where there is none.
    """
    network = weighted.network
    shape, node = int(snaps.shape[0]), int(snaps.node[0])
    if shape < 0 or not snapper.carriageway[shape] or (node >= 0 and not _passed_through(network, snapper, node)):
        return [snaps]
    near = snapper.near(point.lat, point.lon, float(snaps.distance_m[0]) + within_m)
    own = _heading(network, shape, float(snaps.share[0]))
    for row, other in enumerate(near.shape.tolist()):
        if other == shape or weighted.landing[other] != OPEN or not snapper.carriageway[other]:
            continue
        if not _same_road(network, shape, other):
            continue
        if float(own @ _heading(network, other, float(near.share[row]))) < _OPPOSITE_COSINE:
            rows = slice(row, row + 1)
            there = near.shape[rows], near.share[rows], near.node[rows], near.distance_m[rows]
            return [snaps, Snaps(*there, snaps.shut)]
    return [snaps]


def leads_to(weighted: Weighted, snapper: Snapper, placed: list[Placed], towards: GeoPoint) -> int:
    """Which carriageway leads to the place named: from which it is sooner reached by driving on."""
    lat, lon = np.array([towards.lat]), np.array([towards.lon])
    goal = place(weighted, snapper.snap(lat, lon, weighted.landing), np.zeros(1, dtype=np.int64))
    times = [int(times_to(weighted, origins(weighted, choice), choice, goal)[0][0]) for choice in placed]
    return int(np.argmin(times))


def slower(
    answers: list[tuple[NDArray[np.int64], NDArray[np.float64]]],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Element by element the slower of one or two answers (times and lengths), or the only one where one is NEVER.

    The third array tells where only one of two was reached.
    """
    ms, m = answers[0]
    one_side = np.zeros(len(ms), dtype=bool)
    for other_ms, other_m in answers[1:]:
        one_side = (ms >= NEVER) != (other_ms >= NEVER)
        takes_other = (other_ms > ms) != one_side
        ms, m = np.where(takes_other, other_ms, ms), np.where(takes_other, other_m, m)
    return ms, m, one_side


def _edge(network: RoadNetwork, shape: int) -> int:
    return int(max(network.shape_edge_forward[shape], network.shape_edge_backward[shape]))


def _passed_through(network: RoadNetwork, snapper: Snapper, node: int) -> bool:
    """Whether only carriageways meet in a node, so that it is a place on the road like any other."""
    first, edges = network.incoming
    leaving = np.arange(network.node_first_edge[node], network.node_first_edge[node + 1])
    around = np.concatenate([leaving, edges[first[node] : first[node + 1]]])
    return bool(snapper.carriageway[network.edge_shape[around]].all())


def _same_road(network: RoadNetwork, one: int, two: int) -> bool:
    first, second = network.edge_street(_edge(network, one)), network.edge_street(_edge(network, two))
    if first.name or second.name:
        return first.name == second.name or bool(first.ref and first.ref == second.ref)
    return first.ref == second.ref


def _heading(network: RoadNetwork, shape: int, share: float) -> NDArray[np.float64]:
    """Unit vector of a carriageway's driving direction, at a share of its length in drawn direction."""
    edge = _edge(network, shape)
    line = network.edge_line(edge)
    spans = np.diff(line, axis=0) * (np.cos(np.radians(line[0, 1])), 1.0)
    sizes = np.hypot(spans[:, 0], spans[:, 1])
    ends = np.cumsum(sizes)
    along = (1.0 - share if network.edge_reversed[edge] else share) * ends[-1]
    at = min(int(np.searchsorted(ends, along)), len(sizes) - 1)
    unit: NDArray[np.float64] = spans[at] / max(float(sizes[at]), 1e-12)
    return unit
