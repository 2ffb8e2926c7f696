"""OSMnx graphs, and any networkx graph made like one, as `RawRoads`.

One street of the graph is one way here, though OSMnx holds it as two directed edges. Which directions the graph has
decides in which a street may be driven, not its `oneway` tag: a graph that was edited is believed. OSMnx reads no turn
restrictions and, as a rule, no barriers: `notes` says so. Source: OSMnx reference, `graph`, `simplification`, `io`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import networkx as nx
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.errors import NoRoads, NotRoadData
from geo.importers.barriers import read_barrier
from geo.importers.columns import WayColumns
from geo.importers.files import read_head
from geo.importers.graph_values import as_int, as_list, is_true, one_value, text
from geo.importers.tags import WayReader, read_name
from geo.network.raw import RawRoads
from geo.points import E7

Line = tuple[tuple[float, float], ...]
"""Points of lon, lat in degrees, to 1e-7."""

_WGS84: Final = "EPSG:4326"
_FIRST_MADE_ID: Final = -1_000_000_001
"""Ids of points that the graph draws but does not name count down from here."""
_NOT_TAGS: Final = frozenset({"geometry", "length", "osmid", "oneway", "reversed", "key", "id", "from", "to", "u", "v"})
_OWN_CLASSES: Final = {"ferry": {"route": "ferry", "motor_vehicle": "yes"}, "barrier": {"highway": "service"}}
"""What Tarim's own export calls `highway` though OSM does not, as the tags that keep such an edge. A barrier that
nobody passes is not in an export; one that is, is passed."""
_HINT: Final = "Save the graph with osmnx.save_graphml, unprojected or with its crs."


def read_graphml(path: Path) -> RawRoads:
    """Read the GraphML file of an OSMnx graph.

    Raises:
        NotRoadData: the file is absent, is no GraphML, is cut off, or holds no OSMnx graph.
        NoRoads: no edge of it is a road.
    """
    head = read_head(path)
    if b"<graphml" not in head:
        raise NotRoadData(f"{path.name} is not GraphML.", _HINT)
    try:
        graph = nx.read_graphml(path, node_type=str, force_multigraph=True)
    except (nx.NetworkXException, SyntaxError, ValueError, LookupError, TypeError, AttributeError, OSError):
        raise NotRoadData(f"{path.name} is cut off, damaged, or not GraphML.", "Save or copy it again.") from None
    return from_osmnx(graph)


def from_osmnx(graph: nx.MultiDiGraph) -> RawRoads:
    """Turn a graph into ways: simplified or not, projected or not (its `crs` is asked), directed or undirected.

    Raises:
        NotRoadData: a node has no usable `x` and `y`, or the graph's `crs` is unknown.
        NoRoads: no edge of it is a road.
    """
    places = _places(graph)
    notes: Counter[str] = Counter({"turn_restrictions_not_in_graph": 1})
    ways = WayColumns()
    ids = {node: _osm_id(node, row) for row, node in enumerate(places)}
    located = {ids[node]: place for node, place in places.items()}
    made_id = _FIRST_MADE_ID
    reader = WayReader()
    for number, street in enumerate(_streets(graph, places)):
        tags = _tags(street)
        read = reader.read(tags)
        for note in read.notes:
            notes[note] += 1
        if read.attributes is None:
            notes["edges_not_roads"] += 1
            continue
        refs = [ids[street.start]]
        for point in street.line[1:-1]:
            located[made_id] = point
            refs.append(made_id)
            made_id -= 1
        refs.append(ids[street.end])
        way_ids = as_list(street.data.get("osmid"))
        notes["streets_of_several_ways"] += len(way_ids) > 1
        way_id = as_int(way_ids[0]) if way_ids else None
        name = ways.name_row(read_name(tags))
        ways.add(-1 - number if way_id is None else way_id, refs, ways.attribute_row(read.attributes), name)
    if not len(ways):
        raise NoRoads("The graph holds no road that a vehicle can use.", "Its edges need OSM `highway` values.")
    return _finish(ways, located, {ids[node]: graph.nodes[node] for node in places}, notes)


@dataclass(slots=True)
class _Street:
    """One drawn line between two nodes, with the directions in which the graph has it."""

    start: Hashable
    end: Hashable
    line: Line
    data: Mapping[str, Any]
    forward: bool = False
    backward: bool = False


def _streets(graph: nx.MultiDiGraph, places: Mapping[Hashable, tuple[float, float]]) -> Iterator[_Street]:
    """Each street once: an edge and its reversed duplicate share OSM ids and geometry."""
    transformer = _transformer(graph)
    found: dict[tuple[tuple[str, ...], Line], _Street] = {}
    directed = graph.is_directed()
    for u, v, data in graph.edges(data=True):
        # An undirected OSMnx graph tells in `from` and `to` which way its lines are drawn.
        start, end = (u, v) if directed else (_node(data.get("from"), u, v), _node(data.get("to"), v, u))
        line = _line(data.get("geometry"), places[start], places[end], transformer)
        mirrored = line[::-1]
        label = tuple(sorted(map(str, as_list(data.get("osmid")))))
        key = (label, min(line, mirrored))
        street = found.setdefault(key, _Street(start, end, line, data))
        if line == street.line:
            street.forward = True
        else:
            street.backward = True
        if not directed and not is_true(data.get("oneway")):
            street.forward = street.backward = True
    yield from found.values()


def _node(named: object, first: Hashable, second: Hashable) -> Hashable:
    return second if named is not None and str(named) == str(second) else first


def _transformer(graph: nx.MultiDiGraph) -> pyproj.Transformer | None:
    """From the graph's own coordinates to degrees; None if they are degrees."""
    crs = graph.graph.get("crs")
    if crs is None:
        return None
    try:
        known = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise NotRoadData("The graph's coordinate system is unknown.", _HINT) from None
    if known == pyproj.CRS.from_user_input(_WGS84):
        return None
    return pyproj.Transformer.from_crs(known, _WGS84, always_xy=True)


