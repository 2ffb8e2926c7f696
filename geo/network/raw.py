"""Ways as they are read or drawn, before they become a network.

Every source ends here: OSM files, OSMnx graphs, the schematic demo region, and the ASCII maps of the tests. `assemble`
turns `RawRoads` into a `RoadNetwork`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import NO_FLAGS, EdgeFlag, RoadAttributes, StreetName


@dataclass(frozen=True, slots=True)
class Barrier:
    """Something at one point of a road: it becomes a zero-length edge of class BARRIER with these properties."""

    node: int
    """Index into the raw node arrays."""
    flags: EdgeFlag = NO_FLAGS
    """BLOCKED for bollards and locked gates, NO_ORDINARY for a gate that only the law closes, FORD for a ford."""
    max_height_cm: int = 0
    max_width_cm: int = 0
    max_weight_kg: int = 0


@dataclass(frozen=True, slots=True)
class TurnRestriction:
    """An OSM `type=restriction` relation: from one way, via a node or some ways, to one way.

    `from_way`, `to_way` and `via_ways` are OSM way ids, in driving order. `only` means every other continuation is
    forbidden. `via_node` is an index into the raw node arrays, −1 if the restriction goes via ways.
    """

    from_way: int
    to_way: int
    via_node: int = -1
    via_ways: tuple[int, ...] = ()
    only: bool = False


@dataclass(frozen=True, slots=True)
class KilometrePost:
    """A kilometre post of a numbered road."""

    lat: float
    lon: float
    km: float
    ref: str


@dataclass(frozen=True, slots=True)
class RawPlace:
    """A named place of the map: town, village, hospital, landmark. `kind` is the OSM value (`town`, `hospital`…)."""

    lat: float
    lon: float
    kind: str
    names: StreetName


@dataclass(slots=True)
class RawRoads:
    """Ways over nodes, in columns.

    Shapes: n nodes, w ways, r references. `way_offsets` has w + 1 entries into `way_nodes` (r), which index nodes.
    `way_attributes` and `way_names` index the two lists of distinct values.
    """

    node_ids: NDArray[np.int64]
    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    way_ids: NDArray[np.int64]
    way_offsets: NDArray[np.int64]
    way_nodes: NDArray[np.int64]
    way_attributes: NDArray[np.int32]
    way_names: NDArray[np.int32]
    attributes: Sequence[RoadAttributes]
    names: Sequence[StreetName]
    barriers: Sequence[Barrier] = ()
    restrictions: Sequence[TurnRestriction] = ()
    posts: Sequence[KilometrePost] = ()
    places: Sequence[RawPlace] = ()
    notes: dict[str, int] = field(default_factory=dict)
    """What the reader counted and left out (`ways_without_nodes`, `restrictions_incomplete`…), for `roads info`."""
