"""Collecting ways into the columns of `RawRoads`."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import RoadAttributes, StreetName


class WayColumns:
    """Ways as they come, by OSM node id; attributes and names are kept once each."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._sizes = array("q")
        self._attribute_rows = array("i")
        self._name_rows = array("i")
        self._refs = array("q")
        self._attributes: dict[RoadAttributes, int] = {}
        self._names: dict[StreetName, int] = {}

    def __len__(self) -> int:
        """How many ways there are."""
        return len(self._ids)

    def attribute_row(self, value: RoadAttributes) -> int:
        """Row of an attribute record in `attributes`."""
        return self._attributes.setdefault(value, len(self._attributes))

    def name_row(self, value: StreetName) -> int:
        """Row of a name in `names`; −1 for none."""
        return self._names.setdefault(value, len(self._names)) if value else -1

    def add(self, way_id: int, refs: Sequence[int], attribute_row: int, name_row: int) -> None:
        """Take one way; `refs` are its nodes' ids in drawn order."""
        self._ids.append(way_id)
        self._sizes.append(len(refs))
        self._refs.extend(refs)
        self._attribute_rows.append(attribute_row)
        self._name_rows.append(name_row)

    def replace_attributes(self, row: int, value: RoadAttributes) -> None:
        """Give the way in `row` a record of its own."""
        self._attribute_rows[row] = self.attribute_row(value)

    @property
    def attributes(self) -> list[RoadAttributes]:
        """The distinct attribute records."""
        return list(self._attributes)

    @property
    def names(self) -> list[StreetName]:
        """The distinct names."""
        return list(self._names)

    @property
    def refs(self) -> NDArray[np.int64]:
        """[r] node ids of all ways, one way after the other."""
        return _as_int64(self._refs)

    def row_refs(self, row: int) -> NDArray[np.int64]:
        """Node ids of one way."""
        start = int(np.sum(_as_int64(self._sizes)[:row]))
        return self.refs[start : start + self._sizes[row]]

    def attributes_of(self, row: int) -> RoadAttributes:
        """The record of one way."""
        return self.attributes[self._attribute_rows[row]]

    def finish(self, known_ids: NDArray[np.int64], notes: Counter[str]) -> dict[str, NDArray[np.int64]]:
        """Columns `way_ids`, `way_offsets`, `way_nodes` (rows of `known_ids`, sorted), `way_attributes`, `way_names`.

        A way is cut where a node is not known; pieces of one node are dropped. Both are counted.
        """
        refs = self.refs
        way_of = np.repeat(np.arange(len(self)), _as_int64(self._sizes))
        place = np.minimum(np.searchsorted(known_ids, refs), max(len(known_ids) - 1, 0))
        known = known_ids[place] == refs if len(known_ids) else np.zeros(len(refs), dtype=bool)
        if not known.all():
            notes["nodes_missing"] += len(np.unique(refs[~known]))
            notes["ways_cut"] += len(np.unique(way_of[~known]))
        begins = known.copy()
        begins[1:] &= ~known[:-1] | (way_of[1:] != way_of[:-1])
        piece_of = np.cumsum(begins) - 1
        sizes = np.bincount(piece_of[known], minlength=int(begins.sum()))
        good = sizes >= 2
        kept = known & np.append(good, False)[piece_of]
        owner = way_of[begins][good]
        notes["ways_without_nodes"] += len(self) - len(np.unique(owner))
        return {
            "way_ids": _as_int64(self._ids)[owner],
            "way_offsets": np.concatenate([[0], np.cumsum(sizes[good])]).astype(np.int64),
            "way_nodes": place[kept].astype(np.int64),
            "way_attributes": np.frombuffer(self._attribute_rows, dtype=np.int32)[owner].astype(np.int64),
            "way_names": np.frombuffer(self._name_rows, dtype=np.int32)[owner].astype(np.int64),
        }


def _as_int64(column: array[int]) -> NDArray[np.int64]:
    return np.frombuffer(column, dtype=np.int64) if column else np.zeros(0, dtype=np.int64)
