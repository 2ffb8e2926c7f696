"""Real extracts against an independent count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
import pytest

from geo.importers.export import UNREACHABLE, export_graphml
from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.attributes import Direction, EdgeFlag, RoadClass
from geo.network.raw import RawRoads

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

ORDINARY = (
    "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link"
    " unclassified residential living_street service track road"
)


class Count(osmium.SimpleHandler):
    """Roads for cars by the plainest reading, with osmium's own callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self.ways: set[int] = set()
        self.nodes: set[int] = set()
        self.one_way: set[int] = set()
        self.restrictions = 0

    def way(self, way: osmium.osm.Way) -> None:
        tags = way.tags
        if tags.get("highway") not in ORDINARY.split() or len(way.nodes) < 2:
            return
        if tags.get("area") == "yes" or tags.get("construction") == "yes":
            return
        self.ways.add(way.id)
        self.nodes.update(node.ref for node in way.nodes)
        implied = tags.get("junction") == "roundabout" or tags.get("highway") == "motorway"
        if tags.get("oneway") in ("yes", "1", "true", "-1") or (implied and "oneway" not in tags):
            self.one_way.add(way.id)

    def relation(self, relation: osmium.osm.Relation) -> None:
        self.restrictions += relation.tags.get("type") == "restriction" and "restriction" in relation.tags


def classes(roads: RawRoads) -> list[RoadClass]:
    """Class of each way."""
    return [roads.attributes[row].road_class for row in roads.way_attributes]


def restrictions_left_out(roads: RawRoads) -> int:
    return sum(number for note, number in roads.notes.items() if note.startswith("restrictions_"))


@pytest.mark.parametrize("name", ["monaco", "andorra", "porto"])
def test_every_road_for_cars_is_there(real_data: Path, name: str) -> None:
    path = real_data / "roads" / f"{name}.osm.pbf"
    count = Count()
    count.apply_file(str(path))
    roads = read_osm(path)
    ids = roads.way_ids.tolist()
    assert count.ways <= set(ids)
    assert len(set(ids)) == len(ids)
    assert count.nodes <= set(roads.node_ids.tolist())
    others = {kind for way, kind in zip(ids, classes(roads), strict=True) if way not in count.ways}
    assert others <= {RoadClass.PEDESTRIAN, RoadClass.FERRY, RoadClass.SERVICE}


@pytest.mark.parametrize("name", ["monaco", "andorra", "porto"])
def test_one_ways_and_restrictions(real_data: Path, name: str) -> None:
    path = real_data / "roads" / f"{name}.osm.pbf"
    count = Count()
    count.apply_file(str(path))
    roads = read_osm(path)
    one_way = {
        int(way)
        for way, row in zip(roads.way_ids, roads.way_attributes, strict=True)
        if roads.attributes[row].direction is not Direction.BOTH
    }
    links = {
        int(way) for way, kind in zip(roads.way_ids, classes(roads), strict=True) if kind is RoadClass.MOTORWAY_LINK
    }
    # Ramps without a tag are one-way here, and nobody else's count says so.
    assert (one_way & count.ways) - links == count.one_way - links
    assert count.one_way & links <= one_way
    assert len(roads.restrictions) >= 0.9 * count.restrictions
    assert len(roads.restrictions) + restrictions_left_out(roads) >= count.restrictions


def test_porto_as_its_description_says(real_data: Path) -> None:
    """The data's own description: 357 turn restrictions, 43,363 drivable ways, and its bounds."""
    roads = read_osm(real_data / "roads" / "porto.osm.pbf")
    assert len(roads.restrictions) + restrictions_left_out(roads) == 357
    assert len(roads.way_ids) > 43_363
    assert (roads.node_lon.min(), roads.node_lat.min()) == pytest.approx((-8.795, 40.981), abs=0.02)
    assert (roads.node_lon.max(), roads.node_lat.max()) == pytest.approx((-8.358, 41.399), abs=0.001)


def test_monacos_ferry(real_data: Path) -> None:
    """The Bateau Bus: an edge, but no tag says that it takes vehicles."""
    roads = read_osm(real_data / "roads" / "monaco.osm.pbf")
    assert classes(roads).count(RoadClass.FERRY) == 1
    assert roads.notes["ferries_unclear_blocked"] == 1


def test_porto_is_exported_whole(real_data: Path, tmp_path: Path) -> None:
    network = assemble(read_osm(real_data / "roads" / "porto.osm.pbf"), region="porto")
    weights = np.maximum(1, network.edge_length_m * 100).astype(np.int32)
    weights[network.edge_has(EdgeFlag.CONTRAFLOW)] = UNREACHABLE
    export_graphml(network, tmp_path / "g.graphml", weights_ms=weights)
    text = (tmp_path / "g.graphml").read_text(encoding="utf-8")
    assert text.count("<edge ") == int((weights != UNREACHABLE).sum())
    assert text.count("<node ") == network.node_count
