"""Figures beside the targets of one chosen set. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
import polars as pl

from dispatch.reports.rules_definitions import Definition, Definitions, Target
from dispatch.reports.rules_figures import rows_of, tables_of


def measured(
    view: pl.LazyFrame, of: Definition, target: Target, definitions: Definitions, as_of: datetime
) -> tuple[float | None, bool | None]:
    """Return the value that a target is about, over a view cut to its period, and whether it is met; None: too few."""
    held = of if target.within_s is None else msgspec.structs.replace(of, within_s=target.within_s)
    rows = rows_of(only(view, target.where), held, definitions, as_of).collect()
    figure = tables_of([(held, rows)], [])[0][0]
    value = {"share": figure.share, "mean": figure.mean_s, "p90": figure.p90_s}[target.stat]
    if value is None:
        return None, None
    met = value >= target.at_least if target.at_least is not None else value <= (target.at_most or 0.0)
    return value, met


def only(view: pl.LazyFrame, where: Mapping[str, str]) -> pl.LazyFrame:
    """Cut a view to strata: names of `STRATA` and their keys, "" for what has none."""
    if not where:
        return view
    return view.filter([pl.col(name).cast(pl.String).fill_null("") == key for name, key in where.items()])
