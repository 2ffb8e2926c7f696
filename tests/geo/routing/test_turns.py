"""Turn restrictions bind ordinary traffic, and never an emergency run."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road
from factories.journeys import ask, eta_ms

from geo.engine import RoadEngine
from geo.network.raw import TurnRestriction
from geo.speeds import ORDINARY
from geo.travel import Question

BOUND = Question(ORDINARY)
CROSS = """
        N-----E
        |     |
    A---J---B-F
        |   |
        S---G
"""
CROSS_WAYS = {"AJ": road(), "JB": road(), "NJ": road(), "JS": road(), "NE": road(), "EFB": road(), "SGB": road()}


def _metres(drawing: Drawing, start: str, stop: str, question: Question) -> float | None:
    travel = ask(RoadEngine(drawing.network()), drawing.points[start], drawing.points[stop], question)
    return None if travel.distance_m is None else round(travel.distance_m, -1)


def test_no_left_turn_at_a_node() -> None:
    drawing = Drawing(CROSS, CROSS_WAYS, restrictions=[("AJ", "J", "NJ", False)])
    assert _metres(drawing, "A", "N", Question()) == 600
    # Straight on, round the block by F and E.
    assert _metres(drawing, "A", "N", BOUND) == 400 + 400 + 200 + 200 + 600
    assert _metres(drawing, "A", "S", BOUND) == 600
    assert _metres(drawing, "N", "A", BOUND) == 600  # it binds in one direction only


def test_only_straight_on() -> None:
    drawing = Drawing(CROSS, CROSS_WAYS, restrictions=[("AJ", "J", "JB", True)])
    assert _metres(drawing, "A", "B", BOUND) == 800
    assert _metres(drawing, "A", "S", BOUND) == 800 + 200 + 400
    assert _metres(drawing, "A", "N", BOUND) == 800 + 200 + 200 + 600
    assert _metres(drawing, "A", "S", Question()) == 600


def test_a_restriction_that_finds_no_roads_is_counted() -> None:
    drawing = Drawing(CROSS, CROSS_WAYS, restrictions=[("AJ", "B", "EFB", False), ("AJ", "J", "JB", False)])
    network = drawing.network()
    assert network.meta["notes"]["restrictions_unbound"] == 1
    assert len(network.restriction_offsets) == 2


TWO_RAMPS = """
    A-----J-----B
          |
    C-----K-----D
