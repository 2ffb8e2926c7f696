"""Every question to the table of hospitals."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.errors import NotFound


async def list_hospitals(session: AsyncSession, region: str) -> Sequence[Hospital]:
    """The region's hospitals, by code; those outside it are left out."""
    wanted = select(Hospital).where(Hospital.region == region, Hospital.is_outside.is_(False))
    return (await session.scalars(wanted.order_by(Hospital.code))).all()


async def list_ecmo_centres(session: AsyncSession, region: str) -> Sequence[Hospital]:
    """Hospitals that can be asked for ECMO, those outside the region too: the region's first, by code."""
    can = literal(HospitalCapability.ECMO.value) == any_(Hospital.capabilities)
    wanted = select(Hospital).where(Hospital.region == region, can)
    return (await session.scalars(wanted.order_by(Hospital.is_outside, Hospital.code))).all()


async def get_hospital(session: AsyncSession, region: str, hospital_id: UUID) -> Hospital:
    """One hospital. Raises NotFound (`hospital.not_found`)."""
    found = await session.scalar(select(Hospital).where(Hospital.region == region, Hospital.id == hospital_id))
    if found is None:
        raise NotFound("hospital.not_found", "There is no such hospital in this region.")
    return found
