"""Points that are asked about again are answered from memory: the same answer, and only on the same open roads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from factories.networks import random_roads

from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.snapping import Snapper, Snaps
from geo.snapping_kernels import OPEN, SHUT


@pytest.fixture(scope="module")
def network() -> RoadNetwork:
    return assemble(random_roads(5, side=8), region="random")


def places(network: RoadNetwork, count: int) -> tuple[np.ndarray, np.ndarray]:
    west, south, east, north = network.bbox
    rng = np.random.default_rng(11)
    return rng.uniform(south, north, count), rng.uniform(west, east, count)


def same(one: Snaps, two: Snaps) -> bool:
    columns = ("shape", "share", "node", "distance_m", "shut")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in columns)


def test_asked_again_it_is_the_same_place(network: RoadNetwork) -> None:
    snapper = Snapper(network)
    lat, lon = places(network, 500)
    # Shapes of their own for each: nothing is remembered between them.
    fresh = [
        snapper.snap(lat[row : row + 1], lon[row : row + 1], snapper.landing.astype(np.uint8)) for row in range(500)
    ]
    for _ in range(2):
        columns = columns_of(snapper.snap(lat, lon))
        for row, one in enumerate(fresh):
            assert same(one, Snaps(*(column[row : row + 1] for column in columns)))


def columns_of(snaps: Snaps) -> tuple[np.ndarray, ...]:
    return snaps.shape, snaps.share, snaps.node, snaps.distance_m, snaps.shut


def test_more_places_than_are_remembered(network: RoadNetwork) -> None:
    snapper = Snapper(network)
    lat, lon = places(network, 150_000)
    first = snapper.snap(lat, lon)
    assert same(first, snapper.snap(lat, lon))
    assert same(
        snapper.snap(lat[::-1].copy(), lon[::-1].copy()), Snaps(*(column[::-1] for column in columns_of(first)))
    )


def test_a_road_that_is_closed_meanwhile_is_not_remembered(network: RoadNetwork) -> None:
    snapper = Snapper(network)
    lat, lon = places(network, 300)
    usable = snapper.landing.astype(np.uint8)
    seen: set[int] = set()
    for _ in range(6):
        found = snapper.snap(lat, lon, usable)
        assert found.shape.min() >= 0
        assert (usable[found.shape] == OPEN).all()
        assert not seen & set(found.shape.tolist())
        nearest = np.unique(found.shape)[:5]
        seen |= set(nearest.tolist())
        usable = usable.copy()
        usable[nearest] = SHUT
    assert same(snapper.snap(lat, lon), snapper.snap(lat, lon, snapper.landing.astype(np.uint8)))


def test_numbers_that_differ_in_their_last_place_are_two_places(network: RoadNetwork) -> None:
    snapper = Snapper(network)
    lat, lon = places(network, 1)
    lats = np.array([lat[0], np.nextafter(lat[0], 90.0), np.nextafter(lat[0], -90.0)])
    found = snapper.snap(lats, np.repeat(lon, 3))
    assert len({float(distance) for distance in found.distance_m}) == 3
    assert all(one != two for one, two in pairwise(found.distance_m))


def test_threads_remember_apart(network: RoadNetwork) -> None:
    snapper = Snapper(network)
    lat, lon = places(network, 2_000)
    expected = snapper.snap(lat, lon, snapper.landing.astype(np.uint8))
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: same(snapper.snap(lat, lon), expected), range(64)))
