"""The roads of the schematic region: whole, deterministic, true to the table of distances, plausible in detail."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
import shapely

from geo.demo.naming import document
from geo.network.attributes import EdgeFlag, RoadClass
from geo.speeds import EMERGENCY, UNREACHABLE, Profile, SpeedModel
from tests.factories.demo_region import Drawn

ROAD_KM_FROM_AKSU = {
    "wensu": 15, "kuqa": 260, "shaya": 260, "xinhe": 220, "baicheng": 180, "wushi": 105, "awat": 70, "kalpin": 170,
    "alar": 120,
}  # fmt: skip
"""Road kilometres by public estimates."""

DIGEST = """
import hashlib, json
from geo.demo import make_demo
d = make_demo()
h = hashlib.sha256()
for name in ("node_ids", "node_lat", "node_lon", "way_ids", "way_offsets", "way_nodes", "way_attributes", "way_names"):
    h.update(getattr(d.raw, name).tobytes())
for item in (d.raw.attributes, d.raw.names, d.raw.barriers, d.raw.restrictions, d.raw.posts, d.raw.places, d.raw.notes):
    h.update(repr(item).encode())
h.update(json.dumps([d.meta, d.stations, d.units, d.hospitals, d.places, d.zones]).encode())
print(h.hexdigest())
"""


def test_two_processes_with_different_hash_seeds_draw_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


def test_twenty_thousand_junctions_nearly_all_in_one_part(drawn: Drawn) -> None:
    network = drawn.network
    assert network.node_count > 20_000
    assert np.bincount(drawn.part).max() > 0.97 * network.node_count
    assert network.meta["schematic"] is True
    assert network.meta["notes"]["restrictions_unbound"] == 0


def test_only_the_island_cannot_be_reached(drawn: Drawn) -> None:
    outside = np.flatnonzero(drawn.part != drawn.largest)
    island = document("towns.toml")["island"][0]
    assert 4 <= len(outside) <= 30
    assert np.abs(drawn.network.node_y_e7[outside] / 1e7 - island["lat"]).max() < 0.01
    assert np.abs(drawn.network.node_x_e7[outside] / 1e7 - island["lon"]).max() < 0.01


def test_every_town_centre_is_on_the_network(drawn: Drawn) -> None:
    towns = document("towns.toml")
    for row in [*towns["town"], *towns["regiments"]["list"]]:
        node, gap_m = drawn.nearest_node(row["lat"], row["lon"])
        assert drawn.part[node] == drawn.largest, row["id"]
        assert gap_m < 120.0, row["id"]


def test_road_distances_from_aksu_agree_with_the_table(drawn: Drawn) -> None:
    towns = {row["id"]: drawn.nearest_node(row["lat"], row["lon"])[0] for row in document("towns.toml")["town"]}
    lengths = drawn.fastest_lengths_m(towns["aksu"], [towns[name] for name in ROAD_KM_FROM_AKSU])
    for (name, table_km), length_m in zip(ROAD_KM_FROM_AKSU.items(), lengths, strict=True):
        assert length_m / 1000.0 == pytest.approx(table_km, rel=0.15), name


def test_expressway_carriageways_run_side_by_side_and_never_cross(drawn: Drawn) -> None:
    network = drawn.network
    motorway = np.flatnonzero(network.edge_class == RoadClass.MOTORWAY)
    assert (network.edge_flags[motorway] & np.uint32(EdgeFlag.DIVIDED) != 0).all()
    assert (network.edge_twin[motorway] < 0).all(), "nobody drives an expressway the wrong way"
    lines = [shapely.LineString(network.edge_line(int(edge)) * (83.9, 111.2)) for edge in motorway]  # kilometres
    east = [line for line in lines if line.coords[-1][0] > line.coords[0][0]]
    west = [line for line in lines if line.coords[-1][0] < line.coords[0][0]]
    both = shapely.union_all(east), shapely.union_all(west)
    middle = shapely.line_merge(both[0]).interpolate(np.linspace(2.0, 395.0, 400))
    gaps_m = 1000.0 * shapely.distance(middle, both[1])
    assert gaps_m.min() > 15.0
    assert gaps_m.max() < 35.0
    touching = both[0].intersection(both[1])
    assert touching.length == 0.0
    assert len(shapely.get_coordinates(touching)) <= 2, "they meet only at the expressway's two ends"


def test_traffic_drives_on_the_right(drawn: Drawn) -> None:
    network = drawn.network
    edges = np.flatnonzero(network.edge_class == RoadClass.MOTORWAY)
    lines = [network.edge_line(int(edge)) for edge in edges]
    start = np.array([line[len(line) // 2] for line in lines])
    for edge, line, here in zip(edges.tolist(), lines, start, strict=True):
        ahead = line[-1] - line[0]
        other = [k for k, item in enumerate(lines) if (item[-1] - item[0]) @ ahead < 0]
        points = np.concatenate([lines[k] for k in other])
        gap = points[np.argmin(np.hypot(*((points - here) * (0.755, 1.0)).T))] - here
        near = line[min(len(line) // 2 + 1, len(line) - 1)] - line[max(len(line) // 2 - 1, 0)]
        if 0.0 < np.hypot(*gap) < 0.001:  # about 100 m: an opposite point really beside this one, not where they meet
            assert near[0] * gap[1] - near[1] * gap[0] > 0, f"edge {edge}: the other carriageway is on the left"


def test_every_interchange_can_be_entered_and_left(drawn: Drawn) -> None:
    network = drawn.network
    links = np.flatnonzero(network.edge_class == RoadClass.MOTORWAY_LINK)
    assert len(links) == 4 * len(document("roads.toml")["expressway"]["interchanges"])
    assert (drawn.part[network.edge_from[links]] == drawn.largest).all()
    motorway = network.edge_class == RoadClass.MOTORWAY
    on_motorway = np.union1d(network.edge_from[motorway], network.edge_to[motorway])
    begins, ends = np.isin(network.edge_from[links], on_motorway), np.isin(network.edge_to[links], on_motorway)
    assert (begins ^ ends).all(), "each ramp joins the expressway to a crossing road"
    assert begins.sum() == ends.sum()


def test_the_small_things_are_there(drawn: Drawn) -> None:
    network = drawn.network
    classes = set(np.unique(network.edge_class).tolist())
    assert {RoadClass.FERRY, RoadClass.TRACK, RoadClass.SERVICE, RoadClass.BARRIER} <= classes
    for flag in (
        EdgeFlag.BRIDGE, EdgeFlag.TUNNEL, EdgeFlag.ROUNDABOUT, EdgeFlag.FORD, EdgeFlag.FERRY, EdgeFlag.BLOCKED,
        EdgeFlag.NO_ORDINARY, EdgeFlag.CONTRAFLOW, EdgeFlag.TOLL,
    ):  # fmt: skip
        assert network.edge_has(flag).any(), flag
    assert set(np.unique(network.edge_surface).tolist()) >= {1, 2, 3, 4, 5}
    assert set(np.unique(network.edge_max_height_cm).tolist()) == {0, 240, 300}
    assert (network.edge_max_weight_kg > 0).any()
    assert len(network.restriction_offsets) - 1 >= 6
    barriers = network.edge_class == RoadClass.BARRIER
    assert (barriers & (network.edge_flags == 0)).any(), "a lift gate stops nobody, it takes time"


def test_urban_boulevard_is_divided_and_the_one_way_streets_are_not(drawn: Drawn) -> None:
    network = drawn.network
    boulevard = [e for e in range(network.edge_count) if network.edge_street(e).zh == "阿温大道"]
    inside = [e for e in boulevard if network.edge_flags[e] & EdgeFlag.ONEWAY]
    assert len(inside) > 50
    assert all(network.edge_flags[e] & EdgeFlag.DIVIDED for e in inside)
    narrow = network.edge_has(EdgeFlag.ONEWAY) & (network.edge_class == RoadClass.RESIDENTIAL)
    assert narrow.any()
    assert not (network.edge_has(EdgeFlag.DIVIDED) & narrow).any()


def test_named_crossing_of_the_drawings_exists(drawn: Drawn) -> None:
    network = drawn.network

    def nodes(name: str) -> set[int]:
        edges = [e for e in range(network.edge_count) if network.edge_street(e).zh == name]
        return {int(network.edge_from[e]) for e in edges}

    assert len(nodes("英阿瓦提路") & nodes("塔南路")) == 1


def test_duku_road_is_closed_in_winter_for_everybody(drawn: Drawn) -> None:
    network, model = drawn.network, SpeedModel.read()
    snow = network.edge_closed_months > 0
    assert snow.any()
    assert (model.weights_ms(network, EMERGENCY, month=12)[snow] == UNREACHABLE).all()
    assert (model.weights_ms(network, EMERGENCY, month=7)[snow] < UNREACHABLE).all()
    assert (model.weights_ms(network, EMERGENCY, month=5)[snow] == UNREACHABLE).all()


def test_old_bridge_and_low_underpass_bar_a_heavy_tall_vehicle(drawn: Drawn) -> None:
    network, model = drawn.network, SpeedModel.read()
    limited = (network.edge_max_weight_kg > 0) | (network.edge_max_height_cm > 0)
    big = model.weights_ms(network, Profile("emergency", height_cm=325, width_cm=240, weight_kg=7500))
    assert (big[limited] == UNREACHABLE).all()
    assert (model.weights_ms(network, EMERGENCY)[limited] < UNREACHABLE).all()


def test_kilometre_posts_rise_evenly_along_the_national_road(drawn: Drawn) -> None:
    posts = [post for post in drawn.demo.raw.posts if post.ref == "G314"]
    assert [post.km for post in posts] == sorted(post.km for post in posts)
    assert len(posts) > 350
    everywhere = [(post.ref, post.km) for post in drawn.demo.raw.posts]
    assert len(everywhere) == len(set(everywhere)), "K1012 of a road is one place"
    assert {post.ref for post in drawn.demo.raw.posts} == {"G3012", "G314", "G217", "G579", "G580", "S215", "S307"}
