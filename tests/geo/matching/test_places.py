"""Single drives, drawn to be hard: carriageways side by side, hairpins, turning round, tunnels, standing, no road."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from factories.ascii_map import Drawing, road

from geo.matching.matcher import Matcher, VehicleFix
from geo.matching.states import Match
from geo.network.attributes import Direction, EdgeFlag, RoadClass
from geo.network.model import RoadNetwork
from geo.points import METRES_PER_DEGREE, GeoPoint

CARRIAGEWAY = road(RoadClass.TRUNK, direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED)
STREET = "A----------------------------------------B"
DIVIDED = """
    B----------------------------------------A
    C----------------------------------------D
"""


def fixes(
    places: Sequence[GeoPoint], *, sigma_m: float = 0.0, accuracy_m: float | None = 5.0, seed: int = 1,
    start_s: float = 100.0, speed_mps: float | None = None, heading_deg: float | None = None,
) -> list[VehicleFix]:  # fmt: skip
    """One each second."""
    draw = np.random.default_rng(seed).normal(0.0, sigma_m, (len(places), 2)) / METRES_PER_DEGREE
    return [
        VehicleFix("a", start_s + number, one.lat + north, one.lon + east, accuracy_m, heading_deg, speed_mps)
        for number, (one, (north, east)) in enumerate(zip(places, draw.tolist(), strict=True))
    ]


def line(drawing: Drawing, start: tuple[float, float], end: tuple[float, float], count: int) -> list[GeoPoint]:
    """So many places on a straight line, in columns and rows of the picture."""
    shares = np.linspace(0.0, 1.0, count)
    return [
        drawing.at(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])) for share in shares
    ]


def last(network: RoadNetwork, told: list[VehicleFix]) -> Match | None:
    return Matcher(network).match(told)[-1]


def test_direction_is_known_by_driving_and_not_before() -> None:
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    network = drawing.network()
    found = Matcher(network).match(fixes(line(drawing, (2, 0), (20, 0), 25)))
    assert found[0] is None
    assert found[-1] is not None
    assert found[-1].edge == drawing.edge(network, "A", "B")
    assert abs(found[-1].share - 20 / 41) < 0.02
    back = last(network, fixes(line(drawing, (20, 0), (2, 0), 25)))
    assert back is not None
    assert back.edge == drawing.edge(network, "B", "A")


def test_a_heading_tells_the_direction_at_once_but_not_of_who_stands() -> None:
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    network = drawing.network()
    west = last(network, fixes([drawing.at(20, 0)], heading_deg=270.0, speed_mps=12.0))
    assert west is not None
    assert west.edge == drawing.edge(network, "B", "A")
    assert last(network, fixes([drawing.at(20, 0)], heading_deg=270.0, speed_mps=0.4)) is None


def test_the_carriageway_that_is_driven_and_not_the_nearest() -> None:
    """Two carriageways 20 m apart; the fixes lie nearer to the wrong one."""
    drawing = Drawing(DIVIDED, {"AB": CARRIAGEWAY, "CD": CARRIAGEWAY}, cell_m=20.0)
    network = drawing.network()
    for start, end, edge in ((2, 30, ("C", "D")), (30, 2, ("A", "B"))):
        off = 0.35 if edge == ("C", "D") else 0.65
        found = last(network, fixes(line(drawing, (start, off), (end, off), 40), accuracy_m=15.0))
        assert found is not None
        assert found.edge == drawing.edge(network, *edge)


def test_roads_side_by_side_in_one_direction_are_not_told_apart_by_a_fix_between_them() -> None:
    drawing = Drawing(DIVIDED, {"BA": CARRIAGEWAY, "CD": CARRIAGEWAY}, cell_m=20.0)
    network = drawing.network()
    assert last(network, fixes(line(drawing, (2, 0.5), (30, 0.5), 40), accuracy_m=10.0)) is None


def test_a_one_way_street_is_driven_its_way() -> None:
    one_way = Drawing(STREET, {"AB": road(direction=Direction.FORWARD)}, cell_m=20.0)
    network = one_way.network()
    found = last(network, fixes(line(one_way, (2, 0), (20, 0), 25)))
    assert found is not None
    assert found.edge == one_way.edge(network, "A", "B")


def test_turning_round_is_seen_within_seconds() -> None:
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    network = drawing.network()
    there, back = line(drawing, (5, 0), (20, 0), 25), line(drawing, (20, 0), (5, 0), 25)
    found = Matcher(network).match(fixes([*there, *back], sigma_m=3.0))
    assert found[24] is not None
    assert found[24].edge == drawing.edge(network, "A", "B")
    late = [one for one in found[33:] if one is not None]
    assert len(late) > 12
    assert {one.edge for one in late} == {drawing.edge(network, "B", "A")}


def test_who_stands_keeps_road_and_direction() -> None:
    """Ten minutes at a light, beside a side street: noise drives nowhere."""
    drawing = Drawing("A--------------------B--------------------C\n" + " " * 21 + "D\n", {"ABC": road(), "BD": road()},
                      cell_m=20.0)  # fmt: skip
    network = drawing.network()
    moving, standing = line(drawing, (4, 0), (18, 0), 25), [drawing.at(18, 0)] * 600
    found = Matcher(network).match(fixes([*moving, *standing], sigma_m=4.0, accuracy_m=6.0))[25:]
    told = [one for one in found if one is not None]
    assert len(told) > 570
    assert {one.edge for one in told} == {drawing.edge(network, "A", "B")}


def test_off_the_road_no_road_is_told_and_after_it_the_right_one() -> None:
    drawing = Drawing(STREET + "\n" * 30 + " " * 40 + "C-D\n", {"AB": road(), "CD": road()}, cell_m=20.0)
    network = drawing.network()
    on, away = line(drawing, (2, 0), (20, 0), 30), line(drawing, (20, 0), (24, 10), 25)
    home = [*line(drawing, (24, 10), (26, 0), 25), *line(drawing, (26, 0), (36, 0), 20)]
    found = Matcher(network).match(fixes([*on, *away, *home], sigma_m=3.0))
    assert found[29] is not None
    assert all(one is None for one in found[40:70])
    assert found[-1] is not None
    assert found[-1].edge == drawing.edge(network, "A", "B")


def test_a_parking_place_beside_a_road_is_no_road() -> None:
    """To and fro thirty metres from the road: its candidates are near, and never right."""
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    network = drawing.network()
    rows = [line(drawing, (10, 1.5), (14, 1.5), 6), line(drawing, (14, 1.5), (14, 2.5), 3)]
    rows += [line(drawing, (14, 2.5), (10, 2.5), 6), line(drawing, (10, 2.5), (10, 1.5), 3)]
    found = Matcher(network).match(fixes([place for row in rows * 3 for place in row], accuracy_m=5.0))
    assert all(one is None for one in found[5:])


def test_a_tunnel_is_driven_through_without_a_fix() -> None:
    """A kilometre of silence in a bend: the road that goes on is the one, not the one that lies nearer beside it."""
    picture = "A----------B\n" + "           |\n" * 30 + "           C----------D"
    drawing = Drawing(picture, {"ABCD": road()}, cell_m=20.0)
    network = drawing.network()
    before, after = line(drawing, (1, 0), (10, 0), 15), line(drawing, (13, 31), (20, 31), 12)
    told = [*fixes(before), *fixes(after, start_s=170.0)]
    found = Matcher(network).match(told)
    assert found[15] is not None
    assert found[15].edge == found[-1].edge == drawing.edge(network, "A", "D")  # type: ignore[union-attr]


def test_after_a_long_silence_nothing_is_known() -> None:
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    network = drawing.network()
    first = fixes(line(drawing, (2, 0), (20, 0), 25))
    found = Matcher(network).match([*first, *fixes([drawing.at(24, 0)], start_s=1_000.0)])
    assert found[-2] is not None
    assert found[-1] is None


def test_a_fix_that_says_it_is_bad_or_comes_late_changes_nothing() -> None:
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    network = drawing.network()
    told = fixes(line(drawing, (2, 0), (20, 0), 25))
    spoilt = [
        *told[:20],
        *fixes([drawing.at(2, 0)], accuracy_m=900.0, start_s=told[19].time_s + 0.5),
        told[3],
        *told[20:],
    ]
    found = Matcher(network).match(spoilt)
    assert found[20] is None
    assert found[21] is None
    assert found[22:] == Matcher(network).match(told)[20:]


def test_both_legs_of_a_hairpin_are_thought_of() -> None:
    """A serpentine is one edge; its legs lie 40 m apart."""
    drawing = Drawing("A--------------------B\n\nD--------------------C\n" , {"AB": road(), "BC": road(), "CD": road()},
                      cell_m=20.0)  # fmt: skip
    network = drawing.network()
    assert network.edge_count == 2
    found = Matcher(network).match(fixes([*line(drawing, (1, 0), (20, 0), 30), *line(drawing, (20, 2), (5, 2), 25)]))
    assert found[-1] is not None
    assert found[-1].edge == drawing.edge(network, "A", "D")
    assert found[-1].share > 0.7


def test_of_who_was_heard_of_least_lately_nothing_is_known_any_more() -> None:
    drawing = Drawing(STREET, {"AB": road()}, cell_m=20.0)
    matcher = Matcher(drawing.network(), vehicles=2)
    told = fixes(line(drawing, (2, 0), (20, 0), 25))
    assert matcher.match(told[:-1])[-1] is not None
    others = [VehicleFix(name, 100.0, told[0].lat, told[0].lon) for name in "bc"]
    assert matcher.match([others[0], told[-1]])[1] is not None
    matcher.match([others[1], VehicleFix("d", 100.0, told[0].lat, told[0].lon)])
    again = VehicleFix("a", told[-1].time_s + 1.0, told[-1].lat, told[-1].lon)
    assert matcher.match([again]) == [None]
