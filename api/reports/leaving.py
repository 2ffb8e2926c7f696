"""Reports on their way out, the same for API, command line and schedules: any view in any form."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from api.printing.render import Language, render
from api.reports.desk import Views
from api.reports.figures import figures_told
from api.reports.month import Paper, report_of
from api.reports.naming import NOBODY, Names
from api.reports.schemas import ReportOut
from api.reports.table_paper import tables_of, worded, words_of_keys
from dispatch.kernel.writing.files import write_csv, write_json, write_parquet
from dispatch.kernel.writing.sheets import Column, Page
from dispatch.kernel.writing.xlsx import write_workbook
from dispatch.reports.exporting.rules_fields import NEMSIS, WS542, named_fields, records_out
from dispatch.reports.exporting.rules_tables import (
    Part,
    about_page,
    chart_pages,
    definitions_page,
    figures_page,
    marked,
)
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_period import within
from dispatch.reports.states_figures import SUPPRESS_BELOW

_LASTS: Final = pl.Duration("us")
ZONES: Final = {"beijing": "Asia/Shanghai", "xinjiang": "Asia/Urumqi"}


class View(StrEnum):
    """What is taken out."""

    FIGURES = "figures"
    INCIDENTS = "incidents"
    RUNS = "runs"
    PATIENTS = "patients"
    NEMSIS = "nemsis"
    """One row a run, fields named as NEMSIS v3.5 names them; no conformance is claimed."""
    WS542 = "ws542"
    """One row a run, fields in our own groups after WS 542-2017; no conformance is claimed."""
    COVERAGE = "coverage"
    """Who is reached in time, at this moment: by county, organisation and ground; no records."""
    COVERAGE_HOURS = "coverage_hours"
    """The same by hour of the day."""
    COVERAGE_SITING = "coverage_siting"
    """Where further stations would help most."""


COVERS: Final = (View.COVERAGE, View.COVERAGE_HOURS, View.COVERAGE_SITING)
"""What is of this moment, and reckoned by the service that holds the fleet."""


class Form(StrEnum):
    """In which form."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"
    PDF = "pdf"
    GEOJSON = "geojson"


MEDIA: Final = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PARQUET: "application/vnd.apache.parquet",
    Form.JSON: "application/json",
    Form.PDF: "application/pdf",
    Form.GEOJSON: "application/geo+json",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is taken out, of which period, in which form. mark: a watermark; "" without patient data."""

    view: View
    form: Form
    begins: datetime
    until: datetime
    kpis: Sequence[str] | None = None
    strata: Sequence[str] = ()
    where: dict[str, str] = field(default_factory=dict)
    targets: str = "national_2025"
    language: Language = "zh"
    zone: str = ZONES["beijing"]
    bom: bool = False
    patient_data: bool = False
    mark: str = ""
    by: str = ""
    """Who takes it, by name; stands on paper and on the page About."""
    organisation: str = "Tarim"
    made: Sequence[Page] = ()
    """Pages that are not made of records here."""
    facts: Sequence[tuple[str, str]] = ()
    """What these hold for."""

    def paper(self, names: Names = NOBODY) -> Paper:
        """How it is printed. names: of places."""
        return Paper(self.language, self.zone, self.by, self.mark, self.organisation, names)

    def name(self) -> str:
        """A file's name for it: days of the zone, nothing personal."""
        zone = ZoneInfo(self.zone)
        first, last = (at.astimezone(zone).strftime("%Y%m%d-%H%M") for at in (self.begins, self.until))
        return f"tarim-{self.view}-{first}-{last}.{self.form}"


async def take_out(target: Path, views: Views, known: Definitions, asked: Asked, now: datetime) -> None:
    """Write the file. Raises Unavailable (`printing.*`), OSError."""
    if asked.form is Form.PDF and asked.made:
        await print_tables(target, asked.view, asked, now, views.names)
    elif asked.form is Form.PDF:
        period = (asked.begins, asked.until)
        report = await asyncio.to_thread(report_of, views, known, period, asked.targets, asked.paper(views.names), now)
        pdf = await render("report", report, asked.language, now)
        await asyncio.to_thread(target.write_bytes, pdf)
    else:
        await asyncio.to_thread(_write, target, views, known, asked, now)


async def print_tables(target: Path, view: str, asked: Asked, now: datetime, names: Names) -> None:
    """Print `made` and `facts`. view: what it is called by; names: of places.

    Raises Unavailable (`printing.*`), OSError.
    """
    period = (asked.begins, asked.until)
    told = await asyncio.to_thread(tables_of, view, asked.made, asked.facts, period, asked.paper(names), now)
    pdf = await render("tables", told, asked.language, now)
    await asyncio.to_thread(target.write_bytes, pdf)


def _write(target: Path, views: Views, known: Definitions, asked: Asked, now: datetime) -> None:
    write_pages(target, [marked(page, asked.mark) for page in _pages(views, known, asked, now)], asked, now)


