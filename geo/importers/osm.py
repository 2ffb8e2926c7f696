"""Reading OpenStreetMap files: `.osm.pbf`, `.osm`, `.osm.gz`, `.osm.bz2`.

One pass over the file. Coordinates stay in osmium's own table, so that memory follows the file's nodes (about 16 bytes
each) and no Python object is made for nodes that no road uses.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm import NODE

from geo.errors import NoRoads
from geo.importers.files import osm_format, osmium_faults
from geo.importers.osm_pass import Harvest, harvest_file
from geo.importers.restrictions import resolve
from geo.network.attributes import RoadClass
from geo.network.raw import KilometrePost, RawPlace, RawRoads
from geo.points import E7, haversine_many_m
from geo.progress import Progress, silent

_MAX_X_E7: Final = 180 * E7
_MAX_Y_E7: Final = 90 * E7


def read_osm(path: Path, progress: Progress = silent, *, classes: Collection[RoadClass] | None = None) -> RawRoads:
    """Read every road of an OSM file; `classes` keeps only these.

    Nodes outside the valid range and references to nodes that the file lacks are left out and counted in `notes`; the
    way is cut there. The PBF format tells no length: a file cut exactly between two of its blocks cannot be told from
    a whole one, so its ways may end early, but what is read is true.

    Raises:
        NotRoadData: the file is absent, not OSM, a history or change file, or is cut off or damaged.
        NoRoads: it holds no road.
    """
    kind = osm_format(path)
    progress(f"reading {path.name}", 0.0)
    with osmium_faults(path):
        harvest = harvest_file(path, kind, progress, classes)
        if not len(harvest.ways):
            raise NoRoads(
                f"{path.name} holds no road that a vehicle can use.", "Check that it is an extract with `highway` ways."
            )
        progress("looking up coordinates", 0.7)
        wanted = np.unique(np.concatenate([harvest.ways.refs, np.fromiter(_place_refs(harvest), dtype=np.int64)]))
        places = _locate(wanted, harvest.store)
        if len(places[0]) < len(wanted) and not harvest.is_sorted:
            places = _locate_unsorted(path, kind, wanted)
    node_ids, x_e7, y_e7 = _within_the_world(places, harvest.notes)
    roads = _finish(harvest, node_ids, y_e7 / E7, x_e7 / E7)
    if not len(roads.way_ids):
        raise NoRoads(f"{path.name} holds roads, but none of their nodes.", "Make the extract with complete ways.")
    progress("read", 1.0)
    return roads


def _place_refs(harvest: Harvest) -> Iterable[int]:
    return (ref for _, _, refs in harvest.place_ways for ref in refs)


Places = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Ids (sorted), x and y in 1e-7 degree."""


def _locate(wanted: NDArray[np.int64], store: osmium.index.LocationTable) -> Places:
    """Those `wanted` nodes that osmium's table holds."""
    found, xs, ys = array("q"), array("q"), array("q")
    get = store.get
    for node in wanted[np.searchsorted(wanted, 0) :].tolist():
        try:
            location = get(node)
        except KeyError:
            continue
        found.append(node)
        xs.append(location.x)
        ys.append(location.y)
    ids, x_e7, y_e7 = (np.array(column, dtype=np.int64) for column in (found, xs, ys))
    return ids, x_e7, y_e7


def _locate_unsorted(path: Path, kind: str, wanted: NDArray[np.int64]) -> Places:
    """The same by a second pass, for files of editors.

    osmium's table holds no negative id (drawn, never uploaded), and does not find nodes that came after the ways.
    """
    ids = set(wanted.tolist())
    rows = sorted(
        (node.id, node.location.x, node.location.y)
        for node in osmium.FileProcessor(osmium.io.File(path, kind), NODE)
        if isinstance(node, osmium.osm.Node) and node.id in ids
    )
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _within_the_world(places: Places, notes: Counter[str]) -> Places:
    """Places without those that are none; osmium marks a coordinate it cannot hold by a number far outside."""
    ids, x_e7, y_e7 = places
    valid = (np.abs(x_e7) <= _MAX_X_E7) & (np.abs(y_e7) <= _MAX_Y_E7)
    notes["nodes_outside_the_world"] += int(np.count_nonzero(~valid))
    return ids[valid], x_e7[valid], y_e7[valid]


