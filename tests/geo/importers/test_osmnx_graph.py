"""OSMnx graphs become ways: simplified or not, projected, undirected, from memory and from GraphML."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import osmnx
import pytest
import shapely
from factories.osm_text import OsmText

from geo.errors import NoRoads, NotRoadData
from geo.importers.any_file import read_roads
from geo.importers.osm import read_osm
from geo.importers.osmnx_graph import from_osmnx, read_graphml
from geo.network.assemble import assemble
from geo.network.attributes import Direction, EdgeFlag, RoadClass, Surface
from geo.network.raw import RawRoads

Street = tuple[int, int, int, Direction]


def streets(roads: RawRoads) -> set[Street]:
    """(way, first node, last node, direction), both-way streets from the lesser node."""
    found = set()
    for row, way in enumerate(roads.way_ids.tolist()):
        ids = roads.node_ids[roads.way_nodes[roads.way_offsets[row] : roads.way_offsets[row + 1]]].tolist()
        direction = roads.attributes[roads.way_attributes[row]].direction
        ends = sorted((ids[0], ids[-1])) if direction is Direction.BOTH else [ids[0], ids[-1]]
        found.add((way, ends[0], ends[1], direction))
    return found


@pytest.fixture
def small() -> nx.MultiDiGraph:
    """1 ↔ 2 → 3, and 2 ↔ 4 round a bend."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in {1: (80.0, 41.0), 2: (80.01, 41.0), 3: (80.02, 41.0), 4: (80.01, 41.02)}.items():
        graph.add_node(node, x=x, y=y)
    for u, v in ((1, 2), (2, 1)):
        graph.add_edge(u, v, osmid=10, highway="primary", oneway=False, reversed=u == 2, name="甲街", maxspeed="60")
    graph.add_edge(2, 3, osmid=[11, 12], highway=["residential", "tertiary"], oneway=True, maxspeed=["60", "40"])
    bend = [(80.01, 41.0), (80.015, 41.01), (80.01, 41.02)]
    for u, v in ((2, 4), (4, 2)):
        line = shapely.LineString(bend if u == 2 else bend[::-1])
        graph.add_edge(u, v, osmid=13, highway="track", oneway=False, reversed=u == 4, geometry=line, surface="sand")
    return graph


def test_one_street_is_one_way(small: nx.MultiDiGraph) -> None:
    roads = from_osmnx(small)
    assert streets(roads) == {
        (10, 1, 2, Direction.BOTH),
        (11, 2, 3, Direction.FORWARD),
        (13, 2, 4, Direction.BOTH),
    }
    assert roads.notes == {"streets_of_several_ways": 1, "turn_restrictions_not_in_graph": 1}


def test_values_of_merged_ways_promise_the_least(small: nx.MultiDiGraph) -> None:
    roads = from_osmnx(small)
    merged = roads.attributes[roads.way_attributes[roads.way_ids.tolist().index(11)]]
    assert merged.road_class is RoadClass.RESIDENTIAL
    assert merged.maxspeed_forward_kmh == 40
    bend = roads.attributes[roads.way_attributes[roads.way_ids.tolist().index(13)]]
    assert bend.surface is Surface.SAND


def test_bends_keep_their_shape(small: nx.MultiDiGraph) -> None:
    roads = from_osmnx(small)
    row = roads.way_ids.tolist().index(13)
    part = roads.way_nodes[roads.way_offsets[row] : roads.way_offsets[row + 1]]
    assert sorted(zip(roads.node_lon[part], roads.node_lat[part], strict=True)) == [
        (80.01, 41.0),
        (80.01, 41.02),
        (80.015, 41.01),
    ]
    assert sum(node < 0 for node in roads.node_ids.tolist()) == 1


def test_graphml_says_the_same(small: nx.MultiDiGraph, tmp_path: Path) -> None:
    osmnx.save_graphml(small, tmp_path / "g.graphml")
    assert streets(read_graphml(tmp_path / "g.graphml")) == streets(from_osmnx(small))
    assert read_graphml(tmp_path / "g.graphml").attributes == from_osmnx(small).attributes


def test_a_projected_graph_comes_back_to_degrees(small: nx.MultiDiGraph) -> None:
    projected, plain = from_osmnx(osmnx.project_graph(small, to_crs="epsg:32644")), from_osmnx(small)
    assert streets(projected) == streets(plain)
    assert projected.node_lon == pytest.approx(plain.node_lon, abs=2e-7)
    assert projected.node_lat == pytest.approx(plain.node_lat, abs=2e-7)


def test_a_graph_without_its_crs_is_refused_when_its_numbers_are_no_degrees(small: nx.MultiDiGraph) -> None:
    projected = osmnx.project_graph(small, to_crs="epsg:32644")
    del projected.graph["crs"]
    with pytest.raises(NotRoadData, match="no degrees"):
        from_osmnx(projected)
    projected.graph["crs"] = "the moon"
    with pytest.raises(NotRoadData, match="coordinate system"):
        from_osmnx(projected)


