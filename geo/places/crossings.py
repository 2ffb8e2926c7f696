"""Where two streets cross: shared junctions, else where they come within 60 m."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.places.lines import Lines, from_metres
from geo.places.streets import Street, Streets
from geo.points import E7, METRES_PER_DEGREE, GeoPoint

REACH_M: Final = 60.0
"""Streets that come this close without a shared junction still cross for whoever stands there."""

_JUNCTION_M: Final = 60.0
"""Junctions of one pair of streets this close are one crossing: divided roads make four of one."""

_SUFFIX: Final = re.compile(
    r"(?:的)?(?:十字|丁字|交叉|交汇|相交|交)(?:路)?(?:口|处)$|(?<=[路街道巷])(?:的)?(?:路口|口|交叉|交汇)$"
)
_BETWEEN: Final = re.compile(
    r"\s+[xX]\s+|\s+(?:and|at|corner of)\s+|\s*[×&/+@＆／＋]\s*|\s*[与和跟及]\s*|(?<=[路街道巷])口\s*", re.IGNORECASE
)
_ROAD_END: Final = re.compile(r"[路街道巷](?=\w)")
_MOST_WORDS: Final = 8


def splits(text: str) -> Iterator[tuple[str, str, bool]]:
    """Give the ways to read a text as two streets: at a sign or word between (True), at a space, after 路 (False)."""
    bare = _SUFFIX.sub("", text.strip())
    ends = [(bare[: end.end()], bare[end.end() :]) for end in _ROAD_END.finditer(bare)]
    signs = [(bare[: sign.start()].strip(), bare[sign.end() :].strip()) for sign in _BETWEEN.finditer(bare)]
    words = bare.split()
    spaces = []
    if len(words) <= _MOST_WORDS:
        spaces = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    pairs = dict.fromkeys((*spaces, *ends), False) | dict.fromkeys(signs, True)
    yield from ((*pair, signed) for pair, signed in pairs.items() if all(pair))


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two streets and where they meet. `apart_m` is 0 for a shared junction."""

    first: Street
    second: Street
    point: GeoPoint
    apart_m: float


class Crossings:
    """Finds crossings of streets of one network."""

    def __init__(self, network: RoadNetwork, streets: Streets, lines: Lines) -> None:
        self._network = network
        self._streets = streets
        self._lines = lines

    def of(self, first: list[Street], second: list[Street]) -> list[Crossing]:
        """Give every crossing between a street of one list and a street of the other.

        Near misses (within `REACH_M`) are only looked for where no pair shares a junction.
        """
        shared = list(self._shared(first, second))
        return shared or list(self._near(first, second))

    def _shared(self, first: list[Street], second: list[Street]) -> Iterator[Crossing]:
        one_nodes, one_owner = self._owned(first)
        for other in second:
            hit = np.isin(one_nodes, self._streets.nodes(other))
            for owner in np.unique(one_owner[hit]).tolist():
                if first[owner] is other:
                    continue
                for point in self._clusters(one_nodes[hit & (one_owner == owner)]):
                    yield Crossing(first[owner], other, point, 0.0)

    def _owned(self, streets: list[Street]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        nodes = [self._streets.nodes(street) for street in streets]
        owner = np.repeat(np.arange(len(nodes)), [len(one) for one in nodes])
        return (np.concatenate(nodes) if nodes else np.empty(0, dtype=np.int64)), owner

    def _clusters(self, nodes: NDArray[np.int64]) -> Iterator[GeoPoint]:
        """Give one point for junctions close together: the junction nearest to their middle."""
        left = [self._network.node_point(int(node)) for node in nodes]
        while left:
            group = [left.pop()]
            for member in group:
                close = [point for point in left if point.distance_m(member) <= _JUNCTION_M]
                group += close
                left = [point for point in left if point not in close]
            lat, lon = (sum(axis) / len(group) for axis in zip(*((p.lat, p.lon) for p in group), strict=True))
            middle = GeoPoint(lat=lat, lon=lon)
            yield min(group, key=middle.distance_m)

    def _near(self, first: list[Street], second: list[Street]) -> Iterator[Crossing]:
        boxes = shapely.STRtree([self._box(street, 0.0) for street in second])
        for one in first:
            for row in boxes.query(self._box(one, REACH_M)).tolist():
                if one is not second[row]:
                    found = self._approach(one, second[row])
                    if found is not None:
                        yield found

    def _approach(self, one: Street, other: Street) -> Crossing | None:
        origin = one.point
        lines = [
            shapely.MultiLineString([self._lines.metric(int(s), origin) for s in st.shapes]) for st in (one, other)
        ]
        apart = float(shapely.distance(lines[0], lines[1]))
        if apart > REACH_M:
            return None
        ends = shapely.get_coordinates(shapely.shortest_line(lines[0], lines[1]))
        return Crossing(one, other, from_metres(ends.mean(axis=0), origin), apart)

    def _box(self, street: Street, more_m: float) -> shapely.Polygon:
        offsets = self._network.shape_offsets
        rows = np.concatenate([np.arange(offsets[shape], offsets[shape + 1]) for shape in street.shapes])
        x, y = self._network.shape_x_e7[rows] / E7, self._network.shape_y_e7[rows] / E7
        up = more_m / METRES_PER_DEGREE
        side = up / max(0.01, float(np.cos(np.radians(y.mean()))))
        return shapely.box(x.min() - side, y.min() - up, x.max() + side, y.max() + up)