def _finish(
    harvest: Harvest, node_ids: NDArray[np.int64], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> RawRoads:
    ways, notes = harvest.ways, harvest.notes

    def index(node: int) -> int:
        place = int(np.searchsorted(node_ids, node))
        return place if place < len(node_ids) and node_ids[place] == node else -1

    _time_ferries(harvest, index, lat, lon)
    columns = ways.finish(node_ids, notes)
    on_road = np.zeros(len(node_ids), dtype=bool)
    on_road[columns["way_nodes"]] = True
    renumbered = np.cumsum(on_road) - 1
    columns["way_nodes"] = renumbered[columns["way_nodes"]]

    def road_index(node: int) -> int:
        place = index(node)
        return int(renumbered[place]) if place >= 0 and on_road[place] else -1

    roads = RawRoads(
        node_ids=node_ids[on_road],
        node_lat=lat[on_road],
        node_lon=lon[on_road],
        way_ids=columns["way_ids"],
        way_offsets=columns["way_offsets"],
        way_nodes=columns["way_nodes"],
        way_attributes=columns["way_attributes"].astype(np.int32),
        way_names=columns["way_names"].astype(np.int32),
        attributes=ways.attributes,
        names=ways.names,
    )
    members = {way for item in harvest.restrictions for way in (*item.from_ways, *item.to_ways, *item.via_ways)}
    roads.restrictions = resolve(harvest.restrictions, _nodes_of(roads, members), road_index, notes)
    roads.barriers = [
        replace(barrier, node=place)
        for node, barrier in sorted(harvest.barriers.items())
        if (place := road_index(node)) >= 0
    ]
    roads.posts = _posts(harvest, roads, road_index)
    roads.places = harvest.places + _area_places(harvest, index, lat, lon)
    roads.notes = {key: count for key, count in sorted(notes.items()) if count}
    return roads


def _nodes_of(roads: RawRoads, members: set[int]) -> dict[int, set[int]]:
    """OSM nodes of each kept way among `members`."""
    nodes: dict[int, set[int]] = {}
    for row in np.flatnonzero(np.isin(roads.way_ids, np.fromiter(members, dtype=np.int64))).tolist():
        part = roads.way_nodes[roads.way_offsets[row] : roads.way_offsets[row + 1]]
        nodes.setdefault(int(roads.way_ids[row]), set()).update(roads.node_ids[part].tolist())
    return nodes


def _time_ferries(
    harvest: Harvest, index: Callable[[int], int], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> None:
    """Give each ferry with a duration the speed that yields it, rounded down: never sooner than the timetable."""
    for row, seconds in harvest.ferries:
        places = np.array([place for ref in harvest.ways.row_refs(row).tolist() if (place := index(ref)) >= 0])
        if len(places) < 2:
            continue
        length_m = float(haversine_many_m(lat[places[:-1]], lon[places[:-1]], lat[places[1:]], lon[places[1:]]).sum())
        kmh = max(1, min(250, int(length_m / seconds * 3.6)))
        value = harvest.ways.attributes_of(row)
        value = replace(value, maxspeed_forward_kmh=kmh, maxspeed_backward_kmh=kmh)
        harvest.ways.replace_attributes(row, value)


def _posts(harvest: Harvest, roads: RawRoads, road_index: Callable[[int], int]) -> list[KilometrePost]:
    """Kilometre posts; one without a road of its own takes the ref of a way it stands on."""
    bare = {road_index(node) for node, _, _, _, ref in harvest.posts if not ref} - {-1}
    refs: dict[int, str] = {}
    if bare:
        hits = np.flatnonzero(np.isin(roads.way_nodes, np.fromiter(bare, dtype=np.int64)))
        ways = np.searchsorted(roads.way_offsets, hits, side="right") - 1
        for node, name in zip(roads.way_nodes[hits].tolist(), roads.way_names[ways].tolist(), strict=True):
            if name >= 0 and roads.names[name].ref:
                refs.setdefault(node, roads.names[name].ref)
    return [
        KilometrePost(lat, lon, km, ref or refs.get(road_index(node), "")) for node, lat, lon, km, ref in harvest.posts
    ]


def _area_places(
    harvest: Harvest, index: Callable[[int], int], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> list[RawPlace]:
    """Places drawn as areas, at the middle of their bounds."""
    made = []
    for kind, names, refs in harvest.place_ways:
        rows = [row for ref in refs if (row := index(ref)) >= 0]
        if rows:
            south, north = float(lat[rows].min()), float(lat[rows].max())
            west, east = float(lon[rows].min()), float(lon[rows].max())
            made.append(RawPlace((south + north) / 2, (west + east) / 2, kind, names))
    return made
