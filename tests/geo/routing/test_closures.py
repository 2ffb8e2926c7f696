"""Closures and slow-downs: named in every way, in their time, and exact at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
import shapely
from factories.ascii_map import Drawing, road
from factories.journeys import ask, eta_ms

from geo.engine import RoadEngine
from geo.network.attributes import Direction, RoadClass
from geo.overlay import Closure, Overlay
from geo.points import GeoPoint
from geo.speeds import ORDINARY
from geo.travel import Origin, Question, Reason, Source

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
QUESTION = Question(closures_at=NOW)
PICTURE = """
    A-----B
    |     |
    D-----C
"""


def _closure(number: int = 1, **values: object) -> Closure:
    return Closure(UUID(int=number), **{"active_from": NOW, **values})  # type: ignore[arg-type]


def _ring() -> tuple[Drawing, RoadEngine]:
    drawing = Drawing(PICTURE, {"AB": road(RoadClass.TERTIARY), "BCDA": road()})
    return drawing, RoadEngine(drawing.network())


def _box(drawing: Drawing, left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    one, two = drawing.at(left, bottom), drawing.at(right, top)
    return shapely.box(one.lon, one.lat, two.lon, two.lat)


def _edge(drawing: Drawing, engine: RoadEngine, tail: str, head: str) -> int:
    """The edge of the street AB that leads from one to the other."""
    network = engine.network
    (found,) = (
        edge
        for edge in network.edges_of_way(drawing.way_ids["AB"])
        if (network.edge_from[edge], network.edge_to[edge])
        == (drawing.node(network, tail), drawing.node(network, head))
    )
    return found


def _metres(drawing: Drawing, engine: RoadEngine, question: Question = QUESTION) -> float | None:
    travel = ask(engine, drawing.points["A"], drawing.points["B"], question)
    return None if travel.distance_m is None else round(travel.distance_m, -1)


def test_every_way_of_naming_a_closure() -> None:
    drawing, engine = _ring()
    centre = drawing.at(3, 0.2)
    closing = (
        {"ways": (drawing.way_ids["AB"],)},
        {"ways": (drawing.way_ids["AB"], 4711)},
        {"edges": tuple(engine.network.edges_of_way(drawing.way_ids["AB"]))},
        {"polygon": _box(drawing, 2, -0.5, 3, 0.5)},
        {"centre": centre, "radius_m": 20.5},
    )
    for values in closing:
        engine.overlay = Overlay(1, (_closure(**values),))
        assert _metres(drawing, engine) == 1000, values
        assert _metres(drawing, engine, Question()) == 600  # asked without closures
        assert _metres(drawing, engine, Question(ORDINARY, closures_at=NOW)) == 1000, values
    leaving_open = (
        {"ways": (4711,)},
        {"edges": (-1, engine.network.edge_count)},
        {"polygon": _box(drawing, 2, 0.5, 3, 1.5)},
        {"centre": centre, "radius_m": 19.5},
    )
    for values in leaving_open:
        engine.overlay = Overlay(1, (_closure(**values),))
        assert _metres(drawing, engine) == 600, values
    for tail, head, metres in (("A", "B", 1000), ("B", "A", 600)):  # an edge is one direction only
        engine.overlay = Overlay(2, (_closure(edges=(_edge(drawing, engine, tail, head),)),))
        assert _metres(drawing, engine) == metres


def test_from_and_until() -> None:
    drawing, engine = _ring()
    until = NOW + timedelta(hours=2)
    engine.overlay = Overlay(1, (_closure(ways=(drawing.way_ids["AB"],), active_until=until),))
    instant = timedelta(microseconds=1)
    for moment, metres in ((NOW - instant, 600), (NOW, 1000), (until - instant, 1000), (until, 600)):
        assert _metres(drawing, engine, Question(closures_at=moment)) == metres


def test_slow_downs() -> None:
    drawing, engine = _ring()
    way = (drawing.way_ids["AB"],)
    free = eta_ms(engine, drawing.points["A"], drawing.points["B"], QUESTION)
    assert free is not None
    engine.overlay = Overlay(1, (_closure(ways=way, speed_factor=0.8),))
    assert eta_ms(engine, drawing.points["A"], drawing.points["B"], QUESTION) == round(free / 0.8)
    engine.overlay = Overlay(2, (_closure(ways=way, speed_factor=0.3),))
    assert _metres(drawing, engine) == 1000  # round is quicker now
    engine.overlay = Overlay(3, (_closure(ways=way, speed_factor=1e-9),))
    assert _metres(drawing, engine) == 1000


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_several_on_one_road_the_slowest_counts(order: tuple[int, int]) -> None:
    drawing, engine = _ring()
    way = (drawing.way_ids["AB"],)
    free = eta_ms(engine, drawing.points["A"], drawing.points["B"], QUESTION)
    assert free is not None
    slow = [_closure(1, ways=way, speed_factor=0.9), _closure(2, ways=way, speed_factor=0.7)]
    engine.overlay = Overlay(1, tuple(slow[row] for row in order))
    assert eta_ms(engine, drawing.points["A"], drawing.points["B"], QUESTION) == round(free / 0.7)
    engine.overlay = Overlay(2, (slow[order[0]], _closure(3, ways=way), slow[order[1]]))
    assert _metres(drawing, engine) == 1000


ISLAND = """
    A---B---C---D
        |
        E
