"""Positions: the statements of the writer, the latest, and where a unit was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.units.tables_position import UnitLatestPosition, UnitPosition

ENSURE_DAY: Final = "SELECT unit_positions_ensure($1::date)"
"""True when it made the partition of that day (UTC)."""

# One statement: store what is new, then move the latest of each unit forward, never back. Of two fixes by a clock that
# is off, the one that this clock calls later is newer: their true times are only as good as their delivery.
ADD_FIXES: Final = """
WITH given AS (
    SELECT fix.* FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::timestamptz[], $5::float8[], $6::float8[],
                             $7::float4[], $8::float4[], $9::float4[], $10::boolean[])
        AS fix (unit_id, at, source, fix_at, lat, lon, speed_mps, heading_deg, accuracy_m, clock_off)
    JOIN units ON units.id = fix.unit_id
), stored AS (
    INSERT INTO unit_positions (unit_id, at, source, fix_at, received_at, lat, lon, speed_mps, heading_deg, accuracy_m,
                                clock_off)
    SELECT unit_id, at, source, fix_at, $11, lat, lon, speed_mps, heading_deg, accuracy_m, clock_off
    FROM given ORDER BY unit_id, at, source, fix_at
    ON CONFLICT DO NOTHING
    RETURNING *
), newest AS (
    SELECT DISTINCT ON (unit_id) * FROM stored ORDER BY unit_id, at DESC, fix_at DESC
), latest AS (
    INSERT INTO unit_latest_positions AS held (unit_id, at, fix_at, received_at, source, lat, lon, speed_mps,
                                               heading_deg, accuracy_m, clock_off)
    SELECT unit_id, at, fix_at, received_at, source, lat, lon, speed_mps, heading_deg, accuracy_m, clock_off
    FROM newest ORDER BY unit_id
    ON CONFLICT (unit_id) DO UPDATE SET
        at = EXCLUDED.at, fix_at = EXCLUDED.fix_at, received_at = EXCLUDED.received_at, source = EXCLUDED.source,
        lat = EXCLUDED.lat, lon = EXCLUDED.lon, speed_mps = EXCLUDED.speed_mps, heading_deg = EXCLUDED.heading_deg,
        accuracy_m = EXCLUDED.accuracy_m, clock_off = EXCLUDED.clock_off
    WHERE EXCLUDED.at > held.at
      AND NOT (EXCLUDED.clock_off AND held.clock_off AND EXCLUDED.source = held.source
               AND EXCLUDED.fix_at <= held.fix_at)
    RETURNING held.unit_id
)
SELECT (SELECT count(*) FROM given) AS known, (SELECT count(*) FROM stored) AS stored,
       ARRAY(SELECT unit_id FROM latest ORDER BY unit_id) AS latest
"""


async def list_latest(session: AsyncSession, unit_ids: Collection[UUID] | None = None) -> Sequence[UnitLatestPosition]:
    """The newest positions of some units or of all, read afresh."""
    query = select(UnitLatestPosition).order_by(UnitLatestPosition.unit_id)
    if unit_ids is not None:
        query = query.where(UnitLatestPosition.unit_id.in_(unit_ids))
    return (await session.scalars(query, execution_options={"populate_existing": True})).all()


async def list_track(
    session: AsyncSession, unit_id: UUID, from_at: datetime, until_at: datetime
) -> Sequence[UnitPosition]:
    """Where a unit was in a period, by true time."""
    query = select(UnitPosition).where(
        UnitPosition.unit_id == unit_id, UnitPosition.at >= from_at, UnitPosition.at < until_at
    )
    return (await session.scalars(query.order_by(UnitPosition.at, UnitPosition.fix_at))).all()


async def find_position_at(
    session: AsyncSession, unit_id: UUID, at: datetime, *, not_before: datetime
) -> UnitPosition | None:
    """The last position of a unit until a moment, no older than `not_before`, which bounds the days looked at."""
    query = select(UnitPosition).where(
        UnitPosition.unit_id == unit_id, UnitPosition.at <= at, UnitPosition.at >= not_before
    )
    return (await session.scalars(query.order_by(UnitPosition.at.desc(), UnitPosition.fix_at.desc()).limit(1))).first()
