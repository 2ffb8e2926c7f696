"""A place on a divided road has two answers; which one counts is asked, or the slower, and said."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road
from factories.journeys import ask

from geo.engine import RoadEngine
from geo.network.attributes import Direction, EdgeFlag, RoadClass
from geo.points import GeoPoint
from geo.speeds import ORDINARY
from geo.travel import Origin, Question, Reason, Source

CARRIAGEWAY = road(RoadClass.TRUNK, direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED)
ROAD = """
    P-A--------------------B-Q
      |                    |
      D--------------------C
"""


def _drawing(**changes: object) -> Drawing:
    """Westward above (B to A), eastward below (D to C), turning places at both ends; P in the west, Q in the east."""
    ways = {"BA": CARRIAGEWAY, "DC": CARRIAGEWAY, "AD": road(), "CB": road(), "PA": road(), "BQ": road(), **changes}
    return Drawing(ROAD, ways, names={"BA": "吐和高速", "DC": "吐和高速"}, cell_m=20.0)  # type: ignore[arg-type]


def _both(engine: RoadEngine, drawing: Drawing, origin: str, place: GeoPoint) -> tuple[float, float]:
    """Times on the westward and on the eastward carriageway, each asked for by name."""
    return tuple(  # type: ignore[return-value]
        ask(engine, drawing.points[origin], place, Question(towards=drawing.points[end])).eta_s for end in "PQ"
    )


@pytest.mark.parametrize("row", [0, 2])
@pytest.mark.parametrize("origin", ["P", "Q"])
def test_unknown_direction_is_the_slower_of_two(row: int, origin: str) -> None:
    drawing = _drawing()
    engine = RoadEngine(drawing.network())
    place = drawing.at(6, row)
    west, east = _both(engine, drawing, origin, place)
    assert west != east
    unknown = ask(engine, drawing.points[origin], place)
    assert unknown.eta_s == max(west, east)
    assert Reason.DIRECTION_UNKNOWN in unknown.reasons
    told = ask(engine, drawing.points[origin], place, Question(towards=drawing.points["P"]))
    assert Reason.DIRECTION_UNKNOWN not in told.reasons


def test_slower_for_each_unit_on_its_own() -> None:
    drawing = _drawing()
    engine = RoadEngine(drawing.network())
    place = drawing.at(12, 0)
    units = [Origin(name, drawing.points[name]) for name in "PQ"]
    expected = {name: max(_both(engine, drawing, name, place)) for name in "PQ"}
    ranked = engine.nearest(place, units, 2, Question()).ranked
    assert {item.id: item.travel.eta_s for item in ranked} == expected
    assert [item.travel.eta_s for item in ranked] == sorted(expected.values())
    lengths = engine.matrix([unit.point for unit in units], [place], Question()).distance_m[:, 0]
    assert {item.id: item.travel.distance_m for item in ranked} == pytest.approx(
        dict(zip("PQ", lengths.tolist(), strict=True))
    )


CUT_OFF = """
    P-A--------------------B-Q
                           |
    R-D--------------------C
