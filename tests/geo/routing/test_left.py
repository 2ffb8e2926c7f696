"""What is left of a way is what a new search would find, as long as the vehicle is on it."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road
from factories.drives import drive
from factories.networks import random_roads

from geo.engine import RoadEngine
from geo.matching.states import Match
from geo.network.assemble import assemble
from geo.points import GeoPoint
from geo.routing.left import WayLeft
from geo.travel import Origin, Question, Source


def way_of(engine: RoadEngine, point: GeoPoint, target: GeoPoint) -> tuple[WayLeft, Match]:
    match = engine.matched.at("a", point)
    assert match is not None
    route = engine.route(Origin("a", point), target, Question())
    return WayLeft(engine.network, engine.weighted(Question()).ms, route, match, engine.limits.turn_round_ms), match


@pytest.mark.parametrize("seed", range(5))
def test_along_a_drive_it_is_what_a_new_search_finds(seed: int) -> None:
    network = assemble(random_roads(seed, side=12), region="random")
    engine = RoadEngine(network)
    (one,) = [
        found
        for number in range(200)
        if (found := drive(engine, number % 30, network.node_count - 1 - number, seed=seed, sigma_m=4.0)) is not None
        and len(found.fixes) > 90
    ][:1]
    target = network.node_point(int(network.edge_to[one.all[-1]]))
    way: WayLeft | None = None
    kept = 0
    for fix in one.fixes:
        (match,) = engine.matched.see([fix])
        point = GeoPoint(lat=fix.lat, lon=fix.lon)
        if match is None:
            continue
        travel = None if way is None else way.left(match)
        fresh = engine.route(Origin("a", point), target, Question()).travel
        if travel is None:
            way = way_of(engine, point, target)[0]
            continue
        kept += 1
        assert travel.eta_s == pytest.approx(fresh.eta_s, abs=0.003)
        assert travel.distance_m == pytest.approx(fresh.distance_m, abs=0.01)
        assert (travel.source, travel.reasons) == (Source.ROAD, fresh.reasons)
        assert travel.off_road_target_m == fresh.off_road_target_m
    assert kept > 60


def test_off_the_way_and_beyond_its_goal_nothing_is_left() -> None:
    drawing = Drawing("A--------------------B--------------------C\n" + " " * 21 + "D\n", {"ABC": road(), "BD": road()},
                      cell_m=20.0)  # fmt: skip
    engine = RoadEngine(drawing.network())
    network = engine.network
    one = drive(engine, drawing.node(network, "A"), drawing.node(network, "B"), seed=1, sigma_m=0.0)
    assert one is not None
    engine.matched.see(one.fixes)
    last = one.fixes[-1]
    way, match = way_of(engine, GeoPoint(lat=last.lat, lon=last.lon), drawing.at(31, 0))
    far, ahead = way.left(match), drawing.edge(network, "B", "C")
    assert far is not None
    near = way.left(Match(ahead, 0.25, 1.0, 1.0, 0.0))
    assert near is not None
    assert (near.eta_s or 0.0) < (far.eta_s or 0.0)
    assert near.distance_m == pytest.approx(200.0 - 0.25 * 420.0, abs=2.0)
    assert way.left(Match(ahead, 0.6, 1.0, 1.0, 0.0)) is None
    assert way.left(Match(drawing.edge(network, "B", "D"), 0.5, 1.0, 1.0, 0.0)) is None
    assert way.left(Match(drawing.edge(network, "B", "A"), 0.1, 1.0, 1.0, 0.0)) is None


def test_who_turns_round_has_turned_once() -> None:
    """The way begins the other way: turning is in it, and not in what is left after it."""
    drawing = Drawing("A--------------------B", {"AB": road()}, cell_m=20.0)
    engine = RoadEngine(drawing.network())
    network = engine.network
    one = drive(engine, drawing.node(network, "A"), drawing.node(network, "B"), seed=1, sigma_m=0.0)
    assert one is not None
    half = one.fixes[: len(one.fixes) // 2]
    engine.matched.see(half)
    point = GeoPoint(lat=half[-1].lat, lon=half[-1].lon)
    way, match = way_of(engine, point, drawing.points["A"])
    assert way.left(match) is None, "it drives away from it"
    back = Match(int(network.edge_twin[match.edge]), 1.0 - match.share, 0.0, 1.0, 0.0)
    left, whole = way.left(back), engine.route(Origin("a", point), drawing.points["A"], Question()).travel
    assert left is not None
    assert left.eta_s == pytest.approx((whole.eta_s or 0.0) - 20.0, abs=0.003)
