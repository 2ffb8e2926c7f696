"""Gates, bollards and height frames bar what they should, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories.ascii_map import Drawing, road
from factories.journeys import eta_ms

from geo.engine import RoadEngine
from geo.network.attributes import NO_FLAGS, Direction, EdgeFlag, RoadClass
from geo.network.raw import Barrier
from geo.speeds import EMERGENCY, ORDINARY, SpeedModel
from geo.travel import Question

BOLLARD = Barrier(0, EdgeFlag.BLOCKED)
GATE = Barrier(0, EdgeFlag.TOLL)
"""A toll gate: everybody passes, and stops."""
STREET = "A-----B-----C"
CROSS = """
      N
      |
    A-J-C
      |
      S
"""


def _engine(drawing: Drawing) -> RoadEngine:
    return RoadEngine(drawing.network())


def test_a_bollard_blocks() -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"B": BOLLARD})
    engine = _engine(drawing)
    assert eta_ms(engine, drawing.points["A"], drawing.points["C"]) is None
    # Each side of it can still be reached from its own end.
    assert eta_ms(engine, drawing.points["A"], drawing.at(4, 0)) is not None
    assert eta_ms(engine, drawing.points["C"], drawing.at(8, 0)) is not None


@pytest.mark.parametrize("flag", [EdgeFlag.TOLL, EdgeFlag.NO_ORDINARY])
def test_a_gate_costs_its_time(flag: EdgeFlag) -> None:
    gated = Drawing(STREET, {"ABC": road()}, barriers={"B": Barrier(0, flag)})
    free = Drawing(STREET, {"ABC": road()})
    with_gate = eta_ms(_engine(gated), gated.points["A"], gated.points["C"])
    without = eta_ms(_engine(free), free.points["A"], free.points["C"])
    assert with_gate is not None
    assert without is not None
    # The stub is two metres of the road, driven in the time of the gate.
    stub_ms = 2.0 * without / 1200.0
    assert with_gate - without == pytest.approx(SpeedModel.read().barrier_s * 1000.0 - stub_ms, abs=3)


def test_two_barriers_on_one_way_both_count() -> None:
    drawing = Drawing("A--B--C--D", {"ABCD": road()}, barriers={"B": GATE, "C": GATE})
    one = Drawing("A--B--C--D", {"ABCD": road()}, barriers={"B": GATE})
    both = eta_ms(_engine(drawing), drawing.points["A"], drawing.points["D"])
    single = eta_ms(_engine(one), one.points["A"], one.points["D"])
    assert both is not None
    assert single is not None
    assert both - single == pytest.approx(10_000, abs=300)
    next_door = Drawing("A-BC-D", {"ABCD": road()}, barriers={"B": GATE, "C": BOLLARD}, cell_m=1.5)
    assert eta_ms(_engine(next_door), next_door.points["A"], next_door.points["D"]) is None


def test_a_height_frame_stops_only_the_tall() -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"B": Barrier(0, NO_FLAGS, max_height_cm=260)})
    engine = _engine(drawing)
    for height_cm, passes in ((0, True), (260, True), (261, False)):
        question = Question(replace(EMERGENCY, height_cm=height_cm))
        assert (eta_ms(engine, drawing.points["A"], drawing.points["C"], question) is not None) is passes


@pytest.mark.parametrize(("limit", "field"), [("max_width_cm", "width_cm"), ("max_weight_kg", "weight_kg")])
def test_width_and_weight_at_a_point(limit: str, field: str) -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"B": Barrier(0, **{limit: 2500})})
    engine = _engine(drawing)
    narrow, wide = (Question(replace(ORDINARY, **{field: size})) for size in (2500, 2501))
    assert eta_ms(engine, drawing.points["A"], drawing.points["C"], narrow) is not None
    assert eta_ms(engine, drawing.points["A"], drawing.points["C"], wide) is None


def test_a_gate_that_only_the_law_closes() -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"B": Barrier(0, EdgeFlag.NO_ORDINARY)})
    engine = _engine(drawing)
    assert eta_ms(engine, drawing.points["A"], drawing.points["C"]) is not None
    assert eta_ms(engine, drawing.points["A"], drawing.points["C"], Question(ORDINARY)) is None


def test_a_bollard_on_a_junction_bars_the_lesser_road() -> None:
    ways = {"AJC": road(RoadClass.PRIMARY), "NJS": road(RoadClass.SERVICE)}
    drawing = Drawing(CROSS, ways, barriers={"J": BOLLARD})
    engine = _engine(drawing)
    at = drawing.points
    assert eta_ms(engine, at["A"], at["C"]) is not None
    assert eta_ms(engine, at["N"], at["S"]) is None
    assert eta_ms(engine, at["A"], at["S"]) is None


def test_a_bollard_where_equals_meet_bars_all() -> None:
    drawing = Drawing(CROSS, {"AJC": road(), "NJS": road()}, barriers={"J": BOLLARD})
    engine = _engine(drawing)
    for start, stop in ("AC", "NS", "AS", "CN"):
        assert eta_ms(engine, drawing.points[start], drawing.points[stop]) is None


def test_a_barrier_at_a_dead_end_bars_nothing() -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"C": BOLLARD})
    network = drawing.network()
    assert not network.edge_has(EdgeFlag.BLOCKED).any()
    assert eta_ms(RoadEngine(network), drawing.points["A"], drawing.points["C"]) is not None


def test_a_gate_on_a_one_way() -> None:
    drawing = Drawing(STREET, {"ABC": road(direction=Direction.FORWARD)}, barriers={"B": GATE})
    engine = _engine(drawing)
    for question in (Question(), Question(ORDINARY)):
        assert eta_ms(engine, drawing.points["A"], drawing.points["C"], question) is not None
        assert eta_ms(engine, drawing.points["C"], drawing.points["A"], question) is None


def test_a_barrier_on_a_ring() -> None:
    picture = """
        A---B
        |   |
        D---C
    """
    drawing = Drawing(picture, {"ABCDA": road()}, barriers={"B": BOLLARD})
    engine = _engine(drawing)
    around = engine.route(drawing.at(3, 0), drawing.at(4, 1), Question())
    assert around.travel.distance_m == pytest.approx(1000.0, rel=0.01)


def test_closing_a_way_closes_it_on_both_sides_of_its_gate() -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"B": GATE})
    network = drawing.network()
    assert len(network.edges_of_way(drawing.way_ids["ABC"])) == network.edge_count == 6


def test_nobody_is_put_inside_a_gate() -> None:
    drawing = Drawing(STREET, {"ABC": road()}, barriers={"B": GATE})
    engine = _engine(drawing)
    stub = drawing.at(6.01, 0)
    travel = engine.route(drawing.points["A"], stub, Question()).travel
    assert travel.distance_m == pytest.approx(600.0, abs=3.0)
