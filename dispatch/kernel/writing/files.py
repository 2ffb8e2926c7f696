"""CSV, Parquet and JSON, streamed by polars from a lazy frame.

Moments of all three carry their zone. In CSV and JSON durations are whole seconds.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import IO, Final

import polars as pl

from dispatch.kernel.writing.sheets import Column, Page, kind_of

_FORMULA: Final = r"^[\s\x00]*[=+\-@＝＋－＠]|^[\t\r\n]"
"""How a cell begins that a spreadsheet would reckon (OWASP, CSV injection), full-width signs among them."""
_NUMBER: Final = r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$"
_BATCH: Final = 50_000
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S%:z"


def write_csv(target: Path | IO[bytes], page: Page, *, zone: str, bom: bool = False, head: bool = True) -> None:
    """UTF-8, comma, one head row, lines that end in CR LF (RFC 4180). What begins as a formula gets a `'` before it.

    `zone` is the tz name in which moments are written, with their distance from UTC. Raises ValueError for a column
    that no table can show.
    """
    columns, rows = _named(page)
    schema = page.rows.collect_schema()
    shown = [_plain(pl.col(column.name), schema[column.name], column.name, zone) for column in columns]
    heads = {column.name: guarded_text(column.head) for column in columns}
    rows.select(shown).rename(heads).sink_csv(target, include_bom=bom, include_header=head, line_terminator="\r\n")


def write_json(target: Path | IO[bytes], page: Page, *, zone: str) -> None:
    """A JSON array, an object a line, named as in the frame. Raises ValueError as `write_csv`."""
    columns, rows = _named(page)
    schema = page.rows.collect_schema()
    shown = rows.select(
        _plain(pl.col(column.name), schema[column.name], column.name, zone, guarded=False) for column in columns
    )
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(target.open("wb")) if isinstance(target, Path) else target
        stream.write(b"[")
        between = b"\n"
        for batch in shown.collect_batches(chunk_size=_BATCH, maintain_order=True):
            if batch.height:
                stream.write(between + batch.write_ndjson().encode().rstrip(b"\n").replace(b"\n", b",\n"))
                between = b",\n"
        stream.write(b"\n]\n")


def write_parquet(target: Path | IO[bytes], page: Page) -> None:
    """Types as they are, moments in their own zone, zstd."""
    columns, rows = _named(page)
    rows.select(column.name for column in columns).sink_parquet(target)


def guarded_text(text: str) -> str:
    """One text as a CSV cell holds it."""
    return f"'{text}" if re.search(_FORMULA, text) and not re.search(_NUMBER, text) else text


def _named(page: Page) -> tuple[list[Column], pl.LazyFrame]:
    named = {column.name for column in page.columns}
    rest = [Column(name) for name in page.rows.collect_schema().names() if name not in named]
    return [*page.columns, *rest], page.rows


def _plain(value: pl.Expr, dtype: pl.DataType, name: str, zone: str, *, guarded: bool = True) -> pl.Expr:
    kind = kind_of(dtype, name)
    if kind == "text":
        return _guarded(value.cast(pl.String)) if guarded else value.cast(pl.String)
    if kind == "duration":
        return value.dt.total_seconds()
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            return value.dt.strftime("%Y-%m-%dT%H:%M:%S")
        return value.dt.convert_time_zone(zone).dt.strftime(_MOMENT)
    return value


def _guarded(value: pl.Expr) -> pl.Expr:
    risky = value.str.contains(_FORMULA) & ~value.str.contains(_NUMBER)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), value)).otherwise(value).name.keep()
