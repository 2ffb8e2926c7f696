"""Figures beside the targets of one chosen set. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import polars as pl

from dispatch.reports.rules_definitions import Definition, Target
from dispatch.reports.rules_figures import tables_of


def held_to(of: Definition, target: Target) -> Definition:
    """Return a definition with the bound of a target, where that has one of its own."""
    return of if target.within_s is None else msgspec.structs.replace(of, within_s=target.within_s)


def measured(rows: pl.DataFrame, held: Definition, target: Target) -> tuple[float | None, bool | None]:
    """Return the value that a target is about, and whether it is met; None: too few.

    rows: of `held` (`held_to`), of the target's strata and period (`rules_figures.rows_of`).
    """
    figure = tables_of([(held, rows)], [])[0][0]
    value = {"share": figure.share, "mean": figure.mean_s, "p90": figure.p90_s}[target.stat]
    if value is None:
        return None, None
    met = value >= target.at_least if target.at_least is not None else value <= (target.at_most or 0.0)
    return value, met


def only(view: pl.LazyFrame, where: Iterable[tuple[str, str]]) -> pl.LazyFrame:
    """Cut a view to strata: names of `STRATA` and their keys, "" for what has none; two keys of one hold together."""
    told = [pl.col(name).cast(pl.String).fill_null("") == key for name, key in where]
    return view.filter(told) if told else view
