"""Tiles of a real extract: every road of the tile is in it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.attributes import RoadClass
from geo.network.model import RoadNetwork
from geo.points import E7
from geo.tiles import TileMaker
from geo.tiles.mercator import tile_at

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def monaco(real_data: Path) -> RoadNetwork:
    return assemble(read_osm(real_data / "roads" / "monaco.osm.pbf"), region="monaco")


@pytest.mark.parametrize("zoom", [14, 15, 16])
def test_lines_of_monaco_are_where_the_roads_are(monaco: RoadNetwork, zoom: int) -> None:
    maker = TileMaker(monaco)
    drawn = [s for s, e in enumerate(monaco.shape_edge_forward) if monaco.edge_class[e] != RoadClass.BARRIER]
    lon, lat = np.radians(monaco.shape_x_e7 / E7), np.radians(monaco.shape_y_e7 / E7)
    side = 2.0**zoom * 4096.0
    x = (lon / np.pi + 1.0) / 2.0 * side
    y = (1.0 - np.log(np.tan(np.pi / 4.0 + lat / 2.0)) / np.pi) / 2.0 * side
    lines = []
    for shape in drawn:
        rows = slice(monaco.shape_offsets[shape], monaco.shape_offsets[shape + 1])
        lines.append(np.stack((x[rows], y[rows]), axis=1))
    tiles = {
        tile_at(float(monaco.shape_y_e7[row]) / E7, float(monaco.shape_x_e7[row]) / E7, zoom)
        for row in range(0, len(monaco.shape_x_e7), 400)
    }
    for column, row in tiles:
        corner = np.array([column * 4096.0, row * 4096.0])
        box = shapely.box(-64, -64, 4160, 4160)
        truth = shapely.MultiLineString([line - corner for line in lines]).intersection(box)
        features = mapbox_vector_tile.decode(maker.tile(zoom, column, row), default_options={"y_coord_down": True})
        found = shapely.union_all([shapely.geometry.shape(f["geometry"]) for f in features["roads"]["features"]])
        assert found.difference(truth.buffer(1.0)).length == 0.0
        # A piece that is shorter than a unit vanishes; all else must be there.
        assert truth.difference(found.buffer(1.0)).length < 0.5
