"""Rows of a file as they are read become rows that mean something here, or are put aside with their reasons. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from dispatch.reports.importing.rules_times import ISO, moments, readings
from dispatch.reports.importing.states import NAMED, TIMES, Mapping, Reason, Values

ROW: Final = "\0row"
"""The row's number in the file as a spreadsheet counts it; the header is 1."""
BROKEN: Final = "\0broken"
"""True for a row that has more cells than the header, or could not be read."""
_WHY: Final = "\0why"
_POINT: Final = r"\(?\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*\)?"
_TEXTS: Final = (
    *("number", "unit", "unit_type", "capabilities", "station", "complaint", "initial_priority", "final_priority"),
    *("county", "area_organisation"),
)
_NOWHERE: Final = 1e-9


def read_rows(batch: pl.DataFrame, mapping: Mapping, latest: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that can be taken, and those put aside.

    batch: the file's columns as texts, `ROW` and `BROKEN`. latest: times after it cannot be right yet.
    The first has `row`, `key`, `incident`, times, texts, `cancelled`, `twice` and a column of truth for each watch; the
    second the file's own columns, `ROW`, and `why`, a sentence for each reason.
    """
    clean = batch.with_columns(
        _clean(pl.col(name), mapping.empty) for name in batch.columns if name not in (ROW, BROKEN)
    )
    made: dict[str, pl.Expr] = {
        "row": pl.col(ROW), "key": _joined(mapping.key), "incident": _joined(mapping.incident)
    }  # fmt: skip
    faults = [
        pl.when(BROKEN).then(pl.lit(f"{Reason.CELLS}: the row does not fit the header")),
        pl.when(made["key"].is_null() | made["incident"].is_null()).then(pl.lit(f"{Reason.KEY}: the key is empty")),
    ]
    formats = (*mapping.formats, *(form for form in ISO if form not in mapping.formats))
    read = [one for column in set(mapping.times.values()) for one in readings(column, formats, mapping.zone)]
    twice = []
    for point in TIMES:
        column = mapping.times.get(point)
        if column is None:
            made[point] = pl.lit(None, pl.Datetime("us", "UTC"))
            continue
        made[point], reason, again = moments(column, formats, mapping.earliest, latest)
        twice.append(again)
        faults.append(
            pl.when(reason.is_not_null()).then(
                pl.concat_str(reason, pl.lit(f": {point}, {column}, is "), pl.col(column).fill_null(""))
            )
        )
        if point == "t0":
            faults.append(pl.when(pl.col(column).is_null()).then(pl.lit(f"{Reason.T0}: {column} is empty")))
    made |= {name: _text(mapping.columns.get(name)) for name in _TEXTS}
    made |= {name: _named(mapping.named.get(name)) for name in NAMED}
    made |= _place(mapping)
    made["cancelled"] = _named(mapping.cancelled).is_not_null() if mapping.cancelled.column else pl.lit(value=False)
    made["twice"] = pl.any_horizontal(twice)
    for watch in mapping.watches:
        odd = (
            pl.col(watch.differ[0]).ne_missing(pl.col(watch.differ[1]))
            if watch.differ
            else pl.col(watch.column).is_not_null() & ~pl.col(watch.column).is_in(watch.outside)
        )
        made[f"watch_{watch.code}"] = odd.fill_null(value=False)
    judged = clean.with_columns(read).select(
        pl.concat_str(faults, separator="; ", ignore_nulls=True).alias(_WHY),
        *(value.alias(name) for name, value in made.items()),
    )
    wrong = judged[_WHY].fill_null("") != ""
    aside = batch.filter(wrong).drop(BROKEN).with_columns(judged.filter(wrong)[_WHY].alias("why"))
    return judged.filter(~wrong).drop(_WHY), aside


def _clean(value: pl.Expr, empty: tuple[str, ...]) -> pl.Expr:
    stripped = value.str.strip_chars()
    return pl.when(~stripped.is_in(("", *empty))).then(stripped).name.keep()


def _joined(columns: tuple[str, ...]) -> pl.Expr:
    return pl.concat_str([pl.col(name) for name in columns], separator="|")


def _text(column: str | None) -> pl.Expr:
    return pl.lit(None, pl.String) if column is None else pl.col(column)


def _named(table: Values | None) -> pl.Expr:
    if table is None or not table.column:
        return pl.lit(None if table is None else table.default, pl.String)
    value = pl.col(table.column)
    if table.default is None and table.column and set(table.values.values()) == {"yes"}:
        return pl.when(value.is_in(list(table.values))).then(pl.lit("yes"))
    otherwise = value if table.default is None else pl.lit(table.default)
    return (
        value.replace_strict(dict(table.values), default=otherwise, return_dtype=pl.String)
        if table.values
        else otherwise
    )


def _place(mapping: Mapping) -> dict[str, pl.Expr]:
    point = mapping.columns.get("point")
    if point is not None:
        lat, lon = (pl.col(point).str.extract(_POINT, group).cast(pl.Float64, strict=False) for group in (1, 2))
    else:
        lat, lon = (
            pl.lit(None, pl.Float64) if name is None else pl.col(name).cast(pl.Float64, strict=False)
            for name in (mapping.columns.get("lat"), mapping.columns.get("lon"))
        )
    there = lat.is_between(-90, 90) & lon.is_between(-180, 180) & ((lat.abs() > _NOWHERE) | (lon.abs() > _NOWHERE))
    return {"lat": pl.when(there).then(lat), "lon": pl.when(there).then(lon)}
