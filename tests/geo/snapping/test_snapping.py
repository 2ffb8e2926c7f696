"""Points meet the road at the right stretch, the right offset and the right distance."""

from __future__ import annotations

import numpy as np
import pytest
from factories.ascii_map import ORIGIN, Drawing, road
from factories.journeys import ask, eta_ms

from geo.engine import RoadEngine
from geo.network.attributes import Direction, RoadClass
from geo.points import GeoPoint
from geo.ranking import Limits
from geo.snapping import Snapper, Snaps
from geo.travel import Origin, Question, Reason


def _snap(snapper: Snapper, *points: GeoPoint) -> Snaps:
    return snapper.snap(np.array([point.lat for point in points]), np.array([point.lon for point in points]))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_offset_in_the_middle_of_a_stretch(share: float) -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    network = drawing.network()
    for side in (-0.3, 0.0, 0.3):
        found = _snap(Snapper(network), drawing.at(10 * share, side))
        assert found.share[0] == pytest.approx(share, abs=1e-6)
        assert found.distance_m[0] == pytest.approx(abs(side) * 100.0, abs=0.01)
        assert found.node[0] == -1


def test_offset_along_a_bent_stretch() -> None:
    picture = """
        A---B
            |
            |
            C
    """
    drawing = Drawing(picture, {"ABC": road()})
    found = _snap(Snapper(drawing.network()), drawing.at(4, 1))
    assert found.share[0] == pytest.approx(500.0 / 700.0, abs=1e-4)


def test_within_a_metre_of_an_end_it_is_the_node() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    network = drawing.network()
    snapper = Snapper(network)
    for metres, node in ((0.0, "A"), (0.9, "A"), (1.1, ""), (999.1, "B"), (998.9, ""), (-40.0, "A"), (1040.0, "B")):
        found = _snap(snapper, drawing.at(metres / 100.0, 0))
        assert found.node[0] == (drawing.node(network, node) if node else -1), metres


def test_a_stretch_shorter_than_a_metre_is_its_nearer_end() -> None:
    drawing = Drawing("A---------B", {"AB": road()}, cell_m=0.08)
    network = drawing.network()
    for column, node in ((2, "A"), (8, "B")):
        assert _snap(Snapper(network), drawing.at(column, 0)).node[0] == drawing.node(network, node)


def test_beside_a_crossing_all_its_roads_are_open() -> None:
    """A station at the outer corner is nearest to the crossing itself, not to one of its roads: a tie."""
    picture = """
        A-----J
              |
              C
    """
    ways = {"AJ": road(RoadClass.TERTIARY), "JC": road(direction=Direction.FORWARD)}
    drawing = Drawing(picture, ways)
    network = drawing.network()
    engine = RoadEngine(network)
    for column, row in ((6.2, -0.2), (6.1, 0.0), (6.0, -0.1), (6.0, 0.0)):
        corner = drawing.at(column, row)
        assert _snap(engine.snapper, corner).node[0] == drawing.node(network, "J")
        for letter, metres in (("A", 600.0), ("C", 200.0)):
            assert ask(engine, corner, drawing.points[letter]).distance_m == pytest.approx(metres, abs=1.0)


def test_both_directions_of_a_street_are_kept() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network())
    middle = drawing.at(4, 0.1)
    assert ask(engine, middle, drawing.points["A"]).distance_m == pytest.approx(400.0, abs=0.1)
    assert ask(engine, middle, drawing.points["B"]).distance_m == pytest.approx(600.0, abs=0.1)
    assert ask(engine, drawing.points["A"], middle).distance_m == pytest.approx(400.0, abs=0.1)
    assert ask(engine, drawing.points["B"], middle).distance_m == pytest.approx(600.0, abs=0.1)


def test_two_places_on_one_street() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network())
    for start, stop in ((2, 7), (7, 2), (5, 5)):
        metres = ask(engine, drawing.at(start, 0), drawing.at(stop, 0)).distance_m
        assert metres == pytest.approx(abs(stop - start) * 100.0, abs=0.1)


def test_behind_on_a_one_way_means_once_around() -> None:
    picture = """
        A---------B
        |         |
        D---------C
    """
    drawing = Drawing(picture, {"AB": road(direction=Direction.FORWARD), "BCDA": road()})
    engine = RoadEngine(drawing.network())
    ahead = ask(engine, drawing.at(3, 0), drawing.at(7, 0)).distance_m
    behind = ask(engine, drawing.at(7, 0), drawing.at(3, 0)).distance_m
    assert ahead == pytest.approx(400.0, abs=0.1)
    assert behind == pytest.approx(300.0 + 200.0 + 1000.0 + 200.0 + 300.0, abs=0.5)


def test_outside_the_region() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    network = drawing.network()
    for lat, lon, node in ((41.5, 79.0, "A"), (40.0, 81.5, "B"), (41.0, -100.0, "A"), (89.0, 80.0, None)):
        found = _snap(Snapper(network), GeoPoint(lat, lon))
        assert found.shape[0] >= 0
        if node:
            assert found.node[0] == drawing.node(network, node)
        assert found.distance_m[0] > 10_000.0


