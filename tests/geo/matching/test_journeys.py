"""Journeys of vehicles begin on the road that they were matched to, in the direction that they drive."""

from __future__ import annotations

import numpy as np
import pytest
from factories.ascii_map import Drawing, road

from geo.engine import RoadEngine
from geo.matching.matcher import VehicleFix
from geo.network.attributes import Direction, EdgeFlag, RoadClass
from geo.points import GeoPoint
from geo.speeds import ORDINARY, Profile
from geo.travel import Origin, Question

CARRIAGEWAY = road(RoadClass.TRUNK, direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED)
DIVIDED = """
    P-A--------------------B-Q
      |                    |
      D--------------------C
"""
STREET = "P--------------------Q"


def divided() -> Drawing:
    """Westward above (B to A), eastward below (D to C), 40 m apart; turning places at both ends."""
    ways = {"BA": CARRIAGEWAY, "DC": CARRIAGEWAY, "AD": road(), "CB": road(), "PA": road(), "BQ": road()}
    return Drawing(DIVIDED, ways, names={"BA": "G314", "DC": "G314"}, cell_m=20.0)


def driven(drawing: Drawing, engine: RoadEngine, start: tuple[float, float], end: tuple[float, float]) -> GeoPoint:
    """Let unit `u` drive in a straight line, and tell where its last fix lay."""
    fixes = []
    for number, share in enumerate(np.linspace(0.0, 1.0, 20).tolist()):
        at = drawing.at(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
        fixes.append(VehicleFix("u", 100.0 + number, at.lat, at.lon, 12.0))
    engine.matched.see(fixes)
    return drawing.at(*end)


def eta_s(engine: RoadEngine, point: GeoPoint, target: GeoPoint, question: Question, name: str = "u") -> float:
    """Asked in every way, and always the same."""
    many = [Origin(name, point), *(Origin(str(number), point) for number in range(20))]
    found = engine.nearest(target, [Origin(name, point)], 1, question).ranked[0].travel
    among = {one.id: one.travel for one in engine.nearest(target, many, len(many), question).ranked}[name]
    route = engine.route(Origin(name, point), target, question).travel
    assert found == among
    assert (route.eta_s, route.distance_m) == (found.eta_s, found.distance_m)
    assert found.eta_s is not None
    return found.eta_s


@pytest.mark.parametrize("question", [Question(), Question(profile=ORDINARY), Question(Profile("emergency", 400))])
def test_on_a_divided_road_the_carriageway_that_is_driven_counts(question: Question) -> None:
    """Its fixes lie nearer to the other carriageway, from which the same place is far."""
    drawing = divided()
    engine = RoadEngine(drawing.network())
    point = driven(drawing, engine, (4, 0.9), (12, 0.9))
    on = eta_s(engine, point, drawing.points["Q"], question)
    unmatched = eta_s(engine, point, drawing.points["Q"], question, name="x")
    assert on == eta_s(engine, drawing.at(12, 2), drawing.points["Q"], question, name="x")
    assert on < unmatched == eta_s(engine, drawing.at(12, 0), drawing.points["Q"], question, name="x")


def test_who_must_turn_round_on_the_road_needs_longer() -> None:
    drawing = Drawing(STREET, {"PQ": road()}, cell_m=20.0)
    engine = RoadEngine(drawing.network())
    point = driven(drawing, engine, (2, 0), (12, 0))
    for end, more_s in (("Q", 0.0), ("P", 20.0)):
        plain = eta_s(engine, point, drawing.points[end], Question(), name="x")
        assert eta_s(engine, point, drawing.points[end], Question()) == pytest.approx(plain + more_s, abs=0.2)
    ahead, behind = drawing.at(15, 0), drawing.at(5, 0)
    assert eta_s(engine, point, ahead, Question()) < eta_s(engine, point, behind, Question()) - 15.0


def test_who_is_asked_about_elsewhere_is_put_on_the_nearest_road() -> None:
    drawing = divided()
    engine = RoadEngine(drawing.network())
    point = driven(drawing, engine, (4, 0.9), (12, 0.9))
    target, elsewhere = drawing.points["Q"], drawing.at(16, 0.9)
    assert eta_s(engine, elsewhere, target, Question()) == eta_s(engine, elsewhere, target, Question(), name="x")
    assert engine.matched.at("u", elsewhere) is None
    assert engine.matched.at("u", point) is not None


def test_a_newer_place_that_is_not_matched_yet_is_on_the_same_road() -> None:
    """A position is told before it is matched; what is asked of it changes nothing."""
    drawing = divided()
    engine = RoadEngine(drawing.network())
    point = driven(drawing, engine, (4, 0.9), (12, 0.9))
    known = engine.matched.at("u", point)
    assert known is not None
    ahead = engine.matched.at("u", drawing.at(13, 0.9))
    assert ahead is not None
    assert (ahead.edge, ahead.share > known.share) == (known.edge, True)
    assert engine.matched.at("u", point) == known
    assert engine.matched.see([VehicleFix("u", 120.0, drawing.at(12.5, 0.9).lat, drawing.at(12.5, 0.9).lon)])[0]


def test_an_older_fix_takes_nothing_from_a_newer() -> None:
    drawing = Drawing(STREET, {"PQ": road()}, cell_m=20.0)
    engine = RoadEngine(drawing.network())
    point = driven(drawing, engine, (2, 0), (12, 0))
    late = drawing.at(4, 0)
    before = engine.matched.at("u", point)
    engine.matched.see([VehicleFix("u", 101.5, late.lat, late.lon)])
    assert engine.matched.at("u", late) is None
    assert engine.matched.at("u", point) == before is not None
