"""The roads as one zoom draws them: chosen by class, merged, simplified and projected once per network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network.attributes import EdgeFlag, RoadClass
from geo.network.model import RoadNetwork
from geo.tiles.mercator import MAX_ZOOM
from geo.tiles.wire import TRUE_VALUE, string_value

DETAIL_ZOOM: Final = 14
"""From here on every point is drawn; these zooms share one level in units of zoom 16."""

SIMPLIFY_UNITS: Final = 3.0
"""Douglas–Peucker tolerance below `DETAIL_ZOOM`, in tile units: under half a pixel of a 512-pixel tile."""

NAMES_FROM_ZOOM: Final = 10
REFS_FROM_ZOOM: Final = 6

MIN_ZOOM: Final[dict[RoadClass, int]] = {
    RoadClass.MOTORWAY: 0,
    RoadClass.TRUNK: 0,
    RoadClass.PRIMARY: 6,
    RoadClass.FERRY: 7,
    RoadClass.SECONDARY: 8,
    RoadClass.MOTORWAY_LINK: 9,
    RoadClass.TRUNK_LINK: 9,
    RoadClass.TERTIARY: 10,
    RoadClass.PRIMARY_LINK: 10,
    RoadClass.SECONDARY_LINK: 11,
    RoadClass.UNCLASSIFIED: 11,
    RoadClass.TERTIARY_LINK: 12,
    RoadClass.RESIDENTIAL: 12,
    RoadClass.TRACK: 12,
    RoadClass.LIVING_STREET: 13,
    RoadClass.SERVICE: 13,
    RoadClass.PEDESTRIAN: 14,
}
"""From which zoom a class is drawn. Barriers have no length and are not drawn."""

ROAD_KEYS: Final = ("class", "name", "name_zh", "name_en", "name_ug", "ref", "oneway", "bridge", "tunnel")
"""Keys of the `roads` layer. Texts; the last three are `true` or absent. A one-way line runs in its legal direction."""

_RUN: Final = 32
"""Segments that share one box of the tree, so that a long road is not read whole for each tile."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Merged lines of one zoom, sorted by group. Shapes: P points, G groups of equal attributes, R runs.

    `units` float64[P, 2] world units of zoom `unit_zoom`; `group` int32[P]; run r holds the segments
    `run_first[r] : run_first[r] + run_count[r]`, segment i joining points i and i + 1. `tags` int32[G, keys] are rows
    of `values` (encoded Value fields), −1 = absent.
    """

    unit_zoom: int
    units: NDArray[np.float64]
    group: NDArray[np.int32]
    run_first: NDArray[np.int64]
    run_count: NDArray[np.int64]
    tree: shapely.STRtree
    tags: NDArray[np.int32]
    values: list[bytes]

    def runs_in(
        self, west: float, north: float, east: float, south: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the runs, rising, whose box touches the box (world units of `unit_zoom`): first segment, and count."""
        runs = np.sort(self.tree.query(shapely.box(west, north, east, south)))
        return self.run_first[runs], self.run_count[runs]


