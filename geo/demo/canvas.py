"""The sheet that the region is drawn on: nodes and lines in the plane, turned into `RawRoads` at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from geo.demo.plane import Point, to_degrees
from geo.network.attributes import EdgeFlag, RoadAttributes, StreetName
from geo.network.raw import Barrier, KilometrePost, RawPlace, RawRoads, TurnRestriction

NAMELESS: Final = StreetName()
_PARTS: Final = 100
"""Way ids are line × 100 + part, so that a line that is cut for its bridges keeps its number."""


@dataclass(slots=True)
class Stroke:
    """One drawn line. `over` and `bridges` are filled when lines are crossed with each other and with rivers."""

    nodes: list[int]
    attributes: RoadAttributes
    name: StreetName
    over: bool
    """Passes over or under everything: no junction where it crosses."""
    meets: bool
    """Makes a junction wherever it crosses another line at grade."""
    bridge: RoadAttributes | None = None
    """What its bridges are, where they differ from the road."""
    bridges: set[int] = field(default_factory=set)
    """Segments that are bridges, by the index of their first node."""


@dataclass(slots=True)
class Canvas:
    """Nodes [metres] and strokes, in the order they were drawn."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    barriers: list[Barrier] = field(default_factory=list)
    restrictions: list[TurnRestriction] = field(default_factory=list)
    posts: list[KilometrePost] = field(default_factory=list)
    places: list[RawPlace] = field(default_factory=list)

    def node(self, x: float, y: float) -> int:
        """Set a new node; returns its index."""
        self.x.append(x)
        self.y.append(y)
        return len(self.x) - 1

    def point(self, node: int) -> Point:
        """Where a node is."""
        return self.x[node], self.y[node]

    def stroke(
        self,
        nodes: Sequence[int],
        attributes: RoadAttributes,
        name: StreetName = NAMELESS,
        *,
        over: bool = False,
        meets: bool = False,
    ) -> int:
        """Draw a line over nodes; returns its number."""
        self.strokes.append(Stroke(list(nodes), attributes, name, over, meets))
        return len(self.strokes) - 1

    def way_id(self, stroke: int) -> int:
        """The OSM-like id of a stroke that has no bridges."""
        return (stroke + 1) * _PARTS

    def raw(self) -> RawRoads:
        """Everything drawn, as ways over nodes."""
        places = [to_degrees(x, y) for x, y in zip(self.x, self.y, strict=True)]
        attributes: dict[RoadAttributes, int] = {}
        names: dict[StreetName, int] = {}
        ids: list[int] = []
        rows: list[tuple[int, int]] = []
        ways: list[list[int]] = []
        for number, stroke in enumerate(self.strokes):
            for part, (nodes, value) in enumerate(_parts(stroke)):
                ids.append(self.way_id(number) + part)
                ways.append(nodes)
                rows.append((attributes.setdefault(value, len(attributes)), names.setdefault(stroke.name, len(names))))
        columns = np.array(rows, dtype=np.int32)
        return RawRoads(
            node_ids=np.arange(1, len(self.x) + 1, dtype=np.int64),
            node_lat=np.array([lat for lat, _ in places], dtype=np.float64),
            node_lon=np.array([lon for _, lon in places], dtype=np.float64),
            way_ids=np.array(ids, dtype=np.int64),
            way_offsets=np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64),
            way_nodes=np.array([node for way in ways for node in way], dtype=np.int64),
            way_attributes=columns[:, 0].copy(),
            way_names=columns[:, 1].copy(),
            attributes=list(attributes),
            names=list(names),
            barriers=self.barriers,
            restrictions=self.restrictions,
            posts=self.posts,
            places=self.places,
            notes={"schematic_strokes": len(self.strokes)},
        )


def _parts(stroke: Stroke) -> list[tuple[list[int], RoadAttributes]]:
    """A stroke cut where bridges begin and end."""
    if not stroke.bridges:
        return [(stroke.nodes, stroke.attributes)]
    bridge = stroke.bridge or stroke.attributes
    bridge = replace(bridge, flags=bridge.flags | EdgeFlag.BRIDGE)
    parts: list[tuple[list[int], RoadAttributes]] = []
    for segment in range(len(stroke.nodes) - 1):
        value = bridge if segment in stroke.bridges else stroke.attributes
        if parts and parts[-1][1] == value:
            parts[-1][0].append(stroke.nodes[segment + 1])
        else:
            parts.append((stroke.nodes[segment : segment + 2], value))
    return parts
