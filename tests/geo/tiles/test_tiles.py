"""Tiles, decoded by an independent reader and compared with an independent projection of the network."""

from __future__ import annotations

import gzip
import math
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from factories.ascii_map import Drawing, road

from geo.network.attributes import Direction, EdgeFlag, RoadClass, StreetName
from geo.network.model import RoadNetwork
from geo.network.raw import RawPlace
from geo.places.own import OwnPlace
from geo.points import E7, GeoPoint
from geo.tiles import TileMaker, TileOutOfRange
from geo.tiles.mercator import tile_at

YINGAWATI = StreetName(name="英阿瓦提路", zh="英阿瓦提路", en="Yingawati Road", ug="يېڭىئاۋات يولى", ref="G314")
PICTURE = """
    A-----B-----C-----D
          |     |
          E--F--G
"""


@pytest.fixture(scope="module")
def town() -> RoadNetwork:
    ways = {
        "ABCD": road(RoadClass.TRUNK, flags=EdgeFlag.BRIDGE),
        "BE": road(RoadClass.RESIDENTIAL, direction=Direction.FORWARD),
        "CG": road(RoadClass.SECONDARY, direction=Direction.BACKWARD),
        "EFG": road(RoadClass.TRACK, flags=EdgeFlag.TUNNEL),
    }
    place = RawPlace(41.0, 80.003, "town", StreetName(name="阿克苏", zh="阿克苏", en="Aksu", ug="ئاقسۇ"))
    return Drawing(PICTURE, ways, names={"ABCD": YINGAWATI, "BE": "塔南路"}, cell_m=70.0, places=[place]).network()


def decode(tile: bytes) -> dict[str, Any]:
    decoded: dict[str, Any] = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    return decoded


def project(lat: float, lon: float, zoom: int) -> tuple[float, float]:
    """World position in tile units, by the textbook formula (log of tan + sec)."""
    phi = math.radians(lat)
    side = 2.0**zoom * 4096.0
    y = 1.0 - math.log(math.tan(phi) + 1.0 / math.cos(phi)) / math.pi
    return (lon + 180.0) / 360.0 * side, y / 2.0 * side


def drawn(network: RoadNetwork, classes: set[int], zoom: int, column: int, row: int) -> shapely.Geometry:
    """The network's own lines of these classes in units of one tile, not cut."""
    lines = []
    for shape, start in enumerate(network.shape_offsets[:-1]):
        edge = max(network.shape_edge_forward[shape], network.shape_edge_backward[shape])
        if int(network.edge_class[edge]) in classes:
            points = range(start, network.shape_offsets[shape + 1])
            world = [project(network.shape_y_e7[p] / E7, network.shape_x_e7[p] / E7, zoom) for p in points]
            lines.append([(x - column * 4096, y - row * 4096) for x, y in world])
    return shapely.MultiLineString(lines)


def tiled(tile: bytes) -> shapely.Geometry:
    return shapely.union_all([shapely.geometry.shape(one["geometry"]) for one in decode(tile)["roads"]["features"]])


def by_class(tile: bytes) -> dict[str, dict[str, Any]]:
    return {one["properties"]["class"]: one for one in decode(tile)["roads"]["features"]}


def cut_box() -> shapely.Geometry:
    return shapely.box(-64, -64, 4160, 4160)


@pytest.mark.parametrize("zoom", [14, 15, 16])
def test_lines_are_where_the_roads_are_to_one_unit(town: RoadNetwork, zoom: int) -> None:
    maker = TileMaker(town)
    classes = {RoadClass.TRUNK, RoadClass.RESIDENTIAL, RoadClass.SECONDARY, RoadClass.TRACK}
    tiles = {tile_at(float(y) / E7, float(x) / E7, zoom) for x, y in zip(town.shape_x_e7, town.shape_y_e7, strict=True)}
    for column, row in tiles:
        truth = drawn(town, {int(c) for c in classes}, zoom, column, row).intersection(cut_box())
        assert shapely.hausdorff_distance(tiled(maker.tile(zoom, column, row)), truth, densify=0.05) <= 1.0


def test_attributes_names_and_flags(town: RoadNetwork) -> None:
    found = by_class(TileMaker(town).tile(14, *tile_at(41.0, 80.003, 14)))
    assert found["trunk"]["properties"] == {
        "class": "trunk",
        "name": "英阿瓦提路",
        "name_zh": "英阿瓦提路",
        "name_en": "Yingawati Road",
        "name_ug": "يېڭىئاۋات يولى",
        "ref": "G314",
        "bridge": True,
    }
    assert found["residential"]["properties"]["oneway"] is True
    assert found["track"]["properties"] == {"class": "track", "tunnel": True}
    assert found["trunk"]["geometry"]["type"] == "LineString", "three stretches of one street are one line"


def test_a_one_way_is_drawn_in_the_direction_it_may_be_driven(town: RoadNetwork) -> None:
    found = by_class(TileMaker(town).tile(14, *tile_at(41.0, 80.003, 14)))
    south = found["residential"]["geometry"]["coordinates"]
    north = found["secondary"]["geometry"]["coordinates"]
    assert south[0][1] < south[-1][1], "B to E goes south, down the tile"
    assert north[0][1] > north[-1][1], "C to G is legal backwards only: north"


def test_low_zooms_hold_the_great_roads_only_and_fewer_names(town: RoadNetwork) -> None:
    maker = TileMaker(town)
    at = {zoom: by_class(maker.tile(zoom, *tile_at(41.0, 80.003, zoom))) for zoom in (8, 9, 10, 12)}
    assert set(at[9]) == {"trunk", "secondary"}
    assert set(at[12]) == {"trunk", "residential", "secondary", "track"}
    assert at[9]["trunk"]["properties"] == {"class": "trunk", "ref": "G314", "bridge": True}
    assert at[10]["trunk"]["properties"]["name"] == "英阿瓦提路"


