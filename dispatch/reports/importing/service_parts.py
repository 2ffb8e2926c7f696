"""Rows on disk in parts, all rows of one key in one part: any number of them takes the memory of a part.

A part is a file of Arrow streams as rows were added, each after its length: who reads one reads beyond its end.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

ROWS: Final = 100_000
"""About so many rows a part has."""
MOST: Final = 512
_PART: Final = "\0part"
_LENGTH: Final = struct.Struct("<Q")


def parts_for(rows: float) -> int:
    """Into how many parts about so many rows go."""
    return min(MOST, max(1, round(rows / ROWS)))


class Parts:
    """Rows by the hash of their column `by`, in so many files of a folder, which is made. For one writer.

    Which rows go together holds for one process: the hash may be another in a later version.
    """

    def __init__(self, folder: Path, by: str, count: int) -> None:
        folder.mkdir()
        self._folder, self._by, self._count = folder, by, count
        self._rows: pl.DataFrame | None = None

    def __len__(self) -> int:
        return self._count

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows, always of the same columns. Raises OSError."""
        self._rows = rows.clear() if self._rows is None else self._rows
        named = rows.with_columns((pl.col(self._by).hash() % self._count).alias(_PART))
        for (place,), mine in named.partition_by(_PART, as_dict=True, include_key=False).items():
            told = io.BytesIO()
            mine.write_ipc_stream(told, compression="lz4")
            with self._file(place).open("ab") as file:
                file.write(_LENGTH.pack(told.tell()))
                file.write(told.getbuffer())

    def read(self, place: int) -> pl.DataFrame | None:
        """Return a part's rows, in the order in which they were added; None where none ever were. Raises OSError."""
        if self._rows is None:
            return None
        file = self._file(place)
        return pl.concat([self._rows, *_streams(file)]) if file.exists() else self._rows

    def drop(self, place: int) -> None:
        """Delete a part that is not needed any more."""
        self._file(place).unlink(missing_ok=True)

    def _file(self, place: object) -> Path:
        return self._folder / f"{place}.arrows"


def _streams(file: Path) -> Iterator[pl.DataFrame]:
    with file.open("rb") as stream:
        while begin := stream.read(_LENGTH.size):
            (length,) = _LENGTH.unpack(begin)
            yield pl.read_ipc_stream(stream.read(length))
