"""Answers from views: figures beside targets, trends, comparisons, and the rows behind them. Runs in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import polars as pl

from api.reports.asking import Period, as_of
from api.reports.desk import Views
from api.reports.schemas import CompareOut, CourseOut, DistributionOut, KpiOut, MetOut, ReportOut, RowOut, RowsOut
from dispatch.kernel.errors import Invalid
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_figures import rows_of
from dispatch.reports.rules_period import parts_of, report, within
from dispatch.reports.rules_quality import behind
from dispatch.reports.rules_spread import spread_of, width_of
from dispatch.reports.rules_targets import measured, only
from dispatch.reports.rules_trends import Measure, Step, trend_of

Which = Literal["all", "missed", "missing", "impossible"]
Page = tuple[int, int]
"""How many of the first are left out, and how many told at most."""


def figures_told(
    views: Views,
    known: Definitions,
    period: Period,
    kpis: Sequence[str] | None,
    strata: Sequence[str],
    where: Mapping[str, str],
    targets: str,
) -> ReportOut:
    """Return figures beside the targets of a set. where: only these strata."""
    begins, until = period
    told = _kpis(views, known, period, kpis, strata, where, targets)
    return ReportOut(
        as_of=as_of(views), begins=begins, until=until, empty=all(one.figures[0].eligible == 0 for one in told),
        awaits=known.awaits, target_set=targets, kpis=told,
    )  # fmt: skip


def _kpis(
    views: Views,
    known: Definitions,
    period: Period,
    kpis: Sequence[str] | None,
    strata: Sequence[str],
    where: Mapping[str, str],
    targets: str | None,
) -> list[KpiOut]:
    begins, until = period
    cut = {name: only(rows, where) for name, rows in views.lazy().items()}
    made = report(cut, known, begins, until, views.as_of, kpis=kpis, strata=strata)
    parts = [of.id for (of, _, _), _ in made]
    told = []
    for (of, first, last), figures in made:
        wanted = known.sets[targets].targets if targets is not None else ()
        met = [
            MetOut(
                stat=one.stat, at_least=one.at_least, at_most=one.at_most, within_s=one.within_s, where=one.where,
                value=value, met=met,
            )
            for one in wanted
            if one.kpi == of.id
            for value, met in [measured(within(cut[of.of], first, last), of, one, known, views.as_of)]
        ]  # fmt: skip
        told.append(
            KpiOut(
                id=of.id, version=of.version, begins=first, until=last, split=parts.count(of.id) > 1, figures=figures,
                targets=met,
            )
        )  # fmt: skip
    return told


def trend_told(
    views: Views, known: Definitions, period: Period, kpi: str, step: Step, measure: Measure, where: Mapping[str, str]
) -> CourseOut:
    """Return a figure's course, a part for each version of its definition."""
    begins, until = period
    parts = [
        trend_of(of, _rows(views, known, (of.id, first, last), where), first, last, step, measure)
        for of, first, last in parts_of(known, kpi, begins, until)
    ]
    return CourseOut(as_of=as_of(views), begins=begins, until=until, parts=parts)


def compared(
    views: Views,
    known: Definitions,
    period: Period,
    at: datetime,
    kpis: Sequence[str] | None,
    strata: Sequence[str],
    where: Mapping[str, str],
) -> CompareOut:
    """Return the same figures before and after a moment, by today's definitions. Raises Invalid (`report.period`)."""
    begins, until = period
    if not begins < at < until:
        raise Invalid("report.period", "The moment that parts before from after lies outside the period.")
    newest = known.today()
    return CompareOut(
        as_of=as_of(views),
        before=_kpis(views, newest, (begins, at), kpis, strata, where, None),
        after=_kpis(views, newest, (at, until), kpis, strata, where, None),
    )


def spread_told(
    views: Views, known: Definitions, period: Period, kpi: str, where: Mapping[str, str]
) -> DistributionOut:
    """Return how the values of a figure spread, over all versions of its definition in the period."""
    begins, until = period
    rows = [_rows(views, known, (of.id, first, last), where) for of, first, last in parts_of(known, kpi, begins, until)]
    values = pl.concat([one["value"] for one in rows])
    width = width_of(values)
    return DistributionOut(as_of=as_of(views), begins=begins, until=until, bin_s=width, bins=spread_of(values, width))


def behind_figure(
    views: Views, known: Definitions, period: Period, kpi: str, which: Which, where: Mapping[str, str], page: Page
) -> RowsOut:
    """Return rows behind a figure, the slowest first."""
    begins, until = period
    found = pl.concat(
        [_rows(views, known, (of.id, first, last), where) for of, first, last in parts_of(known, kpi, begins, until)]
    )
    wanted = {
        "all": pl.lit(value=True),
        "missed": pl.col("hit").eq(False),
        "missing": ~pl.col("counted") & ~pl.col("impossible"),
        "impossible": pl.col("impossible"),
    }[which]
    rows = found.filter(wanted.fill_null(value=False)).sort(
        "value", "at", "id", descending=[True, True, False], nulls_last=True
    )
    of = known.versions(kpi)[0].of
    return _told(views, of, rows, page)


def behind_fault(views: Views, code: str, station: str | None, period: Period, page: Page) -> RowsOut:
    """Return rows that a check finds fault with, the newest first."""
    cut = {name: within(rows, *period) for name, rows in views.lazy().items()}
    rows = behind(cut, code, station).collect().drop("incident_id")
    return _told(views, code.partition(".")[0], rows, page)


def _rows(
    views: Views, known: Definitions, part: tuple[str, datetime, datetime], where: Mapping[str, str]
) -> pl.DataFrame:
    kpi, first, last = part
    of = next(one for one, begins, _ in parts_of(known, kpi, first, last) if begins == first)
    return rows_of(within(only(views.lazy()[of.of], where), first, last), of, known, views.as_of).collect()


def _told(views: Views, of: str, rows: pl.DataFrame, page: Page) -> RowsOut:
    offset, limit = page
    shown = rows.slice(offset, limit)
    numbers = views.frames["incidents"].select("incident_id", "number")
    key = {"calls": "call_id", "incidents": "incident_id", "runs": "run_id", "patients": "patient_id"}[of]
    if of == "incidents":
        shown = shown.with_columns(pl.col("id").alias("incident_id"))
    else:
        shown = shown.join(
            views.frames[of].select(pl.col(key).alias("id"), "incident_id"), on="id", how="left", maintain_order="left"
        )
    shown = shown.join(numbers, on="incident_id", how="left", maintain_order="left")
    return RowsOut(as_of=as_of(views), total=len(rows), rows=[_row(one) for one in shown.iter_rows(named=True)])


def _row(one: Mapping[str, Any]) -> RowOut:
    return RowOut(
        id=one["id"], incident_id=one["incident_id"], number=one["number"], at=one["at"], value_s=one.get("value"),
        hit=one.get("hit"), impossible=bool(one.get("impossible", False)),
    )  # fmt: skip