def test_places_come_by_zoom_with_their_names(town: RoadNetwork) -> None:
    well = OwnPlace("w1", 41.0, 80.004, "well", StreetName(name="示例井场"))
    maker = TileMaker(town, [well])
    near = decode(maker.tile(13, *tile_at(41.0, 80.003, 13)))["places"]["features"]
    assert [one["properties"]["kind"] for one in near] == ["town", "well"]
    assert near[0]["properties"]["name_ug"] == "ئاقسۇ"
    column, row = tile_at(41.0, 80.003, 13)
    x, y = project(41.0, 80.003, 13)
    found_x, found_y = near[0]["geometry"]["coordinates"]
    assert abs(found_x + column * 4096 - x) <= 1.0
    assert abs(found_y + row * 4096 - y) <= 1.0
    far = decode(maker.tile(7, *tile_at(41.0, 80.003, 7)))["places"]["features"]
    assert [one["properties"]["kind"] for one in far] == ["town"]


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (17, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0), (0, 0, 1)])
def test_a_tile_that_is_not_there_is_refused(town: RoadNetwork, z: int, x: int, y: int) -> None:
    with pytest.raises(TileOutOfRange) as refused:
        TileMaker(town).cached_tile(z, x, y)
    assert refused.value.code == "tile.out_of_range"


def test_nothing_there_is_empty_bytes(town: RoadNetwork) -> None:
    maker = TileMaker(town)
    assert maker.tile(10, 0, 0) == b""
    assert maker.cached_tile(10, 0, 0).gzipped == b""


def test_the_whole_world_in_one_tile(town: RoadNetwork) -> None:
    assert TileMaker(town).tile(0, 0, 0) == b"", "a town of 1 km has no length there"


def test_cached_tiles_are_the_same_bytes_with_a_tag_that_tells_content(town: RoadNetwork) -> None:
    maker = TileMaker(town)
    spot = tile_at(41.0, 80.003, 14)
    first, second = maker.cached_tile(14, *spot), maker.cached_tile(14, *spot)
    assert first is second
    assert gzip.decompress(first.gzipped) == maker.tile(14, *spot)
    assert first.etag == TileMaker(town).cached_tile(14, *spot).etag, "the same in every process"
    assert first.etag != maker.cached_tile(15, *tile_at(41.0, 80.003, 15)).etag
    assert first.etag.startswith('"')


def test_the_cache_forgets_the_oldest(town: RoadNetwork) -> None:
    spot = tile_at(41.0, 80.003, 14)
    weight = len(TileMaker(town).cached_tile(14, *spot).gzipped) + 300
    maker = TileMaker(town, cache_bytes=weight + 700)
    first = maker.cached_tile(14, *spot)
    for column in range(2):
        maker.cached_tile(10, column, 0)
    assert maker.cached_tile(14, *spot) is first, "used again, so it is the youngest"
    for column in range(5):
        maker.cached_tile(10, column, 1)
    assert maker.cached_tile(14, *spot) is not first


def test_a_long_road_crosses_tiles_without_a_seam() -> None:
    network = Drawing("A--B", {"AB": road(RoadClass.MOTORWAY)}, cell_m=40_000.0).network()
    maker = TileMaker(network)
    start, stop = network.node_point(0), network.node_point(1)
    row = tile_at(start.lat, start.lon, 13)[1]
    columns = sorted((tile_at(start.lat, start.lon, 13)[0], tile_at(stop.lat, stop.lon, 13)[0]))
    assert columns[1] - columns[0] > 10
    reach = []
    for column in range(columns[0], columns[1] + 1):
        line = tiled(maker.tile(13, column, row))
        assert line.geom_type == "LineString"
        reach.append((line.bounds[0], line.bounds[2]))
    assert all(west == -64.0 for west, _ in reach[1:])
    assert all(east == 4160.0 for _, east in reach[:-1])


def test_a_line_that_leaves_and_comes_back_is_two_lines_of_one_feature() -> None:
    network = Drawing("A\n\n\n\nB-C\n\n\n\nD", {"ABCD": road(RoadClass.TRUNK)}, cell_m=60.0).network()
    maker = TileMaker(network)
    lines = [
        tiled(tile)
        for column in range(1 << 4)
        for row in range(1 << 4)
        for tile in [maker.tile(16, *_offset(network, column - 8, row - 8))]
        if tile
    ]
    whole = drawn(network, {int(RoadClass.TRUNK)}, 16, 0, 0).length
    seen = sum(line.intersection(shapely.box(0, 0, 4096, 4096)).length for line in lines)
    assert seen == pytest.approx(whole, rel=0.01)


def _offset(network: RoadNetwork, column: int, row: int) -> tuple[int, int]:
    point: GeoPoint = network.node_point(0)
    base = tile_at(point.lat, point.lon, 16)
    return base[0] + column, base[1] + row


@pytest.mark.parametrize("zoom", [8, 10, 12, 13])
def test_simplified_lines_stay_within_their_tolerance(zoom: int) -> None:
    rng = np.random.default_rng(7)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    picture = "\n".join(" " * int(rng.integers(0, 30)) + letter for letter in letters)
    network = Drawing(picture, {letters: road(RoadClass.MOTORWAY)}, cell_m=500.0).network()
    point = network.node_point(0)
    column, row = tile_at(point.lat, point.lon, zoom)
    truth = drawn(network, {int(RoadClass.MOTORWAY)}, zoom, column, row).intersection(cut_box())
    assert shapely.hausdorff_distance(tiled(TileMaker(network).tile(zoom, column, row)), truth, densify=0.02) <= 4.0