"""
RAMP_WAYS = {"AJ": road(), "JB": road(), "JK": road(), "CK": road(), "KD": road()}


def test_via_a_way() -> None:
    """No U-turn from the upper street over the link into the lower one, back west; all other ways stand open."""
    drawing = Drawing(TWO_RAMPS, RAMP_WAYS, restrictions=[("AJ", "JK", "CK", False)])
    network = drawing.network()
    assert [int(size) for size in network.restriction_offsets] == [0, 3]
    assert _metres(drawing, "A", "C", Question()) == 1400
    # B is a dead end, where turning back is allowed: then the link is entered from the other side.
    assert _metres(drawing, "A", "C", BOUND) == 600 + 600 + 600 + 200 + 600
    assert _metres(drawing, "A", "D", BOUND) == 1400
    assert _metres(drawing, "B", "C", BOUND) == 1400


def test_two_overlapping_restrictions_via_a_way() -> None:
    restrictions = [("AJ", "JK", "CK", False), ("JB", "JK", "CK", False), ("AJ", "JK", "KD", False)]
    drawing = Drawing(TWO_RAMPS, RAMP_WAYS, restrictions=restrictions)
    assert _metres(drawing, "A", "C", Question()) == 1400
    assert _metres(drawing, "A", "C", BOUND) == 600 + 600 + 600 + 200 + 600 + 600 + 600  # over D, where it turns
    assert _metres(drawing, "B", "C", BOUND) == 600 + 200 + 600 + 600 + 600
    assert _metres(drawing, "A", "D", BOUND) == 600 + 600 + 600 + 200 + 600


def test_a_chain_of_overlapping_sequences() -> None:
    """The second restriction begins in the middle of the first: both hold."""
    picture = """
        P Q R S
        | | | |
        A-B-C-D
    """
    ways = {"PA": road(), "AB": road(), "QB": road(), "BC": road(), "RC": road(), "CD": road(), "SD": road()}
    drawing = Drawing(picture, ways)
    ids = drawing.way_ids
    drawing.raw.restrictions = [
        TurnRestriction(ids["AB"], ids["RC"], via_ways=(ids["BC"],)),
        TurnRestriction(ids["BC"], ids["SD"], via_ways=(ids["CD"],)),
    ]
    assert _metres(drawing, "P", "R", Question()) == 800
    # Q's dead end makes a drive forget that it came by A-B.
    assert _metres(drawing, "P", "R", BOUND) == 800 + 400
    assert _metres(drawing, "P", "S", BOUND) == 1000 + 400 + 400  # and R's, entered so, that it came by B-C
    assert _metres(drawing, "Q", "S", BOUND) == 800 + 400


def test_ways_of_a_restriction_that_meet_without_a_junction() -> None:
    """The first way and the via way look like one road; they must not merge, or the restriction is lost."""
    picture = """
        A---B---J---C
                |
                D
    """
    ways = {"AB": road(), "BJ": road(), "JC": road(), "JD": road()}
    drawing = Drawing(picture, ways, restrictions=[("AB", "BJ", "JD", False)])
    assert drawing.network().meta["notes"]["restrictions_unbound"] == 0
    assert _metres(drawing, "A", "D", BOUND) == 400 + 400 + 800 + 200
    assert _metres(drawing, "A", "D", Question()) == 1000


def test_turning_back_only_at_dead_ends() -> None:
    picture = """
          N   M
          |   |
        A-J---X---B
    """
    ways = {"AJ": road(), "NJ": road(), "JX": road(), "XM": road(), "XB": road()}
    drawing = Drawing(picture, ways, restrictions=[("AJ", "J", "NJ", False)])
    # X is a crossing, so the way round leads over M's dead end.
    assert _metres(drawing, "A", "N", BOUND) == 200 + 400 + 200 + 200 + 400 + 200
    # A vehicle in the middle of a street may set out in either direction.
    engine = RoadEngine(drawing.network())
    for letter, metres in (("B", 600.0), ("A", 400.0)):
        found = ask(engine, drawing.at(4, 2), drawing.points[letter], BOUND).distance_m
        assert found == pytest.approx(metres, rel=0.01)


def test_a_loop_at_the_end_turns_a_car_round() -> None:
    picture = """
              P--Q
              |  |
        A--B--J--R
           |
           C
    """
    ways = {"AB": road(), "BJ": road(), "BC": road(), "JPQRJ": road()}
    drawing = Drawing(picture, ways, restrictions=[("AB", "B", "BC", False)])
    assert _metres(drawing, "A", "C", BOUND) == 300 + 300 + 1000 + 300 + 200
    assert _metres(drawing, "A", "C", Question()) == 500


def test_no_u_turn_on_a_way_that_goes_on() -> None:
    drawing = Drawing(
        """
        A---J---B
            |
            N
        """,
        {"AJB": road(), "JN": road()},
        restrictions=[("AJB", "J", "AJB", False)],
    )
    assert _metres(drawing, "A", "B", BOUND) == 800
    assert _metres(drawing, "A", "N", BOUND) == 600


def test_restrictions_hold_before_a_target_in_the_middle_of_a_street() -> None:
    drawing = Drawing(CROSS, CROSS_WAYS, restrictions=[("AJ", "J", "NJ", False)])
    engine = RoadEngine(drawing.network())
    halfway = drawing.at(4, 1)  # between N and J
    free, bound = eta_ms(engine, drawing.points["A"], halfway), eta_ms(engine, drawing.points["A"], halfway, BOUND)
    assert free is not None
    assert bound is not None
    assert bound > 2 * free
