"""The rows behind a number, each with its place and of what its time was made. Runs in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
import polars as pl

from api.reports.asking import Period, as_of
from api.reports.desk import Views
from api.reports.figures import figure_rows
from api.reports.schemas import PredictedOut, RowOut, RowsOut
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_period import parts_of, within
from dispatch.reports.rules_quality import behind
from dispatch.reports.rules_schema import TIME
from dispatch.reports.rules_stretches import STRETCHES, Stretches, cuts_of, stretches_of
from dispatch.reports.rules_union import Kind, Looked, valued

Which = Literal["all", "missed", "missing", "impossible"]
Page = tuple[int, int]
"""How many of the first are left out, and how many told at most."""
_KEYS: Final = {"calls": "call_id", "incidents": "incident_id", "runs": "run_id", "patients": "patient_id"}
_PLACE: Final = ("county", "area_system", "ground")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a figure: all or of a kind, of which strata, and those that took from_s (included) to until_s."""

    kpi: str
    which: Which
    where: Mapping[str, str]
    from_s: int | None = None
    until_s: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A check or a reason to be left out, by its code; of one station, and left out by one, where told."""

    code: str
    station: str | None = None
    classed_by: str | None = None


def behind_figure(views: Views, known: Definitions, period: Period, wanted: Wanted, page: Page) -> RowsOut:
    """Return rows behind a figure, the slowest first."""
    begins, until = period
    parts = parts_of(known, wanted.kpi, begins, until)
    found = pl.concat([figure_rows(views, known, (of.id, first, last), wanted.where) for of, first, last in parts])
    kind = {
        "all": pl.lit(value=True),
        "missed": pl.col("hit").eq(False),
        "missing": ~pl.col("counted") & ~pl.col("impossible"),
        "impossible": pl.col("impossible"),
    }[wanted.which]
    if wanted.from_s is not None:
        kind = kind & (pl.col("value") >= wanted.from_s)
    if wanted.until_s is not None:
        kind = kind & (pl.col("value") < wanted.until_s)
    kept = found.filter(kind.fill_null(value=False))
    rows = _slowest(kept, sum(page)).sort("value", "at", "id", descending=[True, True, False], nulls_last=True)
    return _told(views, known.versions(wanted.kpi)[0].of, rows, kept.height, period, page)


def _slowest(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Leave out what cannot be among the first so many, so that few are sorted."""
    if count >= rows["value"].count():
        return rows
    return rows.filter(pl.col("value") >= rows["value"].top_k(count).min())


def behind_fault(views: Views, fault: Fault, period: Period, page: Page) -> RowsOut:
    """Return rows that a check finds fault with, or that were left out, the newest first."""
    cut = {name: within(rows, *period) for name, rows in views.lazy().items()}
    rows = behind(cut, fault.code, fault.station, fault.classed_by).collect()
    return _told(views, fault.code.partition(".")[0], rows, rows.height, period, page)


def behind_union(views: Views, found: Sequence[Looked], kind: Kind, period: Period, page: Page) -> RowsOut:
    """Return the incidents of a number of what the union gains, in the order they are given, with their predictions."""
    offset, limit = page
    shown = found[offset : offset + limit]
    values = [valued(one, kind) for one in shown]
    rows = pl.DataFrame(
        {
            "id": [one.incident_id for one in shown], "at": [one.at for one in shown],
            "value": [None if value is None else round(value) for value in values],
        },
        schema={"id": pl.String, "at": TIME, "value": pl.Int64},
    )  # fmt: skip
    told = _told(views, "incidents", rows, len(found), period, (0, limit))
    predicted = {
        one.incident_id: PredictedOut(own_s=one.own_s, both_s=one.both_s, own_if_home_s=one.own_if_home_s)
        for one in shown
    }
    told_rows = [msgspec.structs.replace(row, predicted=predicted[row.id]) for row in told.rows]
    return msgspec.structs.replace(told, rows=told_rows)


def _told(
    views: Views, of: str, rows: pl.DataFrame, total: int, period: tuple[datetime, datetime], page: Page
) -> RowsOut:
    offset, limit = page
    shown = rows.slice(offset, limit).select(
        "id", "at", *(name for name in ("value", "hit", "impossible") if name in rows.columns)
    )
    key = _KEYS[of]
    own = (
        views.frames[of]
        .lazy()
        .filter(pl.col(key).is_in(shown["id"].implode()))
        .select(
            pl.col(key).alias("id"),
            *([] if of == "incidents" else ["incident_id"]),
            pl.col("station").cast(pl.String),
        )
        .collect()
    )
    shown = shown.join(own, on="id", how="left", maintain_order="left")
    if of == "incidents":
        shown = shown.with_columns(pl.col("id").alias("incident_id"))
    wanted = shown["incident_id"].drop_nulls()
    places = (
        views.frames["incidents"]
        .lazy()
        .filter(pl.col("incident_id").is_in(wanted.implode()))
        .select("incident_id", "number", *(pl.col(name).cast(pl.String) for name in _PLACE))
        .collect()
    )
    shown = shown.join(places, on="incident_id", how="left", maintain_order="left")
    made = stretches_of(within(_cuts(views).lazy(), *period).collect(), wanted.to_list())
    shown = shown.join(made, on="incident_id", how="left", maintain_order="left")
    return RowsOut(as_of=as_of(views), total=total, rows=[_row(one) for one in shown.iter_rows(named=True)])


def _cuts(views: Views) -> pl.DataFrame:
    """The stretches of all incidents, whatever the period: made once for a table."""
    lazy = views.lazy()
    return views.kept.all(["stretches"], lambda _: [cuts_of(lazy["incidents"], lazy["runs"]).collect()])[0]


def _row(one: Mapping[str, Any]) -> RowOut:
    told = any(one[name] is not None for name in STRETCHES)
    stretches = Stretches(**{f"{name}_s": one[name] for name in STRETCHES}, cause=one["cause"]) if told else None
    return RowOut(
        id=one["id"], incident_id=one["incident_id"], number=one["number"], at=one["at"], value_s=one.get("value"),
        hit=one.get("hit"), impossible=bool(one.get("impossible", False)), station=one["station"],
        county=one["county"], system=one["area_system"], ground=one["ground"], stretches=stretches,
        predicted=None,
    )  # fmt: skip
