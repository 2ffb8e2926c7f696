"""Following a numbered road from one place to another."""

from __future__ import annotations

import heapq
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.places.lines import Lines, Near, from_metres
from geo.places.streets import Streets
from geo.places.text import compact
from geo.points import E7, GeoPoint

SNAP_M: Final = 150.0
"""A post stands beside its road, not further away than this."""

_START: Final = -1
_STOP: Final = -2
_CANDIDATES: Final = 4

Stretch = int | list[GeoPoint]
"""A whole shape, or the points of a piece of one."""
Links = dict[int, list[tuple[int, float, Stretch]]]
"""For each junction: the junction at the other end, metres, the stretch between."""


class Along:
    """Finds the way along one road number; both directions are open, as a kilometre is the same either way."""

    def __init__(self, network: RoadNetwork, streets: Streets, lines: Lines) -> None:
        self._network = network
        self._streets = streets
        self._lines = lines

    def path(self, ref: str, start: GeoPoint, stop: GeoPoint) -> list[GeoPoint] | None:
        """Give the points of the shortest way along road `ref`; None if it does not lead from one to the other."""
        wanted = compact(ref)
        parts = [street.shapes for street in self._streets.all if compact(street.names.ref) == wanted]
        shapes = np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
        starts, stops = (self._lines.within(point, SNAP_M, shapes)[:_CANDIDATES] for point in (start, stop))
        if not starts or not stops:
            return None
        links = self._links(shapes)
        for near in starts:
            tail, head, length_m = self._ends(near.shape)
            links.setdefault(_START, []).append((tail, near.along_m, self._piece(near, 0.0)))
            links[_START].append((head, length_m - near.along_m, self._piece(near, length_m)))
            for other in stops:
                if other.shape == near.shape:
                    piece = self._piece(near, other.along_m)
                    links[_START].append((_STOP, abs(other.along_m - near.along_m), piece))
        for near in stops:
            tail, head, length_m = self._ends(near.shape)
            links.setdefault(tail, []).append((_STOP, near.along_m, self._piece(near, 0.0)[::-1]))
            links.setdefault(head, []).append((_STOP, length_m - near.along_m, self._piece(near, length_m)[::-1]))
        return self._unwound(_shortest(links))

    def _links(self, shapes: NDArray[np.int64]) -> Links:
        links: Links = {}
        for shape in shapes.tolist():
            tail, head, length_m = self._ends(shape)
            links.setdefault(tail, []).append((head, length_m, shape))
            links.setdefault(head, []).append((tail, length_m, shape))
        return links

    def _ends(self, shape: int) -> tuple[int, int, float]:
        """Give the junctions at the drawn start and end of a shape, and its metres."""
        edge = int(self._streets.edges[shape])
        tail, head = int(self._network.edge_from[edge]), int(self._network.edge_to[edge])
        if self._network.edge_reversed[edge]:
            tail, head = head, tail
        return tail, head, float(self._network.edge_length_m[edge])

    def _piece(self, start: Near, to_m: float) -> list[GeoPoint]:
        """Give the points of a shape from a place on it to `to_m` along it."""
        line = self._lines.metric(start.shape, start.point)
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        low, high = min(start.along_m, to_m), max(start.along_m, to_m)
        ends = [np.array([np.interp(at, along, line[:, axis]) for axis in (0, 1)]) for at in (low, high)]
        inner = line[(along > low) & (along < high)]
        points = [from_metres(place, start.point) for place in (ends[0], *inner, ends[1])]
        return points if start.along_m <= to_m else points[::-1]

    def _unwound(self, way: list[tuple[int, Stretch]] | None) -> list[GeoPoint] | None:
        if way is None:
            return None
        points: list[GeoPoint] = []
        for tail, stretch in way:
            points += self._whole(stretch, tail) if isinstance(stretch, int) else stretch
        return points

    def _whole(self, shape: int, tail: int) -> list[GeoPoint]:
        """Give the points of a shape, from the junction `tail`."""
        start, stop = self._network.shape_offsets[shape : shape + 2]
        lat, lon = self._network.shape_y_e7[start:stop] / E7, self._network.shape_x_e7[start:stop] / E7
        points = [GeoPoint(lat=y, lon=x) for y, x in zip(lat.tolist(), lon.tolist(), strict=True)]
        return points if self._ends(shape)[0] == tail else points[::-1]


def _shortest(links: Links) -> list[tuple[int, Stretch]] | None:
    """Search from `_START` to `_STOP` (Dijkstra); gives each stretch with the junction it begins at."""
    came: dict[int, tuple[int, Stretch]] = {}
    best = {_START: 0.0}
    queue = [(0.0, _START)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == _STOP:
            break
        if cost > best[node]:
            continue
        for other, length_m, stretch in links.get(node, ()):
            if cost + length_m < best.get(other, float("inf")):
                best[other] = cost + length_m
                came[other] = (node, stretch)
                heapq.heappush(queue, (cost + length_m, other))
    if _STOP not in came:
        return None
    way: list[tuple[int, Stretch]] = []
    node = _STOP
    while node != _START:
        node, stretch = came[node]
        way.append((node, stretch))
    return way[::-1]
