"""A report of a period on paper: figures, targets, plots, stations, quality, definitions, signatures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec
import polars as pl

from api.printing.plots import FAINT, Axis, Bars, Line, Plot
from api.printing.render import Head, Language
from api.reports.desk import Views
from api.reports.figures import figures_told, trend_told
from api.reports.naming import Names, fault_told, place_told, words_of
from api.reports.schemas import CourseOut, KpiOut, MetOut, ReportOut
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_period import within
from dispatch.reports.rules_quality import exclusions_of, findings_of
from dispatch.reports.rules_trends import Trend
from dispatch.reports.rules_views import ZONE
from dispatch.reports.states_figures import ALL, Figure

MAIN: Final = "response"
"""The figure that plots and the stations' league are of."""
_WIDTH_MM: Final = 176.0
_HEIGHT_MM: Final = 42.0
_BLUE: Final = "#2f6fb0"
_MOST_FINDINGS: Final = 40
_SPLIT: Final = ("ground", "area_system", "same_area", "priority", "county")
_DASH: Final = "—"
_STEPS: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 960, 1440)


class Drawn(msgspec.Struct, frozen=True):
    """A plot and what stands above it."""

    title: str
    svg: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `templates/report.typ` prints: all texts as they are read."""

    head: Head
    begins: str
    until: str
    as_of: str
    targets: str
    imports: str
    counts: str
    empty: bool
    awaits: bool
    figures: list[list[str]]
    plots: list[Drawn]
    strata: list[list[str]]
    stations: list[list[str]]
    quality: list[list[str]]
    left: list[list[str]]
    definitions: list[list[str]]


@dataclass(frozen=True, slots=True)
class Paper:
    """How it is printed: `zone` is the tz name that times are shown in, `by` who prints it, `mark` a watermark."""

    language: Language
    zone: str
    by: str
    mark: str
    organisation: str
    names: Names = field(default_factory=dict)
    """Of stations and counties."""


def report_of(
    views: Views, known: Definitions, period: tuple[datetime, datetime], targets: str, paper: Paper, now: datetime
) -> Report:
    """Reckon what is printed. Figures are those of `GET /api/reports/figures`; plots are by day of Beijing time."""
    told = figures_told(views, known, period, None, [*_SPLIT, "station", "hour"], {}, targets)
    names = {(one.id, one.version): one for one in known.kpi}
    language = paper.language
    frames = {name: within(rows, *period) for name, rows in views.lazy().items()}
    counted = [str(frames[name].collect().height) for name in ("incidents", "runs", "patients")]
    sets = known.sets[targets]
    return Report(
        head=Head(
            paper.organisation, span_told(period, paper.zone), moment_told(now, paper.zone), paper.by, mark=paper.mark
        ),
        begins=moment_told(period[0], paper.zone), until=moment_told(period[1], paper.zone),
        as_of=moment_told(views.as_of, paper.zone),
        targets=" · ".join((getattr(sets, language), sets.source)), imports=", ".join(views.imports),
        counts=" / ".join(counted), empty=told.empty, awaits=bool(told.awaits),
        figures=[_row(one, getattr(names[one.id, one.version], language), language) for one in told.kpis],
        plots=_plots(views, known, period, told, paper),
        strata=_strata(told, paper),
        stations=_stations(told, paper),
        quality=[
            [fault_told(one.code, language) or one.code, str(one.faults), str(one.eligible), percent_told(one.share)]
            for one in findings_of(frames)
            if one.station == ALL and one.faults
        ][:_MOST_FINDINGS],
        left=_left(frames, language),
        definitions=[
            [getattr(of, language), str(of.version), of.formula_in(language), of.source]
            for one in told.kpis
            for of in [names[one.id, one.version]]
        ],
    )  # fmt: skip


def _row(one: KpiOut, name: str, language: Language) -> list[str]:
    all_ = one.figures[0]
    note = ("*" if all_.small and all_.counted else "") + ("!" if all_.incomplete else "")
    return [
        name, f"{all_.counted if not all_.n else all_.n}{note}", time_told(all_.mean_s), time_told(all_.p50_s),
        time_told(all_.p90_s), percent_told(all_.share), "; ".join(_target(each, language) for each in one.targets),
        percent_told(all_.completeness),
    ]  # fmt: skip


def _target(one: MetOut, language: Language) -> str:
    bound = one.at_least if one.at_least is not None else one.at_most
    sign = "≥" if one.at_least is not None else "≤"
    number = percent_told(bound) if one.stat == "share" else time_told(bound)
    met = {True: "√", False: "×", None: _DASH}[one.met]
    where = " ".join(_words().get(f"key.{key}", {}).get(language, key) for key in one.where.values())
    return f"{sign} {number} {where} {met}".replace("  ", " ")


def _strata(told: ReportOut, paper: Paper) -> list[list[str]]:
    """The response by ground, system, area, priority and county, as the screen splits it."""
    found = [one for kpi in told.kpis if kpi.id == MAIN for one in kpi.figures if one.stratum in _SPLIT]
    return [
        [
            " ".join((stratum_told(one.stratum, paper.language), key_told(one.stratum, one.key, paper) or _DASH)),
            f"{one.counted}{'*' if one.small else ''}", time_told(one.mean_s), time_told(one.p50_s),
            time_told(one.p90_s), percent_told(one.completeness),
        ]
        for one in found
    ]  # fmt: skip


def _left(frames: Mapping[str, pl.LazyFrame], language: Language) -> list[list[str]]:
    """What is left out of figures, by reason; by station and by whom it stands in the workbook of data quality."""
    sums: dict[tuple[str, str], int] = {}
    for one in exclusions_of(frames):
        sums[one.of, one.reason] = sums.get((one.of, one.reason), 0) + one.rows
    totals = {name: rows.select(pl.len()).collect().item() for name, rows in frames.items()}
    return [
        [
            fault_told(f"out.{reason}", language) or reason, _say(of, language), str(rows), str(totals[of]),
            percent_told(rows / totals[of]),
        ]
        for (of, reason), rows in sums.items()
    ]  # fmt: skip


def stratum_told(stratum: str, language: Language) -> str:
    """Return what a stratum is called."""
    return _say(f"key.{stratum}", language)


def key_told(stratum: str, key: str, paper: Paper) -> str:
    """Return what a key of a stratum is called; "" for none."""
    if stratum in ("station", "county"):
        return place_told(paper.names, key, paper.language)
    found = _words().get(f"key.{key}")
    return key if found is None else found[paper.language]


def _stations(told: ReportOut, paper: Paper) -> list[list[str]]:
    """Stations by p90 of the response; those that are not complete enough to be ranked stand last."""
    found: list[Figure] = [
        one for kpi in told.kpis if kpi.id == MAIN for one in kpi.figures if one.stratum == "station"
    ]
    ordered = sorted(found, key=lambda one: (not one.ranked, one.p90_s is None, one.p90_s or 0, one.key))
    return [
        [
            place_told(paper.names, one.key, paper.language) or _DASH, f"{one.n}{'*' if one.small else ''}",
            time_told(one.p50_s), time_told(one.p90_s),
            percent_told(one.share), percent_told(one.completeness),
        ]
        for one in ordered
    ]  # fmt: skip


def _plots(
    views: Views, known: Definitions, period: tuple[datetime, datetime], told: ReportOut, paper: Paper
) -> list[Drawn]:
    if told.empty:
        return []
    language, drawn = paper.language, []
    for kpi, measure in ((MAIN, "p90"), (MAIN, "p50"), ("departure", "share")):
        name = getattr(next(one for one in known.newest() if one.id == kpi), language)
        course = trend_told(views, known, period, kpi, "day", _measure(measure), {})
        svg = _course(course, period, share=measure == "share")
        what = _say("share", language) if measure == "share" else f"{measure} ({_say('minutes', language)})"
        title = f"{name} · {what} · {_say('course', language)}"
        drawn.append(Drawn(title, svg))
    hours = [one for kpi in told.kpis if kpi.id == MAIN for one in kpi.figures if one.stratum == "hour"]
    drawn.append(Drawn(_say("hours", language), _by_hour(hours)))
    return drawn


def _measure(name: str) -> Literal["share", "p50", "p90"]:
    return "share" if name == "share" else "p50" if name == "p50" else "p90"


def _course(course: CourseOut, period: tuple[datetime, datetime], *, share: bool) -> str:
    points = [(one.begins, one.value) for part in course.parts for one in part.points]
    scale = 100.0 if share else 1 / 60
    values = [value * scale for _, value in points if value is not None]
    days = max(1.0, (period[1] - period[0]) / timedelta(days=1))
    low, high = (min(90.0, *values), 100.0) if share and values else (0.0, max(values, default=1.0))
    return Plot(
        _WIDTH_MM, _HEIGHT_MM,
        Axis(0, days, _day_marks(period, days)), Axis(low, high, _marks(low, high, "%" if share else "")),
        series=[
            Line(
                [
                    None if value is None else ((at - period[0]) / timedelta(days=1) + 0.5, value * scale)
                    for at, value in points
                ],
                _BLUE, dots=True,
            )
        ],
        limits=[level * scale for part in course.parts for level in _levels(part)],
    ).svg()  # fmt: skip


def _levels(course: Trend) -> list[float]:
    """The centre and the control limits; those of a share differ with each day's count, and the last day's stand."""
    last = next((one for one in reversed(course.points) if one.low is not None), None)
    return [one for one in (course.centre, *((last.low, last.high) if last is not None else ())) if one is not None]


def _by_hour(hours: Sequence[Figure]) -> str:
    told = [(int(one.key), one.p90_s / 60) for one in hours if one.key and one.p90_s is not None]
    high = max((value for _, value in told), default=1.0)
    axis = Axis(0, 24, [(hour, f"{hour:02d}") for hour in range(0, 24, 3)])
    bars = Bars([(hour + 0.1, hour + 0.9, value) for hour, value in told], FAINT)
    return Plot(_WIDTH_MM, _HEIGHT_MM, axis, Axis(0, high, _marks(0, high, "")), series=[bars]).svg()


def _marks(low: float, high: float, unit: str) -> list[tuple[float, str]]:
    step = next((one for one in _STEPS if (high - low) / one <= 5), _STEPS[-1])
    first = math.ceil(low / step)
    return [(place * step, f"{place * step}{unit}") for place in range(first, math.floor(high / step) + 1)]


def _day_marks(period: tuple[datetime, datetime], days: float) -> list[tuple[float, str]]:
    every = max(1, math.ceil(days / 10))
    zone = ZoneInfo(ZONE)
    return [
        (day + 0.5, f"{(period[0] + timedelta(days=day)).astimezone(zone):%m-%d}") for day in range(0, int(days), every)
    ]


@cache
def _words() -> dict[str, dict[Language, str]]:
    return words_of("report")


def _say(key: str, language: Language) -> str:
    return _words()[key][language]


def time_told(seconds: float | None) -> str:
    """Return m:ss; "" for None."""
    if seconds is None:
        return ""
    whole = round(seconds)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 60}:{abs(whole) % 60:02d}"


def percent_told(share: float | None) -> str:
    """Return a share as on the screen: cut, not rounded, so that none is told to have reached what it has not."""
    return "" if share is None else f"{math.floor(share * 1000 + 1e-9) / 10:.1f}%"


def moment_told(at: datetime, zone: str) -> str:
    """Return a moment in a zone, with its distance from UTC."""
    local = at.astimezone(ZoneInfo(zone))
    hours = int((local.utcoffset() or timedelta()) / timedelta(hours=1))
    return f"{local:%Y-%m-%d %H:%M} UTC{hours:+d}"


def span_told(period: tuple[datetime, datetime], zone: str) -> str:
    """Return the first and the last day of a period."""
    first, last = (at.astimezone(ZoneInfo(zone)) for at in (period[0], period[1] - timedelta(microseconds=1)))
    return f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
