"""Deleting what is kept long enough: the statements, and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.telemetry.tables import TelemetryForgotten, TelemetryHold

FORGET_DAY: Final = """
WITH held AS (
    SELECT * FROM unnest($4::uuid[], $5::timestamptz[], $6::timestamptz[]) AS held (unit_id, from_at, until_at)
), gone AS (
    DELETE FROM telemetry_frames f USING telemetry_streams s
    WHERE s.id = f.stream_id AND s.kind = $1 AND f.received_at >= $2 AND f.received_at < $3
      AND NOT EXISTS (SELECT FROM held WHERE held.unit_id = s.unit_id AND f.at >= held.from_at AND f.at < held.until_at)
    RETURNING 1
)
SELECT count(*) FROM gone
"""
DROP_DAY: Final = "SELECT telemetry_frames_drop($1::date)"
"""True when the day was empty, and is gone."""
_DAYS: Final = text(
    "SELECT to_date(substr(relname, 2), 'YYYYMMDD') FROM pg_class"
    " WHERE relnamespace = 'telemetry_frames_days'::regnamespace AND relkind = 'r' ORDER BY 1"
)


async def list_days(session: AsyncSession) -> list[date]:
    """The days (UTC) that there is a partition for."""
    return list((await session.scalars(_DAYS)).all())


async def forgotten(session: AsyncSession) -> dict[int, date]:
    """How far each kind was gone through."""
    rows = (await session.scalars(select(TelemetryForgotten))).all()
    return {row.kind: row.before for row in rows}


async def find_hold(session: AsyncSession, incident_id: UUID) -> TelemetryHold | None:
    """The hold that is on an incident now, locked."""
    query = select(TelemetryHold).where(TelemetryHold.incident_id == incident_id, TelemetryHold.lifted_at.is_(None))
    return await session.scalar(query.with_for_update())


async def list_held(session: AsyncSession) -> Sequence[UUID]:
    """The incidents that are held."""
    return (await session.scalars(select(TelemetryHold.incident_id).where(TelemetryHold.lifted_at.is_(None)))).all()
