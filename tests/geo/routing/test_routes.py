"""A route's line, lengths, times, streets and turns."""

from __future__ import annotations

import numpy as np
import pytest
from factories.ascii_map import Drawing, road
from factories.networks import random_roads

from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.attributes import Direction, RoadClass, StreetName
from geo.points import GeoPoint, haversine_many_m
from geo.speeds import EMERGENCY, ORDINARY, Profile
from geo.travel import Question, Route, Source, Turn


def _check(route: Route) -> None:
    """What holds for every route that begins and ends on the road."""
    line, travel = route.line, route.travel
    assert travel.distance_m is not None
    assert travel.eta_s is not None
    if len(line) > 1:
        drawn = haversine_many_m(line[:-1, 1], line[:-1, 0], line[1:, 1], line[1:, 0])
        assert float(drawn.sum()) == pytest.approx(travel.distance_m, rel=1e-5, abs=0.1)
    if route.steps:
        assert sum(step.length_m for step in route.steps) == pytest.approx(travel.distance_m, abs=1e-6)
        assert sum(step.time_s for step in route.steps) == pytest.approx(travel.eta_s, abs=0.0015)
        begins = [step.begins_at for step in route.steps]
        assert begins == sorted(begins)
        assert (begins[0], begins[-1]) == (0, len(line) - 1)
        assert (route.steps[0].turn, route.steps[-1].turn) == (Turn.DEPART, Turn.ARRIVE)


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
@pytest.mark.parametrize("seed", range(6))
def test_lines_are_whole_on_random_networks(seed: int, profile: Profile) -> None:
    network = assemble(random_roads(seed, loose=0.1), region="random")
    engine = RoadEngine(network)
    rng = np.random.default_rng(seed)
    west, south, east, north = network.bbox
    places = [GeoPoint(rng.uniform(south, north), rng.uniform(west, east)) for _ in range(10)]
    places += [network.node_point(int(node)) for node in rng.integers(0, network.node_count, 4)]
    found = 0
    for origin in places[::2]:
        for target in places[1::2]:
            route = engine.route(origin, target, Question(profile))
            if route.travel.source is not Source.ROAD:
                continue
            found += 1
            _check(route)
            ends = zip((origin, target), route.line[[0, -1]], strict=True)
            for place, (lon, lat) in ends:
                snapped = engine.snapper.snap(np.array([place.lat]), np.array([place.lon]))
                # A place within a metre of a node is that node.
                off = place.distance_m(GeoPoint(lat, lon))
                assert off == pytest.approx(float(snapped.distance_m[0]), abs=1.1)
            for before, after in zip(route.edges[:-1], route.edges[1:], strict=True):
                assert network.edge_to[before] == network.edge_from[after]
    assert found > 20


@pytest.mark.parametrize(
    ("goal", "turn"),
    [
        ("N", Turn.LEFT),
        ("S", Turn.RIGHT),
        ("C", Turn.STRAIGHT),
        ("H", Turn.SLIGHT_LEFT),
        ("G", Turn.SLIGHT_RIGHT),
        ("R", Turn.SHARP_LEFT),
        ("K", Turn.SHARP_RIGHT),
    ],
)
def test_kinds_of_turn(goal: str, turn: Turn) -> None:
    picture = """
        R   N  H


        A---J---C


        K   S  G
    """
    ways = {"AJ": road()} | {f"J{letter}": road() for letter in "NSCHGRK"}
    drawing = Drawing(picture, ways, names={way: f"街{way}" for way in ways})
    route = RoadEngine(drawing.network()).route(drawing.points["A"], drawing.points[goal], Question())
    _check(route)
    assert [step.turn for step in route.steps] == [Turn.DEPART, turn, Turn.ARRIVE]
    assert [step.street.name for step in route.steps] == ["街AJ", f"街J{goal}", f"街J{goal}"]


def test_turning_back_is_told() -> None:
    picture = """
          N
          |
        A-J---B
    """
    ways = {"AJ": road(), "JB": road(), "JN": road()}
    drawing = Drawing(
        picture, ways, names={"AJ": "一街", "JB": "二街", "JN": "三街"}, restrictions=[("AJ", "J", "JN", False)]
    )
    route = RoadEngine(drawing.network()).route(drawing.points["A"], drawing.points["N"], Question(ORDINARY))
    _check(route)
    assert route.travel.distance_m == pytest.approx(200 + 400 + 400 + 200, abs=1.0)
    told = [(step.turn, step.street.name, round(step.length_m, -1)) for step in route.steps]
    assert told == [
        (Turn.DEPART, "一街", 200),
        (Turn.STRAIGHT, "二街", 800),
        (Turn.RIGHT, "三街", 200),
        (Turn.ARRIVE, "三街", 0),
    ]


