"""Who was on board of vehicles of which station, and when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.units.tables import Unit
from dispatch.units.tables_crew import CrewDuty


async def list_duties(
    session: AsyncSession, region: str, since: datetime, until: datetime
) -> list[tuple[UUID, datetime, datetime | None]]:
    """Station, beginning and end (None: still) of each crew duty of a region that touches a span."""
    rows = await session.execute(
        select(Unit.station_id, CrewDuty.from_at, CrewDuty.until_at)
        .join(Unit, Unit.id == CrewDuty.unit_id)
        .where(
            Unit.region == region,
            CrewDuty.voided_at.is_(None),
            CrewDuty.from_at < until,
            or_(CrewDuty.until_at.is_(None), CrewDuty.until_at > since),
        )
    )
    return [(station, begins, ends) for station, begins, ends in rows]
