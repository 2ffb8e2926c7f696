"""Rows of a worksheet as XML, made column by column in polars.

Text is written in place (`inlineStr`) and so is never read as a formula. Days and moments are numbers of days since
1899-12-30 with a number format; times without such a number in Excel (before March 1900, negative durations) and
numbers that are none (infinite) stand as text.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from dispatch.kernel.writing.sheets import Column, Kind

MOST_TEXT: Final = 32_767
"""Signs that a cell of Excel holds; what is longer is cut."""
STYLES: Final = {"moment": 1, "day": 2, "duration": 3, "percent": 4}
HEAD_STYLE: Final = 5
_EPOCH_DAY: Final = 25_569
_FIRST_DAY: Final = 61
"""Excel's serial of 1 March 1900: those before it are counted differently by different programs."""
_DAY_US: Final = 86_400_000_000.0
_CONTROL: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{FFFE}\x{FFFF}]"
_ODD: Final = r"[&<>\r]|_x[0-9A-Fa-f]{4}_|" + _CONTROL
_NUMBER: Final = "\0row"


def rows_xml(frame: pl.DataFrame, columns: list[tuple[Column, Kind]], first: int) -> bytes:
    """The rows of a frame as XML; `first` is the number of its first row on the sheet, from 1."""
    number = pl.int_range(first, first + frame.height, dtype=pl.UInt32).cast(pl.String).alias(_NUMBER)
    cells = [
        _cell(frame[column.name], column_letters(place), kind, percent=column.percent)
        for place, (column, kind) in enumerate(columns)
    ]
    row = pl.concat_str(pl.lit('<row r="'), pl.col(_NUMBER), pl.lit('">'), *cells, pl.lit("</row>"))
    return str(frame.with_columns(number).select(row.str.join("")).item() or "").encode()


def _cell(values: pl.Series, letters: str, kind: Kind, *, percent: bool) -> pl.Expr:
    """The cells of one column: nothing at all where there is no value."""
    value = pl.col(values.name)
    if kind == "text":
        made = _text(_escaped(values), letters)
    elif kind == "flag":
        made = _plain(value.cast(pl.Int8), letters, ' t="b"')
    elif kind == "whole":
        made = _plain(value, letters, "")
    elif kind == "number":
        style = f' s="{STYLES["percent"]}"' if percent else ""
        made = _or_text(_plain(value, letters, style), values.is_finite(), value.cast(pl.String), letters)
    elif kind == "duration":
        made = _or_text(
            _plain(value.dt.total_microseconds() / _DAY_US, letters, f' s="{STYLES["duration"]}"'),
            values.dt.total_microseconds() >= 0,
            pl.format("-{} s", -value.dt.total_seconds()),
            letters,
        )
    else:
        since = value.cast(pl.Datetime("us")).dt.epoch("us")
        serial = since / _DAY_US + _EPOCH_DAY if kind == "moment" else since // int(_DAY_US) + _EPOCH_DAY
        form = "%Y-%m-%d %H:%M:%S" if kind == "moment" else "%Y-%m-%d"
        floor = (_FIRST_DAY - _EPOCH_DAY) * int(_DAY_US)
        made = _or_text(
            _plain(serial, letters, f' s="{STYLES[kind]}"'),
            values.cast(pl.Datetime("us")).dt.epoch("us") >= floor,
            value.dt.strftime(form),
            letters,
        )
    return made.fill_null("") if values.null_count() else made


def _plain(value: pl.Expr, letters: str, attributes: str) -> pl.Expr:
    return pl.concat_str(
        pl.lit(f'<c r="{letters}'), pl.col(_NUMBER), pl.lit(f'"{attributes}><v>'), value, pl.lit("</v></c>")
    )


def _text(value: pl.Expr, letters: str) -> pl.Expr:
    head = pl.lit(f'<c r="{letters}')
    return pl.concat_str(
        head, pl.col(_NUMBER), pl.lit('" t="inlineStr"><is><t xml:space="preserve">'), value, pl.lit("</t></is></c>")
    )


def _or_text(made: pl.Expr, fits: pl.Series, otherwise: pl.Expr, letters: str) -> pl.Expr:
    """`made` where it fits, and the value as text elsewhere; only asked row by row where some do not fit."""
    if fits.all():
        return made
    return pl.when(pl.lit(fits)).then(made).otherwise(_text(otherwise, letters))


def _escaped(values: pl.Series) -> pl.Expr:
    """The text as XML and Excel take it; most columns hold nothing that must be changed, which is asked first."""
    value = pl.col(values.name)
    if (values.str.len_chars() > MOST_TEXT).any():
        value = value.str.head(MOST_TEXT)
    if not values.str.contains(_ODD).any():
        return value
    marked = value.str.replace_all(r"_(x[0-9A-Fa-f]{4}_)", "_x005F_${1}")
    plain = marked.str.replace_all(_CONTROL, "\N{REPLACEMENT CHARACTER}").str.replace_all("\r", "_x000D_", literal=True)
    return plain.str.replace_many({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def column_letters(place: int) -> str:
    """A, B … Z, AA: what the column at `place` (from 0) is called."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
