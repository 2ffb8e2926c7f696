"""The turn graph against a brute force written here: networkx over histories of driven edges."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import networkx as nx
import numpy as np
import pytest
from factories.networks import random_roads

from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.network.raw import RawRoads, TurnRestriction
from geo.overlay import Closure, Overlay
from geo.points import GeoPoint
from geo.snapping import Snaps
from geo.speeds import ORDINARY, UNREACHABLE, SpeedModel
from geo.travel import Origin, Question, Source

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
QUESTION = Question(ORDINARY, closures_at=NOW)
History = tuple[int, ...]


def _restrictions(raw: RawRoads, rng: np.random.Generator) -> list[TurnRestriction]:
    """Random ones: half at a node, half via a way, a third of them `only_…`."""
    ends = {int(way): raw.way_nodes[2 * row : 2 * row + 2].tolist() for row, way in enumerate(raw.way_ids)}
    at: dict[int, list[int]] = {}
    for way, nodes in ends.items():
        for node in nodes:
            at.setdefault(node, []).append(way)
    made: list[TurnRestriction] = []
    for way in rng.choice(raw.way_ids, 60).tolist():
        node = ends[way][int(rng.integers(0, 2))]
        via = int(rng.choice(at[node]))
        if rng.random() < 0.5:
            made.append(TurnRestriction(way, via, via_node=node, only=bool(rng.random() < 0.33)))
            continue
        beyond = [end for end in ends[via] if end != node]
        if via != way and beyond:
            made.append(TurnRestriction(way, int(rng.choice(at[beyond[0]])), via_ways=(via,)))
    return made


def _histories(network: RoadNetwork, ms: np.ndarray, legal: np.ndarray) -> nx.DiGraph:
    """States are the last edges driven, as many as the longest restriction looks back on."""
    bounds = network.restriction_offsets
    banned = [tuple(network.restriction_edges[a:b].tolist()) for a, b in pairwise(bounds.tolist())]
    memory = max([2, *(len(sequence) for sequence in banned)]) - 1
    leaving: dict[int, list[int]] = {}
    for edge in np.flatnonzero(legal).tolist():
        leaving.setdefault(int(network.edge_from[edge]), []).append(edge)
    graph = nx.DiGraph()
    todo: list[History] = [(edge,) for edge in np.flatnonzero(ms != UNREACHABLE).tolist()]
    graph.add_nodes_from(todo)
    while todo:
        history = todo.pop()
        onward = leaving.get(int(network.edge_to[history[-1]]), [])
        for edge in onward:
            if edge == network.edge_twin[history[-1]] and len(onward) > 1:
                continue
            whole = (*history, edge)
            if ms[edge] == UNREACHABLE or any(whole[-len(sequence) :] == sequence for sequence in banned):
                continue
            following = whole[-memory:]
            if following not in graph:
                graph.add_node(following)
                todo.append(following)
            graph.add_edge(history, following, ms=int(ms[edge]))
    return graph


def _off(network: RoadNetwork, ms: np.ndarray, snaps: Snaps, row: int) -> dict[int, float]:
    """Edge → share of it at which a place stands, for each edge that can be begun or left there."""
    node, shape, share = int(snaps.node[row]), int(snaps.shape[row]), float(snaps.share[row])
    if node >= 0:
        found = {int(edge): 0.0 for edge in np.flatnonzero(network.edge_from == node)}
    else:
        found = {int(network.shape_edge_forward[shape]): share, int(network.shape_edge_backward[shape]): 1.0 - share}
    return {edge: at for edge, at in found.items() if edge >= 0 and ms[edge] != UNREACHABLE}


def _expected(
    graph: nx.DiGraph, network: RoadNetwork, ms: np.ndarray, origin: tuple[Snaps, int], target: tuple[Snaps, int]
) -> int | None:
    start, goal = _off(network, ms, *origin), _off(network, ms, *target)
    at_node = int(target[0].node[target[1]])
    answers: list[int] = [0] if at_node >= 0 and at_node == origin[0].node[origin[1]] else []
    for edge, share in start.items():
        first = round((1.0 - share) * int(ms[edge]))
        if at_node < 0 and edge in goal and goal[edge] >= share:
            answers.append(round((goal[edge] - share) * int(ms[edge])))
        for history, time in nx.single_source_dijkstra_path_length(graph, (edge,), weight="ms").items():
            if at_node >= 0 and network.edge_to[history[-1]] == at_node:
                answers.append(first + time)
            if at_node < 0:
                for _, following in graph.out_edges(history):
                    last = following[-1]
                    if last in goal:
                        answers.append(first + time + round(goal[last] * int(ms[last])))
    return min(answers, default=None)


def _places(network: RoadNetwork, rng: np.random.Generator, count: int) -> list[GeoPoint]:
    west, south, east, north = network.bbox
    found = [GeoPoint(rng.uniform(south, north), rng.uniform(west, east)) for _ in range(count // 2)]
    return found + [network.node_point(int(node)) for node in rng.integers(0, network.node_count, count - count // 2)]


@pytest.mark.parametrize("seed", range(12))
def test_equal_to_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    raw = random_roads(seed, side=6, loose=0.1)
    raw.restrictions = _restrictions(raw, rng)
    network = assemble(raw, region="random")
    assert len(network.restriction_offsets) > 10
    engine = RoadEngine(network)
    legal = SpeedModel.read().weights_ms(network, ORDINARY) != UNREACHABLE
    origins, targets = _places(network, rng, 8), _places(network, rng, 4)
    for closed in (0, 6):
        edges = tuple(int(edge) for edge in rng.choice(network.edge_count, closed, replace=False))
        engine.overlay = Overlay(closed, (Closure(uuid4(), NOW, edges=edges),) if edges else ())
        weighted = engine.weighted(QUESTION)
        graph = _histories(network, weighted.ms, legal)
        lat, lon = (np.array([getattr(p, axis) for p in [*origins, *targets]]) for axis in ("lat", "lon"))
        snaps = engine.snapper.snap(lat, lon, weighted.landing)
        expected = [
            [
                _expected(graph, network, weighted.ms, (snaps, row), (snaps, len(origins) + column))
                for column in range(len(targets))
            ]
            for row in range(len(origins))
        ]
        # What is walked between a place whose own road is closed and the open one.
        walked = engine._walk_ms(snaps).tolist()
        expected = [
            [
                None if ms is None else ms + walked[row] + walked[len(origins) + column]
                for column, ms in enumerate(times)
            ]
            for row, times in enumerate(expected)
        ]
        matrix = engine.matrix(origins, targets, QUESTION)
        assert matrix.time_ms.tolist() == [[-1 if ms is None else ms for ms in row] for row in expected]
        units = [Origin(str(row), point) for row, point in enumerate(origins)]
        for column, target in enumerate(targets):
            order = sorted((row[column], who) for who, row in enumerate(expected) if row[column] is not None)
            ranked = engine.nearest(target, units, 4, QUESTION).ranked
            found = [
                (round((item.travel.eta_s or 0) * 1000), int(item.id))
                for item in ranked
                if item.travel.source is Source.ROAD
            ]
            assert found == order[:4]
            route = engine.route(origins[column], target, QUESTION)
            assert route.travel.eta_s == (None if expected[column][column] is None else expected[column][column] / 1000)
