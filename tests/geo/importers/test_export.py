"""What is written can be read by networkx and OSMnx, and gives the same times."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from factories.osm_text import OsmText
from numpy.typing import NDArray

from geo.importers.export import UNREACHABLE, TurnGraph, export_graphml, export_turns_graphml
from geo.importers.graphml import text
from geo.importers.osm import read_osm
from geo.importers.osmnx_graph import read_graphml
from geo.network.assemble import assemble
from geo.network.attributes import EdgeFlag, RoadClass
from geo.network.model import RoadNetwork


@pytest.fixture
def network(osm: OsmText, tmp_path: Path) -> RoadNetwork:
    """A cross with a side street twice (parallel edges), a one-way, and a name that XML minds."""
    osm.way(10, [1, 2, 3], {"highway": "primary", "name": '<甲> & "乙"', "ref": "G314"})
    osm.way(11, [2, 4, 5], {"highway": "residential"}).way(12, [2, 5], {"highway": "residential"})
    osm.way(13, [5, 6], {"highway": "service", "oneway": "yes"})
    path = tmp_path / "m.osm"
    path.write_text(osm.text(), encoding="utf-8")
    return assemble(read_osm(path), region="x")


@pytest.fixture
def weights(network: RoadNetwork) -> NDArray[np.int32]:
    """One metre a tenth of a second; contraflow is closed."""
    times = np.maximum(1, network.edge_length_m * 100).astype(np.int32)
    times[network.edge_has(EdgeFlag.CONTRAFLOW)] = UNREACHABLE
    return times


def test_networkx_reads_typed_values(network: RoadNetwork, weights: NDArray[np.int32], tmp_path: Path) -> None:
    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights)
    graph = nx.read_graphml(tmp_path / "g.graphml", node_type=int, force_multigraph=True)
    assert set(graph) == set(range(network.node_count))
    assert graph.number_of_edges() == int((weights != UNREACHABLE).sum())
    assert network.edge_has(EdgeFlag.CONTRAFLOW).any()
    for node, data in graph.nodes(data=True):
        assert (data["x"], data["y"]) == (network.node_point(node).lon, network.node_point(node).lat)
        assert data["osmid"] == network.node_osm_id[node]
    for u, v, key, data in graph.edges(keys=True, data=True):
        assert data["edge"] == key
        assert (network.edge_from[key], network.edge_to[key]) == (u, v)
        assert isinstance(data["travel_time_ms"], int)
        assert data["travel_time_ms"] == weights[key]
        assert data["length_m"] == pytest.approx(network.edge_length_m[key], abs=1e-3)
        line = network.edge_line(key)
        if len(line) > 2:
            assert list(shapely.from_wkt(data["geometry"]).coords) == [tuple(point) for point in line]
        assert data.get("name", "") == network.edge_street(key).name
    assert any(data.get("name") == '<甲> & "乙"' for _, _, data in graph.edges(data=True))


def test_times_by_networkx_are_the_networks_own(
    network: RoadNetwork, weights: NDArray[np.int32], tmp_path: Path
) -> None:
    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights)
    graph = nx.read_graphml(tmp_path / "g.graphml", node_type=int, force_multigraph=True)
    direct = nx.MultiDiGraph()
    direct.add_nodes_from(range(network.node_count))
    for edge in np.flatnonzero(weights != UNREACHABLE).tolist():
        direct.add_edge(int(network.edge_from[edge]), int(network.edge_to[edge]), weight=int(weights[edge]))
    for node in range(network.node_count):
        assert nx.single_source_dijkstra_path_length(graph, node, weight="travel_time_ms") == (
            nx.single_source_dijkstra_path_length(direct, node)
        )


def test_osmnx_loads_its_own_form(network: RoadNetwork, weights: NDArray[np.int32], tmp_path: Path) -> None:
    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights, for_osmnx=True)
    graph = osmnx.load_graphml(tmp_path / "g.graphml")
    assert graph.graph["crs"] == "epsg:4326"
    assert {type(data["oneway"]) for _, _, data in graph.edges(data=True)} == {bool}
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert len(nodes) == network.node_count
    assert edges["length"].sum() == pytest.approx(network.edge_length_m[weights != UNREACHABLE].sum(), abs=0.1)


@pytest.mark.parametrize("for_osmnx", [False, True])
def test_a_written_network_can_be_imported_again(
    network: RoadNetwork, weights: NDArray[np.int32], tmp_path: Path, for_osmnx: bool
) -> None:
    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights, for_osmnx=for_osmnx)
    again = assemble(read_graphml(tmp_path / "g.graphml"), region="x")
    assert again.edge_count == network.edge_count
    assert again.edge_length_m.sum() == pytest.approx(network.edge_length_m.sum(), abs=0.1)
    assert sorted(again.edge_class.tolist()) == sorted(network.edge_class.tolist())


def test_gates_and_ferries_survive_a_second_import(osm: OsmText, tmp_path: Path) -> None:
    osm.node(2, {"barrier": "gate", "access": "no"}).way(10, [1, 2, 3], {"highway": "service"})
    osm.way(11, [3, 4], {"route": "ferry", "motor_vehicle": "yes"}).way(12, [4, 5], {"highway": "service"})
    (tmp_path / "m.osm").write_text(osm.text(), encoding="utf-8")
    network = assemble(read_osm(tmp_path / "m.osm"), region="x")
    assert {RoadClass.BARRIER, RoadClass.FERRY} <= set(network.edge_class.tolist())
    weights = np.ones(network.edge_count, dtype=np.int32)
    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights)
    again = read_graphml(tmp_path / "g.graphml")
    assert len(again.way_ids) == network.edge_count // 2
    assert "edges_not_roads" not in again.notes


def test_turns(network: RoadNetwork, weights: NDArray[np.int32], tmp_path: Path) -> None:
    """Without restrictions the turn graph gives the node graph's times; without one turn, the way round."""
    states = np.arange(network.edge_count, dtype=np.int32)
    pairs = [(a, b) for a in states for b in states if network.edge_to[a] == network.edge_from[b]]

    def times(forbidden: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
        kept = np.array([pair for pair in pairs if pair not in forbidden], dtype=np.int32)
        turns = TurnGraph(states, kept[:, 0], kept[:, 1], states)
        export_turns_graphml(network, tmp_path / "t.graphml", weights_ms=weights, turns=turns)
        graph = nx.read_graphml(tmp_path / "t.graphml")
        found = {}
        for a in range(network.node_count):
            reached = nx.single_source_dijkstra_path_length(graph, f"origin:{a}", weight="travel_time_ms")
            for b in range(network.node_count):
                if a != b and f"destination:{b}" in reached:
                    found[a, b] = reached[f"destination:{b}"]
        return found

    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights)
    plain = nx.read_graphml(tmp_path / "g.graphml", node_type=int, force_multigraph=True)
    free = times(set())
    assert free == {
        (a, b): time
        for a in plain
        for b, time in nx.single_source_dijkstra_path_length(plain, a, weight="travel_time_ms").items()
        if a != b
    }
    legal = [(a, b) for a, b in pairs if UNREACHABLE not in (weights[a], weights[b])]
    turn = next((a, b) for a, b in legal if network.edge_from[a] != network.edge_to[b])
    forbidden = times({turn})
    start, end = int(network.edge_from[turn[0]]), int(network.edge_to[turn[1]])
    assert forbidden.get((start, end), UNREACHABLE) >= free[start, end]
    assert any(forbidden.get(key, UNREACHABLE) > time for key, time in free.items())


def test_nothing_remains_of_a_failed_writing(network: RoadNetwork, weights: NDArray[np.int32], tmp_path: Path) -> None:
    target = tmp_path / "out" / "g.graphml"
    target.parent.mkdir()
    export_graphml(network, target, weights_ms=weights)
    before = target.read_bytes()

    def fail(_what: str, _share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_graphml(network, target, weights_ms=weights, progress=fail)
    with pytest.raises(ValueError, match="shape"):
        export_graphml(network, target, weights_ms=weights[:-1])
    assert [path.name for path in target.parent.iterdir()] == ["g.graphml"]
    assert target.read_bytes() == before


def test_names_with_characters_that_xml_cannot_hold() -> None:
    assert text("a\x00\x0b\ud800b ]]> <&> 中") == "ab ]]&gt; &lt;&amp;&gt; 中"
