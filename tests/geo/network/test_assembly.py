"""From drawn ways to edges: what merges, what stays apart, and which way each edge runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories.ascii_map import Drawing, road

from geo.errors import NoRoads
from geo.network.assemble import assemble
from geo.network.attributes import Direction, EdgeFlag, RoadClass, StreetName, Surface
from geo.network.model import RoadNetwork
from geo.points import haversine_many_m


def _ends(network: RoadNetwork) -> set[tuple[int, int]]:
    ids = network.node_osm_id
    return {(int(ids[a]), int(ids[b])) for a, b in zip(network.edge_from, network.edge_to, strict=True)}


def test_alike_ways_become_one_edge_with_the_map_of_both() -> None:
    drawing = Drawing("A---B---C", {"AB": road(), "CB": road()}, names={"AB": "和平路", "CB": "和平路"})
    network = drawing.network()
    assert (network.node_count, network.edge_count) == (2, 2)
    there, back = drawing.edge(network, "A", "C"), drawing.edge(network, "C", "A")
    first, second = drawing.way_ids["AB"], drawing.way_ids["CB"]
    assert network.ways_of_edge(there) == [first, second]
    assert network.ways_of_edge(back) == [second, first]
    assert network.edges_of_way(first) == network.edges_of_way(second) == sorted([there, back])
    assert network.edges_of_way(4711) == []
    assert (network.edge_twin[there], network.edge_twin[back]) == (back, there)


@pytest.mark.parametrize(
    "other",
    [
        road(RoadClass.TERTIARY),
        road(surface=Surface.GRAVEL),
        road(maxspeed_forward_kmh=40),
        road(maxspeed_backward_kmh=40),
        road(direction=Direction.FORWARD),
        road(flags=EdgeFlag.NO_ORDINARY),
        road(flags=EdgeFlag.TOLL),
        road(max_height_cm=300),
        road(max_width_cm=250),
        road(max_weight_kg=3500),
        road(closed_months=1),
    ],
)
def test_whatever_routing_asks_keeps_ways_apart(other: object) -> None:
    network = Drawing("A---B---C", {"AB": road(), "BC": other}).network()  # type: ignore[dict-item]
    assert network.node_count == 3


def test_names_keep_ways_apart() -> None:
    assert Drawing("A---B---C", {"AB": road(), "BC": road()}, names={"AB": "和平路"}).network().node_count == 3


def test_lanes_bridges_and_tunnels_do_not() -> None:
    ways = {
        "AB": road(lanes=4, flags=EdgeFlag.BRIDGE),
        "BC": road(),
        "CD": road(lanes=2, flags=EdgeFlag.TUNNEL),
    }
    network = Drawing("A-B-C-D", ways).network()
    assert network.edge_count == 2
    assert network.edge_lanes.tolist() == [2, 2]
    assert network.edge_has(EdgeFlag.BRIDGE).all()
    assert network.edge_has(EdgeFlag.TUNNEL).all()


def test_limits_follow_the_direction_through_a_merge() -> None:
    ways = {
        "AB": road(maxspeed_forward_kmh=30, maxspeed_backward_kmh=60),
        "CB": road(maxspeed_forward_kmh=60, maxspeed_backward_kmh=30),
    }
    drawing = Drawing("A---B---C", ways)
    network = drawing.network()
    assert network.edge_count == 2
    assert network.edge_maxspeed_kmh[drawing.edge(network, "A", "C")] == 30
    assert network.edge_maxspeed_kmh[drawing.edge(network, "C", "A")] == 60


def test_one_way_drawn_against_its_traffic() -> None:
    drawing = Drawing("A---B---C", {"AB": road(direction=Direction.BACKWARD), "CB": road(direction=Direction.FORWARD)})
    network = drawing.network()
    assert network.edge_count == 2
    legal, against = drawing.edge(network, "C", "A"), drawing.edge(network, "A", "C")
    assert network.edge_has(EdgeFlag.ONEWAY).all()
    assert network.edge_has(EdgeFlag.CONTRAFLOW)[[legal, against]].tolist() == [False, True]
    assert network.edge_twin[legal] == against


def test_opposing_one_ways_do_not_merge() -> None:
    ways = {"AB": road(direction=Direction.FORWARD), "CB": road(direction=Direction.FORWARD)}
    assert Drawing("A---B---C", ways).network().node_count == 3


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
def test_a_divided_one_way_has_no_edge_against_it(direction: Direction) -> None:
    drawing = Drawing("A---B", {"AB": road(RoadClass.MOTORWAY, direction=direction, flags=EdgeFlag.DIVIDED)})
    network = drawing.network()
    assert network.edge_count == 1
    assert not network.edge_has(EdgeFlag.CONTRAFLOW).any()
    assert _ends(network) == ({(1, 2)} if direction is Direction.FORWARD else {(2, 1)})
    assert network.edge_twin.tolist() == [-1]


def test_ring_without_a_junction() -> None:
    picture = """
        A---B
        |   |
        D---C
    """
    for ways in ({"ABCDA": road()}, {"ABC": road(), "ADC": road()}):
        network = Drawing(picture, ways).network()
        assert (network.node_count, network.edge_count) == (1, 2)
        assert network.edge_from.tolist() == network.edge_to.tolist() == [0, 0]
        assert network.edge_twin.tolist() == [1, 0]
        assert network.edge_length_m[0] == pytest.approx(1200.0, rel=1e-3)


def test_loop_at_the_end_of_a_street() -> None:
    picture = """
            B
           / \\
        A-J---C
    """
    network = Drawing(picture, {"AJ": road(), "JBCJ": road()}).network()
    assert _ends(network) == {(2, 3), (3, 2), (3, 3)}
    assert network.edge_count == 4


def test_two_ways_between_the_same_nodes_stay_two() -> None:
    picture = """
          C-D
         /   \\
        A-----B
    """
    drawing = Drawing(picture, {"AB": road(RoadClass.PRIMARY), "ACDB": road()})
    network = drawing.network()
    assert (network.node_count, network.edge_count) == (2, 4)
    assert sorted({round(length) for length in network.edge_length_m}) == [600, 766]


def test_repeated_nodes_and_ways_of_one_place() -> None:
    drawing = Drawing("A---B---C", {"AABBC": road(), "CC": road()})
    network = drawing.network()
    assert network.edge_count == 2
    assert len(network.shape_x_e7) == 3


def test_nothing_but_points_is_no_road() -> None:
    with pytest.raises(NoRoads, match="two different places"):
        Drawing("A B", {"AA": road(), "BB": road()}).network()
    empty = Drawing("A---B", {"AB": road()}).raw
    nothing = np.zeros(0, dtype=np.int64)
    with pytest.raises(NoRoads, match="no road"):
        assemble(
            replace(empty, way_ids=nothing, way_offsets=np.zeros(1, dtype=np.int64), way_nodes=nothing), region="none"
        )


def test_islands_are_kept() -> None:
    assert _ends(Drawing("A---B   C---D", {"AB": road(), "CD": road()}).network()) == {(1, 2), (2, 1), (3, 4), (4, 3)}


def test_geometry_runs_as_the_edge_does_and_lengths_are_on_the_sphere() -> None:
    picture = """
        A--B
           |
           C--D
        E--F
    """
    drawing = Drawing(picture, {"ABCD": road(direction=Direction.BACKWARD), "EF": road(), "DF": road()})
    network = drawing.network()
    for edge in range(network.edge_count):
        line = network.edge_line(edge)
        tail, head = network.node_point(int(network.edge_from[edge])), network.node_point(int(network.edge_to[edge]))
        assert line[0].tolist() == [tail.lon, tail.lat]
        assert line[-1].tolist() == [head.lon, head.lat]
        steps = haversine_many_m(line[:-1, 1], line[:-1, 0], line[1:, 1], line[1:, 0])
        assert network.edge_length_m[edge] == pytest.approx(steps.sum(), abs=1e-6)
        twin = int(network.edge_twin[edge])
        assert twin >= 0
        assert network.edge_twin[twin] == edge
        assert network.edge_line(twin).tolist() == line[::-1].tolist()


def test_edges_of_a_node_stand_together() -> None:
    picture = """
          C
          |
        A-B-D
          |
          E
    """
    drawing = Drawing(picture, {"AB": road(), "CB": road(), "BD": road(), "EB": road()})
    network = drawing.network()
    middle = drawing.node(network, "B")
    start, stop = network.node_first_edge[middle : middle + 2]
    assert stop - start == 4
    assert set(network.edge_from[start:stop].tolist()) == {middle}
    first, incoming = network.incoming
    assert set(network.edge_to[incoming[first[middle] : first[middle + 1]]].tolist()) == {middle}


def test_names_in_their_languages() -> None:
    name = StreetName("解放路", zh="解放路", en="Jiefang Road", ug="ئازادلىق يولى", ref="G314")
    drawing = Drawing("A---B", {"AB": road()}, names={"AB": name})
    network = drawing.network()
    assert network.edge_street(0) == name
    assert [name.spoken(language) for language in ("zh", "en", "ug")] == ["解放路", "Jiefang Road", "ئازادلىق يولى"]
    assert StreetName(ref="G3012").spoken("ug") == "G3012"
    assert not network.street_name(-1)
