"""Many threads ask while closures are swapped: every answer is one of the two states', whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest
from factories.networks import random_roads

from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.overlay import Closure, Overlay
from geo.points import GeoPoint
from geo.speeds import EMERGENCY, ORDINARY, Profile
from geo.travel import Origin, Question

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
THREADS = 4
ROUNDS = 60


def _engine(seed: int) -> RoadEngine:
    return RoadEngine(assemble(random_roads(seed, loose=0.1), region="random"))


def _places(engine: RoadEngine, rng: np.random.Generator, count: int) -> list[GeoPoint]:
    west, south, east, north = engine.network.bbox
    return [GeoPoint(rng.uniform(south, north), rng.uniform(west, east)) for _ in range(count)]


def _asked(engine: RoadEngine, places: list[GeoPoint], question: Question) -> list[Callable[[], object]]:
    """The four questions as values that can be compared whole."""
    units = [Origin(str(row), point) for row, point in enumerate(places[:12])]
    target, other = places[12], places[13]

    def nearest() -> object:
        return engine.nearest(target, units, 4, question)

    def matrix() -> object:
        found = engine.matrix(places[:6], places[6:12], question)
        return found.time_ms.tolist(), np.nan_to_num(found.distance_m, nan=-1.0).tolist()

    def route() -> object:
        found = engine.route(other, target, question)
        return found.travel, found.line.tolist(), found.steps, found.edges

    def isochrone() -> object:
        return [
            (item.limit_s, item.reached_road_m, item.area.wkb)
            for item in engine.isochrone(target, [30.0, 90.0], question)
        ]

    return [nearest, matrix, route, isochrone]


def _all_at_once(jobs: list[Callable[[], object]]) -> list[object]:
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
def test_threads_get_the_answers_of_one(profile: Profile) -> None:
    rng = np.random.default_rng(1)
    engine = _engine(1)
    jobs = [job for _ in range(3) for job in _asked(engine, _places(engine, rng, 14), Question(profile))]
    alone = [job() for job in jobs]
    fresh = _engine(1)
    rng = np.random.default_rng(1)
    again = [job for _ in range(3) for job in _asked(fresh, _places(fresh, rng, 14), Question(profile))]
    assert _all_at_once(again) == alone  # nothing was warm
    assert _all_at_once(again) == alone


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
def test_swapping_closures_under_questions(profile: Profile) -> None:
    rng = np.random.default_rng(2)
    engine = _engine(2)
    question = Question(profile, closures_at=NOW)
    jobs = _asked(engine, _places(engine, rng, 14), question)
    closed = rng.choice(engine.network.edge_count, 60, replace=False).tolist()
    states = (Overlay(1), Overlay(2, (Closure(UUID(int=5), NOW, edges=tuple(closed)),)))
    allowed: list[list[object]] = []
    for state in states:
        engine.overlay = state
        allowed.append([job() for job in jobs])
    for before, after in zip(*allowed, strict=True):
        assert before != after  # each question feels the closure
    stop = threading.Event()

    def swap() -> None:
        turn = 0
        while not stop.is_set():
            engine.overlay = states[turn % 2]
            turn += 1

    swapper = threading.Thread(target=swap)
    swapper.start()

    def many(number: int) -> list[tuple[int, object]]:
        return [(row % 4, jobs[row % 4]()) for row in range(number, number + ROUNDS)]

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            answers = [item for part in pool.map(many, range(THREADS)) for item in part]
    finally:
        stop.set()
        swapper.join()
    assert len(answers) == THREADS * ROUNDS
    for kind, answer in answers:
        assert answer in (allowed[0][kind], allowed[1][kind])


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
def test_a_swap_in_the_middle_of_a_question(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The closures change each time a place is put on the road: the answer stays that of the first moment."""
    rng = np.random.default_rng(2)
    engine = _engine(2)
    places = _places(engine, rng, 14)
    jobs = _asked(engine, places, Question(profile, closures_at=NOW))
    lat, lon = (np.array([getattr(place, axis) for place in places]) for axis in ("lat", "lon"))
    shapes = engine.snapper.snap(lat, lon).shape[::2]
    under = {*engine.network.shape_edge_forward[shapes].tolist(), *engine.network.shape_edge_backward[shapes].tolist()}
    closed = [*(under - {-1}), *rng.choice(engine.network.edge_count, 30, replace=False).tolist()]
    states = (Overlay(1), Overlay(2, (Closure(UUID(int=5), NOW, edges=tuple(closed)),)))
    plain = engine.snapper.snap

    def swapping(*arguments: object) -> object:
        engine.overlay = states[1] if engine.overlay is states[0] else states[0]
        return plain(*arguments)  # type: ignore[arg-type]  # whatever it is asked

    for state in states:
        engine.overlay = state
        expected = [job() for job in jobs]
        with monkeypatch.context() as patched:
            patched.setattr(engine.snapper, "snap", swapping)
            for job, answer in zip(jobs, expected, strict=True):
                engine.overlay = state
                assert job() == answer


def test_a_fleet_keeps_the_closures_it_was_placed_with() -> None:
    rng = np.random.default_rng(3)
    engine = _engine(3)
    question = Question(closures_at=NOW)
    places = _places(engine, rng, 10)
    lat, lon = (np.array([getattr(place, axis) for place in places]) for axis in ("lat", "lon"))
    ids = [str(row) for row in range(10)]
    fleet = engine.fleet(lat, lon, question)
    before = engine.nearest_of(ids, fleet, places[0], 5, question)
    everything = tuple(range(engine.network.edge_count))
    engine.overlay = Overlay(9, (Closure(UUID(int=5), NOW, edges=everything),))
    assert engine.nearest_of(ids, fleet, places[0], 5, question) == before
    assert before.overlay_version == 0
    after = engine.nearest_of(ids, engine.fleet(lat, lon, question), places[0], 5, question)
    assert after.overlay_version == 9
    assert all(item.travel.source == "estimate" for item in after.ranked)
