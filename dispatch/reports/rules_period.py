"""Figures over a period: cut where a definition changes, and what an empty one says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from dispatch.reports.rules_definitions import Definition, Definitions
from dispatch.reports.rules_figures import rows_of, tables_of
from dispatch.reports.rules_views import STRATA, ZONE
from dispatch.reports.states_figures import Figure

_ZONE: Final = ZoneInfo(ZONE)
Part = tuple[Definition, datetime, datetime]


def parts_of(definitions: Definitions, kpi: str, begins: datetime, ends: datetime) -> list[Part]:
    """Return which version of a figure counts from when to when, within a period; its end is left out."""
    versions = definitions.versions(kpi)
    starts = [
        begins if one.since is None else datetime.combine(one.since, time(), _ZONE).astimezone(begins.tzinfo)
        for one in versions
    ]
    parts: list[Part] = []
    for place, one in enumerate(versions):
        until = starts[place + 1] if place + 1 < len(versions) else ends
        first, last = max(begins, starts[place]), min(ends, until)
        if first < last:
            parts.append((one, first, last))
    return parts


def within(view: pl.LazyFrame, begins: datetime, ends: datetime) -> pl.LazyFrame:
    """Cut a view to what came in a period; its end is left out."""
    return view.filter(pl.col("at") >= pl.lit(begins), pl.col("at") < pl.lit(ends))


def report(
    views: Mapping[str, pl.LazyFrame],
    definitions: Definitions,
    begins: datetime,
    ends: datetime,
    as_of: datetime,
    *,
    kpis: Sequence[str] | None = None,
    strata: Sequence[str] = STRATA,
) -> list[tuple[Part, list[Figure]]]:
    """Return all figures of a period, each version of a definition with the part of the period that it counts for.

    begins, ends: aware; the end is left out. kpis: ids; None: all.
    """
    parts = all_parts(definitions, kpis, begins, ends)
    asked = [rows_of(within(views[of.of], first, last), of, definitions, as_of) for of, first, last in parts]
    rows = pl.collect_all(asked)
    figures = tables_of(zip((of for of, _, _ in parts), rows, strict=True), strata)
    return list(zip(parts, figures, strict=True))


def all_parts(definitions: Definitions, kpis: Sequence[str] | None, begins: datetime, ends: datetime) -> list[Part]:
    """Return the parts of each figure, in the order of definitions. kpis: ids; None: all."""
    return [
        part
        for one in definitions.newest()
        if kpis is None or one.id in kpis
        for part in parts_of(definitions, one.id, begins, ends)
    ]
