"""From a point to the road: which stretch, how far along, how far away."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.near_kernels import shapes_within
from geo.network.attributes import EdgeFlag, RoadClass
from geo.network.model import RoadNetwork
from geo.points import E7, METRES_PER_DEGREE
from geo.snapping_kernels import MEMO_COLUMNS, snap_many

END_WITHIN_M: Final = 1.0
"""A point this near to a stretch's end is that node, with all its edges."""
_MOST_NEAR: Final = 64
_MEMO_ROWS: Final = 2**16
_MEMOS: Final = 8


@dataclass(frozen=True, slots=True)
class Snaps:
    """Where points meet the road. Shapes: all [points].

    `node` ≥ 0: the point is that node. Otherwise it is on `shape`, at `share` (0 to 1) of its length in drawn
    direction. `shape` is −1 where nothing open was found. `distance_m` is straight, from the point to the road. `shut`
    tells of a road nearer still that only a closure bars.
    """

    shape: NDArray[np.int32]
    share: NDArray[np.float64]
    node: NDArray[np.int32]
    distance_m: NDArray[np.float64]
    shut: NDArray[np.bool_]


class Snapper:
    """Finds the nearest stretch of a network for many points at once."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        edge = np.maximum(network.shape_edge_forward, network.shape_edge_backward)
        road_class = network.edge_class[edge]
        turned = network.edge_reversed[edge]
        tail, head = network.edge_from[edge], network.edge_to[edge]
        self._first_node = np.where(turned, head, tail).astype(np.int32)
        self._last_node = np.where(turned, tail, head).astype(np.int32)
        self.landing: NDArray[np.bool_] = (road_class != RoadClass.BARRIER) & (road_class != RoadClass.FERRY)
        """[S] shapes a point may be put on: not the middle of a gate, nor of a river crossing."""
        self._everywhere = self.landing.astype(np.uint8)
        flags = network.edge_flags[edge]
        one_way = (flags & EdgeFlag.ONEWAY != 0) & (flags & EdgeFlag.ROUNDABOUT == 0)
        self.carriageway: NDArray[np.bool_] = one_way & (flags & EdgeFlag.DIVIDED != 0)
        """[S] shapes that are one side of a divided road."""

    @cached_property
    def along_m(self) -> NDArray[np.float64]:
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

    def _shared(self) -> tuple[Any, ...]:
        """What both kernels read of the network."""
        network = self.network
        return (
            network.grid,
            network.cell_offsets,
            network.cell_segments,
            network.cell_shapes,
            network.shape_offsets,
            network.shape_x_e7,
            network.shape_y_e7,
            self.along_m,
            self._first_node,
            self._last_node,
            END_WITHIN_M,
        )

    def snap(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], landing: NDArray[np.uint8] | None = None
    ) -> Snaps:
        """Put points on the nearest open shapes: those of `landing` [S] (`Weighted.landing`), or all there are."""
        count = len(lat)
        found = Snaps(
            np.empty(count, dtype=np.int32),
            np.empty(count),
            np.empty(count, dtype=np.int32),
            np.empty(count),
            np.empty(count, dtype=np.bool_),
        )
        shapes = self._everywhere if landing is None else landing
        out = (found.shape, found.share, found.node, found.distance_m, found.shut)
        given = (lat, lon, _memo_of(shapes), *self._shared(), shapes, *out)
        snap_many(*given)
        return found

    def near(self, lat: float, lon: float, radius_m: float) -> Snaps:
        """Every landing shape within a radius of one point, nearest first (at most 64)."""
        shape, node = np.empty(_MOST_NEAR, dtype=np.int32), np.empty(_MOST_NEAR, dtype=np.int32)
        share, distance = np.empty(_MOST_NEAR), np.empty(_MOST_NEAR)
        given = (lat, lon, radius_m, *self._shared(), self.landing, shape, share, node, distance)
        count = shapes_within(*given)
        order = np.lexsort((shape[:count], distance[:count]))
        return Snaps(shape[order], share[order], node[order], distance[order], np.zeros(count, dtype=np.bool_))


_local = threading.local()


def _memo_of(landing: NDArray[np.uint8]) -> NDArray[np.float64]:
    """This thread's memory of points put on these shapes: vehicles that stand still are asked about again and again.

    Its pages are taken from the system as they are used: up to 4 kB a point, 4 MB at most.
    """
    shelf: OrderedDict[int, tuple[NDArray[np.uint8], NDArray[np.float64]]]
    shelf = _local.__dict__.setdefault("memos", OrderedDict())
    found = shelf.get(id(landing))
    if found is None:
        # The shapes are kept beside it, so that no others come to stand for them.
        found = shelf[id(landing)] = (landing, _zeros(_MEMO_ROWS, MEMO_COLUMNS))
        if len(shelf) > _MEMOS:
            shelf.popitem(last=False)
    else:
        shelf.move_to_end(id(landing))
    return found[1]


def _zeros(rows: int, columns: int) -> NDArray[np.float64]:
    """An array whose rows begin where lines of the processor's memory do."""
    line = 64 // 8
    plain = np.zeros(rows * columns + line)
    skip = -(plain.ctypes.data // 8) % line
    return plain[skip : skip + rows * columns].reshape(rows, columns)