def test_undirected_graphs(small: nx.MultiDiGraph) -> None:
    assert streets(from_osmnx(osmnx.convert.to_undirected(small))) == streets(from_osmnx(small))


def test_an_edge_taken_out_of_the_graph_is_believed(small: nx.MultiDiGraph) -> None:
    small.remove_edge(2, 1)
    assert (10, 1, 2, Direction.FORWARD) in streets(from_osmnx(small))


def test_a_loop_is_one_street(small: nx.MultiDiGraph) -> None:
    loop = [(80.02, 41.0), (80.03, 41.0), (80.03, 41.01), (80.02, 41.0)]
    for key, line in enumerate((loop, loop[::-1])):
        small.add_edge(
            3,
            3,
            key,
            osmid=14,
            highway="residential",
            oneway=False,
            reversed=bool(key),
            geometry=shapely.LineString(line),
        )
    assert (14, 3, 3, Direction.BOTH) in streets(from_osmnx(small))


def test_barriers_of_nodes_are_read(small: nx.MultiDiGraph) -> None:
    small.nodes[2]["barrier"] = "bollard"
    roads = from_osmnx(small)
    assert [(roads.node_ids[item.node], item.flags) for item in roads.barriers] == [(2, EdgeFlag.BLOCKED)]


def test_nodes_of_any_name(small: nx.MultiDiGraph) -> None:
    named = nx.relabel_nodes(small, {1: "a", 2: "b"})
    assert len(from_osmnx(named).way_ids) == 3


def test_the_same_roads_by_either_reader(osm: OsmText, tmp_path: Path) -> None:
    osm.way(10, [1, 2, 3], {"highway": "primary", "name": "甲"}).way(11, [3, 4], {"highway": "service", "oneway": "-1"})
    osm.way(12, [3, 5, 6], {"highway": "residential"})
    osm.way(13, [7, 8, 9, 7], {"highway": "tertiary", "junction": "roundabout"})
    osm.way(14, [6, 7], {"highway": "track"})
    path = tmp_path / "m.osm"
    path.write_text(osm.text(), encoding="utf-8")
    graphs = [osmnx.graph_from_xml(path, simplify=simplify, retain_all=True) for simplify in (True, False)]
    own = assemble(read_osm(path), region="x")
    merged, plain = (assemble(from_osmnx(graph), region="x") for graph in graphs)
    drawn = sum(data["length"] for _, _, data in graphs[0].edges(data=True))
    for network in (own, merged, plain):
        lengths = network.edge_length_m[~network.edge_has(EdgeFlag.CONTRAFLOW)].sum()
        assert lengths == pytest.approx(drawn, rel=1e-5)
    assert sorted(plain.edge_class.tolist()) == sorted(own.edge_class.tolist())
    assert sorted(plain.edge_flags.tolist()) == sorted(own.edge_flags.tolist())
    assert sorted(plain.node_osm_id.tolist()) == sorted(own.node_osm_id.tolist())


@pytest.mark.parametrize("content", [b"", b"hello", b"<graphml", b"<graphml></graphml>", b"<osm/>"])
def test_not_graphml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "g.graphml"
    path.write_bytes(content)
    with pytest.raises(NotRoadData):
        read_graphml(path)


def test_cut_graphml_is_refused(small: nx.MultiDiGraph, tmp_path: Path) -> None:
    path = tmp_path / "g.graphml"
    osmnx.save_graphml(small, path)
    data = path.read_bytes()
    whole = len(data.rstrip())
    for cut in range(0, whole, 37):
        path.write_bytes(data[:cut])
        with pytest.raises(NotRoadData):
            read_graphml(path)


def test_graphs_that_are_no_roads(small: nx.MultiDiGraph) -> None:
    for _, _, data in small.edges(data=True):
        data["highway"] = "steps"
    with pytest.raises(NoRoads):
        from_osmnx(small)
    with pytest.raises(NotRoadData, match="`x` and `y`"):
        from_osmnx(nx.MultiDiGraph([(1, 2)]))
    with pytest.raises(NoRoads):
        from_osmnx(nx.MultiDiGraph())


def test_one_door_for_both_kinds_of_file(small: nx.MultiDiGraph, osm: OsmText, tmp_path: Path) -> None:
    osmnx.save_graphml(small, tmp_path / "g.graphml")
    (tmp_path / "m.osm").write_text(osm.way(10, [1, 2], {"highway": "primary"}).text())
    (tmp_path / "m.png").write_bytes(b"\x89PNG")
    assert len(read_roads(tmp_path / "g.graphml").way_ids) == 3
    assert len(read_roads(tmp_path / "m.osm").way_ids) == 1
    with pytest.raises(NotRoadData):
        read_roads(tmp_path / "m.png")
