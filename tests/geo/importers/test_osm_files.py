"""Whole files: nodes, ways, barriers, restrictions, posts and places together."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from factories.osm_text import OsmText

from geo.errors import NoRoads, NotRoadData
from geo.importers.osm import read_osm
from geo.network.attributes import EdgeFlag, RoadClass
from geo.network.raw import RawRoads, TurnRestriction

Read = Callable[[OsmText], RawRoads]


def ways_of(roads: RawRoads) -> list[tuple[int, list[int]]]:
    """(way id, node ids) of each row."""
    return [
        (int(way), roads.node_ids[roads.way_nodes[start:stop]].tolist())
        for way, start, stop in zip(roads.way_ids, roads.way_offsets, roads.way_offsets[1:], strict=False)
    ]


def test_ways_keep_their_nodes_in_order(osm: OsmText, read: Read) -> None:
    osm.way(10, [3, 1, 2], {"highway": "primary", "name": "甲"}).way(11, [2, 4], {"highway": "primary", "name": "甲"})
    osm.way(12, [5, 6], {"building": "yes"})
    roads = read(osm)
    assert ways_of(roads) == [(10, [3, 1, 2]), (11, [2, 4])]
    assert roads.node_ids.tolist() == [1, 2, 3, 4]
    assert roads.node_lat.tolist() == pytest.approx([41.001, 41.002, 41.003, 41.004])
    assert roads.node_lon.tolist() == pytest.approx([80.001, 80.002, 80.003, 80.004])
    assert len(roads.attributes) == 1
    assert [name.name for name in roads.names] == ["甲"]
    assert roads.notes == {}


def test_unnamed_ways_have_no_name_row(osm: OsmText, read: Read) -> None:
    assert read(osm.way(1, [1, 2], {"highway": "service"})).way_names.tolist() == [-1]


def test_a_way_is_cut_where_a_node_is_missing(osm: OsmText, read: Read) -> None:
    osm.node(1).node(2).node(4).node(5).node(6)
    osm.way(10, [1, 2, 3, 4, 5], {"highway": "primary"}, draw=False)
    osm.way(11, [3, 6], {"highway": "primary"}, draw=False)
    roads = read(osm)
    assert ways_of(roads) == [(10, [1, 2]), (10, [4, 5])]
    assert roads.notes == {"nodes_missing": 1, "ways_cut": 2, "ways_without_nodes": 1}


def test_nodes_outside_the_world_are_left_out(osm: OsmText, read: Read) -> None:
    osm.node(1).node(2).node(3, at=(95.0, 80.0))
    roads = read(osm.way(10, [1, 2, 3], {"highway": "primary"}))
    assert ways_of(roads) == [(10, [1, 2])]
    assert roads.notes["nodes_missing"] == 1


def test_ids_of_an_editor_are_negative(tmp_path: Path) -> None:
    path = tmp_path / "drawn.osm"
    path.write_text(
        '<osm version="0.6"><way id="-7"><nd ref="-2"/><nd ref="5"/><nd ref="-3"/><tag k="highway" v="primary"/></way>'
        '<node id="5" lat="41" lon="80"/><node id="-2" lat="41.1" lon="80"/><node id="-3" lat="99" lon="80"/></osm>'
    )
    roads = read_osm(path)
    assert ways_of(roads) == [(-7, [-2, 5])]
    assert roads.node_lat.tolist() == [41.1, 41.0]
    assert roads.notes["nodes_outside_the_world"] == 1


def test_order_in_the_file_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "drawn.osm"
    nodes = "".join(f'<node id="{number}" lat="41.{number}" lon="80"/>' for number in (9, 2, 7, 1))
    way = '<way id="7"><nd ref="1"/><nd ref="9"/><nd ref="2"/><tag k="highway" v="primary"/></way>'
    path.write_text(f'<osm version="0.6">{way}{nodes}</osm>')
    roads = read_osm(path)
    assert ways_of(roads) == [(7, [1, 9, 2])]
    assert roads.node_lat.tolist() == [41.1, 41.2, 41.9]


@pytest.mark.parametrize(
    ("name", "pack"), [("m.osm", bytes), ("m.osm.gz", gzip.compress), ("m.osm.bz2", bz2.compress), ("map", bytes)]
)
def test_packed_files(osm: OsmText, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(pack(osm.way(10, [1, 2], {"highway": "primary"}).text().encode()))
    assert ways_of(read_osm(path)) == [(10, [1, 2])]


def test_pbf_says_the_same_as_xml(osm: OsmText, tmp_path: Path) -> None:
    osm.node(2, {"barrier": "bollard"}).way(10, [1, 2, 3], {"highway": "primary", "name": "甲"})
    osm.way(11, [3, 4], {"highway": "track"})
    osm.relation(5, [("way", 10, "from"), ("node", 3, "via"), ("way", 11, "to")], _turn("no_left_turn"))
    xml, pbf = tmp_path / "m.osm", tmp_path / "m.osm.pbf"
    xml.write_text(osm.text(), encoding="utf-8")
    with osmium.SimpleWriter(str(pbf)) as writer:
        for thing in osmium.FileProcessor(str(xml)):
            writer.add(thing)
    one, other = read_osm(xml), read_osm(pbf)
    assert ways_of(one) == ways_of(other)
    assert (one.barriers, one.restrictions, one.names) == (other.barriers, other.restrictions, other.names)
    assert np.array_equal(one.node_lat, other.node_lat)


def test_progress_ends_at_one(osm: OsmText, tmp_path: Path) -> None:
    path = tmp_path / "m.osm"
    path.write_text(osm.way(10, [1, 2], {"highway": "primary"}).text())
    told: list[float] = []
    read_osm(path, lambda _what, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_ferry_takes_as_long_as_its_timetable_says(osm: OsmText, read: Read) -> None:
    osm.node(1, at=(41.0, 80.0)).node(2, at=(41.009, 80.0))
    roads = read(osm.way(10, [1, 2], {"route": "ferry", "motor_vehicle": "yes", "duration": "00:10"}))
    attributes = roads.attributes[roads.way_attributes[0]]
    assert attributes.road_class is RoadClass.FERRY
    # 1,000.8 m in 600 s are 6.005 km/h.
    assert (attributes.maxspeed_forward_kmh, attributes.maxspeed_backward_kmh) == (6, 6)


@pytest.mark.parametrize(
    ("tags", "flags"),
    [
        ({"barrier": "bollard"}, EdgeFlag.BLOCKED),
        ({"barrier": "bollard", "access": "yes"}, EdgeFlag.BLOCKED),
        ({"barrier": "bollard", "emergency": "yes"}, EdgeFlag.NO_ORDINARY),
        ({"barrier": "bollard", "motor_vehicle": "yes", "maxwidth": "2"}, EdgeFlag(0)),
        ({"barrier": "block"}, EdgeFlag.BLOCKED),
        ({"barrier": "gate", "locked": "yes"}, EdgeFlag.BLOCKED),
        ({"barrier": "gate", "locked": "yes", "emergency": "yes"}, EdgeFlag.NO_ORDINARY),
        ({"barrier": "gate", "access": "no"}, EdgeFlag.NO_ORDINARY),
        ({"barrier": "lift_gate", "access": "private"}, EdgeFlag.PRIVATE_ROAD),
        ({"barrier": "gate", "access": "no", "emergency": "no"}, EdgeFlag.NO_ORDINARY | EdgeFlag.BLOCKED),
        ({"barrier": "toll_booth"}, EdgeFlag.TOLL),
        ({"ford": "yes"}, EdgeFlag.FORD),
    ],
)
def test_barriers(osm: OsmText, read: Read, tags: dict[str, str], flags: EdgeFlag) -> None:
    roads = read(osm.node(2, tags).way(10, [1, 2, 3], {"highway": "service"}))
    assert [(roads.node_ids[barrier.node], barrier.flags) for barrier in roads.barriers] == [(2, flags)]


@pytest.mark.parametrize("tags", [{"barrier": "gate"}, {"barrier": "cattle_grid"}, {"barrier": "yes"}, {"ford": "no"}])
def test_what_everybody_passes_leaves_no_trace(osm: OsmText, read: Read, tags: dict[str, str]) -> None:
    assert not read(osm.node(2, tags).way(10, [1, 2, 3], {"highway": "service"})).barriers


def test_frames_bring_their_limits(osm: OsmText, read: Read) -> None:
    osm.node(2, {"barrier": "height_restrictor", "maxheight": "2.2"}).node(3, {"maxweight": "3.5", "maxwidth": "2.3 m"})
    roads = read(osm.node(9, {"barrier": "bollard"}).way(10, [1, 2, 3, 4], {"highway": "service"}))
    limits = [(item.max_height_cm, item.max_width_cm, item.max_weight_kg) for item in roads.barriers]
    assert limits == [(220, 0, 0), (0, 230, 3500)]


def _turn(kind: str, **more: str) -> dict[str, str]:
    return {"type": "restriction", "restriction": kind, **more}


@pytest.fixture
def crossing(osm: OsmText) -> OsmText:
    """Ways 10 to 13 meet in node 1; way 14 goes on from way 13."""
    for way in range(10, 14):
        osm.way(way, [1, way], {"highway": "primary"})
    return osm.way(14, [13, 99], {"highway": "primary"}).way(15, [1, 98], {"highway": "footway"})


def members(*rows: tuple[str, int, str]) -> list[tuple[str, int, str]]:
    return list(rows)


VIA = ("node", 1, "via")


def test_restrictions(crossing: OsmText, read: Read) -> None:
    crossing.relation(1, members(("way", 10, "from"), VIA, ("way", 11, "to")), _turn("no_left_turn"))
    crossing.relation(2, members(("way", 10, "from"), VIA, ("way", 12, "to")), _turn("only_straight_on"))
    crossing.relation(3, members(("way", 10, "from"), ("way", 13, "via"), ("way", 14, "to")), _turn("no_u_turn"))
    crossing.relation(4, members(("way", 10, "from"), ("way", 11, "from"), VIA, ("way", 12, "to")), _turn("no_entry"))
    crossing.relation(5, members(("way", 10, "from"), VIA, ("way", 12, "to"), ("way", 11, "to")), _turn("no_exit"))
    roads = read(crossing)
    assert roads.restrictions == [
        TurnRestriction(10, 11, 0),
        TurnRestriction(10, 12, 0, only=True),
        TurnRestriction(10, 14, -1, (13,)),
        TurnRestriction(10, 12, 0),
        TurnRestriction(11, 12, 0),
        TurnRestriction(10, 12, 0),
        TurnRestriction(10, 11, 0),
    ]
    assert roads.notes == {"walking_ways": 1}


@pytest.mark.parametrize(
    ("rows", "tags", "note"),
    [
        ([("way", 10, "from"), VIA], _turn("no_left_turn"), "restrictions_incomplete"),
        ([("way", 10, "from"), ("way", 11, "to")], _turn("no_left_turn"), "restrictions_incomplete"),
        ([("way", 10, "from"), VIA, ("way", 77, "to")], _turn("no_left_turn"), "restrictions_incomplete"),
        ([("way", 10, "from"), VIA, ("way", 15, "to")], _turn("no_left_turn"), "restrictions_incomplete"),
        ([("way", 10, "from"), VIA, ("way", 14, "to")], _turn("no_left_turn"), "restrictions_incomplete"),
        ([("way", 10, "from"), ("node", 5, "via"), ("way", 11, "to")], _turn("no_u_turn"), "restrictions_incomplete"),
        (
            [("way", 10, "from"), ("way", 11, "from"), VIA, ("way", 12, "to")],
            _turn("no_left_turn"),
            "restrictions_incomplete",
        ),
        (
            [("way", 10, "from"), VIA, ("way", 11, "to")],
            {"type": "restriction", "restriction:conditional": "no_left_turn @ (07:00-09:00)"},
            "restrictions_conditional",
        ),
        (
            [("way", 10, "from"), VIA, ("way", 11, "to")],
            _turn("no_left_turn", hour_on="07:00", hour_off="09:00"),
            "restrictions_conditional",
        ),
        (
            [("way", 10, "from"), VIA, ("way", 11, "to")],
            {"type": "restriction", "restriction:hgv": "no_left_turn"},
            "restrictions_of_other_vehicles",
        ),
        (
            [("way", 10, "from"), VIA, ("way", 11, "to")],
            _turn("no_left_turn", **{"except": "psv;motorcar"}),
            "restrictions_of_other_vehicles",
        ),
        ([("way", 10, "from"), VIA, ("way", 11, "to")], _turn("give_way"), "restrictions_unknown"),
    ],
)
def test_restrictions_left_out_are_counted(
    crossing: OsmText, read: Read, rows: list[tuple[str, int, str]], tags: dict[str, str], note: str
) -> None:
    roads = read(crossing.relation(1, rows, tags))
    assert roads.restrictions == []
    assert roads.notes == {note: 1, "walking_ways": 1}


def test_an_exception_for_emergencies_binds_the_ordinary(crossing: OsmText, read: Read) -> None:
    tags = _turn("no_left_turn", **{"except": "emergency;bus"})
    assert len(read(crossing.relation(1, [("way", 10, "from"), VIA, ("way", 11, "to")], tags)).restrictions) == 1


def test_kilometre_posts(osm: OsmText, read: Read) -> None:
    osm.node(2, {"highway": "milestone", "distance": "1023.5", "ref": "G314"})
    osm.node(3, {"highway": "milestone", "pk": "K12+300"}).node(4, {"highway": "milestone"})
    osm.node(5, {"railway": "milestone", "railway:position": "7"})
    roads = read(osm.way(10, [1, 2, 3], {"highway": "trunk", "ref": "G217"}))
    assert [(post.km, post.ref) for post in roads.posts] == [(1023.5, "G314"), (12.3, "G217")]
    assert roads.notes == {"posts_without_km": 1}


def test_places(osm: OsmText, read: Read) -> None:
    osm.node(20, {"place": "town", "name": "金银川镇", "name:ug": "جىنيىنچۈەن"}).node(21, {"amenity": "hospital"})
    osm.node(22, {"amenity": "bench", "name": "长椅"}).node(23, {"railway": "station", "name": "阿克苏站"})
    osm.way(30, [40, 41, 42, 40], {"amenity": "hospital", "name": "示例医院"})
    roads = read(osm.way(10, [1, 2], {"highway": "trunk"}))
    assert [(place.kind, place.names.name) for place in roads.places] == [
        ("town", "金银川镇"),
        ("station", "阿克苏站"),
        ("hospital", "示例医院"),
    ]
    assert roads.places[2].lat == pytest.approx(41.041)
    # The outline of a building is no road.
    assert roads.node_ids.tolist() == [1, 2]


def test_a_file_without_roads(osm: OsmText, read: Read) -> None:
    with pytest.raises(NoRoads, match="holds no road"):
        read(osm.way(10, [1, 2], {"building": "yes"}))
    with pytest.raises(NoRoads, match="none of their nodes"):
        read(osm.way(11, [77, 78], {"highway": "primary"}, draw=False))


def test_a_history_is_refused(osm: OsmText, tmp_path: Path) -> None:
    xml, pbf = tmp_path / "m.osm", tmp_path / "m.osh.pbf"
    xml.write_text(osm.way(10, [1, 2], {"highway": "primary"}).text())
    with osmium.SimpleWriter(str(pbf)) as writer:
        for thing in osmium.FileProcessor(str(xml)):
            writer.add(thing)
    with pytest.raises(NotRoadData, match="history"):
        read_osm(pbf)
