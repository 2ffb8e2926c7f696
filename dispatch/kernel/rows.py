"""Rows of text with a header, wherever they come from. What reads them from files is `dispatch.kernel.tabular`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.kernel.errors import Invalid
from dispatch.kernel.findings import RowError


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (from 1) and its cells as written, stripped of outer white space."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and at least one row of data. `problems` are cells that hold no usable value."""

    header: Row
    rows: tuple[Row, ...]
    problems: tuple[RowError, ...] = ()


def table_of(rows: Sequence[Mapping[str, str]]) -> Table:
    """Make a table of rows that are at hand, all with the columns of the first. Raises Invalid (`table.empty`)."""
    if not rows:
        raise Invalid("table.empty", "There are no rows.")
    columns = list(rows[0])
    cells = (trimmed(row.get(column, "") for column in columns) for row in rows)
    return Table(Row(1, tuple(columns)), tuple(Row(number, row) for number, row in enumerate(cells, start=2)))


def trimmed(cells: Iterable[str]) -> tuple[str, ...]:
    """Cells without outer white space (full-width spaces and zero-width signs too) and without empty ones behind."""
    kept = [cell.strip().strip("\ufeff\u200b").strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
