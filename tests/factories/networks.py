"""Networks that many tests ask: real extracts imported once per run, and random ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.attributes import Direction, RoadAttributes, RoadClass, StreetName
from geo.network.model import RoadNetwork
from geo.network.raw import RawRoads
from geo.network.storage import open_network, save


@pytest.fixture(scope="session")
def extract(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], RoadNetwork]:
    """`extract("monaco")`: the network of a real extract, imported once and opened from its file."""
    made: dict[str, RoadNetwork] = {}
    folder = tmp_path_factory.mktemp("networks")

    def load(name: str) -> RoadNetwork:
        if name not in made:
            path = folder / f"{name}.tarimnet"
            save(assemble(read_osm(real_data / "roads" / f"{name}.osm.pbf"), region=name), path)
            made[name] = open_network(path)
        return made[name]

    return load


def random_roads(seed: int, *, side: int = 9, loose: float = 0.25) -> RawRoads:
    """A crooked street grid with one-ways, divided stretches, missing blocks and a part that hangs on by little."""
    rng = np.random.default_rng(seed)
    count = side * side
    lat = 41.0 + np.repeat(np.arange(side), side) * 0.002 + rng.normal(0, 0.0003, count)
    lon = 80.0 + np.tile(np.arange(side), side) * 0.0027 + rng.normal(0, 0.0003, count)
    classes = (RoadClass.PRIMARY, RoadClass.TERTIARY, RoadClass.RESIDENTIAL, RoadClass.SERVICE)
    values = [
        RoadAttributes(road_class, direction=direction)
        for road_class in classes
        for direction in (Direction.BOTH, Direction.BOTH, Direction.FORWARD, Direction.BACKWARD)
    ]
    pairs = [(node, node + 1) for node in range(count) if (node + 1) % side]
    pairs += [(node, node + side) for node in range(count - side)]
    pairs = [pair for pair in pairs if rng.random() > loose]
    return RawRoads(
        node_ids=np.arange(1, count + 1, dtype=np.int64),
        node_lat=lat,
        node_lon=lon,
        way_ids=np.arange(100, 100 + len(pairs), dtype=np.int64),
        way_offsets=np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.int64),
        way_nodes=np.array(pairs, dtype=np.int64).ravel(),
        way_attributes=rng.integers(0, len(values), len(pairs)).astype(np.int32),
        way_names=np.zeros(len(pairs), dtype=np.int32),
        attributes=values,
        names=[StreetName()],
    )