"""


def _cut_off() -> Drawing:
    """Nobody comes onto the eastward carriageway (D to C) but who starts at R, in front of it."""
    ways = {"BA": CARRIAGEWAY, "DC": CARRIAGEWAY, "CB": road(), "PA": road(), "BQ": road(), "RD": road()}
    return Drawing(CUT_OFF, ways, names={"BA": "吐和高速", "DC": "吐和高速"}, cell_m=20.0)


@pytest.mark.parametrize("row", [0, 2])
def test_where_one_carriageway_is_cut_off_the_other_answers_and_it_is_said(row: int) -> None:
    drawing = _cut_off()
    engine = RoadEngine(drawing.network())
    place = drawing.at(12, row)
    west = ask(engine, drawing.points["Q"], place, Question(towards=drawing.points["P"]))
    unknown = ask(engine, drawing.points["Q"], place)
    assert (unknown.eta_s, unknown.distance_m) == (west.eta_s, west.distance_m)
    assert Reason.ONE_SIDE in unknown.reasons
    assert Reason.DIRECTION_UNKNOWN not in unknown.reasons
    assert Reason.ONE_SIDE not in west.reasons
    # From P there is no way onto either: the answer stays unreachable.
    assert ask(engine, drawing.points["P"], place).source is Source.UNREACHABLE


def test_who_reaches_both_carriageways_stands_before_who_reaches_one() -> None:
    drawing = _cut_off()
    engine = RoadEngine(drawing.network())
    place = drawing.at(22, 0)
    units = [Origin(name, drawing.points[name]) for name in "PQR"]
    ranked = engine.nearest(place, units, 3, Question()).ranked
    told = [(item.id, item.travel.source, Reason.ONE_SIDE in item.travel.reasons, item.pinned) for item in ranked]
    assert told == [
        ("R", Source.ROAD, False, False),
        ("Q", Source.ROAD, True, True),
        ("P", Source.ESTIMATE, False, True),
    ]
    assert (ranked[0].travel.eta_s or 0.0) > (ranked[1].travel.eta_s or 0.0) > 0.0
    # Asked for one only, the nearer one that reaches a single carriageway is still there for a person to judge.
    alone = engine.nearest(place, units, 1, Question()).ranked
    assert [(item.id, item.pinned) for item in alone] == [("R", False), ("Q", True), ("P", True)]
    one_side = engine.matrix([unit.point for unit in units], [place], Question()).one_side[:, 0]
    assert one_side.tolist() == [False, True, False]


def test_ordinary_traffic_is_asked_too() -> None:
    drawing = _drawing()
    engine = RoadEngine(drawing.network())
    assert Reason.DIRECTION_UNKNOWN in ask(engine, drawing.points["P"], drawing.at(6, 0), Question(ORDINARY)).reasons


def test_a_street_that_is_not_divided_has_one_answer() -> None:
    drawing = _drawing()
    engine = RoadEngine(drawing.network())
    assert ask(engine, drawing.points["P"], drawing.at(1, 0)).reasons == ()
    assert ask(engine, drawing.points["P"], drawing.points["A"]).reasons == ()  # a crossing


def test_a_joint_between_two_carriageways_is_a_place_like_any_other() -> None:
    """Where only the surface or a limit changes, the point is a node, but still on one side of the divide."""
    picture = """
        P-A---------E----------B-Q
          |                    |
          D--------------------C
    """
    slow = road(RoadClass.TRUNK, direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED, maxspeed_forward_kmh=60)
    ways = {"BE": CARRIAGEWAY, "EA": slow, "DC": CARRIAGEWAY, "AD": road(), "CB": road(), "PA": road(), "BQ": road()}
    drawing = Drawing(picture, ways, names=dict.fromkeys(("BE", "EA", "DC"), "吐和高速"), cell_m=20.0)
    engine = RoadEngine(drawing.network())
    travel = ask(engine, drawing.points["P"], drawing.points["E"])
    assert Reason.DIRECTION_UNKNOWN in travel.reasons
    assert travel.eta_s == max(_both(engine, drawing, "P", drawing.points["E"]))


def test_in_a_bend_the_opposite_side_is_found_by_the_heading_there() -> None:
    """One carriageway is a single stretch round the bend, the other is cut at its apex."""
    picture = """
        P-A----------B
          D--------C |
                   | |
                   | |
                   | |
          E--------F |
        Q-H----------G
    """
    ways = {"ABGH": CARRIAGEWAY, "EFC": CARRIAGEWAY, "CD": CARRIAGEWAY, "PA": road(), "QH": road(), "DA": road()}
    ways |= {"HE": road()}
    drawing = Drawing(picture, ways, names=dict.fromkeys(("ABGH", "EFC", "CD"), "独库公路"), cell_m=20.0)
    engine = RoadEngine(drawing.network())
    for place in (drawing.at(13, 3), drawing.at(6, 0), drawing.at(6, 6), drawing.at(6, 1), drawing.at(6, 5)):
        assert Reason.DIRECTION_UNKNOWN in ask(engine, drawing.points["P"], place).reasons


def test_another_road_beside_is_not_the_other_carriageway() -> None:
    ways = {"BA": CARRIAGEWAY, "DC": CARRIAGEWAY, "AD": road(), "CB": road(), "PA": road(), "BQ": road()}
    drawing = Drawing(ROAD, ways, names={"BA": "吐和高速", "DC": "塔河路"}, cell_m=20.0)
    engine = RoadEngine(drawing.network())
    assert Reason.DIRECTION_UNKNOWN not in ask(engine, drawing.points["P"], drawing.at(6, 0)).reasons


def test_a_roundabout_has_one_answer() -> None:
    ring = road(RoadClass.TRUNK, direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED | EdgeFlag.ROUNDABOUT)
    picture = """
            C
          D   B
        P-E   A-Q
          F   H
            G
    """
    drawing = Drawing(picture, {"ABCDE": ring, "EFGHA": ring, "PE": road(), "AQ": road()}, cell_m=10.0)
    network = drawing.network()
    assert not network.edge_has(EdgeFlag.CONTRAFLOW).any()
    engine = RoadEngine(network)
    travel = ask(engine, drawing.points["Q"], drawing.points["C"])
    assert travel.reasons == ()
    assert travel.distance_m == pytest.approx(20.0 + 10.0 + 22.4, abs=1.0)