def write_pages(target: Path, pages: Sequence[Page], asked: Asked, now: datetime) -> None:
    """Write pages in the form that is asked for: a workbook holds all, a table the first. Raises OSError."""
    if asked.form is Form.XLSX:
        # Records keep the names of their fields: whoever reads them reads them by these.
        sheets = [one if one.name == str(asked.view) else worded(one, asked.language) for one in pages]
        write_workbook(target, sheets, zone=asked.zone, title=asked.name(), made_at=now)
    elif asked.form is Form.CSV:
        write_csv(target, pages[0], zone=asked.zone, bom=asked.bom)
    elif asked.form is Form.JSON:
        write_json(target, pages[0], zone=asked.zone)
    else:
        write_parquet(target, pages[0])


def _pages(views: Views, known: Definitions, asked: Asked, now: datetime) -> list[Page]:
    """The table that was asked for, and what stands beside it in a workbook."""
    if asked.made:
        return [*asked.made, about_page(asked.facts)]
    if asked.view is View.FIGURES:
        told = told_of(views, known, asked)
        parts = parts_of_told(told, known)
        held = ("target set", getattr(known.sets[asked.targets], asked.language))
        names = {**views.names, **words_of_keys()}
        return [
            figures_page(parts, asked.language, names), targets_page(told, known, asked.language),
            *chart_pages(parts, asked.language, names), definitions_page(parts, asked.language),
            about_page([held, *facts_of(views, asked, now, empty=told.empty)]),
        ]  # fmt: skip
    frames = {name: within(rows, asked.begins, asked.until) for name, rows in views.lazy().items()}
    # A run and a patient belong to the period of their incident: the three tables fit together.
    ids = frames["incidents"].select("incident_id")
    for name in ("runs", "patients"):
        frames[name] = views.lazy()[name].join(ids, on="incident_id", how="semi")
    if asked.view is View.NEMSIS:
        rows = named_fields(frames, NEMSIS, patient_data=asked.patient_data)
    elif asked.view is View.WS542:
        rows = named_fields(frames, WS542, patient_data=asked.patient_data)
    else:
        rows = records_out(frames, patient_data=asked.patient_data)[str(asked.view)]
    empty = rows.head(1).collect().is_empty()
    return [Page(str(asked.view), rows), about_page(facts_of(views, asked, now, empty=empty))]


def told_of(views: Views, known: Definitions, asked: Asked) -> ReportOut:
    """The same figures as `GET /api/reports/figures` tells."""
    period = (asked.begins, asked.until)
    return figures_told(views, known, period, asked.kpis, asked.strata, asked.where, asked.targets)


def targets_page(told: ReportOut, known: Definitions, language: Language) -> Page:
    """One row a target of the one set that was asked for: what it is about, its bound, the value, whether it is met."""
    names = {one.id: getattr(one, language) for one in known.newest()}
    rows = [
        {
            "kpi": kpi.id, "figure": names[kpi.id], "version": kpi.version, "stat": one.stat,
            "only": ", ".join(f"{name} {key}" for name, key in one.where.items()),
            "within": _duration(one.within_s), "sign": "≥" if one.at_least is not None else "≤",
            **{
                f"{name}{'_share' if one.stat == 'share' else ''}": value if one.stat == "share" else _duration(value)
                for name, value in (
                    ("bound", one.at_least if one.at_least is not None else one.at_most), ("value", one.value),
                )
            },
            "met": one.met,
        }
        for kpi in told.kpis
        for one in kpi.targets
    ]  # fmt: skip
    kinds = {
        **dict.fromkeys(("kpi", "figure"), pl.String()), "version": pl.Int64(),
        **dict.fromkeys(("stat", "only"), pl.String()), "within": _LASTS, "sign": pl.String(), "bound": _LASTS,
        "bound_share": pl.Float64(), "value": _LASTS, "value_share": pl.Float64(), "met": pl.Boolean(),
    }  # fmt: skip
    columns = [Column(name, percent=name.endswith("_share")) for name in kinds]
    return Page("Targets", pl.LazyFrame(rows, schema=kinds), columns)


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=round(seconds, 3))


def parts_of_told(told: ReportOut, known: Definitions) -> list[Part]:
    """Figures beside their definitions."""
    named = {(one.id, one.version): one for one in known.kpi}
    return [Part(named[one.id, one.version], one.begins, one.until, one.figures) for one in told.kpis]


def facts_of(views: Views, asked: Asked, now: datetime, *, empty: bool) -> list[tuple[str, str]]:
    """What a workbook's page About tells."""
    zone = ZoneInfo(asked.zone)

    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S%z}"

    told = [
        ("from", moment(asked.begins)), ("until (left out)", moment(asked.until)), ("times shown in", asked.zone),
        ("recorded until", moment(views.as_of)), ("journal line", str(views.seq)),
        ("imports", ", ".join(views.imports)), ("made at", moment(now)), ("made by", asked.by),
        ("records", "none in this period" if empty else "as of above"),
        ("suppressed", f"figures of fewer than {SUPPRESS_BELOW} are not told"),
    ]  # fmt: skip
    if asked.view is not View.FIGURES:
        told.append(
            ("patient data", asked.mark)
            if asked.patient_data
            else ("de-identified", "each case is moved to the full hour of its T0; places to 0.01°, ages to 10 years")
        )
    if asked.view in (View.NEMSIS, View.WS542):
        told.append(
            ("conformance", "none is claimed; the names are NEMSIS v3.5's, or our own groups after WS 542-2017")
        )
    return told