def ragged(first: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenate `first[i] … first[i] + count[i] - 1` of every i."""
    shift = np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1]))[: len(count)], count)
    rows: NDArray[np.int64] = shift + np.arange(len(shift))
    return rows


def level_zoom(zoom: int) -> int:
    """Which level serves a zoom."""
    return zoom if zoom < DETAIL_ZOOM else MAX_ZOOM


def build_level(network: RoadNetwork, world: NDArray[np.float64], zoom: int) -> Level:
    """Choose, merge and simplify the roads of one zoom; `world` are all shape points in units of zoom 16."""
    unit_zoom = level_zoom(zoom)
    attributes = _attributes(network, min(zoom, DETAIL_ZOOM))
    shapes = np.flatnonzero(attributes.drawn)
    keys, group_of = np.unique(attributes.keys[shapes], axis=0, return_inverse=True)
    order = np.argsort(group_of.ravel(), kind="stable")
    shapes, groups = shapes[order], group_of.ravel()[order].astype(np.int32)
    first = network.shape_offsets[shapes].astype(np.int64)
    count = network.shape_offsets[shapes + 1].astype(np.int64) - first
    rows = ragged(first, count)
    mirrored = 2 * np.repeat(first, count) + np.repeat(count, count) - 1 - rows
    rows = np.where(np.repeat(attributes.against[shapes], count), mirrored, rows)
    scaled = world[rows] / float(1 << (MAX_ZOOM - unit_zoom))
    if len(shapes):
        lines = shapely.linestrings(scaled, indices=np.repeat(np.arange(len(shapes)), count))
        scaled, groups, line = _merged(lines, groups, keys[:, 2] > 0, SIMPLIFY_UNITS if zoom < DETAIL_ZOOM else 0.0)
    else:
        line = np.empty(0, dtype=np.int64)
    run_first, run_count = _runs(line)
    boxes = _boxes(scaled, run_first, run_count)
    tags, values = _tags(network, keys, zoom)
    point_group = groups[line] if len(line) else np.empty(0, dtype=np.int32)
    return Level(unit_zoom, scaled, point_group, run_first, run_count, shapely.STRtree(boxes), tags, values)


@dataclass(frozen=True, slots=True)
class _ShapeAttributes:
    drawn: NDArray[np.bool_]
    against: NDArray[np.bool_]
    """[S] draw it the other way round, because only that direction is legal."""
    keys: NDArray[np.int64]
    """[S, 5] class, name (row; a ref's text at low zooms), one-way, bridge, tunnel."""


def _attributes(network: RoadNetwork, zoom: int) -> _ShapeAttributes:
    forward, backward = network.shape_edge_forward, network.shape_edge_backward
    contraflow = np.append(network.edge_has(EdgeFlag.CONTRAFLOW), True)  # the last row answers for −1, "no edge"
    against = contraflow[forward] & ~contraflow[backward]
    edge = np.where(against | (forward < 0), backward, forward)
    flags, road_class = network.edge_flags[edge], network.edge_class[edge]
    shown = np.array([MIN_ZOOM.get(RoadClass(c), 99) if c else 99 for c in range(max(RoadClass) + 1)])
    oneway = contraflow[forward] ^ contraflow[backward]
    name = network.edge_name[edge].astype(np.int64)
    if zoom < NAMES_FROM_ZOOM:
        refs = np.append(network.street_names[:, 4], -1) if zoom >= REFS_FROM_ZOOM else np.array([-1])
        name = refs[name] if zoom >= REFS_FROM_ZOOM else np.full_like(name, -1)
    columns = [road_class, name, oneway, flags & EdgeFlag.BRIDGE > 0, flags & EdgeFlag.TUNNEL > 0]
    keys = np.stack([column.astype(np.int64) for column in columns], axis=1)
    return _ShapeAttributes((shown[road_class] <= zoom) & (edge >= 0), against, keys)


def _merged(
    lines: NDArray[np.object_], groups: NDArray[np.int32], oneway: NDArray[np.bool_], tolerance: float
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
    """Join lines of a group end to end. Returns points [P, 2], groups [L] of the lines, and the line of each point."""
    bundles = shapely.multilinestrings(lines, indices=groups)
    directed = oneway[: len(bundles)]
    joined = bundles.copy()
    joined[directed] = shapely.line_merge(bundles[directed], directed=True)
    joined[~directed] = shapely.line_merge(bundles[~directed])
    parts, group = shapely.get_parts(joined, return_index=True)
    if tolerance > 0.0:
        parts = shapely.simplify(parts, tolerance, preserve_topology=False)
    points, line = shapely.get_coordinates(parts, return_index=True)
    return points, group.astype(np.int32), line


def _runs(line: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut lines into runs of at most `_RUN` segments."""
    first = np.flatnonzero(np.diff(line, prepend=-1))
    segments = np.diff(first, append=len(line)) - 1
    pieces = (segments + _RUN - 1) // _RUN
    nth = ragged(np.zeros(len(pieces), dtype=np.int64), pieces)
    run_first = np.repeat(first, pieces) + nth * _RUN
    return run_first, np.minimum(np.repeat(segments, pieces) - nth * _RUN, _RUN)


def _boxes(
    units: NDArray[np.float64], run_first: NDArray[np.int64], run_count: NDArray[np.int64]
) -> NDArray[np.object_]:
    if not len(run_first):
        return np.empty(0, dtype=object)
    rows = ragged(run_first, run_count + 1)
    starts = np.concatenate(([0], np.cumsum(run_count + 1)[:-1]))
    low, high = np.minimum.reduceat(units[rows], starts), np.maximum.reduceat(units[rows], starts)
    boxes: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes


def _tags(network: RoadNetwork, keys: NDArray[np.int64], zoom: int) -> tuple[NDArray[np.int32], list[bytes]]:
    """Give the tag table [G, keys] of the groups, and the values it points to."""
    rows: dict[bytes, int] = {}
    tags = np.full((len(keys), len(ROAD_KEYS)), -1, dtype=np.int32)

    def put(group: int, column: int, value: bytes) -> None:
        tags[group, column] = rows.setdefault(value, len(rows))

    for group, (road_class, name, *marks) in enumerate(keys.tolist()):
        put(group, 0, string_value(RoadClass(road_class).name.lower()))
        if name >= 0:
            texts = network.street_names[name].tolist() if zoom >= NAMES_FROM_ZOOM else [-1, -1, -1, -1, name]
            for column, text in enumerate(texts, start=1):
                if text >= 0:
                    put(group, column, string_value(network.text(text)))
        for column, mark in enumerate(marks, start=6):
            if mark:
                put(group, column, TRUE_VALUE)
    return tags, list(rows)
