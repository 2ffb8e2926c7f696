"""Texts and wall-clock times into moments in UTC, and why some are none. Pure, on columns of polars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import polars as pl

from dispatch.reports.importing.states import Reason

ISO: Final = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f")
"""How workbooks and Parquet tell their times here, beside what the mapping names."""
_OFFSET: Final = "%z"
_PARTS: Final = ("moment", "wall", "again")


def readings(column: str, formats: tuple[str, ...], zone: str) -> list[pl.Expr]:
    """Read a column of texts in every format: columns for `moments`, worked out once for all that asks for them."""
    return [
        part.alias(_named(column, place, name))
        for place, form in enumerate(formats)
        for name, part in zip(_PARTS, _read(pl.col(column), form, zone), strict=True)
    ]


def moments(
    column: str, formats: tuple[str, ...], earliest: date, latest: datetime
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """What a column of texts tells, of its `readings`.

    Returns: the moment (UTC; None where there is none or it cannot be right), the reason that it cannot be right (a
    `Reason`, None elsewhere), and whether the wall clock showed this time twice (the earlier one was taken).
    A format with `%z` tells its zone itself; the others are of `zone`.
    """
    text = pl.col(column)
    read = [[pl.col(_named(column, place, name)) for name in _PARTS] for place in range(len(formats))]
    found = pl.coalesce([moment for moment, _, _ in read])
    walls = pl.any_horizontal([wall.is_not_null() for _, wall, _ in read])
    known = [moment for moment, _, _ in read]
    two_ways = pl.lit(value=False)
    for one in known[1:]:
        two_ways = two_ways | (one != known[0]).fill_null(value=False)
    begin = datetime(earliest.year, earliest.month, earliest.day, tzinfo=UTC)
    reason = (
        pl.when(text.is_null())
        .then(None)
        .when(~walls)
        .then(pl.lit(str(Reason.FORMAT)))
        .when(two_ways)
        .then(pl.lit(str(Reason.TWO_WAYS)))
        .when(found.is_null())
        .then(pl.lit(str(Reason.NO_SUCH)))
        .when(found < begin)
        .then(pl.lit(str(Reason.EARLY)))
        .when(found > latest)
        .then(pl.lit(str(Reason.FUTURE)))
    )
    twice = pl.any_horizontal([again for _, _, again in read]).fill_null(value=False)
    return pl.when(reason.is_null()).then(found), reason, twice


def _named(column: str, place: int, part: str) -> str:
    return f"\0{part}{place} {column}"


def _read(text: pl.Expr, form: str, zone: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    if _OFFSET in form:
        told = text.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False)
        return told, told, pl.lit(value=False)
    wall = text.str.to_datetime(form, time_unit="us", strict=False)
    first, last = (
        wall.dt.replace_time_zone(zone, ambiguous=pl.lit(which), non_existent="null").dt.convert_time_zone("UTC")
        for which in ("earliest", "latest")
    )
    return first, wall, first != last
