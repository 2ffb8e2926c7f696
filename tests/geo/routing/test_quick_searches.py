"""The quick searches (buckets, landmarks) give the answers of the plain ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import networkx as nx
import numpy as np
import pytest
from factories.ascii_map import Drawing, road
from factories.networks import random_roads

from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.overlay import Closure, Overlay
from geo.points import E7
from geo.routing import bucket_kernels, kernels
from geo.routing.anchors import Entries, origins, place, targets
from geo.routing.heap_kernels import NEVER
from geo.routing.landmarks import Guides, Landmarks, quickest_way
from geo.routing.search import nearest, slower_of_two, times_to
from geo.routing.weighted import Weighted, scratch_for
from geo.speeds import EMERGENCY, ORDINARY, Profile
from geo.travel import Origin, Question

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def _closures(network: RoadNetwork, rng: np.random.Generator) -> Overlay:
    edges = rng.choice(network.edge_count, 30, replace=False).tolist()
    return Overlay(
        1,
        tuple(
            Closure(UUID(int=row), NOW, edges=(edge,), speed_factor=0.0 if row % 3 else 0.3)
            for row, edge in enumerate(edges)
        ),
    )


def _points(network: RoadNetwork, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    nodes = rng.integers(0, network.node_count, count)
    off = rng.normal(0, 3e-4, (2, count)) * rng.integers(0, 2, count)
    return network.node_y_e7[nodes] / E7 + off[0], network.node_x_e7[nodes] / E7 + off[1]


def _compare_ways(network: RoadNetwork, seed: int, profile: Profile, count: int) -> None:
    rng = np.random.default_rng(seed)
    engine, guides = RoadEngine(network), Guides()
    engine.overlay = _closures(network, rng)
    reachable = 0
    for question in (Question(profile), Question(profile, closures_at=NOW), Question(profile, at=NOW)):
        weighted = engine.weighted(question)
        start = [
            place(weighted, engine.snapper.snap(lat[None], lon[None], weighted.landing), np.zeros(1, np.int64))
            for lat, lon in zip(*_points(network, rng, count), strict=True)
        ]
        goal = [
            place(weighted, engine.snapper.snap(lat[None], lon[None], weighted.landing), np.zeros(1, np.int64))
            for lat, lon in zip(*_points(network, rng, count), strict=True)
        ]
        for one, two in zip(start, goal, strict=True):
            entries = origins(weighted, one)
            plain = nearest(weighted, entries, one, two, 1, follow=True)[1]
            led = quickest_way(weighted, entries, one, two, guides.for_weights(weighted))
            assert (plain is None) == (led is None)
            if plain is not None and led is not None:
                reachable += 1
                assert led.ms == plain.ms
                # Another way of the very same time would be as good.
                assert led.edges == plain.edges or sum(weighted.ms[list(led.edges[1:-1])]) <= led.ms
        scratch = scratch_for(weighted)
        assert (scratch.dist == NEVER).all()
        assert (scratch.head == -1).all()
    assert reachable > count // 4


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
@pytest.mark.parametrize("seed", range(10))
def test_landmarks_on_random_networks(seed: int, profile: Profile) -> None:
    _compare_ways(assemble(random_roads(seed), region="random"), seed, profile, 40)


@pytest.mark.real_data
@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
def test_landmarks_on_a_real_network(extract: Callable[[str], RoadNetwork], profile: Profile) -> None:
    _compare_ways(extract("monaco"), 3, profile, 100)


def test_landmarks_hold_under_closures_and_not_under_faster_roads() -> None:
    network = assemble(random_roads(1), region="random")
    engine = RoadEngine(network)
    engine.overlay = _closures(network, np.random.default_rng(1))
    free, closed = engine.weighted(Question()), engine.weighted(Question(closures_at=NOW))
    assert Landmarks(free).lead(closed)
    assert not Landmarks(closed).lead(free)
    guides = Guides()
    marks = guides.for_weights(free)
    assert guides.for_weights(closed) is marks


def _ask(
    module: object, weighted: Weighted, seeds: Entries, entries: Entries, count: int, pool: np.ndarray
) -> tuple[list[int], list[int], list[int], list[float]]:
    side, scratch = weighted.towards, scratch_for(weighted)
    arcs = side.marked if module is bucket_kernels else side.arcs
    best_ms, best_entry = np.full(count, NEVER, dtype=np.int64), np.empty(count, dtype=np.int32)
    rows = module.nearest_k(  # type: ignore[attr-defined] # two modules of one form
        side.first,
        arcs,
        seeds.state,
        seeds.ms,
        entries.state,
        entries.ms,
        entries.owner,
        best_ms,
        best_entry,
        5,
        scratch.dist,
        scratch.parent,
        pool,
        scratch.touched,
        scratch.head,
    )
    all_ms, all_m = np.full(count, NEVER, dtype=np.int64), np.full(count, np.nan)
    module.times_to_all(  # type: ignore[attr-defined] # as above
        side.first,
        arcs,
        side.length_m,
        seeds.state,
        seeds.ms,
        seeds.m,
        entries.state,
        entries.ms,
        entries.m,
        entries.owner,
        all_ms,
        all_m,
        scratch.dist,
        scratch.length_m,
        pool,
        scratch.touched,
        scratch.head,
    )
    assert (scratch.dist == NEVER).all()
    assert (scratch.head == -1).all()
    return rows.tolist(), best_ms[rows].tolist(), all_ms.tolist(), np.nan_to_num(all_m, nan=-1.0).round(6).tolist()


@pytest.mark.parametrize("slots", [None, 700], ids=["whole pool", "pool too small"])
@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
@pytest.mark.parametrize("seed", range(8))
def test_buckets_answer_as_the_heap_does(seed: int, profile: Profile, slots: int | None) -> None:
    network = assemble(random_roads(seed, side=20), region="random")
    rng = np.random.default_rng(seed)
    engine = RoadEngine(network)
    engine.overlay = _closures(network, rng)
    question = Question(profile, closures_at=NOW)
    weighted = engine.weighted(question)
    fleet = engine.fleet(*_points(network, rng, 25), question)
    heap = scratch_for(weighted).heap
    pool = heap if slots is None else heap[:slots]
    for lat, lon in zip(*_points(network, rng, 15), strict=True):
        snaps = engine.snapper.snap(lat[None], lon[None], weighted.landing)
        seeds = targets(weighted, place(weighted, snaps, np.zeros(1, np.int64)))
        if not len(seeds.state):
            continue
        assert _ask(bucket_kernels, weighted, seeds, fleet.entries, 25, pool) == _ask(
            kernels, weighted, seeds, fleet.entries, 25, heap
        )


@pytest.mark.parametrize("short", [False, True], ids=["whole pool", "pool too small"])
@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
@pytest.mark.parametrize("seed", range(6))
def test_the_slower_of_two_targets(seed: int, profile: Profile, short: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    network = assemble(random_roads(seed, side=16), region="random")
    rng = np.random.default_rng(seed)
    engine = RoadEngine(network)
    engine.overlay = _closures(network, rng)
    question = Question(profile, closures_at=NOW)
    weighted = engine.weighted(question)
    fleet = engine.fleet(*_points(network, rng, 30), question)
    scratch = scratch_for(weighted, 2)
    if short:
        monkeypatch.setattr(scratch, "heap", scratch.heap[:60])
    for lat, lon in zip(*_points(network, rng, 12), strict=True):
        # Far apart, and one near the other: what is asked of carriageways holds for any two places.
        pair = np.array([lat, lat + rng.choice([0.0001, 0.01])]), np.array([lon, lon])
        snaps = [engine.snapper.snap(pair[0][row, None], pair[1][row, None], weighted.landing) for row in (0, 1)]
        one, two = (place(weighted, snap, np.zeros(1, np.int64)) for snap in snaps)
        both = [(choice, targets(weighted, choice)) for choice in (one, two)]
        found = slower_of_two(weighted, fleet.entries, fleet.placed, *both, 5)
        (first_ms, first_m), (second_ms, second_m) = (
            times_to(weighted, fleet.entries, fleet.placed, choice) for choice in (one, two)
        )
        slower = np.maximum(first_ms, second_ms)
        order = [int(row) for row in np.argsort(slower, kind="stable")[:5] if slower[row] < NEVER]
        assert found.rows.tolist() == order
        assert found.ms.tolist() == slower[order].tolist()
        lengths = np.where(first_ms >= second_ms, first_m, second_m)
        same = first_ms[order] != second_ms[order]
        assert found.m[same] == pytest.approx(lengths[order][same])
        assert (scratch.dist == NEVER).all()
        assert (scratch.head == -1).all()


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
def test_only_dead_ends_are_marked_and_all_of_them(profile: Profile) -> None:
    network = assemble(random_roads(3, side=8), region="random")
    side = RoadEngine(network).weighted(Question(profile)).towards
    marks = 0
    for arc, (other, ms) in enumerate(side.arcs.tolist()):
        onwards = side.arcs[side.first[other] : side.first[other + 1], 0].tolist()
        vain = set(onwards) <= {int(side.origin[arc])}
        assert side.marked[arc].tolist() == [other, ~ms if vain else ms]
        marks += vain
    assert 0 < marks < len(side.arcs)


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
@pytest.mark.parametrize("seed", range(3))
def test_parts_of_a_network(seed: int, profile: Profile) -> None:
    network = assemble(random_roads(seed, side=8), region="random")
    engine = RoadEngine(network)
    engine.overlay = _closures(network, np.random.default_rng(seed))
    weighted = engine.weighted(Question(profile, closures_at=NOW))
    graph = nx.Graph()
    graph.add_nodes_from(range(weighted.topology.state_count))
    graph.add_edges_from(zip(weighted.towards.origin.tolist(), weighted.towards.arcs[:, 0].tolist(), strict=True))
    parts = list(nx.connected_components(graph))
    assert weighted.parts.tolist() == [part for _, part in sorted((s, min(part)) for part in parts for s in part)]


def test_who_stands_in_a_dead_end_is_found() -> None:
    picture = """
        A--B--C--D
           |  |
           E  F
    """
    drawing = Drawing(picture, {"ABCD": road(), "BE": road(), "CF": road()})
    network = drawing.network()
    engine = RoadEngine(network)
    origins = [Origin(letter, drawing.points[letter]) for letter in "ADEF"]
    for target in "ABCDEF":
        found = engine.nearest(drawing.points[target], origins, 4, Question()).ranked
        alone = [engine.nearest(drawing.points[target], [one], 1, Question()).ranked[0] for one in origins]
        assert [item.travel.eta_s for item in found] == sorted(item.travel.eta_s or 0.0 for item in alone)
        assert all(item.travel.eta_s == 0.0 for item in found if item.id == target)
