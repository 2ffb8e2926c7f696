"""Figures as pages of tables: what was counted, by which definition, against which target, of which records. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
import polars as pl

from dispatch.kernel.writing.sheets import Chart, Column, Page
from dispatch.reports.rules_definitions import Definition
from dispatch.reports.states_figures import ALL, Figure

Language = Literal["zh", "en", "ug"]
Places = Mapping[str, Mapping[Language, str]]
"""Names of stations by their codes, of counties by their zones, of strata and other keys by `key.` and their codes."""
_SECONDS: Final = (
    *("mean_s", "mean_low_s", "mean_high_s", "p50_s", "p50_low_s", "p50_high_s", "p90_s", "p90_low_s", "p90_high_s"),
)
_SHARES: Final = ("completeness", "share", "share_low", "share_high")
_BAR: Final = 24
"""Keys of a stratum that a chart still shows side by side."""


class Part(msgspec.Struct, frozen=True):
    """A definition, the part of the period that it counts for, and its figures."""

    of: Definition
    begins: datetime
    until: datetime
    figures: Sequence[Figure]


def figures_page(parts: Sequence[Part], language: Language, places: Places) -> Page:
    """One row a figure. Means and percentiles are durations, shares of 1; what is suppressed is empty."""
    kinds = {one.name: one.type for one in msgspec.structs.fields(Figure)}
    rows = [
        {
            "figure": getattr(part.of, language), "name": _named(figure, places, language),
            "begins": part.begins, "until": part.until,
            **{name: getattr(figure, name) for name in kinds},
        }
        for part in parts
        for figure in part.figures
    ]  # fmt: skip
    schema = {name: _polars(kind) for name, kind in kinds.items()}
    times = {"begins": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC")}
    frame = pl.DataFrame(rows, schema={"figure": pl.String, "name": pl.String, **times, **schema}, orient="row").lazy()
    durations = [
        pl.duration(microseconds=(pl.col(name).cast(pl.Float64) * 1e6).round().cast(pl.Int64)).alias(
            name.removesuffix("_s")
        )
        for name in (*_SECONDS, "within_s")
    ]
    shown = frame.with_columns(durations).drop(*_SECONDS, "within_s")
    order = [
        "kpi",
        "figure",
        "version",
        "stratum",
        "key",
        "name",
        "begins",
        "until",
        "eligible",
        "counted",
        "completeness",
        "n",
    ]
    order += [name.removesuffix("_s") for name in _SECONDS] + ["within", "hits", "share", "share_low", "share_high"]
    return Page(
        "Figures", shown.select(*order, "impossible", "small", "suppressed", "incomplete", "ranked"), _percents()
    )


def chart_pages(parts: Sequence[Part], language: Language, places: Places) -> list[Page]:
    """A page with a chart for each interval that was split by a stratum: p50 and p90 in minutes by key."""
    pages = []
    for part in parts:
        strata = dict.fromkeys(one.stratum for one in part.figures if one.stratum != ALL)
        for stratum in strata if part.of.kind == "interval" else ():
            told = [one for one in part.figures if one.stratum == stratum and one.p50_s is not None][:_BAR]
            if len(told) < 2:
                continue
            rows = pl.LazyFrame(
                {
                    stratum: [_named(one, places, language) or one.key or "-" for one in told],
                    "n": [one.n for one in told],
                    "p50_min": [(one.p50_s or 0) / 60 for one in told],
                    "p90_min": [(one.p90_s or 0) / 60 for one in told],
                }
            )  # fmt: skip
            name, by = getattr(part.of, language), places.get(f"key.{stratum}", {}).get(language, stratum)
            chart = Chart(f"{name} · {by}", stratum, ["p50_min", "p90_min"], unit="min")
            pages.append(Page(f"{name} {by}", rows, charts=[chart]))
    return pages


def definitions_page(parts: Iterable[Part], language: Language) -> Page:
    """What each figure means: formula, rules, source, version."""
    told = {(one.of.id, one.of.version): one.of for one in parts}.values()
    names = ("id", "name", "version", "of", "kind", "formula", "denominator", "excludes", "within_s", "source")
    rows = [
        (
            one.id, getattr(one, language), one.version, one.of, one.kind, one.formula_in(language), one.denominator,
            ", ".join(one.excludes), one.within_s, one.source,
        )
        for one in told
    ]  # fmt: skip
    schema = {name: pl.Int64() if name in ("version", "within_s") else pl.String() for name in names}
    columns = [
        Column("id"),
        Column("name"),
        Column("version"),
        Column("of"),
        Column("kind"),
        Column("formula", width=60),
    ]
    return Page("Definitions", pl.LazyFrame(rows, schema=schema, orient="row"), columns)


def _named(figure: Figure, places: Places, language: Language) -> str:
    """The name of what a figure is of; "" where its key says it."""
    found = places.get(figure.key if figure.stratum in ("station", "county") else f"key.{figure.key}", {})
    return found.get(language) or found.get("zh") or ""


def about_page(facts: Sequence[tuple[str, str]]) -> Page:
    """What the workbook is of: label and value."""
    rows = pl.LazyFrame(list(facts), schema={"what": pl.String, "value": pl.String}, orient="row")
    return Page("About", rows, [Column("what", width=28), Column("value", width=80)])


def marked(page: Page, mark: str) -> Page:
    """The page with a watermark in every row, so that no part of it goes without. "" leaves it as it is."""
    if not mark:
        return page
    return Page(page.name, page.rows.with_columns(pl.lit(mark).alias("watermark")), page.columns, page.charts)


def _polars(kind: object) -> pl.DataType:
    told = str(kind)
    if "bool" in told:
        return pl.Boolean()
    if "float" in told:
        return pl.Float64()
    return pl.Int64() if "int" in told else pl.String()


def _percents() -> list[Column]:
    return [
        *(Column(name) for name in ("kpi", "figure", "version", "stratum", "key", "name", "begins", "until")),
        Column("eligible"), Column("counted"),
        Column("completeness", percent=True), Column("n"),
        *(Column(name.removesuffix("_s")) for name in (*_SECONDS, "within_s")), Column("hits"),
        *(Column(name, percent=True) for name in _SHARES[1:]),
    ]  # fmt: skip
