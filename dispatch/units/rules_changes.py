"""What an import of units changed, for the journal. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dispatch.units.events_imports import UnitChanged, UnitDescribed


def changes_of(
    region: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], stations: Mapping[UUID, str]
) -> list[UnitChanged]:
    """Return what is told of each unit that joined, changed or left, by its id; sizes and plates are not told.

    before, after: all units of the region, as rows. stations: codes by id.
    """
    was, now = ({row["id"]: _described(row, stations) for row in rows} for rows in (before, after))
    return [
        UnitChanged(
            region=region, unit_id=unit_id, organisation=known.organisation, before=was.get(unit_id),
            after=now.get(unit_id),
        )
        for unit_id in sorted(was.keys() | now.keys())
        for known in [now.get(unit_id) or was[unit_id]]
        if was.get(unit_id) != now.get(unit_id)
    ]  # fmt: skip


def _described(row: Mapping[str, Any], stations: Mapping[UUID, str]) -> UnitDescribed:
    return UnitDescribed(
        call_sign=row["call_sign"], type=row["type"], special=row["special"], organisation=row["organisation"],
        system=row["system"], station=stations[row["station_id"]], capabilities=row["capabilities"],
    )  # fmt: skip
