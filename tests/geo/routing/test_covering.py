"""Coverage from many places at once, against one question each and against shortest ways of networkx."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest
import shapely
from factories.ascii_map import Drawing, road
from factories.networks import random_roads
from factories.oracle import times_by_networkx, to_networkx

from geo.covering import Spots, areas, each_within, shortest_m, soonest_s, spots
from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.overlay import Closure, Overlay
from geo.points import GeoPoint
from geo.ranking import Limits
from geo.routing.weighted import Weighted
from geo.travel import Question

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
NOW_CLOSED = Question(at=NOW, closures_at=NOW)


def _around(engine: RoadEngine, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    west, south, east, north = engine.network.bbox
    return random.uniform(south, north, count), random.uniform(west, east, count)


def _points(those: Spots) -> list[GeoPoint]:
    return [GeoPoint(float(lat), float(lon)) for lat, lon in zip(those.lat, those.lon, strict=True)]


def _setting(seed: int) -> tuple[RoadEngine, Weighted, Spots, Spots]:
    engine = RoadEngine(assemble(random_roads(seed), region="t"))
    middle = GeoPoint(*(float(np.mean(engine.network.bbox[part::2])) for part in (1, 0)))
    shut = Closure(UUID(int=1), active_from=NOW, centre=middle, radius_m=120.0)
    engine.overlay = Overlay(1, (shut,))
    weighted = engine.weighted(NOW_CLOSED)
    sources = spots(engine.snapper, weighted, *_around(engine, 7, seed + 1))
    places = spots(engine.snapper, weighted, *_around(engine, 60, seed + 2))
    return engine, weighted, sources, places


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_soonest_of_many_is_the_least_of_one_question_each(seed: int) -> None:
    engine, weighted, sources, places = _setting(seed)
    matrix = engine.matrix(_points(sources), _points(places), NOW_CLOSED).time_ms
    expected = np.where(matrix < 0, np.inf, matrix / 1000.0).min(axis=0)
    found = soonest_s(weighted, sources, places, Limits())
    assert found.tolist() == expected.tolist()
    within = float(np.median(found[np.isfinite(found)]))
    bounded = soonest_s(weighted, sources, places, Limits(), within)
    assert bounded.tolist() == np.where(expected <= within, expected, np.inf).tolist()
    each = np.array(list(each_within(weighted, sources, places, Limits(), within)))
    assert each.tolist() == ((matrix >= 0) & (matrix <= round(within * 1000.0))).tolist()


@pytest.mark.parametrize("seed", [3, 4])
def test_the_shortest_way_is_the_shortest_and_closures_hold(seed: int) -> None:
    engine, weighted, sources, places = _setting(seed)
    lengths = engine.weights.lengths(weighted)
    graph = to_networkx(engine.network, lengths.ms)
    found = shortest_m(lengths, sources, places, Limits())
    expected = []
    for row in range(len(places)):
        goal = spots(engine.snapper, weighted, places.lat[row : row + 1], places.lon[row : row + 1]).snaps
        known = times_by_networkx(graph, engine.network, lengths.ms, sources.snaps, goal)
        walked = [
            own + (10 * places.snaps.distance_m[row] if places.snaps.shut[row] else 0)
            + (10 * sources.snaps.distance_m[who] if sources.snaps.shut[who] else 0)
            for who, own in enumerate(known)
            if own is not None
        ]  # fmt: skip
        expected.append(min(walked, default=np.inf) / 10.0)
    assert found.tolist() == pytest.approx(expected, abs=0.11)
    assert np.isfinite(found).any()


def test_a_place_on_the_same_stretch_needs_no_way_round() -> None:
    drawn = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawn.network())
    weighted = engine.weighted(Question())
    lon = [drawn.points["A"].lon, drawn.points["B"].lon]
    at = np.array([lon[0] + (lon[1] - lon[0]) * share for share in (0.3, 0.6)])
    lat = np.full(2, drawn.points["A"].lat)
    one, other = (spots(engine.snapper, weighted, lat[k : k + 1], at[k : k + 1]) for k in (0, 1))
    assert shortest_m(engine.weights.lengths(weighted), one, other, Limits())[0] == pytest.approx(300.0, abs=2.0)
    nobody = spots(engine.snapper, weighted, np.zeros(0), np.zeros(0))
    assert soonest_s(weighted, nobody, other, Limits()).tolist() == [np.inf]


def test_what_is_reached_from_several_places_is_what_each_reaches() -> None:
    engine, weighted, sources, _ = _setting(6)
    (together,) = areas(weighted, sources, Limits(), [30.0])
    alone = [engine.isochrone(point, [30.0], NOW_CLOSED)[0].area for point in _points(sources)]
    union = shapely.union_all(alone)
    assert together.area.symmetric_difference(union).area < 0.02 * union.area
