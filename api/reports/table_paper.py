"""Tables of the page of figures on paper: those columns that fit, with their heads in the language of the paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

import msgspec
import polars as pl

from api.printing.render import Head, Language
from api.reports.month import Paper, moment_told, percent_told, span_told, time_told
from api.reports.naming import Names, fault_told, place_told, words_of
from dispatch.kernel.writing.sheets import Kind, Page, laid_out

MOST_ROWS: Final = 600
"""More rows of one table are left to the workbook, and the paper says how many."""
_COMPARED: Final = ("counted", "share", "p50", "p90", "completeness")
_FLEET: Final = ("vehicles", "crewed", "free", "needed", "missing", "per_30000", "per_50000")
_PRINTED: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "Trend": [("begins", "value*", "low*", "centre*", "high*", "signal", "counted", "completeness")],
    "Comparison": [
        ("figure", "stratum", "key", *(f"{side}_{name}" for side in ("before", "after") for name in _COMPARED))
    ],
    "Union": [
        ("group", "key", "n", "mean_gain", "low", "high", "sooner", "share_sooner", "only_by_others", "nobody",
         "losses", "mean_loss"),
    ],
    "Coverage": [
        ("group", "name", "people", "people_*_share", *_FLEET), ("group", "name", "incidents", "incidents_*_share"),
    ],
    "Hours of the day": [("hour", "days", "stations", "people_*_share", "incidents", "incidents_*_share")],
    "Further stations": [("rank", "name", "county", "gained_people", "people", "share")],
}  # fmt: skip
"""Which columns of a page are printed, as one table or several; of other pages all."""
_WITHIN: Final = re.compile(r"(people|incidents)_(.+?)(min|km)_share")
_NARROW: Final = {"text": 1.6, "moment": 1.5}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table: texts as they are read. widths: parts of the line; left_out: rows that are not printed."""

    name: str
    heads: list[str]
    widths: list[float]
    numbers: list[bool]
    rows: list[list[str]]
    left_out: int


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """What `templates/tables.typ` prints."""

    head: Head
    title: str
    facts: list[tuple[str, str]]
    tables: list[Table]


def tables_of(
    view: str,
    pages: Sequence[Page],
    facts: Sequence[tuple[str, str]],
    period: tuple[datetime, datetime],
    paper: Paper,
    now: datetime,
) -> Tables:
    """Return pages as they are printed. facts: what they hold for; those without a word of their own are left out."""
    language = paper.language
    head = Head(
        paper.organisation, span_told(period, paper.zone), moment_told(now, paper.zone), paper.by, mark=paper.mark
    )
    told = [(_words()[f"fact.{name}"][language], value) for name, value in facts if f"fact.{name}" in _words()]
    tables = [table for page in pages for table in _tables(page, paper)]
    return Tables(head=head, title=_say(f"title.{view}", language), facts=told, tables=tables)


def told_given(language: Language) -> str:
    """Return what gains of the union are given: it stands beside them wherever they are told."""
    return _say("union.given", language)


def worded(page: Page, language: Language) -> Page:
    """Return a page of a workbook with its name and its heads in words; what it holds stays as it is."""
    columns = [
        replace(one, title=_say(f"{page.name}.{one.name}", language, _head(one.name, language)))
        for one, _ in laid_out(page, "UTC")[0]
    ]
    rows = page.rows
    if page.name == "About":
        rows = rows.with_columns(pl.col("what").replace(_facts(language)))
    return replace(page, name=_say(f"page.{page.name}", language, page.name), columns=columns, rows=rows)


def _facts(language: Language) -> dict[str, str]:
    return {
        key.partition(".")[2]: told[language] for key, told in _words().items() if key.startswith(("fact.", "about."))
    }


def words_of_keys() -> Names:
    """Return what strata and their keys are called, by `key.` and their codes."""
    return {key: told for key, told in _words().items() if key.startswith("key.")}


def _tables(page: Page, paper: Paper) -> list[Table]:
    columns, rows = laid_out(page, paper.zone)
    frame = rows.collect()
    if page.name == "Faults":
        # That nothing was found wrong at a station is for the workbook.
        frame = frame.filter(pl.col("faults") > 0)
    kinds = {column.name: (kind, column.percent) for column, kind in columns}
    found = []
    for wanted in _PRINTED.get(page.name, [("*",)]):
        names = [name for like in wanted for name in kinds if fnmatchcase(name, like)]
        # A value stands as a duration or as a share; the column of the other is empty throughout.
        names = [name for name in dict.fromkeys(names) if frame.is_empty() or frame[name].null_count() < frame.height]
        found.append(_table(page.name, frame, {name: kinds[name] for name in names}, paper))
    return found


def _table(name: str, frame: pl.DataFrame, kinds: Mapping[str, tuple[Kind, bool]], paper: Paper) -> Table:
    language = paper.language
    rows = [
        [_cell(row[column], *kind, paper, column) for column, kind in kinds.items()]
        for row in frame.head(MOST_ROWS).iter_rows(named=True)
    ]
    return Table(
        name=_say(f"page.{name}", language),
        heads=[_say(f"{name}.{column}", language, _head(column, language)) for column in kinds],
        widths=[_NARROW.get(kind, 1.0) for kind, _ in kinds.values()],
        numbers=[kind not in ("text", "moment", "day") for kind, _ in kinds.values()], rows=rows,
        left_out=max(0, frame.height - MOST_ROWS),
    )  # fmt: skip


def _cell(value: object, kind: Kind, percent: bool, paper: Paper, column: str) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "√"
        case float():
            return percent_told(value) if percent else f"{value:.2f}"
        case timedelta():
            return time_told(value.total_seconds())
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return _word(str(value), paper, column) if kind == "text" or column == "weekday" else str(value)


def _word(value: str, paper: Paper, column: str) -> str:
    """A code in words: of a check, of a reason, of a place, or of whatever else has one."""
    if column == "weekday":
        return _say(f"weekday.{value}", paper.language)
    if column in ("station", "key", "county") and value in paper.names:
        return place_told(paper.names, value, paper.language)
    found = fault_told(f"out.{value}" if column == "reason" else value, paper.language)
    return found or _say(f"key.{value}", paper.language, value)


def _head(column: str, language: Language) -> str:
    within = _WITHIN.fullmatch(column)
    if within is None:
        return _say(column, language, column)
    return f"≤{within[2]} {within[3]}"


def _say(key: str, language: Language, otherwise: str | None = None) -> str:
    found = _words().get(key)
    return (key if otherwise is None else otherwise) if found is None else found[language]


@cache
def _words() -> dict[str, dict[Language, str]]:
    return words_of("tables")