def test_streets_in_three_languages_and_by_number() -> None:
    name = StreetName("塔河路", zh="塔河路", en="Tahe Road", ug="تارىم يولى")
    names = {"AB": name, "BC": StreetName(ref="G3012"), "CD": StreetName("", en="Only English")}
    drawing = Drawing("A---B---C---D", {way: road() for way in names}, names=names)
    route = RoadEngine(drawing.network()).route(drawing.points["A"], drawing.points["D"], Question())
    _check(route)
    assert [step.street for step in route.steps[:3]] == list(names.values())
    spoken = [[step.street.spoken(language) for step in route.steps[:3]] for language in ("zh", "en", "ug")]
    assert spoken == [
        ["塔河路", "G3012", "Only English"],
        ["Tahe Road", "G3012", "Only English"],
        ["تارىم يولى", "G3012", "Only English"],
    ]


def test_one_street_is_one_step_round_its_corners_and_over_its_crossings() -> None:
    picture = """
        A---B-----N
            |
            C---D
            |
            S
    """
    ways = {"AB": road(), "BC": road(RoadClass.TERTIARY), "CD": road(), "BN": road(), "CS": road()}
    names = {"AB": "胜利路", "BC": "胜利路", "CD": "胜利路"}
    drawing = Drawing(picture, ways, names=names)
    route = RoadEngine(drawing.network()).route(drawing.points["A"], drawing.points["D"], Question())
    _check(route)
    assert [(step.turn, round(step.length_m, -1)) for step in route.steps] == [(Turn.DEPART, 1000), (Turn.ARRIVE, 0)]


def test_unnamed_stretches_join_straight_on_and_part_at_turns() -> None:
    picture = """
        A---B---C
                |
                D
    """
    ways = {"AB": road(RoadClass.TERTIARY), "BC": road(), "CD": road(RoadClass.SERVICE)}
    drawing = Drawing(picture, ways, names={"AB": "胜利路"})
    route = RoadEngine(drawing.network()).route(drawing.points["A"], drawing.points["D"], Question())
    _check(route)
    assert [(step.turn, step.street.name, round(step.length_m, -1)) for step in route.steps] == [
        (Turn.DEPART, "胜利路", 800),
        (Turn.RIGHT, "", 200),
        (Turn.ARRIVE, "", 0),
    ]


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
@pytest.mark.parametrize(("start", "stop"), [(2.0, 7.5), (7.5, 2.0), (0.0, 7.0), (7.0, 0.0), (3.0, 11.0), (11.0, 3.0)])
def test_journeys_on_one_edge(profile: Profile, start: float, stop: float) -> None:
    picture = """
        A-------B
                |
                C
    """
    drawing = Drawing(picture, {"CBA": road()})

    def at(along: float) -> GeoPoint:
        return drawing.at(min(along, 8.0), max(0.0, along - 8.0))

    route = RoadEngine(drawing.network()).route(at(start), at(min(stop, 10.0)), Question(profile))
    _check(route)
    begin, end = min(start, 10.0), min(stop, 10.0)
    assert route.travel.distance_m == pytest.approx(100.0 * abs(end - begin), abs=0.1)
    assert len(route.edges) == 1
    assert route.line[0] == pytest.approx([at(begin).lon, at(begin).lat], abs=1e-6)
    assert route.line[-1] == pytest.approx([at(end).lon, at(end).lat], abs=1e-6)
    assert len(route.line) == (3 if max(begin, end) > 8.0 else 2)


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
@pytest.mark.parametrize("column", [0.0, 3.0])
def test_here_to_here(profile: Profile, column: float) -> None:
    drawing = Drawing("A-------B", {"AB": road()})
    place = drawing.at(column, 0)
    route = RoadEngine(drawing.network()).route(place, place, Question(profile))
    assert (route.travel.source, route.travel.eta_s) == (Source.ROAD, 0.0)
    assert route.travel.distance_m == 0.0
    assert np.allclose(route.line, [place.lon, place.lat], atol=1e-7)


def test_once_around_and_back_onto_the_first_edge() -> None:
    from_above = """
        A---------B
        |         |
        D---------C
    """
    ways = {"AB": road(RoadClass.TERTIARY, direction=Direction.FORWARD), "BCDA": road()}
    drawing = Drawing(from_above, ways, names={"AB": "一街", "BCDA": "环路"})
    route = RoadEngine(drawing.network()).route(drawing.at(7, 0), drawing.at(3, 0), Question())
    _check(route)
    assert route.edges[0] == route.edges[-1]
    assert [(step.turn, round(step.length_m, -1)) for step in route.steps] == [
        (Turn.DEPART, 300),
        (Turn.RIGHT, 1400),
        (Turn.RIGHT, 300),
        (Turn.ARRIVE, 0),
    ]


def test_a_long_slanting_road_is_cut_where_it_should_be() -> None:
    """From south to north a degree of longitude shrinks; shares of a long line must allow for that."""
    picture = """
                   B
               M
        A
    """
    drawing = Drawing(picture, {"AMB": road(RoadClass.PRIMARY)}, cell_m=30_000.0)
    engine = RoadEngine(drawing.network())
    place = drawing.at(9.0, 0.5)
    snap = engine.snapper.snap(np.array([place.lat]), np.array([place.lon]))
    route = engine.route(drawing.points["A"], place, Question())
    end = GeoPoint(route.line[-1][1], route.line[-1][0])
    assert end.distance_m(place) == pytest.approx(float(snap.distance_m[0]), rel=0.02, abs=30.0)
