"""Road networks drawn as ASCII maps.

    roads = draw('''
        A---B---C
            |
            D
    ''', {"ABC": road(), "BD": road(direction=Direction.FORWARD)})

Letters and digits are nodes where they stand; all else is decoration. A way is named by its nodes in drawn order.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np

from geo.network.assemble import assemble
from geo.network.attributes import RoadAttributes, RoadClass, StreetName
from geo.network.model import RoadNetwork
from geo.network.raw import Barrier, KilometrePost, RawPlace, RawRoads, TurnRestriction
from geo.points import METRES_PER_DEGREE, GeoPoint

ORIGIN = GeoPoint(lat=41.0, lon=80.0)


def road(road_class: RoadClass = RoadClass.RESIDENTIAL, **attributes: object) -> RoadAttributes:
    return RoadAttributes(road_class, **attributes)  # type: ignore[arg-type]  # tests name the fields


class Drawing:
    """A drawn map: `raw` roads, and where each letter stands."""

    def __init__(
        self,
        picture: str,
        ways: Mapping[str, RoadAttributes],
        *,
        names: Mapping[str, str | StreetName] | None = None,
        cell_m: float = 100.0,
        barriers: Mapping[str, Barrier] | None = None,
        restrictions: Sequence[tuple[str, str, str, bool]] = (),
        posts: Sequence[KilometrePost] = (),
        places: Sequence[RawPlace] = (),
    ) -> None:
        self.cell_m = cell_m
        lines = textwrap.dedent(picture).strip("\n").split("\n")
        self.points: dict[str, GeoPoint] = {
            letter: self.at(column, row)
            for row, line in enumerate(lines)
            for column, letter in enumerate(line)
            if letter.isalnum()
        }
        order = list(self.points)
        self.way_ids = {way: 1000 + number for number, way in enumerate(ways)}
        named = {way: name if isinstance(name, StreetName) else StreetName(name) for way, name in (names or {}).items()}
        distinct = list(dict.fromkeys(ways.values()))
        labels = [StreetName(), *dict.fromkeys(named.values())]
        self.raw = RawRoads(
            node_ids=np.arange(1, len(order) + 1, dtype=np.int64),
            node_lat=np.array([self.points[letter].lat for letter in order]),
            node_lon=np.array([self.points[letter].lon for letter in order]),
            way_ids=np.array(list(self.way_ids.values()), dtype=np.int64),
            way_offsets=np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64),
            way_nodes=np.array([order.index(letter) for way in ways for letter in way], dtype=np.int64),
            way_attributes=np.array([distinct.index(value) for value in ways.values()], dtype=np.int32),
            way_names=np.array([labels.index(named.get(way, StreetName())) for way in ways], dtype=np.int32),
            attributes=distinct,
            names=labels,
            barriers=[
                Barrier(order.index(letter), b.flags, b.max_height_cm, b.max_width_cm, b.max_weight_kg)
                for letter, b in (barriers or {}).items()
            ],
            restrictions=[
                TurnRestriction(
                    self.way_ids[start],
                    self.way_ids[stop],
                    via_node=order.index(via) if via not in self.way_ids else -1,
                    via_ways=(self.way_ids[via],) if via in self.way_ids else (),
                    only=only,
                )
                for start, via, stop, only in restrictions
            ],
            posts=posts,
            places=places,
        )

    def at(self, column: float, row: float) -> GeoPoint:
        """The place of a column and row of the picture (they may be fractions)."""
        shrink = math.cos(math.radians(ORIGIN.lat))
        return GeoPoint(
            lat=ORIGIN.lat - row * self.cell_m / METRES_PER_DEGREE,
            lon=ORIGIN.lon + column * self.cell_m / (METRES_PER_DEGREE * shrink),
        )

    def network(self) -> RoadNetwork:
        return assemble(self.raw, region="drawn")

    def node(self, network: RoadNetwork, letter: str) -> int:
        """The network node of a letter."""
        found = np.flatnonzero(network.node_osm_id == list(self.points).index(letter) + 1)
        assert len(found) == 1, f"{letter} is no node of the network"
        return int(found[0])

    def edge(self, network: RoadNetwork, tail: str, head: str) -> int:
        """The one edge from a letter to another."""
        start, stop = self.node(network, tail), self.node(network, head)
        found = np.flatnonzero((network.edge_from == start) & (network.edge_to == stop))
        assert len(found) == 1, f"{len(found)} edges from {tail} to {head}"
        return int(found[0])
