"""Figures over time: by day, week or month of Beijing, with the limits of statistical process control. Pure.

A share has the limits of a p-chart: the share of all periods together ± 3 standard errors of each period's own count. A
mean or percentile has those of an individuals chart: the mean of the periods' values ± 2.66 times their mean moving
range (Shewhart; Wheeler), no lower than nought where no
value can be. A signal is a period outside its limits, or the eighth in a row on one side of the centre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal

import msgspec
import polars as pl

from dispatch.reports.rules_definitions import Definition
from dispatch.reports.rules_figures import tables_of
from dispatch.reports.rules_schema import TIME
from dispatch.reports.rules_views import ZONE
from dispatch.reports.states_figures import Figure

Step = Literal["day", "week", "month"]
Measure = Literal["share", "mean", "p50", "p90"]
_EVERY: Final = {"day": "1d", "week": "1w", "month": "1mo"}
_RUN: Final = 8
_SIGMAS: Final = 3.0
_MOVING: Final = 2.66
_FEWEST: Final = 2


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One period: its beginning, its figure, the measured value and the limits that it is held against.

    signal: outside them, or the eighth in a row on one side; None where there is nothing to say.
    """

    begins: datetime
    figure: Figure
    value: float | None
    low: float | None
    high: float | None
    signal: Literal["outside", "shift"] | None


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """A figure by periods. centre: of all periods together; None where fewer than two periods have a value."""

    kpi: str
    version: int
    step: Step
    measure: Measure
    centre: float | None
    points: list[TrendPoint]


def trend_of(
    of: Definition, rows: pl.DataFrame, begins: datetime, ends: datetime, step: Step, measure: Measure
) -> Trend:
    """Return a figure's course from its rows (`rules_figures.rows_of`); periods without rows have an empty figure."""
    first, last = (pl.Series([at]).cast(TIME).dt.convert_time_zone(ZONE) for at in (begins, ends))
    every = pl.datetime_range(
        first.dt.truncate(_EVERY[step])[0], last[0], _EVERY[step], closed="left", eager=True, time_unit="us"
    ).dt.convert_time_zone("UTC")
    keys = every.dt.to_string("iso").to_list()
    # Each row is of the last period that has begun by then.
    places = every.search_sorted(rows["at"], side="right") - 1
    named = rows.with_columns(places.cast(pl.UInt32).cat.to(pl.Enum(keys)).alias("period"))
    figures = {one.key: one for one in tables_of([(of, named)], ["period"])[0] if one.stratum == "period"}
    empty = tables_of([(of, named.clear())], [])[0][0]
    told = [figures.get(key, empty) for key in keys]
    values = [_value(one, measure) for one in told]
    centre, limits = _limits(told, values, measure, least=-math.inf if of.signed else 0.0)
    points = [
        TrendPoint(
            begins=at,
            figure=msgspec.structs.replace(told[place], stratum="period", key=keys[place]),
            value=values[place],
            low=limits[place][0],
            high=limits[place][1],
            signal=_signal(values, place, centre, *limits[place]),
        )
        for place, at in enumerate(every)
    ]
    return Trend(kpi=of.id, version=of.version, step=step, measure=measure, centre=centre, points=points)


def _value(figure: Figure, measure: Measure) -> float | None:
    if measure == "share":
        return figure.share
    return {"mean": figure.mean_s, "p50": figure.p50_s, "p90": figure.p90_s}[measure]


def _limits(
    figures: Sequence[Figure], values: Sequence[float | None], measure: Measure, *, least: float
) -> tuple[float | None, list[tuple[float | None, float | None]]]:
    none: list[tuple[float | None, float | None]] = [(None, None)] * len(values)
    known = [value for value in values if value is not None]
    if len(known) < _FEWEST:
        return None, none
    if measure == "share":
        hits = sum(one.hits or 0 for one in figures if one.share is not None)
        judged = [one.counted if one.share is not None else 0 for one in figures]
        centre = hits / sum(judged)
        spread = [_SIGMAS * math.sqrt(centre * (1 - centre) / count) if count else None for count in judged]
        return centre, [
            (None, None) if one is None else (max(0.0, centre - one), min(1.0, centre + one)) for one in spread
        ]
    centre = sum(known) / len(known)
    moving = _MOVING * sum(abs(after - before) for before, after in pairwise(known)) / (len(known) - 1)
    return centre, [
        (None, None) if value is None else (max(least, centre - moving), centre + moving) for value in values
    ]


def _signal(
    values: Sequence[float | None], place: int, centre: float | None, low: float | None, high: float | None
) -> Literal["outside", "shift"] | None:
    value = values[place]
    if value is None or centre is None or low is None or high is None:
        return None
    if not low <= value <= high:
        return "outside"
    before = [one for one in values[: place + 1] if one is not None][-_RUN:]
    if len(before) == _RUN and (all(one > centre for one in before) or all(one < centre for one in before)):
        return "shift"
    return None
