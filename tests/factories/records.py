"""Rows of the record table, written as a person would: times as seconds after a start, the rest by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl

from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_definitions import Definitions, definitions_of, shipped_definitions
from dispatch.reports.rules_figures import figures_of
from dispatch.reports.rules_schema import FRAMES, TIME, conform
from dispatch.reports.rules_views import STRATA, views_of
from dispatch.reports.states_figures import Figure

MONDAY: Final = datetime(2026, 11, 15, 16, 0, tzinfo=UTC)
"""Monday 16 November 2026, 00:00 Beijing time."""
DEFINITIONS: Final[Definitions] = definitions_of(*shipped_definitions(), RULES, TIMES)
_USUAL: Final[dict[str, dict[str, Any]]] = {
    "calls": {"origin": "exchange", "state": "ended"},
    "incidents": {
        "state": "closed", "initial_priority": "P2", "final_priority": "P2", "judged_priority": "P2",
        "complaint": "K03", "needs": "A", "ground": "urban", "area_organisation": "civil", "area_system": "civil",
        "first_station": "ST-1",
        "first_organisation": "civil", "first_unit_type": "als", "same_area": True,
    },
    "runs": {
        "kind": "assignment", "unit_type": "als", "capabilities": "AB", "organisation": "civil", "system": "civil",
        "station": "ST-1", "end_reason": "completed",
    },
    "patients": {"ordinal": 1},
}  # fmt: skip
_KEYS: Final = {"calls": "call_id", "incidents": "incident_id", "runs": "run_id", "patients": "patient_id"}


def at(seconds: float | None, start: datetime = MONDAY) -> datetime | None:
    return None if seconds is None else start + timedelta(seconds=seconds)


def rows(frame: str, *told: dict[str, Any], start: datetime = MONDAY) -> pl.DataFrame:
    """Rows of a frame. A number in a column of times is seconds after the start; what is not told is usual."""
    filled = []
    for number, one in enumerate(told):
        row: dict[str, Any] = {_KEYS[frame]: f"{frame}-{number:04}", "mark": "journal", **_USUAL[frame], **one}
        if frame == "incidents":
            row.setdefault("judged_from", row.get("t0"))
        if frame == "runs":
            row.setdefault("ended_at", row.get("t11"))
        filled.append(
            {name: at(value, start) if FRAMES[frame].get(name) == TIME else value for name, value in row.items()}
        )
    named = sorted({name for row in filled for name in row})
    kinds = {name: TIME if FRAMES[frame][name] == TIME else None for name in named}
    return conform(frame, pl.DataFrame([[row.get(name) for name in named] for row in filled], kinds, orient="row"))


def record(**frames: pl.DataFrame) -> dict[str, pl.LazyFrame]:
    """A record table of these frames; the others are empty."""
    return {name: frames.get(name, pl.DataFrame(schema=dict(FRAMES[name]))).lazy() for name in FRAMES}


def figures(
    of: str, told: dict[str, pl.LazyFrame], *strata: str, as_of: datetime | None = None
) -> dict[tuple[str, str], Figure]:
    """A definition's figures by stratum and key."""
    definition = DEFINITIONS.versions(of)[-1]
    made = figures_of(
        views_of(told)[definition.of], definition, DEFINITIONS, as_of or MONDAY + timedelta(days=30), strata or STRATA
    )
    return {(one.stratum, one.key): one for one in made}


def of_all(of: str, told: dict[str, pl.LazyFrame], *, as_of: datetime | None = None) -> Figure:
    """A definition's figure of everything."""
    return figures(of, told, "hour", as_of=as_of)["all", ""]