def _places(graph: nx.MultiDiGraph) -> dict[Hashable, tuple[float, float]]:
    """Lon, lat in degrees of each node."""
    try:
        raw = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    except (KeyError, TypeError, ValueError):
        raise NotRoadData("The graph is not OSMnx's: its nodes need `x` and `y`.", _HINT) from None
    if transformer := _transformer(graph):
        raw = {node: transformer.transform(*place) for node, place in raw.items()}
    for lon, lat in raw.values():
        if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180.0 and abs(lat) <= 90.0):
            raise NotRoadData(f"The graph has a node at x = {lon}, y = {lat}, which are no degrees.", _HINT)
    return {node: _rounded(place) for node, place in raw.items()}


def _rounded(place: tuple[float, ...]) -> tuple[float, float]:
    return round(place[0] * E7) / E7, round(place[1] * E7) / E7


def _line(
    geometry: object,
    start: tuple[float, float],
    end: tuple[float, float],
    transformer: pyproj.Transformer | None,
) -> Line:
    """Points of an edge from `start` to `end`; a straight line if it has no geometry of its own."""
    if isinstance(geometry, str):
        try:
            geometry = shapely.from_wkt(geometry)
        except shapely.errors.GEOSException:
            raise NotRoadData("An edge of the graph has a geometry that is no WKT.", _HINT) from None
    if not isinstance(geometry, shapely.LineString) or len(geometry.coords) < 2:
        return start, end
    points = [(point[0], point[1]) for point in geometry.coords]
    if transformer:
        points = [transformer.transform(*point) for point in points]
    if not all(math.isfinite(value) for point in points for value in point):
        raise NotRoadData("An edge of the graph has a geometry that is no place on earth.", _HINT)
    # Lines are drawn from either end in older graphs.
    if _apart(points[0], start) + _apart(points[-1], end) > _apart(points[0], end) + _apart(points[-1], start):
        points.reverse()
    return (start, *(_rounded(point) for point in points[1:-1]), end)


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1])


def _tags(street: _Street) -> dict[str, str]:
    """OSM tags of a street. Where a simplified edge lists several values, the one that promises less is taken."""
    data = street.data
    tags = {
        key: value
        for key, raw in data.items()
        if key not in _NOT_TAGS and not key.startswith("oneway:") and (value := one_value(key, as_list(raw)))
    }
    if is_true(data.get("reversed")):
        ahead, against = tags.pop("maxspeed:forward", ""), tags.pop("maxspeed:backward", "")
        tags |= {key: value for key, value in (("maxspeed:forward", against), ("maxspeed:backward", ahead)) if value}
    if own := _OWN_CLASSES.get(tags.get("highway", "")):
        tags = {key: value for key, value in tags.items() if key != "highway"} | own
    return tags | _oneway_tag(street)


def _oneway_tag(street: _Street) -> dict[str, str]:
    """The direction the graph itself shows, as a tag along the line."""
    if street.forward and street.backward:
        return {"oneway": "no"}
    said = street.data.get("oneway")
    if said is None and "reversed" in street.data:
        # Made with OSMnx's `all_oneway`: every way is there once, and only its tags tell.
        return {}
    if isinstance(said, str) and said.lower() == "no":
        return {"oneway": "no"}
    return {"oneway": "yes" if street.forward else "-1"}


def _osm_id(node: Hashable, row: int) -> int:
    """The OSM id that a node's name is, or a negative one of our own."""
    number = as_int(node)
    return -1 - row if number is None else number


def _finish(
    ways: WayColumns,
    located: Mapping[int, tuple[float, float]],
    node_tags: Mapping[int, Mapping[str, Any]],
    notes: Counter[str],
) -> RawRoads:
    node_ids: NDArray[np.int64] = np.array(sorted(located), dtype=np.int64)
    places = np.array([located[node] for node in node_ids.tolist()], dtype=np.float64)
    columns = ways.finish(node_ids, notes)
    barriers = []
    for node, data in node_tags.items():
        barrier = read_barrier({key: text(value) for key, value in data.items()}, 0)
        if barrier:
            barriers.append(replace(barrier, node=int(np.searchsorted(node_ids, node))))
    return RawRoads(
        node_ids=node_ids,
        node_lat=places[:, 1],
        node_lon=places[:, 0],
        way_ids=columns["way_ids"],
        way_offsets=columns["way_offsets"],
        way_nodes=columns["way_nodes"],
        way_attributes=columns["way_attributes"].astype(np.int32),
        way_names=columns["way_names"].astype(np.int32),
        attributes=ways.attributes,
        names=ways.names,
        barriers=barriers,
        notes={key: count for key, count in sorted(notes.items()) if count},
    )
