"""Merging loses no road and changes no time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import networkx as nx
import numpy as np
from factories.networks import random_roads
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.network.assemble import assemble
from geo.network.attributes import Direction
from geo.network.model import RoadNetwork
from geo.network.raw import RawRoads
from geo.points import E7, haversine_m
from geo.routing.heap_kernels import NEVER
from geo.speeds import EMERGENCY, ORDINARY, UNREACHABLE, Profile, SpeedModel


def _roads(seed: int, side: int, loose: float, kinds: int) -> RawRoads:
    """Random roads with few kinds of them, so that much merges."""
    raw = random_roads(seed, side=side, loose=loose)
    return replace(raw, way_attributes=(raw.way_attributes % kinds).astype(np.int32))


_DRAWN = {
    "seed": st.integers(0, 10_000),
    "side": st.integers(2, 8),
    "loose": st.floats(0.0, 0.7),
    "kinds": st.sampled_from([1, 3, 16]),
}


def _segments(network: RoadNetwork) -> Counter[frozenset[tuple[int, int]]]:
    points = list(zip(network.shape_x_e7.tolist(), network.shape_y_e7.tolist(), strict=True))
    found: Counter[frozenset[tuple[int, int]]] = Counter()
    for start, stop in zip(network.shape_offsets[:-1], network.shape_offsets[1:], strict=True):
        found.update(frozenset(points[row : row + 2]) for row in range(start, stop - 1))
    return found


@settings(max_examples=60)
@given(**_DRAWN)
def test_every_segment_once_and_all_metres_kept(seed: int, side: int, loose: float, kinds: int) -> None:
    raw = _roads(seed, side, loose, kinds)
    if not len(raw.way_ids):
        return
    network = assemble(raw, region="random")
    at = [
        (round(lon * E7), round(lat * E7))
        for lon, lat in zip(raw.node_lon.tolist(), raw.node_lat.tolist(), strict=True)
    ]
    pairs = raw.way_nodes.reshape(-1, 2).tolist()
    assert _segments(network) == Counter(frozenset((at[a], at[b])) for a, b in pairs)
    metres = sum(haversine_m(at[a][1] / E7, at[a][0] / E7, at[b][1] / E7, at[b][0] / E7) for a, b in pairs)
    edge = np.maximum(network.shape_edge_forward, network.shape_edge_backward)
    assert abs(float(network.edge_length_m[edge].sum()) - metres) < 1e-6 * metres
    assert Counter(network.shape_ways.tolist()) == Counter(raw.way_ids.tolist())
    for way in raw.way_ids.tolist():
        edges = network.edges_of_way(way)
        assert edges
        assert all(way in network.ways_of_edge(item) for item in edges)


def _unmerged(raw: RawRoads, profile: Profile) -> nx.MultiDiGraph:
    """Every drawn segment as an edge of its own, with exact times (no rounding)."""
    graph = nx.MultiDiGraph()
    speeds = SpeedModel.read()
    for row, (a, b) in enumerate(raw.way_nodes.reshape(-1, 2).tolist()):
        value = raw.attributes[raw.way_attributes[row]]
        length = haversine_m(raw.node_lat[a], raw.node_lon[a], raw.node_lat[b], raw.node_lon[b])
        kmh = speeds.free_flow_kmh[value.road_class, 0] * speeds.profile_factor[profile.name]
        arcs = {Direction.BOTH: [(a, b), (b, a)], Direction.FORWARD: [(a, b)], Direction.BACKWARD: [(b, a)]}
        for tail, head in arcs[value.direction]:
            graph.add_edge(int(raw.node_ids[tail]), int(raw.node_ids[head]), ms=length * 3600.0 / kmh)
    return graph


@settings(max_examples=40)
@given(**_DRAWN)
def test_times_between_junctions_are_those_of_the_unmerged_roads(
    seed: int, side: int, loose: float, kinds: int
) -> None:
    raw = _roads(seed, side, loose, kinds)
    if not len(raw.way_ids):
        return
    network = assemble(raw, region="random")
    speeds = SpeedModel.read()
    # In these small networks no place is urban by its junctions alone; ordinary traffic may turn at every one here.
    flat = replace(speeds, free_flow_kmh=speeds.free_flow_kmh[:, [0, 0]])
    for profile in (EMERGENCY, ORDINARY):
        graph = _unmerged(raw, profile)
        ms = flat.weights_ms(network, profile)
        merged = nx.MultiDiGraph()
        merged.add_nodes_from(network.node_osm_id.tolist())
        for edge in np.flatnonzero(ms != UNREACHABLE).tolist():
            tail, head = (int(network.node_osm_id[column[edge]]) for column in (network.edge_from, network.edge_to))
            merged.add_edge(tail, head, ms=int(ms[edge]))
        for source in network.node_osm_id[:: max(1, network.node_count // 4)].tolist():
            short = nx.single_source_dijkstra_path_length(merged, source, weight="ms")
            whole = (
                nx.single_source_dijkstra_path_length(graph, source, weight="ms") if source in graph else {source: 0}
            )
            kept = set(network.node_osm_id.tolist())
            assert set(short) == set(whole) & kept
            for node, time in short.items():
                assert time < NEVER
                assert abs(time - whole[node]) <= 0.5 * network.edge_count + 1
