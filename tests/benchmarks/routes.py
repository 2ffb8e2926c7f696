"""A path with geometry, streets and turns, against networkx's A*."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import asin, cos, radians, sin, sqrt

import networkx as nx
import numpy as np

from geo.points import E7, EARTH_RADIUS_M
from geo.speeds import UNREACHABLE
from tests.benchmarks.kernel import asked
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.timing import Side, in_turns

_OURS = 300
_NETWORKX = 40


def heuristic(scene: Scene) -> Callable[[int, int], float]:
    """Straight line at the network's greatest speed, in ms: never more than the true time."""
    network, ms = scene.network, scene.times_ms(scene.free)
    usable = ms != UNREACHABLE
    fastest_m_per_ms = float((network.edge_length_m[usable] / ms[usable]).max())
    scale = 2.0 * EARTH_RADIUS_M / fastest_m_per_ms
    lon = [radians(x / E7) for x in network.node_x_e7.tolist()]
    lat = [radians(y / E7) for y in network.node_y_e7.tolist()]
    shrink = [cos(y) for y in lat]

    def least_ms(one: int, two: int) -> float:
        half_lat, half_lon = sin((lat[two] - lat[one]) / 2.0), sin((lon[two] - lon[one]) / 2.0)
        return scale * asin(sqrt(half_lat * half_lat + shrink[one] * shrink[two] * half_lon * half_lon))

    return least_ms


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 2, line 5."""
    engine, free = scene.engine, scene.free
    weighted = engine.weighted(free)
    ends = asked(scene, weighted, free, scene.nodes(4, _OURS).tolist())
    pairs = [(one, end.node) for one, end in zip(scene.nodes(5, _OURS).tolist(), ends, strict=False)]
    places = [(scene.network.node_point(one), scene.network.node_point(two)) for one, two in pairs]
    least_ms = heuristic(scene)
    graph = scene.ahead

    def by_networkx(pair: tuple[int, int]) -> list[int]:
        path: list[int] = nx.astar_path(graph, *pair, heuristic=least_ms, weight="weight")
        return path

    for pair, place in zip(pairs[:_NETWORKX], places, strict=False):
        route = engine.route(*place, free)
        theirs = nx.path_weight(graph, by_networkx(pair), "weight")
        if round((route.travel.eta_s or -1.0) * 1000) != theirs:
            raise AssertionError(f"networkx needs {theirs} ms for {pair}, ours says {route.travel}")
    ours, peer, same = in_turns(
        Side(lambda place: engine.route(*place, free), places),
        Side(by_networkx, pairs[:_NETWORKX]),
        Side(lambda place: engine.route(*place, free), places[:_NETWORKX]),
    )
    ratio = peer.median_s / same.median_s
    yield Row("path with geometry, streets and turns ÷ networkx A*", str(ours), str(peer), ratio, least=50.0)
    each = np.array(peer.seconds) / np.array(same.seconds)
    yield Row(
        "the same, ratio of the means", str(ours), str(peer), float(np.mean(peer.seconds) / np.mean(same.seconds))
    )
    yield Row("the same, least ratio of any pair", "–", "–", float(each.min()))
