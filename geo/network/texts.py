"""Distinct texts in one block of bytes, and names as rows of texts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import StreetName


class TextTable:
    """Collects texts and names, each distinct one once."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._names: dict[StreetName, int] = {}

    def text(self, value: str) -> int:
        """Row of a text, −1 for the empty one."""
        return self._texts.setdefault(value, len(self._texts)) if value else -1

    def name(self, value: StreetName) -> int:
        """Row of a name, −1 for the empty one."""
        return self._names.setdefault(value, len(self._names)) if value else -1

    def names(self, values: Iterable[StreetName]) -> NDArray[np.int32]:
        """Rows of many names."""
        return np.array([self.name(value) for value in values], dtype=np.int32)

    def columns(self) -> dict[str, NDArray[np.int32] | NDArray[np.int64] | NDArray[np.uint8]]:
        """`street_names`, `text_offsets` and `text_bytes` as `RoadNetwork` stores them."""
        rows = [[self.text(part) for part in (n.name, n.zh, n.en, n.ug, n.ref)] for n in self._names]
        encoded = [value.encode() for value in self._texts]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(value) for value in encoded], out=offsets[1:])
        return {
            "street_names": np.array(rows, dtype=np.int32).reshape(-1, 5),
            "text_offsets": offsets,
            "text_bytes": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        }
