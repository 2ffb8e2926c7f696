"""What is written: named columns of a lazy frame, pages of a workbook, charts over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

LEAST_WIDTH: Final = 8.0
_SIGN_WIDTH: Final = 1.15
_WIDE: Final = 2
KIND_WIDTHS: Final = {"moment": 19.5, "day": 11.0, "duration": 10.5, "flag": 7.0, "whole": 9.0, "number": 10.0}

Kind = Literal["text", "whole", "number", "moment", "day", "duration", "flag"]
_KINDS: Final[dict[Kind, tuple[type[pl.DataType], ...]]] = {
    "text": (pl.String, pl.Categorical, pl.Enum, pl.Null),
    "flag": (pl.Boolean,),
    "day": (pl.Date,),
    "moment": (pl.Datetime,),
    "duration": (pl.Duration,),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the frame, its title on the page ("": the name), its width in signs (0: by its kind)."""

    name: str
    title: str = ""
    width: float = 0.0
    percent: bool = False
    """A share of 1, shown as per cent where the format can."""

    @property
    def head(self) -> str:
        """What stands above the column."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart beside the rows of its page: `values` over `labels`, both named as in the frame."""

    title: str
    labels: str
    values: Sequence[str]
    form: Literal["bar", "line"] = "bar"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of a workbook. Columns not named are written after those named, as they are in the frame."""

    name: str
    rows: pl.LazyFrame
    columns: Sequence[Column] = ()
    charts: Sequence[Chart] = field(default=())


def laid_out(page: Page, zone: str) -> tuple[list[tuple[Column, Kind]], pl.LazyFrame]:
    """The page's columns with their kinds, and its rows in that order with moments as wall-clock time of `zone`.

    Raises ValueError for a column that is neither text, number, truth, day, moment nor duration.
    """
    schema = page.rows.collect_schema()
    named = {column.name for column in page.columns}
    columns = [*page.columns, *(Column(name) for name in schema.names() if name not in named)]
    kinds = [kind_of(schema[column.name], column.name) for column in columns]
    shown = [
        _wall_clock(pl.col(column.name), schema[column.name], zone)
        if kind == "moment"
        else pl.col(column.name).cast(pl.String)
        if kind == "text"
        else pl.col(column.name)
        for column, kind in zip(columns, kinds, strict=True)
    ]
    return list(zip(columns, kinds, strict=True)), page.rows.select(shown)


def kind_of(dtype: pl.DataType, name: str) -> Kind:
    """What a type of polars is on paper. Raises ValueError for lists, structs and bytes."""
    if dtype.is_integer():
        return "whole"
    if dtype.is_numeric():
        return "number"
    for kind, types in _KINDS.items():
        if isinstance(dtype, types):
            return kind
    raise ValueError(f"the column {name} holds {dtype}, which no table can show")


def width_of(column: Column, kind: Kind) -> float:
    """How wide a column is drawn, in signs of Latin text; wide signs count twice."""
    if column.width:
        return column.width
    head = sum(_WIDE if ord(sign) > 0x2E7F else 1 for sign in column.head) * _SIGN_WIDTH + 2
    return min(60.0, max(LEAST_WIDTH, head, KIND_WIDTHS.get(kind, 14.0)))


def _wall_clock(value: pl.Expr, dtype: pl.DataType, zone: str) -> pl.Expr:
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is None:
        return value.cast(pl.Datetime("us"))
    return value.cast(pl.Datetime("us", dtype.time_zone)).dt.convert_time_zone(zone).dt.replace_time_zone(None)
