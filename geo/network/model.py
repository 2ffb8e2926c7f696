"""`RoadNetwork`: the roads of one region as arrays that several processes can share."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import EdgeFlag, StreetName
from geo.points import E7, GeoPoint


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A directed road graph with its geometry, names and spatial index.

    Shapes: N nodes (junctions and ends), E directed edges, S shapes (one drawn line, shared by an edge and its twin),
    P shape points, M street names, T distinct texts, C index cells.

    Edges are sorted by `edge_from`; `node_first_edge[n] : node_first_edge[n + 1]` are those that leave n. Every
    component is kept, islands too. A merged edge may consist of several OSM ways: `ways_of_edge`.
    All arrays are read-only and may be memory-mapped.
    """

    # Nodes
    node_x_e7: NDArray[np.int32]
    """[N] longitude, 1e-7 degree."""
    node_y_e7: NDArray[np.int32]
    """[N] latitude, 1e-7 degree."""
    node_osm_id: NDArray[np.int64]
    """[N] OSM node; negative where the node was made by us (the far side of a barrier)."""
    node_first_edge: NDArray[np.int32]
    """[N + 1] first edge that leaves each node."""
    # Directed edges
    edge_from: NDArray[np.int32]
    edge_to: NDArray[np.int32]
    edge_length_m: NDArray[np.float64]
    """[E] length on the sphere in metres."""
    edge_class: NDArray[np.uint8]
    """[E] `RoadClass`."""
    edge_surface: NDArray[np.uint8]
    """[E] `Surface`."""
    edge_maxspeed_kmh: NDArray[np.uint8]
    """[E] legal limit in this direction; 0 = none known."""
    edge_lanes: NDArray[np.uint8]
    edge_flags: NDArray[np.uint32]
    """[E] `EdgeFlag` bits."""
    edge_max_height_cm: NDArray[np.uint16]
    edge_max_width_cm: NDArray[np.uint16]
    edge_max_weight_kg: NDArray[np.uint32]
    edge_closed_months: NDArray[np.uint16]
    """[E] bit 0 = January … bit 11 = December."""
    edge_name: NDArray[np.int32]
    """[E] row of `street_names`, −1 = unnamed."""
    edge_twin: NDArray[np.int32]
    """[E] the same stretch the other way (a contraflow edge counts), −1 = none."""
    edge_shape: NDArray[np.int32]
    """[E] row of the shape tables."""
    edge_reversed: NDArray[np.bool_]
    """[E] the edge runs against the direction its shape is drawn in."""
    # Shapes
    shape_offsets: NDArray[np.int32]
    """[S + 1] into the shape points."""
    shape_x_e7: NDArray[np.int32]
    shape_y_e7: NDArray[np.int32]
    shape_edge_forward: NDArray[np.int32]
    """[S] the edge along the drawn direction, −1 = none."""
    shape_edge_backward: NDArray[np.int32]
    """[S] the edge against it, −1 = none."""
    shape_way_offsets: NDArray[np.int32]
    """[S + 1] into `shape_ways`."""
    shape_ways: NDArray[np.int64]
    """OSM way ids in drawn order."""
    # Names and points of interest
    text_offsets: NDArray[np.int64]
    """[T + 1] into `text_bytes` (UTF-8)."""
    text_bytes: NDArray[np.uint8]
    street_names: NDArray[np.int32]
    """[M, 5] texts: name, zh, en, ug, ref; −1 = none."""
    post_x_e7: NDArray[np.int32]
    post_y_e7: NDArray[np.int32]
    post_km: NDArray[np.float64]
    post_ref: NDArray[np.int32]
    """Texts."""
    place_x_e7: NDArray[np.int32]
    place_y_e7: NDArray[np.int32]
    place_kind: NDArray[np.int32]
    """Texts."""
    place_name: NDArray[np.int32]
    """Rows of `street_names`."""
    # Turn restrictions as forbidden sequences of edges
    restriction_offsets: NDArray[np.int32]
    restriction_edges: NDArray[np.int32]
    """A sequence of two edges or more that ordinary traffic may not drive one after the other."""
    # Spatial index: a grid over shape segments
    cell_offsets: NDArray[np.int32]
    """[C + 1] into `cell_segments`; cell = row * columns + column, row 0 in the south."""
    cell_segments: NDArray[np.int32]
    """Index of a segment's first shape point."""
    cell_shapes: NDArray[np.int32]
    """The shape each entry of `cell_segments` belongs to."""
    grid: NDArray[np.int64]
    """[6] west_e7, south_e7, cell width e7, cell height e7, columns, rows."""
    meta: dict[str, Any] = field(default_factory=dict)
    """`region`, `source`, `source_sha256`, `made_by`, `schematic`, `notes`; plain JSON."""

    @property
    def node_count(self) -> int:
        """N."""
        return len(self.node_x_e7)

    @property
    def edge_count(self) -> int:
        """E, contraflow edges included."""
        return len(self.edge_from)

    @cached_property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, of all shape points."""
        return (
            float(self.shape_x_e7.min()) / E7,
            float(self.shape_y_e7.min()) / E7,
            float(self.shape_x_e7.max()) / E7,
            float(self.shape_y_e7.max()) / E7,
        )

    def node_point(self, node: int) -> GeoPoint:
        """Where a node is."""
        return GeoPoint(lat=int(self.node_y_e7[node]) / E7, lon=int(self.node_x_e7[node]) / E7)

    def edge_line(self, edge: int) -> NDArray[np.float64]:
        """Geometry of an edge in its own direction: [points, 2] of lon, lat degrees."""
        start, stop = self.shape_offsets[self.edge_shape[edge] : self.edge_shape[edge] + 2]
        line = np.stack((self.shape_x_e7[start:stop], self.shape_y_e7[start:stop]), axis=1) / E7
        return line[::-1] if self.edge_reversed[edge] else line

    def edge_has(self, flag: EdgeFlag) -> NDArray[np.bool_]:
        """[E] whether each edge carries any bit of `flag`."""
        present: NDArray[np.bool_] = (self.edge_flags & np.uint32(flag)) != 0
        return present

    def text(self, index: int) -> str:
        """One text; −1 is the empty string."""
        if index < 0:
            return ""
        start, stop = int(self.text_offsets[index]), int(self.text_offsets[index + 1])
        return self.text_bytes[start:stop].tobytes().decode()

    def street_name(self, row: int) -> StreetName:
        """One row of `street_names`; −1 is the empty name."""
        if row < 0:
            return StreetName()
        return StreetName(*(self.text(int(index)) for index in self.street_names[row]))

    def edge_street(self, edge: int) -> StreetName:
        """The street an edge belongs to."""
        return self.street_name(int(self.edge_name[edge]))

    def ways_of_edge(self, edge: int) -> list[int]:
        """OSM ways that an edge is merged from, in its own direction."""
        start, stop = self.shape_way_offsets[self.edge_shape[edge] : self.edge_shape[edge] + 2]
        ways = [int(way) for way in self.shape_ways[start:stop]]
        return ways[::-1] if self.edge_reversed[edge] else ways

    @cached_property
    def _way_order(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        shapes = np.repeat(np.arange(len(self.shape_edge_forward), dtype=np.int32), np.diff(self.shape_way_offsets))
        order = np.argsort(self.shape_ways, kind="stable")
        return self.shape_ways[order], shapes[order]

    def edges_of_way(self, way_id: int) -> list[int]:
        """Edges, both directions, that an OSM way is part of; empty if the network does not hold it."""
        ways, shapes = self._way_order
        rows = shapes[np.searchsorted(ways, way_id, "left") : np.searchsorted(ways, way_id, "right")]
        pairs = (self.shape_edge_forward[rows], self.shape_edge_backward[rows])
        return sorted({int(edge) for edge in np.concatenate(pairs) if edge >= 0})

    @cached_property
    def incoming(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """`(first, edges)`: `edges[first[n] : first[n + 1]]` are the edges that end in node n."""
        edges = np.argsort(self.edge_to, kind="stable").astype(np.int32)
        first = np.zeros(self.node_count + 1, dtype=np.int32)
        np.cumsum(np.bincount(self.edge_to, minlength=self.node_count), out=first[1:])
        return first, edges


ARRAY_FIELDS: tuple[str, ...] = tuple(item.name for item in fields(RoadNetwork) if item.name != "meta")
"""Names of the arrays, in the order they are stored."""
