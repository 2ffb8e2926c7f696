"""The people of a region, as they are kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.roads.rules_people import People, unpack
from dispatch.roads.tables_people import Population


async def find_population(session: AsyncSession, region: str) -> Population | None:
    """What a region's file of people was, or None."""
    found = await session.scalars(
        select(Population).where(Population.region == region), execution_options={"populate_existing": True}
    )
    return found.one_or_none()


async def find_people(session: AsyncSession, region: str) -> People | None:
    """The people of a region by cells, or None where nobody has said."""
    row = await find_population(session, region)
    if row is None:
        return None
    return People(*unpack(row.content), source=row.source, estimate=row.estimate, imported_at=row.imported_at)
