"""Files of records in pieces: CSV, XLSX and Parquet of any length as frames of text, row by numbered row.

What a file is, is told by its content. CSV is read in blocks that end where a row ends; a block that polars cannot read
is read by Python's reader row by row, so that one broken row costs no other.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Final

import polars as pl
from openpyxl import load_workbook

from dispatch.kernel.errors import Invalid
from dispatch.reports.importing.rules_rows import BROKEN, ROW

_BLOCK: Final = 16_000_000
_ROWS: Final = 50_000
_LONGEST_ROW: Final = 64_000_000
_BYTES: Final = {"csv": 250.0, "xlsx": 50.0}
"""About so many bytes a row takes."""
_QUOTE: Final = b'"'
_BOM: Final = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, again if need be. left_out: other sheets of a workbook that have something on them."""

    path: Path
    kind: str
    header: tuple[str, ...]
    encoding: str = "utf-8"
    separator: str = ","
    left_out: tuple[str, ...] = ()

    def warnings(self) -> tuple[str, ...]:
        """What of the file is not read."""
        if not self.left_out:
            return ()
        return (f"Only the first sheet is read. Not read: {', '.join(self.left_out)}. Save each as a file of its own.",)

    def rows(self) -> float:
        """About how many rows it has."""
        if self.kind == "parquet":
            return float(pl.scan_parquet(self.path).select(pl.len()).collect().item())
        return self.path.stat().st_size / _BYTES[self.kind]

    def pieces(self) -> Iterator[tuple[pl.DataFrame, float]]:
        """Give frames of text with `ROW` and `BROKEN`, and the share that was read. Raises Invalid, OSError."""
        if self.kind == "parquet":
            yield from _parquet(self)
        elif self.kind == "xlsx":
            yield from _xlsx(self)
        else:
            yield from _csv(self)


def open_source(path: Path) -> Source:
    """Look what a file is and what columns it has. Raises Invalid `table.*`, OSError."""
    with path.open("rb") as stream:
        begin = stream.read(1_000_000)
    if begin.startswith(b"PAR1"):
        return Source(path, "parquet", tuple(pl.scan_parquet(path).collect_schema().names()))
    if begin.startswith(b"PK\x03\x04"):
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            head = next(book.worksheets[0].iter_rows(values_only=True), ())
            others = [sheet.title for sheet in book.worksheets[1:] if any(map(any, sheet.iter_rows(values_only=True)))]
        finally:
            book.close()
        names = _checked(["" if cell is None else str(cell) for cell in head])
        return Source(path, "xlsx", names, left_out=tuple(others))
    if not begin.strip():
        raise Invalid("table.empty", "The file is empty.")
    encoding = _encoding(begin)
    with path.open(encoding=encoding, newline="", errors="replace") as text:
        first = text.readline()
        separator = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
        text.seek(0)
        head = next(csv.reader(text, delimiter=separator), [])
    return Source(path, "csv", _checked(head), encoding, separator)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _checked(head: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip().removeprefix("\ufeff") for name in head)
    while names and not names[-1]:
        names = names[:-1]
    if not names or not any(names):
        raise Invalid("table.empty", "The file has no header.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Invalid("table.header", f"The column {twice[0] or '(without a name)'} stands there twice.")
    return names


def _encoding(begin: bytes) -> str:
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begin)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _csv(source: Source) -> Iterator[tuple[pl.DataFrame, float]]:
    size = max(1, source.path.stat().st_size)
    number = 2
    with source.path.open("rb") as stream:
        for place, block in enumerate(_blocks(_utf8(stream, source.encoding))):
            frame = _block(source, block, first=place == 0)
            frame = frame.with_columns(pl.int_range(number, number + frame.height, dtype=pl.Int64).alias(ROW))
            number += frame.height
            yield frame, min(1.0, stream.tell() / size)


def _utf8(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8-sig":
        first = True
        while piece := stream.read(_BLOCK):
            yield piece.removeprefix(_BOM) if first else piece
            first = False
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while piece := stream.read(_BLOCK):
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks that end at the end of a row: at a line's end with an even number of quotation marks before it."""
    rest = b""
    for piece in pieces:
        rest += piece
        end = rest.rfind(b"\n")
        while end >= 0 and rest.count(_QUOTE, 0, end) % 2:
            end = rest.rfind(b"\n", 0, end)
        if end >= 0:
            yield rest[: end + 1]
            rest = rest[end + 1 :]
        elif len(rest) > _LONGEST_ROW:
            raise Invalid("table.broken", "A row has no end.", "Look for a quotation mark that is not closed.")
    if rest.strip():
        yield rest


def _block(source: Source, block: bytes, *, first: bool) -> pl.DataFrame:
    names = list(source.header)
    try:
        block.decode()
        frame = pl.read_csv(
            block, has_header=False, skip_rows=1 if first else 0, new_columns=names, infer_schema=False,
            separator=source.separator, raise_if_empty=False, empty_string_is_null=True, truncate_ragged_lines=False,
        )  # fmt: skip
        if frame.width == len(names):
            return frame.with_columns(pl.lit(value=False).alias(BROKEN))
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        pass
    return _row_by_row(source, block, first=first)


def _row_by_row(source: Source, block: bytes, *, first: bool) -> pl.DataFrame:
    names = source.header
    rows = csv.reader(io.StringIO(block.decode(errors="replace"), newline=""), delimiter=source.separator)
    cells = [row for row in islice(rows, 1 if first else 0, None) if row]
    columns: dict[str, list[str | None]] = {
        name: [row[place] if place < len(row) else None for row in cells] for place, name in enumerate(names)
    }
    broken = [len(row) > len(names) or any("\N{REPLACEMENT CHARACTER}" in cell for cell in row) for row in cells]
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.Series(BROKEN, broken, dtype=pl.Boolean)
    )


def _xlsx(source: Source) -> Iterator[tuple[pl.DataFrame, float]]:
    book = load_workbook(source.path, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(min_row=2, max_col=len(source.header), values_only=True)
        total = max(1, sheet.max_row or 1)
        number = 2
        while taken := list(islice(rows, _ROWS)):
            frame = pl.DataFrame(
                {
                    name: [_told(row[place]) if place < len(row) else None for row in taken]
                    for place, name in enumerate(source.header)
                },
                schema=dict.fromkeys(source.header, pl.String),
            ).with_columns(
                pl.int_range(number, number + len(taken), dtype=pl.Int64).alias(ROW), pl.lit(value=False).alias(BROKEN)
            )
            number += len(taken)
            # Blank rows below the table are none.
            yield frame.filter(pl.any_horizontal(pl.col(*source.header).is_not_null())), min(1.0, number / total)
    finally:
        book.close()


def _told(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _parquet(source: Source) -> Iterator[tuple[pl.DataFrame, float]]:
    frame = pl.scan_parquet(source.path)
    schema = frame.collect_schema()
    total = max(1, frame.select(pl.len()).collect().item())
    texts = frame.select(_as_text(name, schema[name]) for name in source.header)
    number = 2
    for piece in texts.collect_batches(chunk_size=_ROWS, maintain_order=True):
        numbers = pl.int_range(number, number + piece.height, dtype=pl.Int64).alias(ROW)
        number += piece.height
        yield piece.with_columns(numbers, pl.lit(value=False).alias(BROKEN)), min(1.0, number / total)


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        return pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S%.f" + ("" if kind.time_zone is None else "%:z"))
    return pl.col(name).cast(pl.String)
