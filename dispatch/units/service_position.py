"""Writing positions, in batches, and one by a dispatcher. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.prepared import driver_of
from dispatch.units.events_duty import UnitPlaced
from dispatch.units.queries_duty import lock_unit
from dispatch.units.queries_position import ADD_FIXES, ENSURE_DAY
from dispatch.units.rules_duty import DutyPolicy, in_force
from dispatch.units.rules_position import Fix, RefusedFix, sift
from dispatch.units.service_duty import record, true_time
from dispatch.units.states_duty import Source
from dispatch.units.tables_position import UnitLatestPosition, UnitPosition
from geo.points import GeoPoint

DAYS_AHEAD: Final = 3
_STAYS: Final = timedelta(days=1)
"""So young a day is dropped by nobody."""
MAX_FIXES: Final = 1_000
"""In one batch: a bigger one only makes its last fix wait."""


@dataclass(frozen=True, slots=True)
class FixesReport:
    """What became of a batch. latest: the units whose newest position moved, by id; each to be told to screens once.

    unknown: fixes of units that are not there. stored + duplicates + unknown + refused make the batch.
    """

    stored: int
    duplicates: int
    unknown: int
    refused: tuple[RefusedFix, ...]
    latest: tuple[UUID, ...]


async def add_fixes(
    session: AsyncSession, clock: Clock, fixes: Sequence[Fix], *, policy: DutyPolicy | None = None
) -> FixesReport:
    """Store a batch of fixes, in any order, repeated or not; each batch is a transaction of its own.

    A late fix is stored and never replaces a newer latest one; one that came before changes nothing. A missing day's
    partition is made. Raises Invalid (`fix.too_many`).
    """
    driver = await driver_of(session, UnitPosition, UnitLatestPosition)
    return await add_fixes_by(driver, clock, fixes, policy or in_force(session.info), set())


async def add_fixes_by(
    driver: Any,  # noqa: ANN401 - asyncpg's connection
    clock: Clock,
    fixes: Sequence[Fix],
    policy: DutyPolicy,
    days: set[date],
) -> FixesReport:
    """Do as `add_fixes`, in a transaction of the driver's own. days: whose partitions are known to be there."""
    if len(fixes) > MAX_FIXES:
        raise Invalid("fix.too_many", f"{len(fixes)} fixes at once; at most {MAX_FIXES} are taken.")
    received_at = clock.now()
    taken, refused = sift(fixes, received_at, policy)
    if not taken:
        return FixesReport(0, 0, 0, refused, ())
    # Before any row is locked, so that who waits for a partition holds nothing that its maker waits for.
    for day in sorted({timed.at.astimezone(UTC).date() for timed in taken} - days):
        if not await driver.fetchval(ENSURE_DAY, day) and day >= (received_at - _STAYS).astimezone(UTC).date():
            days.add(day)
    row = await driver.fetchrow(
        ADD_FIXES,
        [timed.fix.unit_id for timed in taken],
        [timed.at for timed in taken],
        [str(timed.fix.source) for timed in taken],
        [timed.fix.fix_at for timed in taken],
        [timed.fix.lat for timed in taken],
        [timed.fix.lon for timed in taken],
        [timed.fix.speed_mps for timed in taken],
        [timed.fix.heading_deg for timed in taken],
        [timed.fix.accuracy_m for timed in taken],
        [timed.clock_off for timed in taken],
        received_at,
    )
    known, stored = int(row["known"]), int(row["stored"])
    return FixesReport(stored, known - stored, len(taken) - known, refused, tuple(row["latest"]))


async def make_partitions(session: AsyncSession, clock: Clock, *, days_ahead: int = DAYS_AHEAD) -> tuple[date, ...]:
    """Make the partitions of today and the days ahead (UTC) that are missing; return those made. For a daily loop."""
    driver = await driver_of(session)
    today = clock.now().astimezone(UTC).date()
    days = [today + timedelta(days=number) for number in range(days_ahead + 1)]
    return tuple([day for day in days if await driver.fetchval(ENSURE_DAY, day)])


async def place_by_voice(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit_id: UUID,
    point: GeoPoint,
    *,
    at: datetime | None = None,
) -> bool:
    """Say where a unit is, or was `at` a time, as its crew told by radio; True when it is its newest position now.

    Raises NotFound (`unit.not_found`), Invalid (`time.no_zone`, `time.future`, `unit.place`: too old, or at 0, 0).
    """
    unit = await lock_unit(session, unit_id)
    when = true_time(at, clock.now(), in_force(session.info).clock_tolerance_s)
    report = await add_fixes(session, clock, [Fix(unit.id, when, point.lat, point.lon, source=Source.VOICE)])
    if report.refused:
        raise Invalid("unit.place", f"This position cannot be taken ({report.refused[0].code}).")
    if not report.stored:
        return bool(report.latest)
    told = UnitPlaced(
        unit_id=unit.id, organisation=unit.organisation, lat=point.lat, lon=point.lon, at=when, source=Source.VOICE,
        newest=bool(report.latest),
    )  # fmt: skip
    await record(session, clock, context, [told], at=when, source=Source.VOICE)
    return bool(report.latest)
