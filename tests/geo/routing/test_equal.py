"""Answers are equal, to the millisecond, to networkx and to scipy on the same weights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest
from factories.networks import random_roads
from factories.oracle import times_by_networkx, times_by_scipy, to_networkx

from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.overlay import Closure, Overlay
from geo.points import GeoPoint
from geo.travel import Origin, Question, Source

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
UNITS = 30


def _places(network: RoadNetwork, rng: np.random.Generator, count: int, *, clustered: bool) -> list[GeoPoint]:
    west, south, east, north = network.bbox
    if not clustered:
        return [GeoPoint(rng.uniform(south, north), rng.uniform(west, east)) for _ in range(count)]
    nodes = rng.integers(0, network.node_count, 3)
    centres = [network.node_point(int(node)) for node in nodes]
    return [
        GeoPoint(centre.lat + rng.normal(0, 0.003), centre.lon + rng.normal(0, 0.003))
        for centre in (centres[int(rng.integers(0, 3))] for _ in range(count))
    ]


def _closures(network: RoadNetwork, rng: np.random.Generator, count: int) -> Overlay:
    edges = tuple(int(edge) for edge in rng.choice(network.edge_count, count, replace=False))
    return Overlay(1, tuple(Closure(uuid4(), NOW, edges=(edge,)) for edge in edges))


def _check(network: RoadNetwork, seed: int, targets: int, *, clustered: bool, closures: int) -> int:
    """Ask `targets` questions and compare every one of them; returns how many were asked."""
    rng = np.random.default_rng(seed)
    engine = RoadEngine(network)
    engine.overlay = _closures(network, rng, closures)
    question = Question(closures_at=NOW)
    ms = engine.weighted(question).ms
    graph = to_networkx(network, ms)
    units = [Origin(str(row), point) for row, point in enumerate(_places(network, rng, UNITS, clustered=clustered))]
    fleet = engine.fleet(
        np.array([unit.point.lat for unit in units]), np.array([unit.point.lon for unit in units]), question
    )
    for target in _places(network, rng, targets, clustered=False):
        snaps = engine.snapper.snap(np.array([target.lat]), np.array([target.lon]), engine.weighted(question).landing)
        if len(engine.targets(target, question)[0]) > 1:
            continue  # two carriageways: tests of their own
        by_networkx = times_by_networkx(graph, network, ms, fleet.snaps, snaps)
        assert by_networkx == times_by_scipy(network, ms, fleet.snaps, snaps)
        walked = engine._walk_ms(fleet.snaps) + engine._walk_ms(snaps)[0]
        expected = sorted((time + int(walked[row]), row) for row, time in enumerate(by_networkx) if time is not None)[
            :5
        ]
        ranked = engine.nearest(target, units, 5, question).ranked
        roads = [item for item in ranked if item.travel.source is Source.ROAD]
        assert [(round((item.travel.eta_s or 0.0) * 1000), int(item.id)) for item in roads] == expected
        unreachable = {str(row) for row, time in enumerate(by_networkx) if time is None}
        assert {item.id for item in ranked if item.travel.source is Source.ESTIMATE} <= unreachable
        nearest_straight = roads[0].straight_m if roads else -1.0
        pinned = {
            unit.id for unit in units if unit.id in unreachable and unit.point.distance_m(target) < nearest_straight
        }
        assert {item.id for item in ranked if item.pinned} == pinned
        matrix = engine.matrix([unit.point for unit in units], [target], question)
        assert matrix.time_ms[:, 0].tolist() == [
            -1 if time is None else time + int(walked[row]) for row, time in enumerate(by_networkx)
        ]
    return targets


@pytest.mark.parametrize("seed", range(40))
def test_random_networks(seed: int) -> None:
    network = assemble(random_roads(seed), region="random")
    _check(network, seed, 6, clustered=bool(seed % 2), closures=(seed % 3) * 4)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "targets"), [("monaco", 60), ("andorra", 12)])
@pytest.mark.parametrize("closures", [0, 100])
def test_real_networks(extract: Callable[[str], RoadNetwork], name: str, targets: int, closures: int) -> None:
    _check(extract(name), 7, targets, clustered=closures > 0, closures=closures)
