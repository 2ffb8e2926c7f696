"""The fleet as it was: what each vehicle was at any moment, of the journal's lines and the table as it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from dispatch.reports.rules_schema import TIME
from dispatch.units.events_imports import UnitDescribed

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on the earliest that is known of a vehicle is taken to hold."""
_HELD: Final = {
    "call_sign": pl.String(), "unit_type": pl.String(), "capabilities": pl.String(), "system": pl.String(),
    "station": pl.String(), "held_organisation": pl.String(),
}  # fmt: skip
FLEET: Final = {"unit_id": pl.String(), "from_at": TIME, **_HELD}
"""`held_organisation` is None where no line tells it: then the order's own line does."""


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a vehicle's history; as `UnitChanged` tells it."""

    unit_id: str
    at: datetime
    before: UnitDescribed | None
    after: UnitDescribed | None


def fleet_history(present: Mapping[str, UnitDescribed], changes: Sequence[Change]) -> pl.DataFrame:
    """Return what each vehicle was from when on (columns as `FLEET`), by id and time.

    present: vehicles as they stand, by id. changes: in the order of the journal. The earliest that is known of a
    vehicle holds for all time before: what it was before its first change, else what it joined as; a vehicle of which
    no line tells is what it is now.
    """
    steps: dict[str, dict[datetime, UnitDescribed]] = {}
    for one in changes:
        held = steps.setdefault(one.unit_id, {})
        first = one.after if one.before is None else one.before
        if not held and first is not None:
            held[EVER] = first
        if one.after is not None:
            held[one.at] = one.after
    rows = [
        (unit_id, at, *_values(told), told.organisation)
        for unit_id, held in steps.items()
        for at, told in held.items()
    ]  # fmt: skip
    rows += [(unit_id, EVER, *_values(told), None) for unit_id, told in present.items() if unit_id not in steps]
    return pl.DataFrame(rows, schema=FLEET, orient="row").sort("unit_id", "from_at")


def as_held(runs: pl.DataFrame, fleet: pl.DataFrame) -> pl.DataFrame:
    """Return runs with what the vehicle of each was when it was ordered; one that is not in the fleet has None.

    runs: at least run_id, unit_id and t3. fleet: as `fleet_history` gives it.
    """
    return (
        runs.sort("t3", "run_id")
        .join_asof(
            fleet.sort("from_at"), left_on="t3", right_on="from_at", by="unit_id", strategy="backward",
            check_sortedness=False,
        )
        .drop("from_at")
    )  # fmt: skip


def held_otherwise(runs: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.Series:
    """Return the ids of runs whose vehicle, by two histories of the fleet, was not the same when it was ordered."""
    if before.equals(now):
        return pl.Series("run_id", [], pl.String)
    runs = runs.select("run_id", "unit_id", "t3")
    was, held = as_held(runs, before), as_held(runs, now)
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in _HELD)
    beside = held.select(pl.all().name.suffix("_now"))
    return pl.concat([was, beside], how="horizontal").filter(other)["run_id"]


def _values(told: UnitDescribed) -> tuple[str, ...]:
    return told.call_sign, told.type, told.capabilities, told.system, told.station
