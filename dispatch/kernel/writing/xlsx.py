"""XLSX workbooks, streamed: memory is that of one batch of rows, whatever the length of the sheet.

While one batch is made into XML by polars, the one before is packed by a thread of its own (zlib lets the others run).
A sheet that would be longer than Excel's (or 4 GB unpacked, the end of plain ZIP) goes on in a next one.
"""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from xml.sax.saxutils import escape

import polars as pl

from dispatch.kernel.writing.sheets import Column, Kind, Page, laid_out, width_of
from dispatch.kernel.writing.xlsx_cells import HEAD_STYLE, column_letters, rows_xml
from dispatch.kernel.writing.xlsx_charts import chart_xml, drawing_xml
from dispatch.kernel.writing.xlsx_parts import HEAD, MAIN, RELATIONS, fixed_parts, relations

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, the head among them."""
_MOST_BYTES: Final = 3_900_000_000
_BATCH: Final = 25_000
_AHEAD: Final = 2
_LEVEL: Final = 1
_NAME_LENGTH: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_workbook(
    target: Path | IO[bytes], pages: Sequence[Page], *, zone: str, title: str, made_at: datetime
) -> None:
    """Write the pages as the sheets of one workbook.

    `zone` is the tz name in whose wall-clock time moments are shown (sheets know no zones: tell it on a page). The
    target, if it is no file, must be able to go back (`seek`). Raises ValueError for a column that no sheet can show.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        book = _Book(packed)
        for page in pages:
            book.add(page, zone)
        for name, text in fixed_parts(book.names, book.charts, book.drawings, title=title, made_at=made_at).items():
            book.put(name, text)


class _Book:
    """A workbook while it is written."""

    def __init__(self, packed: zipfile.ZipFile, *, most_rows: int = MOST_ROWS) -> None:
        self._packed, self._most_rows = packed, most_rows
        self.names: list[str] = []
        self.charts = 0
        self.drawings = 0

    def put(self, name: str, text: str) -> None:
        """Write one small part."""
        self._packed.writestr(_entry(name), text)

    def add(self, page: Page, zone: str) -> None:
        """Write a page as one sheet, or as several where it is too long for one."""
        columns, rows = laid_out(page, zone)
        batches = _batches(rows)
        waiting = next(batches, None)
        first = True
        while waiting is not None or first:
            name = self._named(page.name)
            has_charts = bool(first and page.charts)
            waiting, count = self._sheet(columns, waiting, batches, has_charts=has_charts)
            if has_charts:
                self._draw(page, name, columns, count)
            first = False

    def _sheet(
        self,
        columns: list[tuple[Column, Kind]],
        waiting: pl.DataFrame | None,
        batches: Iterator[pl.DataFrame],
        *,
        has_charts: bool,
    ) -> tuple[pl.DataFrame | None, int]:
        """Write one sheet; give back what did not fit, and how many rows did."""
        written = 1
        size = 0
        with (
            self._packed.open(_entry(f"xl/worksheets/sheet{len(self.names)}.xml"), "w") as part,
            _packing(part) as pack,
        ):
            pack(_opening(columns))
            while waiting is not None:
                fitting = waiting.head(self._most_rows - written)
                if fitting.is_empty() or size > _MOST_BYTES:
                    break
                xml = rows_xml(fitting, columns, written + 1)
                size += len(xml)
                pack(xml)
                written += fitting.height
                rest = waiting.slice(fitting.height)
                waiting = next(batches, None) if rest.is_empty() else rest
            drawing = '<drawing r:id="rId1"/>' if has_charts else ""
            pack(f"</sheetData>{drawing}</worksheet>".encode())
        return waiting, written - 1

    def _draw(self, page: Page, name: str, columns: list[tuple[Column, Kind]], rows: int) -> None:
        self.drawings += 1
        first = self.charts + 1
        for chart in page.charts:
            self.charts += 1
            self.put(f"xl/charts/chart{self.charts}.xml", chart_xml(chart, name, columns, rows))
        self.put(f"xl/drawings/drawing{self.drawings}.xml", drawing_xml(len(page.charts), len(columns) + 1))
        self.put(
            f"xl/drawings/_rels/drawing{self.drawings}.xml.rels",
            relations([(f"../charts/chart{n}.xml", f"{RELATIONS}/chart") for n in range(first, self.charts + 1)]),
        )
        self.put(
            f"xl/worksheets/_rels/sheet{len(self.names)}.xml.rels",
            relations([(f"../drawings/drawing{self.drawings}.xml", f"{RELATIONS}/drawing")]),
        )

    def _named(self, wished: str) -> str:
        """Take the next sheet's name: as wished, within what Excel allows, and not taken."""
        plain = _NOT_IN_NAMES.sub(" ", wished).strip("' ")[:_NAME_LENGTH] or "Sheet"
        taken = {name.casefold() for name in self.names}
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            tail = f" ({number})"
            name = plain[: _NAME_LENGTH - len(tail)] + tail
        self.names.append(name)
        return name


def _batches(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    for frame in rows.collect_batches(chunk_size=_BATCH, maintain_order=True):
        for part in frame.iter_slices(_BATCH):
            if part.height:
                yield part


@contextmanager
def _packing(part: IO[bytes]) -> Iterator[_Packer]:
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="packing") as thread:
        packer = _Packer(part, thread)
        yield packer
        packer.finish()


class _Packer:
    """Hands pieces to the packing thread, a few ahead at most."""

    def __init__(self, part: IO[bytes], thread: ThreadPoolExecutor) -> None:
        self._part, self._thread = part, thread
        self._going: deque[Future[int]] = deque()

    def __call__(self, piece: bytes) -> None:
        while len(self._going) >= _AHEAD:
            self._going.popleft().result()
        self._going.append(self._thread.submit(self._part.write, piece))

    def finish(self) -> None:
        """Wait until all is packed; raises what went wrong (OSError)."""
        while self._going:
            self._going.popleft().result()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # without a time of its own: the same rows make the same bytes
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _opening(columns: list[tuple[Column, Kind]]) -> bytes:
    """The sheet up to its head, which stays in sight."""
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width_of(column, kind):.1f}" customWidth="1"/>'
        for n, (column, kind) in enumerate(columns, start=1)
    )
    heads = "".join(
        f'<c r="{column_letters(place)}1" s="{HEAD_STYLE}" t="inlineStr"><is><t>{escape(column.head)}</t></is></c>'
        for place, (column, _) in enumerate(columns)
    )
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{heads}</row>'
    ).encode()