"""
ISLAND_WAYS = {"AB": road(), "BC": road(RoadClass.TERTIARY), "CD": road(), "BE": road(RoadClass.TERTIARY)}


def _island() -> tuple[Drawing, RoadEngine]:
    drawing = Drawing(ISLAND, ISLAND_WAYS)
    engine = RoadEngine(drawing.network(), network_version="drawn-1")
    engine.overlay = Overlay(7, (_closure(ways=(drawing.way_ids["BC"],)),))
    return drawing, engine


def test_a_closure_that_makes_an_island() -> None:
    drawing, engine = _island()
    at = drawing.points
    units = [Origin("behind", at["A"]), Origin("close", drawing.at(9, 0)), Origin("south", at["E"])]
    target = drawing.at(5.5, -0.1)  # its own street is closed: B is the nearest place that can be reached
    answer = engine.nearest(target, units, 2, QUESTION)
    assert (answer.network_version, answer.overlay_version) == ("drawn-1", 7)
    assert [(item.id, item.travel.source, item.pinned) for item in answer.ranked] == [
        ("south", Source.ROAD, False),
        ("behind", Source.ROAD, False),
    ]
    answer = engine.nearest(at["D"], units, 5, QUESTION)
    assert [(item.id, item.travel.source, item.pinned) for item in answer.ranked] == [
        ("close", Source.ROAD, False),
        ("south", Source.ESTIMATE, False),
        ("behind", Source.ESTIMATE, False),
    ]
    estimate = answer.ranked[2].travel
    assert Reason.UNREACHABLE in estimate.reasons
    straight = at["A"].distance_m(at["D"])
    assert estimate.distance_m == pytest.approx(straight * engine.limits.detour_factor)
    assert estimate.eta_s == pytest.approx(
        straight * engine.limits.detour_factor / engine.limits.estimate_speed_mps, abs=1e-3
    )
    assert engine.matrix([at["A"]], [at["D"]], QUESTION).time_ms.tolist() == [[-1]]
    route = engine.route(at["A"], at["D"], QUESTION)
    assert (route.travel.source, route.travel.eta_s) == (Source.UNREACHABLE, None)
    assert Reason.UNREACHABLE in route.travel.reasons
    assert (len(route.line), route.steps) == (0, ())


def test_who_stands_nearer_without_a_road_is_pinned() -> None:
    drawing, engine = _island()
    units = [Origin("near", drawing.at(9, 0)), Origin("far", drawing.points["A"]), Origin("lost", drawing.at(40, 0))]
    target = drawing.at(4, 1)  # on the way to E
    for k in (1, 2, 3):
        ranked = engine.nearest(target, units, k, QUESTION).ranked
        assert ranked[0].id == "far"
        assert [item.id for item in ranked if item.pinned] == []
    target = drawing.at(4, 1)
    units[1] = Origin("far", drawing.at(-4, 0))
    for k in (1, 2, 3):
        ranked = engine.nearest(target, units, k, QUESTION).ranked
        assert [(item.id, item.pinned) for item in ranked][:2] == [("far", False), ("near", True)]
        assert [item.id for item in ranked][2:] == (["lost"] if k == 3 else [])
        assert ranked[1].straight_m < ranked[0].straight_m


def test_no_units_and_no_wish() -> None:
    drawing, engine = _island()
    assert engine.nearest(drawing.points["A"], [], 5, QUESTION).ranked == ()
    assert engine.nearest(drawing.points["A"], [Origin("a", drawing.points["E"])], 0, QUESTION).ranked == ()
    assert engine.matrix([], [drawing.points["A"]], QUESTION).time_ms.shape == (0, 1)
    assert engine.matrix([drawing.points["A"]], [], QUESTION).time_ms.shape == (1, 0)


def test_standing_on_the_closed_road() -> None:
    drawing, engine = _ring()
    on_it, beside = drawing.at(3, 0), drawing.at(2, 2)
    assert ask(engine, on_it, beside, QUESTION).reasons == ()
    engine.overlay = Overlay(1, (_closure(ways=(drawing.way_ids["AB"],)),))
    incident = ask(engine, beside, on_it, QUESTION)
    unit = ask(engine, on_it, beside, QUESTION)
    assert incident.reasons == unit.reasons == (Reason.NEAREST_ROAD_CLOSED,)
    assert unit.off_road_origin_m == pytest.approx(200.0, abs=1.0)  # the street on the other side of the block
    assert ask(engine, beside, drawing.at(4, 2), QUESTION).reasons == ()
    assert ask(engine, on_it, beside, Question()).reasons == ()
    both = ask(engine, on_it, drawing.at(4, 0), QUESTION)
    assert both.reasons == (Reason.NEAREST_ROAD_CLOSED,)  # said once


def test_one_closed_direction_leaves_the_road_a_place_to_stand() -> None:
    drawing, engine = _ring()
    east = _edge(drawing, engine, "A", "B")
    engine.overlay = Overlay(1, (_closure(edges=(east,)),))
    travel = ask(engine, drawing.at(3, 0), drawing.points["B"], QUESTION)
    assert travel.reasons == ()
    assert travel.distance_m == pytest.approx(300.0 + 1000.0, abs=1.0)


def test_standing_on_a_road_closed_for_the_winter() -> None:
    drawing = Drawing(PICTURE, {"AB": road(closed_months=1), "BCDA": road()})
    engine = RoadEngine(drawing.network())
    january, june = (Question(at=datetime(2026, month, 5, 4, tzinfo=UTC)) for month in (1, 6))
    assert ask(engine, drawing.at(3, 0), drawing.at(2, 2), january).reasons == (Reason.NEAREST_ROAD_CLOSED,)
    assert ask(engine, drawing.at(3, 0), drawing.at(2, 2), june).reasons == ()


def test_a_circle_is_round_on_the_ground() -> None:
    """At 41° north a degree of longitude is three quarters of one of latitude."""
    picture = """
          N
          |
        W-+-E
          |
          S
    """
    ways = {"NS": road(direction=Direction.FORWARD), "WE": road()}
    drawing = Drawing(picture, ways, cell_m=1000.0)
    network = drawing.network()
    engine = RoadEngine(network)
    for metres, point in ((1500.0, drawing.at(5.5, 2)), (1500.0, drawing.at(2.0, 5.5))):
        inside = engine.edges_closed(_closure(centre=point, radius_m=metres + 10.0))
        outside = engine.edges_closed(_closure(centre=point, radius_m=metres - 10.0))
        assert len(inside) == 2
        assert len(outside) == 0


def test_what_a_closure_touches_can_be_shown_first() -> None:
    drawing, engine = _ring()
    way = drawing.way_ids["AB"]
    assert engine.edges_closed(_closure(ways=(way,))).tolist() == engine.network.edges_of_way(way)
    far = GeoPoint(30.0, 70.0)
    assert not len(engine.edges_closed(_closure(centre=far, radius_m=1000.0)))
    assert not len(engine.edges_closed(_closure(polygon=shapely.Polygon())))
    assert engine.edges_closed(_closure(edges=(0, 1))).dtype == np.int32
