"""The file of rows that an import puts aside, each with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import polars as pl

from dispatch.kernel.writing.files import write_csv
from dispatch.kernel.writing.sheets import Column, Page
from dispatch.reports.importing.rules_rows import ROW
from dispatch.reports.importing.service_reading import Source
from dispatch.reports.importing.states import Count, Reason


class Quarantine:
    """The file of rows put aside: written as they come, so that any number of them takes no memory."""

    def __init__(self, path: Path, source: Source) -> None:
        self._path, self._source = path, source
        self._aside = path.with_name(f".{path.name}-{uuid4().hex}")
        self._counts: dict[str, int] = {}
        self.count = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Append rows with their `why`."""
        if rows.is_empty():
            return
        page = Page("", rows.lazy().select(ROW, "why", *self._source.header), [Column(ROW, "row")])
        with self._aside.open("ab") as stream:
            write_csv(stream, page, zone="UTC", bom=self.count == 0, head=self.count == 0)
        self.count += rows.height
        for why in rows["why"]:
            code = why.partition(":")[0]
            self._counts[code] = self._counts.get(code, 0) + 1

    def add_repeated(self, others: pl.DataFrame, step: Callable[[], None]) -> None:
        """Append rows whose key came before and that say something else: `row` and `first`, the one before."""
        if others.is_empty():
            return
        told = others.select(pl.col("row").alias(ROW), "first")
        why = pl.format(f"{Reason.REPEATED}: row {{}} has the same key and says something else", "first")
        for batch, _ in self._source.pieces():
            found = batch.join(told, on=ROW, how="inner", maintain_order="left")
            self.add(found.select(*self._source.header, ROW, why.alias("why")))
            step()

    def close(self) -> None:
        """Give the file its name, if there is anything in it."""
        if self.count:
            self._aside.replace(self._path)

    def reasons(self) -> tuple[Count, ...]:
        """How many rows by their first reason."""
        return tuple(Count(code, "", count, self.count) for code, count in sorted(self._counts.items()))
