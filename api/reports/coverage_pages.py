"""Coverage as pages of tables: by group, by hour of the day, and further stations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from api.reports.asking import Period
from api.reports.coverage_desk import CoverageDesk
from api.reports.coverage_schemas import CoverageHead, CoverageHoursOut, CoverageOut, SitingOut
from api.reports.coverage_told import Asked, coverage_told, hours_told, siting_told
from dispatch.kernel.writing.sheets import Column, Page
from dispatch.reports.exporting.rules_tables import Language
from dispatch.reports.states_coverage import CoverageGroup, CoverageWithin


def coverage_pages(told: CoverageOut, language: Language) -> list[Page]:
    """One row a group with a count and a share for each limit."""
    shares = _names(told)
    rows = pl.DataFrame([_row(told, one, language) for one in told.groups], infer_schema_length=None)
    kinds = dict.fromkeys(shares, pl.Float64) | dict.fromkeys(("base", "per_30000", "per_50000"), pl.Float64)
    whole = [name for name in ("vehicles", "crewed", "free", "needed", "missing") if name in rows.columns]
    fixed = rows.with_columns(
        *(pl.col(name).cast(kind) for name, kind in kinds.items()), *(pl.col(name).cast(pl.Int64) for name in whole)
    )
    percents = [Column(name, percent=True) for name in shares]
    order = [Column(name) for name in fixed.columns if name not in shares]
    return [Page("Coverage", fixed.select([*(one.name for one in order), *shares]).lazy(), percents)]


def hours_pages(told: CoverageHoursOut) -> list[Page]:
    """One row an hour of the day; shares of an hour of which nobody knows who was on duty are empty."""
    rows = [
        {
            "hour": one.hour, "days": one.days, "stations": one.stations, **_shares("people", one.people_within),
            "incidents": one.incidents, **_shares("incidents", one.incidents_within),
        }
        for one in told.hours
    ]  # fmt: skip
    shares = _names(told)
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(shares, pl.Float64))
    return [Page("Hours of the day", frame.lazy(), _percents(frame, shares))]


def siting_pages(told: SitingOut, language: Language, counties: Mapping[str, str]) -> list[Page]:
    """One row a further station. counties: their names by their zones."""
    rows = [
        (
            one.rank, getattr(one, f"name_{language}") or one.name_zh or f"{one.lat:.3f}, {one.lon:.3f}", one.kind,
            counties.get(one.county or "", one.county or ""), one.lat, one.lon, one.gained_people, one.people,
            one.share,
        )
        for one in told.steps
    ]  # fmt: skip
    text, whole, number = pl.String, pl.Int64, pl.Float64
    schema = {
        "rank": whole, "name": text, "kind": text, "county": text, "lat": number, "lon": number,
        "gained_people": whole, "people": whole, "share": number,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return [Page("Further stations", frame.lazy(), _percents(frame, ["share"]))]


def _names(told: CoverageHead) -> list[str]:
    return [f"{what}_{one.id}_share" for what in ("people", "incidents") for one in told.limits]


def _percents(frame: pl.DataFrame, shares: Sequence[str]) -> list[Column]:
    return [Column(name, percent=name in shares) for name in frame.columns]


def _row(told: CoverageOut, one: CoverageGroup, language: Language) -> dict[str, Any]:
    row: dict[str, Any] = {
        "moment": told.at, "from": told.basis, "group": one.group, "key": one.key,
        "name": getattr(one, f"name_{language}") or one.name_zh or one.key or one.group, "name_zh": one.name_zh,
        "name_en": one.name_en, "people": one.people, "incidents": one.incidents,
        **{
            name: getattr(one, name)
            for name in ("vehicles", "crewed", "free", "base", "needed", "missing", "per_30000", "per_50000")
        },
    }  # fmt: skip
    for what, found in (("people", one.people_within), ("incidents", one.incidents_within)):
        row |= {f"{what}_{each.id}": each.count for each in found} | _shares(what, found)
    return row


def _shares(what: str, found: list[CoverageWithin]) -> dict[str, float | None]:
    return {f"{what}_{each.id}_share": each.share for each in found}


def coverage_facts(told: CoverageHead) -> list[tuple[str, str]]:
    """What it all holds for."""
    fleet, roads, people = told.fleet, told.roads, told.people
    facts = {
        "moment": told.at.isoformat(), "searched from": f"{fleet.sources} {told.basis}",
        "hour of the day": "now" if told.hour is None else str(told.hour), "capability": told.capability or "",
        "incidents from": told.begins.isoformat(), "incidents until (left out)": told.until.isoformat(),
        "ambulances, crewed, free": f"{fleet.units}, {fleet.crewed}, {fleet.free}",
        "negative pressure, at least": f"{fleet.negative_pressure}, {fleet.negative_pressure_least:.0%}",
        "stations, crewed": f"{fleet.stations}, {fleet.stations_crewed}",
        "roads": f"network {roads.network_version}, {roads.closures} closures in force"
        + (", schematic: not of real roads" if roads.schematic else ""),
        "people": "nobody has said how many live where"
        if people is None
        else f"{people.source}{' (an estimate)' if people.estimate else ''}: {people.total} in {people.cells} cells",
        "awaits": told.awaits,
    }  # fmt: skip
    if isinstance(told, SitingOut):
        facts |= {"within": f"{told.minutes:g} min", "now": f"{told.already.people}"}
    return list(facts.items())


async def covered(
    desk: CoverageDesk,
    view: str,
    period: Period,
    searched: Asked,
    siting: tuple[float, int],
    language: Language,
) -> tuple[list[Page], list[tuple[str, str]]]:
    """Return a view of coverage as pages, and what they hold for. siting: minutes, and how many stations.

    Raises what `CoverageDesk.told` raises.
    """
    if view == "coverage_hours":
        hours = await desk.told("hours", period, hours_told)
        return hours_pages(hours), coverage_facts(hours)
    table = await desk.told(("table", searched), period, lambda scene: coverage_told(scene, searched))
    if view == "coverage":
        return coverage_pages(table, language), coverage_facts(table)
    wanted = *siting, searched[2]
    sites = await desk.told(("siting", *wanted), None, lambda scene: siting_told(scene, *wanted))
    counties = {one.key: getattr(one, f"name_{language}") or one.name_zh for one in table.groups if one.name_zh}
    return siting_pages(sites, language, counties), coverage_facts(sites)
