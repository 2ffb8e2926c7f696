"""Answers from views: figures beside targets, trends, comparisons, and the rows behind them. Runs in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from api.reports.asking import Period, as_of
from api.reports.desk import Views
from api.reports.schemas import (
    CompareOut,
    CourseOut,
    DistributionOut,
    HeatOut,
    HeatPart,
    KpiOut,
    MetOut,
    QualityOut,
    ReportOut,
)
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_figures import rows_of, tables_of
from dispatch.reports.rules_heat import cells_of
from dispatch.reports.rules_period import Part, all_parts, parts_of, within
from dispatch.reports.rules_quality import exclusions_of, findings_of
from dispatch.reports.rules_spread import spread_of, width_of
from dispatch.reports.rules_targets import held_to, measured, only
from dispatch.reports.rules_trends import Measure, Step, trend_of


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
    found = all_parts(known, kpis, *period)
    rows = part_rows(views, known, found, where)
    figures = tables_of(zip((of for of, _, _ in found), rows, strict=True), strata)
    parts = [of.id for of, _, _ in found]
    told = []
    for (of, first, last), made in zip(found, figures, strict=True):
        wanted = known.sets[targets].targets if targets is not None else ()
        met = [
            MetOut(
                stat=one.stat, at_least=one.at_least, at_most=one.at_most, within_s=one.within_s, where=one.where,
                value=value, met=met,
            )
            for one in wanted
            if one.kpi == of.id
            for held in [held_to(of, one)]
            for of_target in part_rows(views, known, [(held, first, last)], one.where, where)
            for value, met in [measured(of_target, held, one)]
        ]  # fmt: skip
        told.append(
            KpiOut(
                id=of.id, version=of.version, begins=first, until=last, split=parts.count(of.id) > 1, figures=made,
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
        trend_of(of, figure_rows(views, known, (of.id, first, last), where), first, last, step, measure)
        for of, first, last in parts_of(known, kpi, begins, until)
    ]
    return CourseOut(as_of=as_of(views), begins=begins, until=until, parts=parts)


def compared(
    views: Views,
    known: Definitions,
    periods: tuple[Period, Period],
    kpis: Sequence[str] | None,
    strata: Sequence[str],
    where: Mapping[str, str],
) -> CompareOut:
    """Return the same figures of two periods, before and after, by today's definitions."""
    newest = known.today()
    before, after = (_kpis(views, newest, period, kpis, strata, where, None) for period in periods)
    return CompareOut(
        as_of=as_of(views), begins=periods[1][0], until=periods[1][1], before_begins=periods[0][0],
        before_until=periods[0][1], before=before, after=after,
    )  # fmt: skip


def heat_told(views: Views, known: Definitions, period: Period, kpi: str, where: Mapping[str, str]) -> HeatOut:
    """Return a figure by weekday and hour together, a part for each version of its definition."""
    begins, until = period
    parts = [
        HeatPart(version=of.version, begins=first, until=last, cells=cells_of(of, rows))
        for of, first, last in parts_of(known, kpi, begins, until)
        for rows in [figure_rows(views, known, (of.id, first, last), where)]
    ]
    return HeatOut(as_of=as_of(views), begins=begins, until=until, kpi=kpi, parts=parts)


def spread_told(
    views: Views, known: Definitions, period: Period, kpi: str, where: Mapping[str, str]
) -> DistributionOut:
    """Return how the values of a figure spread; over a change of its definition, in the later part of the period."""
    of, first, last = parts_of(known, kpi, *period)[-1]
    values = figure_rows(views, known, (of.id, first, last), where)["value"]
    width = width_of(values)
    return DistributionOut(as_of=as_of(views), begins=first, until=last, bin_s=width, bins=spread_of(values, width))


def quality_told(views: Views, period: Period) -> QualityOut:
    """Return what the data lack, and what was left out of figures."""
    cut = {name: within(rows, *period) for name, rows in views.lazy().items()}
    begins, until = period
    return QualityOut(
        as_of=as_of(views),
        begins=begins,
        until=until,
        findings=findings_of(cut),
        exclusions=exclusions_of(cut),
        people={},
    )


def figure_rows(
    views: Views, known: Definitions, part: tuple[str, datetime, datetime], where: Mapping[str, str]
) -> pl.DataFrame:
    """Return the rows of a figure (`rules_figures.rows_of`) in one part of a period."""
    kpi, first, last = part
    found = next(one for one in parts_of(known, kpi, first, last) if one[1] == first)
    return part_rows(views, known, [found], where)[0]


def part_rows(views: Views, known: Definitions, parts: Sequence[Part], *where: Mapping[str, str]) -> list[pl.DataFrame]:
    """Return the rows of each part, which hold to all of `where`. Who asks for the same gets the same frame."""
    cut = tuple(sorted({pair for one in where for pair in one.items()}))

    def make(keys: list[tuple[Part, tuple[tuple[str, str], ...]]]) -> list[pl.DataFrame]:
        lazy = views.lazy()
        return pl.collect_all(
            [
                rows_of(within(only(lazy[of.of], cut), first, last), of, known, views.as_of)
                for (of, first, last), _ in keys
            ]
        )

    return views.kept.all([(part, cut) for part in parts], make)
