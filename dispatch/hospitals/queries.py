"""Every question to the table of hospitals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.tables import Hospital


async def list_hospitals(session: AsyncSession, region: str) -> Sequence[Hospital]:
    """The region's hospitals, by code."""
    return (await session.scalars(select(Hospital).where(Hospital.region == region).order_by(Hospital.code))).all()
