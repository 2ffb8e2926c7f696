"""Which edges a closure touches, and what it does to their times."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.overlay import Closure
from geo.points import E7, METRES_PER_DEGREE
from geo.speeds import UNREACHABLE

_MOST_KNOWN: Final = 4096
"""Closures whose edges are remembered; lifted ones would pile up otherwise."""


class ClosureIndex:
    """Finds the edges of closures in one network, and remembers them."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self._known: dict[Closure, NDArray[np.int32]] = {}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        network = self.network
        points = np.stack((network.shape_x_e7, network.shape_y_e7), axis=1) / E7
        rows = np.repeat(np.arange(len(network.shape_edge_forward)), np.diff(network.shape_offsets))
        return shapely.STRtree(shapely.linestrings(points, indices=rows))

    def edges(self, closure: Closure) -> NDArray[np.int32]:
        """Edges that a closure touches; those of unknown ways or numbers are none."""
        known = self._known.get(closure)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[closure] = self._find(closure)
        return known

    def _find(self, closure: Closure) -> NDArray[np.int32]:
        network = self.network
        if closure.edges:
            given = np.array(closure.edges, dtype=np.int64)
            return given[(given >= 0) & (given < network.edge_count)].astype(np.int32)
        if closure.ways:
            found = {edge for way in closure.ways for edge in network.edges_of_way(way)}
            return np.array(sorted(found), dtype=np.int32)
        if closure.polygon is not None:
            shapes = self._tree.query(closure.polygon, predicate="intersects")
        elif closure.centre is not None:
            shapes = self._within(closure.centre.lat, closure.centre.lon, closure.radius_m)
        else:
            return np.zeros(0, dtype=np.int32)
        edges = np.concatenate([network.shape_edge_forward[shapes], network.shape_edge_backward[shapes]])
        return np.unique(edges[edges >= 0]).astype(np.int32)

    def _within(self, lat: float, lon: float, radius_m: float) -> NDArray[np.int64]:
        """Shapes within a radius in metres: a circle on the ground is an ellipse in degrees."""
        shrink = math.cos(math.radians(lat))
        d_lat, d_lon = radius_m / METRES_PER_DEGREE, radius_m / (METRES_PER_DEGREE * max(shrink, 1e-6))
        near = self._tree.query(shapely.box(lon - d_lon, lat - d_lat, lon + d_lon, lat + d_lat))
        plane = shapely.transform(
            self._tree.geometries[near],
            lambda xy: (xy - (lon, lat)) * (METRES_PER_DEGREE * shrink, METRES_PER_DEGREE),
        )
        inside: NDArray[np.int64] = near[shapely.distance(plane, shapely.Point(0.0, 0.0)) <= radius_m]
        return inside

    def applied(self, weights_ms: NDArray[np.int32], closures: tuple[Closure, ...]) -> NDArray[np.int32]:
        """Weights with closures laid over them; of several slow-downs on one edge the slowest counts."""
        if not closures:
            return weights_ms
        factor = np.ones(len(weights_ms))
        for closure in closures:
            edges = self.edges(closure)
            factor[edges] = np.minimum(factor[edges], closure.speed_factor)
        slowed = np.rint(weights_ms / np.maximum(factor, 1e-9))
        over = np.where((factor <= 0.0) | (weights_ms == UNREACHABLE), UNREACHABLE, np.minimum(slowed, UNREACHABLE - 1))
        laid: NDArray[np.int32] = np.where(factor < 1.0, over, weights_ms).astype(np.int32)
        return laid
