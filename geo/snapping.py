"""From a point to the road: which stretch, how far along, how far away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import RoadClass
from geo.network.model import RoadNetwork
from geo.points import E7, METRES_PER_DEGREE
from geo.snapping_kernels import shapes_within, snap_many

END_WITHIN_M: Final = 1.0
"""A point this near to a stretch's end is that node, with all its edges."""
_MOST_NEAR: Final = 64


@dataclass(frozen=True, slots=True)
class Snaps:
    """Where points meet the road. Shapes: all [points].

    `node` ≥ 0: the point is that node. Otherwise it is on `shape`, at `share` (0 to 1) of its length in drawn
    direction. `shape` is −1 where nothing usable was found. `distance_m` is straight, from the point to the road.
    """

    shape: NDArray[np.int32]
    share: NDArray[np.float64]
    node: NDArray[np.int32]
    distance_m: NDArray[np.float64]


class Snapper:
    """Finds the nearest stretch of a network for many points at once."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        edge = np.maximum(network.shape_edge_forward, network.shape_edge_backward)
        road_class = network.edge_class[edge]
        self.landing: NDArray[np.bool_] = (road_class != RoadClass.BARRIER) & (road_class != RoadClass.FERRY)
        """[S] shapes a point may be put on: not the middle of a gate, nor of a river crossing."""

    @cached_property
    def _along_m(self) -> NDArray[np.float64]:
        """[P] metres along its shape at which each shape point stands."""
        network = self.network
        x, y = network.shape_x_e7.astype(np.float64), network.shape_y_e7.astype(np.float64)
        scale = METRES_PER_DEGREE / E7
        shrink = np.cos(np.radians((y[:-1] + y[1:]) / 2 / E7))
        steps = np.hypot(np.diff(x) * scale * shrink, np.diff(y) * scale)
        steps[network.shape_offsets[1:-1] - 1] = 0.0
        total = np.concatenate([[0.0], np.cumsum(steps)])
        along: NDArray[np.float64] = total - np.repeat(
            total[network.shape_offsets[:-1]], np.diff(network.shape_offsets)
        )
        return along

    def snap(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], open_shapes: NDArray[np.bool_] | None = None
    ) -> Snaps:
        """Put points on the nearest landing shapes, among `open_shapes` [S] where given."""
        network = self.network
        count = len(lat)
        shape, segment = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
        share, distance = np.empty(count), np.empty(count)
        usable = self.landing if open_shapes is None else open_shapes
        snap_many(
            lat,
            lon,
            network.grid,
            network.cell_offsets,
            network.cell_segments,
            network.cell_shapes,
            network.shape_x_e7,
            network.shape_y_e7,
            usable,
            shape,
            segment,
            share,
            distance,
        )
        return self._placed(lat, lon, shape, segment, share, distance)

    def near(self, lat: float, lon: float, radius_m: float) -> Snaps:
        """Every landing shape within a radius of one point, nearest first (at most 64)."""
        network = self.network
        shape, segment = np.empty(_MOST_NEAR, dtype=np.int32), np.empty(_MOST_NEAR, dtype=np.int32)
        share, distance = np.empty(_MOST_NEAR), np.empty(_MOST_NEAR)
        count = shapes_within(
            lat,
            lon,
            radius_m,
            network.grid,
            network.cell_offsets,
            network.cell_segments,
            network.cell_shapes,
            network.shape_x_e7,
            network.shape_y_e7,
            self.landing,
            shape,
            segment,
            share,
            distance,
        )
        order = np.lexsort((segment[:count], distance[:count]))
        lats, lons = np.full(count, lat), np.full(count, lon)
        return self._placed(lats, lons, shape[order], segment[order], share[order], distance[order])

    def _placed(
        self,
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        shape: NDArray[np.int32],
        segment: NDArray[np.int32],
        share: NDArray[np.float64],
        distance_m: NDArray[np.float64],
    ) -> Snaps:
        network = self.network
        safe, at = np.maximum(shape, 0), np.maximum(segment, 0)
        first, last = network.shape_offsets[safe], network.shape_offsets[safe + 1] - 1
        along = self._along_m[at] + share * (self._along_m[at + 1] - self._along_m[at])
        whole = self._along_m[last]
        part = np.divide(along, whole, out=np.zeros(len(shape)), where=whole > 0.0)
        node = np.full(len(shape), -1, dtype=np.int32)
        edge = np.maximum(network.shape_edge_forward[safe], network.shape_edge_backward[safe])
        turned = network.edge_reversed[edge]
        tails, heads = network.edge_from[edge], network.edge_to[edge]
        scale = METRES_PER_DEGREE / E7
        shrink = np.cos(np.radians(lat)) * scale
        # Asked in this order a point near both ends of a very short stretch is its first node, always.
        for point, nodes in ((last, np.where(turned, tails, heads)), (first, np.where(turned, heads, tails))):
            d_x = (network.shape_x_e7[point] - lon * E7) * shrink
            d_y = (network.shape_y_e7[point] - lat * E7) * scale
            here = (shape >= 0) & (np.hypot(d_x, d_y) <= END_WITHIN_M)
            node[here] = nodes[here]
        return Snaps(shape, np.clip(part, 0.0, 1.0), node, distance_m)
