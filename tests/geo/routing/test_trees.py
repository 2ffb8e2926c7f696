"""A tree of all ways to a place tells what separate searches tell, for every size of vehicle, under any closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest
from factories.networks import random_roads

from geo import engine as engines
from geo import weights
from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.overlay import Closure, Overlay
from geo.points import E7, GeoPoint
from geo.routing import trees
from geo.routing.weighted import scratch_for
from geo.speeds import EMERGENCY, ORDINARY, Profile
from geo.travel import Nearest, Origin, Question, Source

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
SIZES = [(0, 0, 0), (260, 0, 0), (260, 0, 6000), (380, 0, 0), (380, 0, 6000)]


def limited(network: RoadNetwork, rng: np.random.Generator, share: float = 0.08) -> RoadNetwork:
    """The same roads, some of them too low or too weak for some."""
    count = network.edge_count
    low = np.where(rng.random(count) < share, rng.choice([250, 350], count), 0)
    weak = np.where(rng.random(count) < share, 5000, 0)
    return replace(
        network,
        edge_max_height_cm=low.astype(network.edge_max_height_cm.dtype),
        edge_max_weight_kg=weak.astype(network.edge_max_weight_kg.dtype),
    )


def closures(network: RoadNetwork, rng: np.random.Generator, version: int = 1) -> Overlay:
    edges = rng.choice(network.edge_count, min(20, network.edge_count), replace=False).tolist()
    return Overlay(
        version,
        tuple(
            Closure(UUID(int=row + version * 100), NOW, edges=(edge,), speed_factor=0.0 if row % 3 else 0.3)
            for row, edge in enumerate(edges)
        ),
    )


def places(network: RoadNetwork, rng: np.random.Generator, count: int) -> list[GeoPoint]:
    nodes = rng.integers(0, network.node_count, count)
    off = rng.normal(0, 3e-4, (2, count)) * rng.integers(0, 2, count)
    return [
        GeoPoint(lat=float(network.node_y_e7[node] / E7 + lat), lon=float(network.node_x_e7[node] / E7 + lon))
        for node, lat, lon in zip(nodes, *off, strict=True)
    ]


def same(one: Nearest, other: Nearest) -> bool:
    """Whether two answers are the same; of two ways that take the very same time either may be told."""
    assert [item.id for item in one.ranked] == [item.id for item in other.ranked]
    for mine, theirs in zip(one.ranked, other.ranked, strict=True):
        assert (mine.travel.eta_s, mine.travel.source, mine.travel.reasons) == (
            theirs.travel.eta_s, theirs.travel.source, theirs.travel.reasons,
        )  # fmt: skip
        assert (mine.straight_m, mine.pinned) == (theirs.straight_m, theirs.pinned)
        assert mine.travel.distance_m == pytest.approx(theirs.travel.distance_m)
    return any(item.travel.source is Source.ROAD for item in one.ranked)


def compare(network: RoadNetwork, seed: int, profile: Profile, monkeypatch: pytest.MonkeyPatch, targets: int) -> None:
    rng = np.random.default_rng(seed)
    by_trees, by_searches = RoadEngine(network), RoadEngine(network)
    roads = 0
    for overlay in (Overlay(), closures(network, rng), closures(network, rng, 2)):
        by_trees.overlay = by_searches.overlay = overlay
        for target in places(network, rng, targets):
            units = [Origin(str(row), point) for row, point in enumerate(places(network, rng, 24))]
            # The sizes in any order, and the first of them again: from elsewhere, to a place that is known by now.
            sizes = [SIZES[row] for row in rng.permutation(len(SIZES))]
            for size in [*sizes, sizes[0]]:
                named = dict(zip(("height_cm", "width_cm", "weight_kg"), size, strict=True))
                question = Question(replace(profile, **named), closures_at=NOW)  # type: ignore[arg-type]  # sizes
                found = by_trees.nearest(target, units, len(units), question)
                with monkeypatch.context() as patched:
                    patched.setattr(engines, "_TREE_FROM", 1000)
                    roads += same(found, by_searches.nearest(target, units, len(units), question))
                units = [Origin(one.id, point) for one, point in zip(units, places(network, rng, 24), strict=True)]
    assert roads > targets


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
@pytest.mark.parametrize("seed", range(12))
def test_random_networks(seed: int, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    network = assemble(random_roads(seed, side=12), region="random")
    compare(limited(network, np.random.default_rng(seed)), seed, profile, monkeypatch, 5)


@pytest.mark.real_data
@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
def test_real_networks(
    extract: Callable[[str], RoadNetwork], profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = extract("monaco")
    compare(network, 3, profile, monkeypatch, 10)
    compare(limited(network, np.random.default_rng(4), 0.01), 4, profile, monkeypatch, 10)


def grown(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is grown from the root from now on."""
    found: list[object] = []
    inner = trees._grown

    def counted(*given: object) -> object:
        found.append(given)
        return inner(*given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(trees, "_grown", counted)
    return found


def ask(engine: RoadEngine, target: GeoPoint, units: list[Origin], profile: Profile = EMERGENCY) -> Nearest:
    return engine.nearest(target, units, len(units), Question(profile, closures_at=NOW))


def test_sizes_and_questions_share_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    network = limited(assemble(random_roads(5, side=12), region="random"), rng)
    engine, calls = RoadEngine(network), grown(monkeypatch)
    (target,) = places(network, rng, 1)
    units = [Origin(str(row), point) for row, point in enumerate(places(network, rng, 30))]
    there = len(engine.targets(target, Question(closures_at=NOW))[0])
    for _ in range(2):
        ask(engine, target, units)
        ask(engine, target, units, Profile("emergency", height_cm=380))
    assert len(calls) <= 2 * there, "one for both, or one each where the place itself lies on a low road"
    before = len(calls)
    ask(engine, target, units[:5])
    ask(engine, target, units)
    assert len(calls) == before
    engine.overlay = closures(network, rng)
    ask(engine, target, units)
    assert len(calls) > before, "under new closures nothing that was known holds"


def test_graphs_that_are_gone_leave_no_trees_behind() -> None:
    rng = np.random.default_rng(6)
    network = assemble(random_roads(6, side=8), region="random")
    engine = RoadEngine(network)
    (target,) = places(network, rng, 1)
    units = [Origin(str(row), point) for row, point in enumerate(places(network, rng, 20))]
    for version in range(1, 40):
        engine.overlay = closures(network, rng, version)
        ask(engine, target, units)
    assert len(engine._trees._kept) <= 2 * weights._KEPT


def test_so_many_are_kept_and_no_more() -> None:
    rng = np.random.default_rng(7)
    network = assemble(random_roads(7, side=8), region="random")
    engine = RoadEngine(network)
    states = network.node_count
    engine._trees = trees.Trees(kept_bytes=5 * 8 * states + 5)
    units = [Origin(str(row), point) for row, point in enumerate(places(network, rng, 20))]
    for target in places(network, rng, 30):
        ask(engine, target, units)
    assert len(engine._trees._kept) <= 5


def test_a_scratch_that_does_not_suffice_is_searched_in_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    network = limited(assemble(random_roads(8, side=12), region="random"), rng)
    engine, plain = RoadEngine(network), RoadEngine(network)
    units = [Origin(str(row), point) for row, point in enumerate(places(network, rng, 24))]
    roads = 0
    for target in places(network, rng, 6):
        for profile in (EMERGENCY, Profile("emergency", height_cm=380)):
            expected = ask(plain, target, units, profile)
            scratch = scratch_for(engine.weighted(Question(profile, closures_at=NOW)))
            with monkeypatch.context() as patched:
                patched.setattr(scratch, "heap", scratch.heap[:40])
                patched.setattr(engine, "_trees", trees.Trees())
                roads += same(ask(engine, target, units, profile), expected)
    assert roads > 6
