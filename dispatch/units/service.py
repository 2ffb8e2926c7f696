"""What is done to stations and units. Nothing here commits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.cells import Bbox
from dispatch.kernel.clock import Clock
from dispatch.kernel.findings import MAX_LISTED, Findings, ImportReport
from dispatch.kernel.rows import Table
from dispatch.kernel.upsert import Values
from dispatch.roads.queries import lock_region
from dispatch.roads.service_import import Records, import_records
from dispatch.units.events_imports import StationsImported, UnitChanged, UnitsImported
from dispatch.units.queries import get_unit, list_stationed, station_ids
from dispatch.units.rules_changes import changes_of
from dispatch.units.rules_columns import station_records, unit_records
from dispatch.units.tables import Station, Unit
from geo.points import GeoPoint


async def import_stations(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    table: Table,
    *,
    bbox: Bbox | None = None,
    dry_run: bool = False,
    replace: bool = False,
    max_listed: int = MAX_LISTED,
) -> ImportReport:
    """Bring the region's stations to what `stations.csv` says; all or nothing.

    A row with a known id changes that station in the columns that the file has. `replace` removes stations that it
    leaves out, and is refused where units still stand there. `bbox` is the region's, for warnings. Errors are in the
    report. Raises NotFound (`region.not_found`).
    """
    findings = Findings(max_listed)
    records = await asyncio.to_thread(station_records, table, findings, bbox)

    async def refuse_removal(removed: Sequence[UUID]) -> None:
        gone = set(removed)
        homes: dict[str, list[str]] = {}
        for station_id, code, call_sign in await list_stationed(session, region):
            if station_id in gone:
                homes.setdefault(code, []).append(call_sign)
        for code, call_signs in homes.items():
            told = ", ".join(call_signs[:5]) + ("…" if len(call_signs) > 5 else "")
            findings.error(
                0, "id", "station.in_use", f"station {code} is not in the file, but units stand there: {told}"
            )

    wanted = Records("stations", Station, "code", len(table.rows), records, StationsImported, refuse_removal)
    return await import_records(session, clock, context, region, wanted, findings, dry_run=dry_run, replace=replace)


async def import_units(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    table: Table,
    *,
    dry_run: bool = False,
    replace: bool = False,
    max_listed: int = MAX_LISTED,
) -> ImportReport:
    """Bring the region's units to what `units.csv` says; as `import_stations`. The stations must be there.

    What a unit was and is stands in the journal, so that figures of its past stay what they were.

    Raises NotFound (`region.not_found`).
    """
    findings = Findings(max_listed)
    # Locked before the stations are read, so that none of them goes away in between.
    await lock_region(session, region)
    stations = await station_ids(session, region)
    records = await asyncio.to_thread(unit_records, table, findings, stations)
    codes = {station_id: code for code, station_id in stations.items()}

    def changes(before: Sequence[Values], after: Sequence[Values]) -> Sequence[UnitChanged]:
        return changes_of(region, before, after, codes)

    wanted = Records("units", Unit, "call_sign", len(table.rows), records, UnitsImported, changes=changes)
    return await import_records(session, clock, context, region, wanted, findings, dry_run=dry_run, replace=replace)


async def place_unit(session: AsyncSession, clock: Clock, region: str, call_sign: str, point: GeoPoint | None) -> Unit:
    """Say by hand where a unit is; None takes it back to its station. Not for fixes from a receiver.

    Raises:
        NotFound: `region.not_found`, `unit.not_found`.
    """
    locked = await lock_region(session, region)
    unit = await get_unit(session, region, call_sign)
    unit.lat, unit.lon = (point.lat, point.lon) if point else (None, None)
    unit.position_at = clock.now() if point else None
    locked.data_version += 1
    await session.flush()
    return unit