def test_a_long_straight_road_through_the_desert() -> None:
    """One segment of 400 km: no shape point within 100 km of the place."""
    drawing = Drawing("A" + "-" * 39 + "B", {"AB": road(RoadClass.PRIMARY)}, cell_m=10_000.0)
    network = drawing.network()
    for column in (0.37, 13.3, 20.0, 39.9):
        for row, metres in ((0.0, 0.0), (0.003, 30.0), (-3.0, 30_000.0)):
            found = _snap(Snapper(network), drawing.at(column, row))
            assert found.share[0] == pytest.approx(column / 40.0, abs=1e-4)
            assert found.distance_m[0] == pytest.approx(metres, rel=1e-3, abs=0.01)


def test_the_nearest_wins_though_its_cells_are_searched_later() -> None:
    """A short street in the neighbouring cell against a long one whose end lies in the point's own."""
    picture = """
        A--------------------B
        C
    """
    drawing = Drawing(picture, {"AB": road(), "AC": road()}, cell_m=140.0)
    snapper = Snapper(drawing.network())
    rng = np.random.default_rng(5)
    for _ in range(200):
        column, row = rng.uniform(-3, 23), rng.uniform(-3, 4)
        upper = np.hypot(max(0.0, -column, column - 21), row)
        left = np.hypot(column, max(0.0, -row, row - 1))
        found = _snap(snapper, drawing.at(column, row))
        assert found.distance_m[0] == pytest.approx(140.0 * min(upper, left), rel=2e-3, abs=0.01)


def test_everything_near_one_point_nearest_first() -> None:
    picture = """
        A---B
        C---D
        E---F
    """
    drawing = Drawing(picture, {"AB": road(), "CD": road(), "EF": road()}, cell_m=30.0)
    network = drawing.network()
    found = Snapper(network).near(drawing.at(2, 1.1).lat, drawing.at(2, 1.1).lon, 40.0)
    assert found.distance_m == pytest.approx([3.0, 27.0, 33.0], abs=0.05)
    assert [network.ways_of_edge(int(network.shape_edge_forward[shape])) for shape in found.shape] == [
        [drawing.way_ids[way]] for way in ("CD", "EF", "AB")
    ]


def test_of_very_many_near_roads_the_nearest_are_told() -> None:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 200)]
    picture = "\n".join(f"{letters[2 * row]}--{letters[2 * row + 1]}" for row in range(100))
    ways = {letters[2 * row] + letters[2 * row + 1]: road() for row in range(100)}
    drawing = Drawing(picture, ways, cell_m=5.0)
    snapper = Snapper(drawing.network())
    for row in (0, 50, 99):
        place = drawing.at(1.5, row)
        found = snapper.near(place.lat, place.lon, 1000.0)
        expected = sorted(abs(other - row) * 5.0 for other in range(100))[:64]
        assert found.distance_m == pytest.approx(expected, abs=0.01)


def test_far_from_any_road_the_rest_is_walked_and_said() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network(), limits=Limits(off_road_m=2000.0, walking_speed_mps=1.0))
    at = drawing.points
    along = eta_ms(engine, at["A"], drawing.at(5, 0))
    assert along is not None
    near = ask(engine, at["A"], drawing.at(5, 19.9))
    assert near.reasons == ()
    assert near.eta_s == along / 1000
    assert near.off_road_target_m == pytest.approx(1990.0, abs=0.5)
    far = ask(engine, at["A"], drawing.at(5, 20.1))
    assert far.reasons == (Reason.OFF_ROAD_TARGET,)
    assert far.off_road_target_m == pytest.approx(2010.0, abs=0.5)
    assert far.eta_s == pytest.approx(along / 1000 + far.off_road_target_m, abs=0.002)
    back = ask(engine, drawing.at(5, 20.1), at["A"])
    assert back.reasons == (Reason.OFF_ROAD_ORIGIN,)
    assert back.eta_s == pytest.approx(far.eta_s, abs=0.002)
    both = ask(engine, drawing.at(2, 30), drawing.at(2, -30))
    assert both.reasons == (Reason.OFF_ROAD_TARGET, Reason.OFF_ROAD_ORIGIN)
    assert both.eta_s == pytest.approx(6000.0, abs=0.5)


def test_no_road_open_at_all() -> None:
    drawing = Drawing("A---------B", {"AB": road(max_height_cm=200)})
    engine = RoadEngine(drawing.network())
    tall = Question(Question().profile.__class__("emergency", height_cm=300))
    travel = ask(engine, drawing.points["A"], drawing.points["B"], tall)
    assert travel.eta_s is None
    assert np.isfinite([travel.off_road_origin_m, travel.off_road_target_m]).all()
    (ranked,) = engine.nearest(ORIGIN, [Origin("a", drawing.points["B"])], 3, tall).ranked
    assert np.isfinite([ranked.travel.off_road_origin_m, ranked.travel.off_road_target_m]).all()
