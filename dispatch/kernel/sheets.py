"""What a file of one kind looks like: its columns, the template for them, and a table's header matched to them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from dispatch.kernel.findings import Findings
from dispatch.kernel.rows import Table

_NEAR: Final = 0.6
"""How like a known name a header must be to be taken for a slip of the pen (share of equal letters)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, Chinese name, what stands in it, and an example."""

    name: str
    zh: str
    about: str
    example: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of file. key: the column that names a row, "" where rows have no names and may be alike."""

    kind: str
    about: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Give a column by its name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row, by column name. A column that the file does not have is not there; an empty cell is ""."""

    number: int
    cells: dict[str, str]


def rows_of(sheet: Sheet, table: Table, findings: Findings) -> Iterator[SheetRow]:
    """Match the header, then give the rows. With a fault in the header none is given: every row would be wrong.

    A required cell that is empty, a cell beyond the header and a key used twice are noted as errors.
    """
    places = _places(sheet, table, findings)
    for problem in table.problems:
        findings.error(problem.row, problem.column, problem.code, problem.message)
    if places is None:
        return
    required = [column.name for column in sheet.columns if column.required]
    seen: dict[str, int] = {}
    for row in table.rows:
        if len(row.cells) > len(table.header.cells):
            findings.error(row.number, "", "row.too_many_cells", "the row has more cells than the header")
            continue
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
        for name in required:
            if not cells[name]:
                findings.error(row.number, name, "cell.missing", f"{name} is missing")
        key = unicodedata.normalize("NFKC", cells[sheet.key]) if sheet.key else ""
        first = seen.setdefault(key, row.number)
        if key and first != row.number:
            findings.error(row.number, sheet.key, "key.duplicate", f"{key} stands in row {first} already")
            continue
        yield SheetRow(row.number, cells)


def _places(sheet: Sheet, table: Table, findings: Findings) -> dict[str, int] | None:
    """Where each known column stands; None when the header is at fault."""
    names = {_plain(spelling): column.name for column in sheet.columns for spelling in (column.name, column.zh)}
    before = findings.error_count
    places: dict[str, int] = {}
    strangers: list[str] = []
    number = table.header.number
    for place, written in enumerate(table.header.cells):
        name = names.get(_plain(written))
        if name is None:
            strangers.append(written)
        elif name in places:
            findings.error(number, written, "column.duplicate", f"the column {name} stands there twice")
        else:
            places[name] = place
    missing = [column.name for column in sheet.columns if column.name not in places]
    if not places:
        expected = ", ".join(column.name for column in sheet.columns)
        findings.error(
            number, "", "column.none", f"no column of {sheet.kind} is in the first row; expected are: {expected}"
        )
        return None
    mistaken: set[str] = set()
    for written in strangers:
        near = get_close_matches(_plain(written), [name for name in names if names[name] in missing], 1, _NEAR)
        if near:
            mistaken.add(names[near[0]])
            findings.error(
                number, written, "column.misspelt", f"{written!r} is no column; is {names[near[0]]!r} meant?"
            )
        elif written:
            findings.warn(
                number, written, "column.unknown", f"{written!r} is no column of {sheet.kind}; it is not read"
            )
    for name in missing:
        if sheet.column(name).required and name not in mistaken:
            findings.error(number, name, "column.missing", f"the column {name} is missing")
    return places if findings.error_count == before else None


def _plain(header: str) -> str:
    """A header as it is compared: width, case, spaces, hyphens and the star of a required column do not count."""
    folded = unicodedata.normalize("NFKC", header).casefold().strip().rstrip("*").strip()
    return re.sub(r"[\s\-]+", "_", folded)


def template(sheet: Sheet) -> str:
    """A CSV to begin with: notes, the header, one example row. It can be imported as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"# {sheet.kind}: {sheet.about}"])
    for column in sheet.columns:
        star = " (required)" if column.required else ""
        writer.writerow([f"# {column.name} {column.zh}{star}: {column.about}"])
    writer.writerow([column.name for column in sheet.columns])
    writer.writerow([column.example for column in sheet.columns])
    return out.getvalue()
