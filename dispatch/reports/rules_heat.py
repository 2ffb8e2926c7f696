"""A figure by weekday and hour together, Beijing time. Pure."""

from __future__ import annotations

from typing import Final

import msgspec
import polars as pl

from dispatch.reports.rules_definitions import Definition
from dispatch.reports.rules_figures import tables_of

_CELL: Final = "cell"
_DAYS: Final = [str(day) for day in range(1, 8)]
_HOURS: Final = [f"{hour:02}" for hour in range(24)]
_CELLS: Final = [f"{day} {hour}" for day in _DAYS for hour in _HOURS]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one hour of one day of the week: 1 is Monday, hour 0 to 23. Seconds; shares from 0 to 1.

    small: fewer than 30; suppressed: fewer than 5, and no value is told.
    """

    weekday: int
    hour: int
    counted: int
    mean_s: float | None
    p50_s: int | None
    p90_s: int | None
    share: float | None
    small: bool
    suppressed: bool


def cells_of(of: Definition, rows: pl.DataFrame) -> list[Cell]:
    """Return the cells in which there is a row, by weekday and hour. rows: of a figure (`rules_figures.rows_of`)."""
    days, hours = (
        pl.col(name).cast(pl.Enum(keys)).to_physical().cast(pl.UInt32)
        for name, keys in (("weekday", _DAYS), ("hour", _HOURS))
    )
    cell = (days * len(_HOURS) + hours).cat.to(pl.Enum(_CELLS))
    named = rows.filter(pl.col("weekday").is_not_null(), pl.col("hour").is_not_null()).with_columns(cell.alias(_CELL))
    found = [one for one in tables_of([(of, named)], [_CELL])[0] if one.stratum == _CELL]
    told = []
    for one in found:
        weekday, hour = one.key.split(" ")
        told.append(
            Cell(
                weekday=int(weekday), hour=int(hour), counted=one.counted, mean_s=one.mean_s, p50_s=one.p50_s,
                p90_s=one.p90_s, share=one.share, small=one.small, suppressed=one.suppressed,
            )
        )  # fmt: skip
    return told
