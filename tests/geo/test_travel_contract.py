"""What every `TravelTimes` keeps, the road engine and the fake alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from factories.ascii_map import Drawing, road
from fakes.travel import StraightTravelTimes

from geo.engine import RoadEngine
from geo.points import GeoPoint
from geo.speeds import EMERGENCY, ORDINARY, Profile
from geo.travel import Origin, Question, Reason, Source, TravelTimes, Turn


@dataclass(frozen=True)
class World:
    """A land with places, and an island with places that no road leads to."""

    times: TravelTimes
    land: list[GeoPoint]
    island: list[GeoPoint]


PICTURE = """
    A-------B
    |       |      X---Y
    C---D---E
        |
        F
"""
WAYS = {"AB": road(), "AC": road(), "BE": road(), "CDE": road(), "DF": road(), "XY": road()}


def _drawing() -> Drawing:
    return Drawing(PICTURE, WAYS)


def _road() -> TravelTimes:
    return RoadEngine(_drawing().network())


def _fake() -> TravelTimes:
    split = _drawing().at(12, 0).lon
    return StraightTravelTimes(land=lambda point: int(point.lon > split))


@pytest.fixture(params=[_road, _fake], ids=["road engine", "fake"])
def world(request: pytest.FixtureRequest) -> World:
    make: Callable[[], TravelTimes] = request.param
    drawing = _drawing()
    middles = [drawing.at(6, 2), drawing.at(3, 0)]
    return World(make(), [*(drawing.points[name] for name in "ABCDEF"), *middles], [drawing.points[n] for n in "XY"])


@pytest.fixture(params=[EMERGENCY, ORDINARY], ids=lambda profile: profile.name)
def question(request: pytest.FixtureRequest) -> Question:
    profile: Profile = request.param
    return Question(profile)


def _units(world: World) -> list[Origin]:
    return [Origin(f"unit-{row}", point) for row, point in enumerate([*world.land, *world.island])]


class TestTravelTimes:
    def test_nearest_is_in_order_and_no_more_than_asked(self, world: World, question: Question) -> None:
        units = _units(world)
        target = world.land[6]
        times = world.times.matrix([unit.point for unit in units], [target], question).time_ms[:, 0]
        order = sorted((int(ms), row) for row, ms in enumerate(times) if ms >= 0)
        for k in (1, 3, 8, 20):
            ranked = world.times.nearest(target, units, k, question).ranked
            roads = [item for item in ranked if item.travel.source is Source.ROAD]
            assert [(round((item.travel.eta_s or 0) * 1000), int(item.id[5:])) for item in roads] == order[:k]
            assert list(ranked[: len(roads)]) == roads  # estimates stand behind every road answer
            assert len([item for item in ranked if not item.pinned]) <= k

    def test_equal_times_keep_the_order_of_the_origins(self, world: World, question: Question) -> None:
        twins = [Origin(name, world.land[3]) for name in "cab"]
        assert [item.id for item in world.times.nearest(world.land[0], twins, 3, question).ranked] == ["c", "a", "b"]
        assert [item.id for item in world.times.nearest(world.land[0], twins, 2, question).ranked] == ["c", "a"]

    def test_straight_distances_are_true(self, world: World, question: Question) -> None:
        units = {unit.id: unit.point for unit in _units(world)}
        target = world.land[1]
        for item in world.times.nearest(target, _units(world), 20, question).ranked:
            assert item.straight_m == pytest.approx(units[item.id].distance_m(target), rel=1e-6)
            assert item.travel.distance_m is not None
            assert item.travel.distance_m >= item.straight_m - 0.5

    def test_without_a_road_there_is_a_marked_estimate_behind(self, world: World, question: Question) -> None:
        ranked = world.times.nearest(world.land[0], _units(world), 20, question).ranked
        assert len(ranked) == 10
        for item in ranked[8:]:
            assert item.travel.source is Source.ESTIMATE
            assert Reason.UNREACHABLE in item.travel.reasons
            assert item.travel.eta_s is not None
            assert item.travel.eta_s > 0.0

    def test_estimates_nearer_than_the_first_choice_are_pinned(self, world: World, question: Question) -> None:
        units = [Origin("far", world.land[2]), Origin("near", world.island[0])]
        target = world.land[4]
        for k in (1, 2):
            first, second = world.times.nearest(target, units, k, question).ranked
            assert (first.id, first.pinned, first.travel.source) == ("far", False, Source.ROAD)
            assert (second.id, second.pinned, second.travel.source) == ("near", True, Source.ESTIMATE)
        only = world.times.nearest(target, units[1:], 1, question).ranked
        assert [(item.id, item.pinned) for item in only] == [("near", False)]  # nothing to be nearer than

    def test_nothing_asked_nothing_answered(self, world: World, question: Question) -> None:
        assert world.times.nearest(world.land[0], [], 5, question).ranked == ()
        assert world.times.nearest(world.land[0], _units(world), 0, question).ranked == ()
        assert world.times.matrix([], world.land, question).time_ms.shape == (0, 8)
        assert world.times.matrix(world.land, [], question).distance_m.shape == (8, 0)
        assert world.times.isochrone(world.land[0], [], question) == []

    def test_matrix_route_and_nearest_agree(self, world: World, question: Question) -> None:
        places = [*world.land, *world.island]
        matrix = world.times.matrix(places, places, question)
        assert matrix.time_ms.shape == matrix.distance_m.shape == (10, 10)
        for row, origin in enumerate(places):
            for column, target in enumerate(places):
                travel = world.times.route(origin, target, question).travel
                (ranked,) = world.times.nearest(target, [Origin("a", origin)], 1, question).ranked
                if matrix.time_ms[row, column] < 0:
                    assert (travel.source, travel.eta_s, travel.distance_m) == (Source.UNREACHABLE, None, None)
                    assert np.isnan(matrix.distance_m[row, column])
                    assert ranked.travel.source is Source.ESTIMATE
                else:
                    assert travel.source is Source.ROAD
                    assert travel.eta_s == matrix.time_ms[row, column] / 1000.0 == ranked.travel.eta_s
                    assert travel.distance_m == pytest.approx(matrix.distance_m[row, column])

    def test_here_to_here_is_nothing_and_only_that(self, world: World, question: Question) -> None:
        places = [*world.land, *world.island]
        times = world.times.matrix(places, places, question).time_ms
        assert (times.diagonal() == 0).all()
        assert (times[~np.eye(10, dtype=bool)] != 0).all()

    def test_route_goes_from_there_to_here(self, world: World, question: Question) -> None:
        origin, target = world.land[0], world.land[5]
        route = world.times.route(origin, target, question)
        assert route.line[0] == pytest.approx([origin.lon, origin.lat], abs=1e-5)
        assert route.line[-1] == pytest.approx([target.lon, target.lat], abs=1e-5)
        assert (route.steps[0].turn, route.steps[-1].turn) == (Turn.DEPART, Turn.ARRIVE)
        assert sum(step.time_s for step in route.steps) == pytest.approx(route.travel.eta_s, abs=0.002)
        assert sum(step.length_m for step in route.steps) == pytest.approx(route.travel.distance_m, abs=0.01)
        assert route.steps[-1].begins_at == len(route.line) - 1

    def test_no_route_is_an_answer(self, world: World, question: Question) -> None:
        route = world.times.route(world.land[0], world.island[0], question)
        assert route.travel.source is Source.UNREACHABLE
        assert route.travel.eta_s is None
        assert Reason.UNREACHABLE in route.travel.reasons
        assert (route.line.shape, route.steps, route.edges) == ((0, 2), (), ())

    def test_isochrones_grow(self, world: World, question: Question) -> None:
        origin = world.land[3]
        found = world.times.isochrone(origin, [120.0, 30.0, 60.0], question)
        assert [item.limit_s for item in found] == [30.0, 60.0, 120.0]
        for item in found:
            assert shapely.is_valid(item.area)
            assert isinstance(item.area, shapely.MultiPolygon)
            assert item.area.contains(shapely.Point(origin.lon, origin.lat))
        sizes = [item.area.area for item in found]
        assert sizes == sorted(sizes)
        lengths = [item.reached_road_m for item in found]
        assert lengths == sorted(lengths)

    def test_asked_twice_or_by_many_it_says_the_same(self, world: World, question: Question) -> None:
        units = _units(world)

        def ask(target: GeoPoint) -> object:
            return world.times.nearest(target, units, 4, question)

        once = [ask(target) for target in world.land]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(ask, world.land * 4)) == once * 4
