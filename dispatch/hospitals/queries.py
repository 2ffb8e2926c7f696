"""Every question to the table of hospitals."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.tables import Hospital
from dispatch.kernel.errors import NotFound


async def list_hospitals(session: AsyncSession, region: str) -> Sequence[Hospital]:
    """The region's hospitals, by code."""
    return (await session.scalars(select(Hospital).where(Hospital.region == region).order_by(Hospital.code))).all()


async def get_hospital(session: AsyncSession, region: str, hospital_id: UUID) -> Hospital:
    """One hospital. Raises NotFound (`hospital.not_found`)."""
    found = await session.scalar(select(Hospital).where(Hospital.region == region, Hospital.id == hospital_id))
    if found is None:
        raise NotFound("hospital.not_found", "There is no such hospital in this region.")
    return found
