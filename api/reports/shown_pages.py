"""What the page of figures shows beside the figures themselves, as pages of tables: a row for each mark of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import polars as pl

from api.reports.schemas import CompareOut, CourseOut, HeatOut, KpiOut, QualityOut, UnionOut
from dispatch.kernel.writing.sheets import Chart, Column, Page
from dispatch.reports.exporting.rules_tables import Language
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_trends import TrendPoint
from dispatch.reports.states_figures import Figure

_SHARES: Final = frozenset(
    {"share", "share_low", "share_high", "completeness", "before_share", "after_share", "share_sooner"}
    | {f"{side}_{name}" for side in ("before", "after") for name in ("share_low", "share_high", "completeness")}
)
_SIDE: Final = (
    "counted", "completeness", "share", "share_low", "share_high", "p50_s", "p50_low_s", "p50_high_s", "p90_s", "small",
    "suppressed", "incomplete",
)  # fmt: skip
_FLAGS: Final = ("small", "suppressed", "incomplete", "ranked", "clear")


def trend_page(told: CourseOut) -> Page:
    """One row a period: the value, its control limits, the signal, and the figure behind it."""
    rows = [
        {
            "version": part.version, "begins": point.begins, "measure": part.measure,
            **_valued(part.measure, point, part.centre),
            "signal": point.signal or "", **_side("", point.figure, ("counted", "completeness", "small", "suppressed")),
        }
        for part in told.parts
        for point in part.points
    ]  # fmt: skip
    return _page("Trend", rows)


def heat_page(told: HeatOut) -> Page:
    """One row an hour of a day of the week, Beijing time; 1 is Monday."""
    rows = [{"version": part.version, **msgspec.structs.asdict(cell)} for part in told.parts for cell in part.cells]
    return _page("Hours", rows)


def compare_page(told: CompareOut, known: Definitions, language: Language) -> Page:
    """One row a figure and stratum: both periods side by side with their intervals."""
    names = {one.id: getattr(one, language) for one in known.newest()}
    before, after = _keyed(told.before), _keyed(told.after)
    rows = []
    for key in dict.fromkeys([*after, *before]):
        kpi, stratum, name = key
        rows.append(
            {
                "kpi": kpi, "figure": names.get(kpi, kpi), "stratum": stratum, "key": name,
                **_side("before_", before.get(key), _SIDE), **_side("after_", after.get(key), _SIDE),
            }
        )  # fmt: skip
    return _page("Comparison", rows)


def quality_pages(told: QualityOut) -> list[Page]:
    """Faults by station, and what was left out, by whom: by name where it is known; nobody: the rule by itself."""
    findings = [msgspec.structs.asdict(one) for one in told.findings]
    left = [
        {**msgspec.structs.asdict(one), "classed_by": told.people.get(one.classed_by, one.classed_by)}
        for one in told.exclusions
    ]
    return [_page("Faults", findings), _page("Left out", left)]


def union_page(told: UnionOut) -> Page:
    """One row a group: gains with their interval, losses, and what both are given."""
    rows = [{**msgspec.structs.asdict(one), "given": told.given} for one in told.groups]
    chart = Chart("mean gain", "key", ["mean_gain_min"], unit="min")
    page = _page("Union", rows)
    minutes = (pl.col("mean_gain").dt.total_milliseconds() / 60_000).alias("mean_gain_min")
    return Page(page.name, page.rows.with_columns(minutes), page.columns, [chart] if rows else [])


def _valued(measure: str, point: TrendPoint, centre: float | None) -> dict[str, float | None]:
    """Seconds or shares: each in a column of its own kind, so that a sheet shows it rightly."""
    values = {"value": point.value, "low": point.low, "high": point.high, "centre": centre}
    told = {f"{name}_share": value if measure == "share" else None for name, value in values.items()}
    return told | {f"{name}_s": None if measure == "share" else value for name, value in values.items()}


def _side(prefix: str, figure: Figure | None, names: Sequence[str]) -> dict[str, Any]:
    return {f"{prefix}{name}": None if figure is None else getattr(figure, name) for name in names}


def _keyed(parts: Sequence[KpiOut]) -> dict[tuple[str, str, str], Figure]:
    return {(kpi.id, one.stratum, one.key): one for kpi in parts for one in kpi.figures}


def _page(name: str, rows: Sequence[dict[str, Any]]) -> Page:
    """Seconds become durations, shares per cent; a column that is empty throughout keeps its kind."""
    names = list(rows[0]) if rows else ["empty"]
    frame = pl.DataFrame(
        {one: pl.Series(one, [row[one] for row in rows], _kind(one), strict=False) for one in names}
        if rows
        else {"empty": pl.Series("empty", [], pl.String)}
    )
    durations = [one for one in names if one.endswith("_s")]
    shown = frame.with_columns(
        pl.duration(microseconds=(pl.col(one) * 1e6).round().cast(pl.Int64)).alias(one.removesuffix("_s"))
        for one in durations
    )
    order = [one.removesuffix("_s") for one in names]
    percents = [Column(one, percent=True) for one in order if one in _SHARES or one.endswith("_share")]
    plain = [Column(one) for one in order if one not in {each.name for each in percents}]
    columns = sorted([*plain, *percents], key=lambda column: order.index(column.name))
    return Page(name, shown.select(order).lazy(), columns)


def _kind(name: str) -> pl.DataType | None:
    last = name.removeprefix("before_").removeprefix("after_")
    if name.endswith(("_s", "_share")) or name in _SHARES:
        return pl.Float64()
    if last in _FLAGS:
        return pl.Boolean()
    if name in ("begins", "until"):
        return pl.Datetime("us", "UTC")
    return pl.Int64() if last in ("counted", "n", "version") else None
