"""Snapping against brute force: shapely over every stretch, anywhere in and around a random network."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import shapely
from factories.networks import random_roads
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.points import E7, METRES_PER_DEGREE
from geo.snapping import END_WITHIN_M, Snapper


@cache
def _made(seed: int) -> tuple[RoadNetwork, Snapper]:
    """Networks of three sizes, with stretches from 70 m (several to a cell of the index) to 2 km (many cells long)."""
    raw = random_roads(seed, side=(3, 6, 12)[seed % 3])
    size = (0.3, 1.0, 8.0)[seed // 3]
    raw.node_lat[:] = 41.0 + (raw.node_lat - 41.0) * size
    raw.node_lon[:] = 80.0 + (raw.node_lon - 80.0) * size
    network = assemble(raw, region="random")
    return network, Snapper(network)


def _lines(network: RoadNetwork, lat: float, lon: float) -> np.ndarray:
    """All shapes in a plane of metres laid at the asked point."""
    scale = METRES_PER_DEGREE * np.array([math.cos(math.radians(lat)), 1.0])
    points = (np.stack((network.shape_x_e7, network.shape_y_e7), axis=1) / E7 - (lon, lat)) * scale
    rows = np.repeat(np.arange(len(network.shape_edge_forward)), np.diff(network.shape_offsets))
    return shapely.linestrings(points, indices=rows)


@settings(max_examples=400)
@given(
    seed=st.integers(0, 8),
    east=st.floats(-0.6, 1.6, allow_nan=False),
    north=st.floats(-0.6, 1.6, allow_nan=False),
)
@example(seed=1, east=0.0, north=0.0)
@example(seed=2, east=30.0, north=-20.0)
def test_nearest_stretch_by_brute_force(seed: int, east: float, north: float) -> None:
    network, snapper = _made(seed)
    west, south, most_east, most_north = network.bbox
    lat, lon = south + north * (most_north - south), west + east * (most_east - west)
    found = snapper.snap(np.array([lat]), np.array([lon]))
    lines = _lines(network, lat, lon)
    distances = shapely.distance(lines, shapely.Point(0.0, 0.0))
    assert abs(found.distance_m[0] - distances.min()) < 0.01
    line = lines[found.shape[0]]
    assert abs(shapely.distance(line, shapely.Point(0.0, 0.0)) - distances.min()) < 0.01
    # The place on the road is as far away as it is said to be.
    place = shapely.line_interpolate_point(line, found.share[0], normalized=True)
    assert abs(shapely.distance(place, shapely.Point(0.0, 0.0)) - found.distance_m[0]) < 0.05
    along = found.share[0] * shapely.length(line)
    at_end = min(along, shapely.length(line) - along)
    if abs(at_end - END_WITHIN_M) > 0.05:
        assert (found.node[0] >= 0) == (at_end < END_WITHIN_M)


@settings(max_examples=80)
@given(seed=st.integers(0, 8), chosen=st.randoms(use_true_random=False), radius_m=st.floats(1.0, 400.0))
def test_all_within_a_radius_by_brute_force(seed: int, chosen: object, radius_m: float) -> None:
    network, snapper = _made(seed)
    west, south, east, north = network.bbox
    lat, lon = chosen.uniform(south, north), chosen.uniform(west, east)  # type: ignore[attr-defined]
    near = snapper.near(lat, lon, radius_m)
    distances = shapely.distance(_lines(network, lat, lon), shapely.Point(0.0, 0.0))
    expected = {int(row) for row in np.flatnonzero(distances <= radius_m)}
    border = {int(row) for row in np.flatnonzero(np.abs(distances - radius_m) < 0.01)}
    found = set(near.shape.tolist())
    assert len(found) == len(near.shape)
    if len(expected | border) <= 64:
        assert found - border == expected - border
    assert near.distance_m.tolist() == sorted(near.distance_m.tolist())
