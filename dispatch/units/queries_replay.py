"""Units as they were known at a past moment, of what is kept anyway; and where they drove in a span.

Known means entered by then: a status that was corrected afterwards stands as it was told. What is not kept by time
(call sign, station, where a unit was placed by hand before the last time) is that of today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, case, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.units.queries_fleet import DutyUnit, FleetSources, duty_unit, fleet_query
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, CapabilityTable
from dispatch.units.rules_duty import DutyPolicy, in_force
from dispatch.units.states_duty import BUSY, Effect
from dispatch.units.tables import Unit
from dispatch.units.tables_crew import CrewDuty, UnitKit
from dispatch.units.tables_duty import UnitStatusEntry, UnitStatusRow
from dispatch.units.tables_position import UnitLatestPosition, UnitPosition

FIXES_WITHIN: Final = timedelta(days=7)
"""A position older than this at the moment is not looked for; each day is a table of its own."""
_LOOKED_AT: Final = 64
# An applied entry follows the one before by its true time, unless a correction moved that one later: the last few by
# true time hold the last by entry.


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """Where a unit was. `at`: true time. Degrees WGS-84, degrees clockwise from north, metres per second."""

    at: datetime
    lat: float
    lon: float
    heading_deg: float | None
    speed_mps: float | None


async def list_units_then(
    session: AsyncSession,
    region: str,
    at: datetime,
    *,
    policy: DutyPolicy | None = None,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> list[DutyUnit]:
    """Every unit of the region as it was known at `at`, by call sign; `version` is 0: nobody gives it back."""
    latest = (
        select(
            UnitPosition.unit_id, UnitPosition.lat, UnitPosition.lon, UnitPosition.at, UnitPosition.source,
            UnitPosition.speed_mps, UnitPosition.heading_deg, UnitPosition.received_at,
        )
        .where(
            UnitPosition.unit_id == Unit.id,
            UnitPosition.at <= at,
            UnitPosition.at > at - FIXES_WITHIN,
            UnitPosition.received_at <= at,
        )
        .order_by(UnitPosition.at.desc(), UnitPosition.fix_at.desc())
        .limit(1)
        .lateral("latest")
    )  # fmt: skip
    sources = FleetSources(
        aliased(UnitStatusRow, _statuses(region, at), adapt_on_names=True),
        aliased(UnitLatestPosition, latest, adapt_on_names=True),
        (CrewDuty.recorded_at <= at)
        & or_(CrewDuty.voided_at.is_(None), CrewDuty.voided_at > at)
        & or_(CrewDuty.until_at.is_(None), CrewDuty.ended_recorded_at > at),
        (UnitKit.recorded_at <= at) & or_(UnitKit.until_at.is_(None), UnitKit.until_at > at),
        case((Unit.position_at <= at, Unit.position_at)),
    )
    query = fleet_query(sources).where(Unit.region == region).order_by(Unit.call_sign)
    policy = policy or in_force(session.info)
    return [duty_unit(row, at, policy, table) for row in await session.execute(query)]


async def list_tracks(
    session: AsyncSession, region: str, from_at: datetime, until_at: datetime, *, every_s: int
) -> dict[UUID, list[TrackPoint]]:
    """Where each unit of a region was in a span (its end left out), oldest first: of each `every_s` s the last."""
    beat = func.floor(func.extract("epoch", UnitPosition.at) / every_s)
    wanted = (
        select(
            UnitPosition.unit_id, UnitPosition.at, UnitPosition.lat, UnitPosition.lon, UnitPosition.heading_deg,
            UnitPosition.speed_mps,
        )
        .ext(distinct_on(UnitPosition.unit_id, beat))
        .join(Unit, Unit.id == UnitPosition.unit_id)
        .where(Unit.region == region, UnitPosition.at >= from_at, UnitPosition.at < until_at)
        .order_by(UnitPosition.unit_id, beat, UnitPosition.at.desc(), UnitPosition.fix_at.desc())
    )  # fmt: skip
    found = iter(await session.execute(wanted))
    return {unit_id: list(_points(rows)) for unit_id, rows in groupby(found, key=lambda row: row.unit_id)}


def _points(rows: Iterator[Any]) -> Iterator[TrackPoint]:
    for _, at, lat, lon, heading_deg, speed_mps in rows:
        yield TrackPoint(at, lat, lon, heading_deg, speed_mps)


def _statuses(region: str, at: datetime) -> CTE:
    """What stood of each unit: the last applied entry that was received by then, as corrected by then."""
    told = UnitStatusEntry
    last = (
        select(told)
        .where(told.unit_id == Unit.id, told.at <= at, told.received_at <= at, told.effect == Effect.APPLIED)
        .order_by(told.at.desc())
        .limit(_LOOKED_AT)
        .lateral("last")
    )
    first = (
        select(
            last.c.id, last.c.unit_id, last.c.status, last.c.at, last.c.run_id, last.c.reason, last.c.expected_end_at,
            literal(0).label("step"),
        )
        .ext(distinct_on(last.c.unit_id))
        .select_from(Unit)
        .join(last, true())
        .where(Unit.region == region)
        .order_by(last.c.unit_id, last.c.received_at.desc(), last.c.id.desc())
    )  # fmt: skip
    chain = select(first.subquery("first")).cte("chain", recursive=True)
    after = aliased(UnitStatusEntry)
    chain = chain.union_all(
        select(
            after.id, after.unit_id, after.status, after.at, after.run_id, after.reason, after.expected_end_at,
            chain.c.step + 1,
        ).where(after.corrects == chain.c.id, after.received_at <= at)
    )  # fmt: skip
    return (
        select(
            chain.c.unit_id, chain.c.status, chain.c.at.label("since"), chain.c.reason, chain.c.expected_end_at,
            case((chain.c.status.in_(sorted(BUSY)), chain.c.run_id)).label("run_id"), literal(0).label("version"),
        )
        .ext(distinct_on(chain.c.unit_id))
        .order_by(chain.c.unit_id, chain.c.step.desc())
        .cte("held")
    )  # fmt: skip
