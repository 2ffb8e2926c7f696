"""Drawn lines of the network near a place, in metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.points import E7, METRES_PER_DEGREE, GeoPoint


@dataclass(frozen=True, slots=True)
class Near:
    """A place on a shape: how far from the asked one, and how far along the shape as drawn."""

    shape: int
    distance_m: float
    along_m: float
    point: GeoPoint


class Lines:
    """Finds shapes near a point; the tree is built at the first question."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    @cached_property
    def _tree(self) -> shapely.STRtree:
        offsets = self._network.shape_offsets.astype(np.int64)
        x, y = self._network.shape_x_e7 / E7, self._network.shape_y_e7 / E7
        rows = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        return shapely.STRtree(shapely.linestrings(np.stack((x, y), axis=1), indices=rows))

    def metric(self, shape: int, origin: GeoPoint) -> NDArray[np.float64]:
        """Project a shape to metres east and north of `origin`: [points, 2]; true within some tens of km."""
        start, stop = self._network.shape_offsets[shape : shape + 2]
        east_m = METRES_PER_DEGREE * np.cos(np.radians(origin.lat))
        x = (self._network.shape_x_e7[start:stop] / E7 - origin.lon) * east_m
        y = (self._network.shape_y_e7[start:stop] / E7 - origin.lat) * METRES_PER_DEGREE
        return np.stack((x, y), axis=1)

    def within(self, point: GeoPoint, reach_m: float, among: NDArray[np.int64] | None = None) -> list[Near]:
        """Give the shapes (of `among` if given) within `reach_m` of a point, the nearest first."""
        up = reach_m / METRES_PER_DEGREE
        side = up / max(0.01, float(np.cos(np.radians(point.lat))))
        box = shapely.box(point.lon - side, point.lat - up, point.lon + side, point.lat + up)
        shapes = self._tree.query(box)
        if among is not None:
            shapes = shapes[np.isin(shapes, among)]
        found = [self.near(int(shape), point) for shape in shapes]
        return sorted((one for one in found if one.distance_m <= reach_m), key=lambda one: one.distance_m)

    def near(self, shape: int, point: GeoPoint) -> Near:
        """Give the place of a shape that is nearest to a point."""
        line = self.metric(shape, point)
        start, step = line[:-1], np.diff(line, axis=0)
        square = (step**2).sum(axis=1)
        share = np.clip(-(start * step).sum(axis=1) / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
        foot = start + share[:, None] * step
        away = np.hypot(foot[:, 0], foot[:, 1])
        best = int(np.argmin(away))
        length = np.sqrt(square)
        along = float(length[:best].sum() + share[best] * length[best])
        return Near(shape, float(away[best]), along, from_metres(foot[best], point))


def from_metres(place: NDArray[np.float64], origin: GeoPoint) -> GeoPoint:
    """Undo the projection of `Lines.metric`."""
    east_m = METRES_PER_DEGREE * float(np.cos(np.radians(origin.lat)))
    return GeoPoint(lat=origin.lat + float(place[1]) / METRES_PER_DEGREE, lon=origin.lon + float(place[0]) / east_m)
