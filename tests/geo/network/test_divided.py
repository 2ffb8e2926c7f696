"""Divided roads are seen by geometry; contraflow edges exist only where a road is not divided; towns are urban."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road

from geo.network.attributes import Direction, EdgeFlag, RoadClass
from geo.network.model import RoadNetwork

ONE_WAY = road(RoadClass.PRIMARY, direction=Direction.FORWARD)
PICTURE = """
    A---------B
    C---------D
"""


def _flags(network: RoadNetwork, way: int, flag: EdgeFlag) -> list[bool]:
    return [bool(network.edge_flags[edge] & flag) for edge in network.edges_of_way(way)]


@pytest.mark.parametrize(
    ("cell_m", "names", "expected"),
    [
        (35.0, {"AB": "塔河路", "DC": "塔河路"}, True),
        (45.0, {"AB": "塔河路", "DC": "塔河路"}, False),
        (35.0, {"AB": "塔河路", "DC": "胜利路"}, False),
        (35.0, {}, False),
    ],
)
def test_an_opposite_one_way_of_the_same_name_within_forty_metres(
    cell_m: float, names: dict[str, str], expected: bool
) -> None:
    drawing = Drawing(PICTURE, {"AB": ONE_WAY, "DC": ONE_WAY}, names=names, cell_m=cell_m)
    network = drawing.network()
    for way in drawing.way_ids.values():
        edges = network.edges_of_way(way)
        assert _flags(network, way, EdgeFlag.DIVIDED) == [expected] * len(edges)
        assert len(edges) == (1 if expected else 2)  # with the contraflow edge


def test_drawn_against_traffic_it_is_still_opposite() -> None:
    ways = {"AB": ONE_WAY, "CD": road(RoadClass.PRIMARY, direction=Direction.BACKWARD)}
    drawing = Drawing(PICTURE, ways, names={"AB": "塔河路", "CD": "塔河路"}, cell_m=35.0)
    assert drawing.network().edge_has(EdgeFlag.DIVIDED).all()


def test_two_one_ways_in_the_same_direction_are_not_divided() -> None:
    drawing = Drawing(PICTURE, {"AB": ONE_WAY, "CD": ONE_WAY}, names={"AB": "塔河路", "CD": "塔河路"}, cell_m=35.0)
    assert not drawing.network().edge_has(EdgeFlag.DIVIDED).any()


def test_a_two_way_road_beside_is_no_opposite() -> None:
    ways = {"AB": ONE_WAY, "DC": road(RoadClass.PRIMARY)}
    drawing = Drawing(PICTURE, ways, names={"AB": "塔河路", "DC": "塔河路"}, cell_m=35.0)
    assert not drawing.network().edge_has(EdgeFlag.DIVIDED).any()


def test_less_than_a_third_beside_is_not_divided() -> None:
    picture = """
        A------------------------------B
        C----D
    """
    drawing = Drawing(picture, {"AB": ONE_WAY, "DC": ONE_WAY}, names={"AB": "塔河路", "DC": "塔河路"}, cell_m=35.0)
    network = drawing.network()
    assert _flags(network, drawing.way_ids["AB"], EdgeFlag.DIVIDED) == [False, False]
    assert _flags(network, drawing.way_ids["DC"], EdgeFlag.DIVIDED) == [True]


def test_two_way_roads_carry_neither_flag() -> None:
    network = Drawing("A---B", {"AB": road()}).network()
    assert not network.edge_has(EdgeFlag.ONEWAY | EdgeFlag.CONTRAFLOW | EdgeFlag.DIVIDED).any()


def _grid(side: int, cell_m: float) -> RoadNetwork:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + side * side)]
    rows = [letters[row * side : (row + 1) * side] for row in range(side)]
    ways = {"".join(row): road() for row in rows} | {"".join(column): road() for column in zip(*rows, strict=True)}
    return Drawing("\n".join("".join(row) for row in rows), ways, cell_m=cell_m).network()


def test_many_junctions_make_a_town() -> None:
    assert _grid(7, 150.0).edge_has(EdgeFlag.URBAN).all()
    assert not _grid(7, 1000.0).edge_has(EdgeFlag.URBAN).any()


@pytest.mark.parametrize("outward", [True, False])
@pytest.mark.parametrize("east", [True, False])
def test_a_road_out_of_town_is_rural(outward: bool, east: bool) -> None:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 49)]
    rows = [letters[row * 7 : (row + 1) * 7] for row in range(7)]
    lines = ["".join(row) for row in rows]
    lines = [line if east else " " * 61 + line for line in lines]
    lines[3] = lines[3] + " " * 60 + "Z" if east else "Z" + lines[3][1:]
    ways = {"".join(row): road() for row in rows} | {"".join(column): road() for column in zip(*rows, strict=True)}
    way_out = (rows[3][-1 if east else 0] + "Z")[:: 1 if outward else -1]
    drawing = Drawing("\n".join(lines), {**ways, way_out: road(RoadClass.TERTIARY)}, cell_m=150.0)
    network = drawing.network()
    urban = network.edge_has(EdgeFlag.URBAN)
    assert not urban[network.edges_of_way(drawing.way_ids[way_out])].any()
    assert urban[network.edges_of_way(drawing.way_ids["".join(rows[3])])].all()
