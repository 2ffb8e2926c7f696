"""Streets as people know them: the stretches of one name in one town are one street."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network.attributes import RoadClass, StreetName
from geo.network.model import RoadNetwork
from geo.places.text import compact
from geo.points import E7, METRES_PER_DEGREE, GeoPoint

TOWN_REACH_M: Final = 30_000.0
"""A street further than this from every town belongs to none."""

GAP_M: Final = 1_500.0
"""Stretches of one name and town this close to each other, or sharing a junction, are one street.

Not more: around one town there may be a 人民路 in each of ten villages, and a point between them all is nowhere.
"""


@dataclass(frozen=True, slots=True)
class Town:
    """A place that streets are told apart by."""

    point: GeoPoint
    names: StreetName


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """One named street of one town, or one numbered road (its name is then only a ref).

    `shapes` are rows of the network's shape tables, `rows` of `street_names`. `town` indexes the towns, −1 = none.
    """

    names: StreetName
    rows: tuple[int, ...]
    shapes: NDArray[np.int64]
    town: int
    point: GeoPoint
    length_m: float


class Streets:
    """The streets of a network. `towns` are the places to tell them apart by."""

    def __init__(self, network: RoadNetwork, towns: Sequence[Town]) -> None:
        self._network = network
        self.towns = tuple(towns)

    @cached_property
    def edges(self) -> NDArray[np.int64]:
        """[S] one edge of each shape; the ends of the shape are the ends of the edge."""
        forward = self._network.shape_edge_forward.astype(np.int64)
        return np.where(forward >= 0, forward, self._network.shape_edge_backward)

    @cached_property
    def all(self) -> tuple[Street, ...]:
        """Every named street, then every numbered road."""
        return (*self._named(), *self._numbered())

    def nodes(self, street: Street) -> NDArray[np.int64]:
        """Give the junctions of a street, sorted."""
        edges = self.edges[street.shapes]
        nodes: NDArray[np.int64] = np.unique(
            np.concatenate((self._network.edge_from[edges], self._network.edge_to[edges])).astype(np.int64)
        )
        return nodes

    def label_town(self, street: Street, language: str) -> str:
        """Name the street's town, empty if it has none."""
        return self.towns[street.town].names.spoken(language) if street.town >= 0 else ""

    @cached_property
    def _shape_name(self) -> NDArray[np.int64]:
        drawn = self._network.edge_class[self.edges] != RoadClass.BARRIER
        return np.where(drawn, self._network.edge_name[self.edges], -1).astype(np.int64)

    @cached_property
    def _middle(self) -> NDArray[np.int64]:
        """[S] the shape point in the middle of each shape."""
        offsets = self._network.shape_offsets.astype(np.int64)
        return (offsets[:-1] + offsets[1:] - 1) // 2

    @cached_property
    def _shape_town(self) -> NDArray[np.int64]:
        """[S] the nearest town of each shape's middle, −1 beyond `TOWN_REACH_M`."""
        nearest = np.full(len(self._middle), -1, dtype=np.int64)
        if self.towns and len(nearest):
            scale = self._scale
            tree = shapely.STRtree(shapely.points([(t.point.lon * scale, t.point.lat) for t in self.towns]))
            x = self._network.shape_x_e7[self._middle] / E7 * scale
            spots = shapely.points(x, self._network.shape_y_e7[self._middle] / E7)
            rows, found = tree.query_nearest(spots, max_distance=TOWN_REACH_M / METRES_PER_DEGREE, all_matches=False)
            nearest[rows] = found
        return nearest

    @cached_property
    def _scale(self) -> float:
        south, north = self._network.bbox[1], self._network.bbox[3]
        return float(np.cos(np.radians((south + north) / 2.0)))

    def _named(self) -> list[Street]:
        groups: dict[str, int] = {}
        names = [self._network.street_name(row) for row in range(len(self._network.street_names))]
        # A street is known by its first name; names that differ only in their ref are one street.
        known = [compact(name.name or name.zh or name.en or name.ug) for name in names]
        of_row = np.array([groups.setdefault(text, len(groups)) if text else -1 for text in known] + [-1])
        return self._gather(of_row[self._shape_name], names)

    def _numbered(self) -> list[Street]:
        groups: dict[str, int] = {}
        streets: list[Street] = []
        refs = [self._network.text(int(text)) for text in self._network.street_names[:, 4]]
        parts = [[part.strip() for part in ref.split(";") if part.strip()] for ref in refs]
        for place in range(max((len(one) for one in parts), default=0)):
            numbers = [groups.setdefault(compact(one[place]), len(groups)) if len(one) > place else -1 for one in parts]
            labels = [StreetName(ref=one[place]) if len(one) > place else StreetName() for one in parts]
            streets += self._gather(np.array([*numbers, -1])[self._shape_name], labels)
        return streets

    def _gather(self, group: NDArray[np.int64], names: list[StreetName]) -> list[Street]:
        """Cut the shapes of each group (−1 = none) into streets."""
        shapes = np.flatnonzero(group >= 0)
        if not len(shapes):
            return []
        whole = _connected(self._marks(shapes, group[shapes]))
        keys = np.stack((group[shapes], whole, self._shape_town[shapes]), axis=1)
        order = np.lexsort((shapes, keys[:, 2], keys[:, 1], keys[:, 0]))
        cuts = np.flatnonzero((np.diff(keys[order], axis=0) != 0).any(axis=1)) + 1
        lengths = self._network.edge_length_m[self.edges]
        return [self._street(shapes[part], names, lengths) for part in np.split(order, cuts)]

    def _street(self, shapes: NDArray[np.int64], names: list[StreetName], lengths: NDArray[np.float64]) -> Street:
        rows = tuple(dict.fromkeys(self._shape_name[shapes].tolist()))
        # The point shown is on the street, at the stretch that is nearest to the middle of all.
        x, y = self._network.shape_x_e7[self._middle[shapes]] / E7, self._network.shape_y_e7[self._middle[shapes]] / E7
        best = int(np.argmin(((x - x.mean()) * self._scale) ** 2 + (y - y.mean()) ** 2))
        return Street(
            names=names[rows[0]],
            rows=rows,
            shapes=shapes,
            town=int(self._shape_town[shapes[0]]),
            point=GeoPoint(lat=float(y[best]), lon=float(x[best])),
            length_m=float(lengths[shapes].sum()),
        )

    def _marks(self, shapes: NDArray[np.int64], group: NDArray[np.int64]) -> NDArray[np.int64]:
        """[n, marks] numbers; two shapes with an equal number in any column are of one street.

        Marks are the end junctions, and the cells of four grids, each shifted by half a cell, that the ends and the
        middle fall in: points closer than half a cell share one.
        """
        edges = self.edges[shapes]
        ends = np.stack((self._network.edge_from[edges], self._network.edge_to[edges]), axis=1).astype(np.int64)
        cell = 2.0 * GAP_M / METRES_PER_DEGREE * E7
        middle = self._middle[shapes]
        # One number: group (20 bits), junction or cell (1), grid (2), then junction (40) or column and row (20 each).
        family = group[:, None] << 43
        columns = [family | ends]
        x = np.column_stack((self._network.node_x_e7[ends], self._network.shape_x_e7[middle])) * self._scale / cell
        y = np.column_stack((self._network.node_y_e7[ends], self._network.shape_y_e7[middle])) / cell
        for number, (right, up) in enumerate(itertools.product((0.0, 0.5), (0.0, 0.5))):
            east = np.floor(x + right).astype(np.int64) + (1 << 19)
            north = np.floor(y + up).astype(np.int64) + (1 << 19)
            columns.append(family | (4 + number) << 40 | east << 20 | north)
        return np.hstack(columns)


def _connected(marks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each row the number of its component, rows with an equal mark being joined (union-find)."""
    parent = list(range(len(marks)))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    distinct, mark = np.unique(marks, return_inverse=True)
    marked: list[list[int]] = mark.reshape(len(marks), -1).tolist()
    seen = [-1] * len(distinct)
    for row, own in enumerate(marked):
        for one in own:
            if seen[one] < 0:
                seen[one] = row
            else:
                first, second = root(seen[one]), root(row)
                if first != second:
                    parent[max(first, second)] = min(first, second)
    return np.array([root(row) for row in range(len(parent))], dtype=np.int64)
