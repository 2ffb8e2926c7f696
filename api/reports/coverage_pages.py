"""Coverage as pages of tables."""

from __future__ import annotations

from typing import Any

import polars as pl

from api.reports.coverage_schemas import CoverageOut
from dispatch.kernel.writing.sheets import Column, Page
from dispatch.reports.exporting.rules_tables import about_page
from dispatch.reports.states_coverage import CoverageGroup, CoverageWithin


def coverage_pages(told: CoverageOut) -> list[Page]:
    """One row a group with a count and a share for each limit, and what it all holds for."""
    shares = [f"{what}_{one.id}_share" for what in ("people", "incidents") for one in told.limits]
    rows = pl.DataFrame([_row(told, one) for one in told.groups], infer_schema_length=None)
    kinds = dict.fromkeys(shares, pl.Float64) | dict.fromkeys(("base", "per_30000", "per_50000"), pl.Float64)
    whole = [name for name in ("vehicles", "crewed", "free", "needed", "missing") if name in rows.columns]
    fixed = rows.with_columns(
        *(pl.col(name).cast(kind) for name, kind in kinds.items()), *(pl.col(name).cast(pl.Int64) for name in whole)
    )
    percents = [Column(name, percent=True) for name in shares]
    order = [Column(name) for name in fixed.columns if name not in shares]
    return [Page("Coverage", fixed.select([*(one.name for one in order), *shares]).lazy(), percents), _about(told)]


def _row(told: CoverageOut, one: CoverageGroup) -> dict[str, Any]:
    row: dict[str, Any] = {
        "moment": told.at, "from": told.basis, "group": one.group, "key": one.key, "name_zh": one.name_zh,
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


def _about(told: CoverageOut) -> Page:
    fleet, roads, people = told.fleet, told.roads, told.people
    facts = {
        "moment": told.at.isoformat(), "searched from": f"{fleet.sources} {told.basis}",
        "hour of the day": "now" if told.hour is None else str(told.hour),
        "incidents from": told.begins.isoformat(), "incidents until (left out)": told.until.isoformat(),
        "ambulances, crewed, free": f"{fleet.units}, {fleet.crewed}, {fleet.free}",
        "stations, crewed": f"{fleet.stations}, {fleet.stations_crewed}",
        "roads": f"network {roads.network_version}, {roads.closures} closures in force"
        + (", schematic: not of real roads" if roads.schematic else ""),
        "people": "nobody has said how many live where"
        if people is None
        else f"{people.source}{' (an estimate)' if people.estimate else ''}: {people.total} in {people.cells} cells",
        "awaits": told.awaits,
    }  # fmt: skip
    return about_page(list(facts.items()))
