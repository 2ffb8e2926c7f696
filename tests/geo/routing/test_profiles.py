"""What binds whom: sizes, law, months, hours, and the wrong way round."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from factories.ascii_map import Drawing, road
from factories.journeys import ask, eta_ms

from geo.engine import RoadEngine
from geo.network.attributes import Direction, EdgeFlag, RoadAttributes, RoadClass, Surface
from geo.speeds import EMERGENCY, ORDINARY, Profile, SpeedModel, hour_of_week, local_month
from geo.travel import Question, Source

SHORT_CUT = """
    A-----B
    |     |
    D-----C
"""
BOUND = Question(ORDINARY)


def _short_cut(across: RoadAttributes) -> tuple[RoadEngine, Drawing]:
    """From A to B straight on the road in question, or round by D and C."""
    drawing = Drawing(SHORT_CUT, {"AB": across, "ADCB": road()})
    return RoadEngine(drawing.network()), drawing


def _metres(engine: RoadEngine, drawing: Drawing, stops: str, question: Question) -> int | None:
    travel = ask(engine, drawing.points[stops[0]], drawing.points[stops[1]], question)
    return None if travel.distance_m is None else round(travel.distance_m, -1)


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
def test_against_a_one_way_only_with_a_penalty(direction: Direction) -> None:
    engine, drawing = _short_cut(road(direction=direction))
    wrong = "BA" if direction is Direction.FORWARD else "AB"
    assert _metres(engine, drawing, wrong[::-1], Question()) == 600
    assert _metres(engine, drawing, wrong, Question()) == 1000
    allowed = Question(replace(EMERGENCY, contraflow_penalty=1.2))
    assert _metres(engine, drawing, wrong, allowed) == 600
    with_traffic = eta_ms(engine, drawing.points[wrong[1]], drawing.points[wrong[0]], allowed)
    against = eta_ms(engine, drawing.points[wrong[0]], drawing.points[wrong[1]], allowed)
    assert with_traffic is not None
    assert against == pytest.approx(1.2 * with_traffic, abs=1)
    assert _metres(engine, drawing, wrong, Question(replace(EMERGENCY, contraflow_penalty=3.0))) == 1000
    assert _metres(engine, drawing, wrong, Question(replace(ORDINARY, contraflow_penalty=1.0))) == 1000


def test_a_penalty_never_makes_the_wrong_way_quicker() -> None:
    engine, drawing = _short_cut(road(direction=Direction.FORWARD))
    generous = Question(replace(EMERGENCY, contraflow_penalty=0.1))
    assert eta_ms(engine, drawing.points["B"], drawing.points["A"], generous) == eta_ms(
        engine, drawing.points["A"], drawing.points["B"], generous
    )


def test_never_the_wrong_way_on_a_divided_road() -> None:
    engine, drawing = _short_cut(road(direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED))
    penalty = Question(replace(EMERGENCY, contraflow_penalty=1.0))
    assert _metres(engine, drawing, "BA", penalty) == 1000
    only = Drawing("A---B", {"AB": road(direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED)})
    assert ask(RoadEngine(only.network()), only.at(3, 0), only.at(1, 0), penalty).source is Source.UNREACHABLE


def test_legal_limits_bind_only_ordinary_traffic() -> None:
    engine, drawing = _short_cut(road(flags=EdgeFlag.NO_ORDINARY))
    assert _metres(engine, drawing, "AB", Question()) == 600
    assert _metres(engine, drawing, "AB", BOUND) == 1000


def test_blocked_is_blocked_for_all() -> None:
    engine, drawing = _short_cut(road(flags=EdgeFlag.BLOCKED))
    for question in (Question(), BOUND):
        assert _metres(engine, drawing, "AB", question) == 1000


@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
@pytest.mark.parametrize("size", ["height_cm", "width_cm", "weight_kg"])
def test_physical_limits_bind_the_vehicle_they_stop(profile: Profile, size: str) -> None:
    engine, drawing = _short_cut(road(**{f"max_{size}": 2500}))
    for value, metres in ((0, 600), (2500, 600), (2501, 1000)):
        assert _metres(engine, drawing, "AB", Question(replace(profile, **{size: value}))) == metres


def test_closed_in_winter() -> None:
    november_to_may = sum(1 << (month - 1) for month in (11, 12, 1, 2, 3, 4, 5))
    engine, drawing = _short_cut(road(closed_months=november_to_may))
    for month in range(1, 13):
        noon = datetime(2026, month, 15, 4, 0, tzinfo=UTC)
        expected = 600 if 6 <= month <= 10 else 1000
        assert _metres(engine, drawing, "AB", Question(at=noon)) == expected
        assert _metres(engine, drawing, "AB", Question(closures_at=noon)) == expected
    assert _metres(engine, drawing, "AB", Question()) == 600  # nobody said when
    # In legal time (UTC+8) November begins while it is still October in London.
    for hour, expected in ((15, 600), (16, 1000)):
        moment = datetime(2026, 10, 31, hour, 30, tzinfo=UTC)
        assert _metres(engine, drawing, "AB", Question(at=moment)) == expected


def test_hours_are_counted_in_legal_time() -> None:
    assert hour_of_week(datetime(2026, 1, 4, 15, 59, tzinfo=UTC)) == 167  # Sunday 23:59 in Beijing
    assert hour_of_week(datetime(2026, 1, 4, 16, 0, tzinfo=UTC)) == 0  # Monday 00:00
    assert hour_of_week(datetime(2026, 1, 5, 15, 59, tzinfo=UTC)) == 23
    assert local_month(datetime(2026, 1, 31, 16, 0, tzinfo=UTC)) == 2
    assert local_month(datetime(2026, 1, 31, 15, 59, tzinfo=UTC)) == 1


def test_rush_hour_slows_by_its_factor() -> None:
    drawing = Drawing("A----------B", {"AB": road(RoadClass.PRIMARY)})
    engine = RoadEngine(drawing.network())
    speeds = SpeedModel.read()
    at = drawing.points
    free = eta_ms(engine, at["A"], at["B"])
    assert free is not None
    for day in (5, 10):  # a Monday and a Saturday
        for utc_hour in (1, 4, 11, 20):
            moment = datetime(2026, 1, day, utc_hour, 0, tzinfo=UTC)
            share = float(speeds.hour_factor[hour_of_week(moment), 0])
            assert eta_ms(engine, at["A"], at["B"], Question(at=moment)) == pytest.approx(free / share, abs=1)


def test_speeds_are_what_the_table_says() -> None:
    speeds = SpeedModel.read()
    cases = (
        (road(RoadClass.PRIMARY), 65.0, 65.0),
        (road(RoadClass.PRIMARY, surface=Surface.GRAVEL), 65.0 * 0.7, 65.0 * 0.7),
        (road(RoadClass.PRIMARY, maxspeed_forward_kmh=40), 40.0 * 0.85, 40.0 * 0.85),
        (road(RoadClass.TRACK, flags=EdgeFlag.FORD), 20.0 * 0.3, 20.0 * 0.3),
    )
    for value, emergency_kmh, ordinary_kmh in cases:
        drawing = Drawing("A----------B", {"AB": value})
        network = drawing.network()
        edge = drawing.edge(network, "A", "B")
        metres = float(network.edge_length_m[edge])
        for profile, kmh in ((EMERGENCY, emergency_kmh * 1.15), (ORDINARY, ordinary_kmh)):
            assert speeds.weights_ms(network, profile)[edge] == round(metres * 3600.0 / kmh)


def test_posted_limits_bind_ordinary_traffic() -> None:
    text = (
        "barrier_s = 1\nford_factor = 1\n[meta]\n[free_flow_kmh]\nprimary = [65, 65]\n[surface_factor]\n"
        "[profile]\nlimit_share = 1.5\n[profile.factor]\nemergency = 1\nordinary = 1\n"
        "[profile.maxspeed_binds]\nemergency = false\nordinary = true\n"
        + "".join(f"[hour_factor.{area}]\nweekday = {[1] * 24}\nweekend = {[1] * 24}\n" for area in ("urban", "rural"))
    )
    speeds = SpeedModel.read(text)
    network = Drawing("A----------B", {"AB": road(RoadClass.PRIMARY, maxspeed_forward_kmh=40)}).network()
    metres = float(network.edge_length_m[0])
    assert speeds.weights_ms(network, EMERGENCY)[0] == round(metres * 3600.0 / 60.0)
    assert speeds.weights_ms(network, ORDINARY)[0] == round(metres * 3600.0 / 40.0)


def test_even_the_shortest_edge_takes_a_millisecond() -> None:
    network = Drawing("AB", {"AB": road(RoadClass.MOTORWAY)}, cell_m=0.01).network()
    assert SpeedModel.read().weights_ms(network, EMERGENCY).tolist() == [1, 1]
