"""Every question to what hospitals said of their services and beds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.rules_status import Limit, Services
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import LimitKind, LimitReason
from dispatch.hospitals.tables import Hospital
from dispatch.hospitals.tables_status import HospitalBedMove, HospitalBeds, HospitalLimit
from dispatch.kernel.errors import NotFound


async def lock_hospital(session: AsyncSession, region: str, hospital_id: UUID) -> Hospital:
    """One hospital, its row locked until the transaction ends. Raises NotFound (`hospital.not_found`)."""
    found = await session.scalar(
        select(Hospital)
        .where(Hospital.region == region, Hospital.id == hospital_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("hospital.not_found", "There is no such hospital in this region.")
    return found


async def get_limit(session: AsyncSession, region: str, limit_id: UUID) -> HospitalLimit:
    """One limit of the region's hospitals. Raises NotFound (`limit.not_found`)."""
    found = await session.scalar(
        select(HospitalLimit)
        .join(Hospital, Hospital.id == HospitalLimit.hospital_id)
        .where(Hospital.region == region, HospitalLimit.id == limit_id)
    )
    if found is None:
        raise NotFound("limit.not_found", "There is no such limit in this region.")
    return found


async def list_limits_held(session: AsyncSession, region: str, at: datetime) -> Sequence[HospitalLimit]:
    """The limits in force at a time, the oldest first."""
    return await _limits(
        session,
        region,
        HospitalLimit.until_at > at,
        HospitalLimit.begins_at <= at,
        or_(HospitalLimit.ended_at.is_(None), HospitalLimit.ended_at > at),
    )


async def list_limits_since(session: AsyncSession, region: str, since: datetime) -> Sequence[HospitalLimit]:
    """The limits said since a time, the oldest first."""
    return await _limits(session, region, HospitalLimit.begins_at >= since)


async def _limits(session: AsyncSession, region: str, *where: object) -> Sequence[HospitalLimit]:
    chosen = select(HospitalLimit).join(Hospital, Hospital.id == HospitalLimit.hospital_id)
    chosen = chosen.where(Hospital.region == region, *where)  # type: ignore[arg-type]
    return (await session.scalars(chosen.order_by(HospitalLimit.begins_at, HospitalLimit.id))).all()


async def find_beds(session: AsyncSession, hospital_id: UUID, kind: str) -> HospitalBeds | None:
    """The count of one kind of beds; None: nobody has counted."""
    return await session.get(HospitalBeds, (hospital_id, kind), populate_existing=True)


async def list_beds(session: AsyncSession, region: str) -> Sequence[HospitalBeds]:
    """The counts of all hospitals of a region, by hospital and kind."""
    chosen = select(HospitalBeds).join(Hospital, Hospital.id == HospitalBeds.hospital_id)
    chosen = chosen.where(Hospital.region == region).order_by(HospitalBeds.hospital_id, HospitalBeds.kind)
    return (await session.scalars(chosen)).all()


async def list_bed_moves(session: AsyncSession, hospital_id: UUID, most: int) -> Sequence[HospitalBedMove]:
    """The last moves of a hospital's beds, the newest first."""
    chosen = select(HospitalBedMove).where(HospitalBedMove.hospital_id == hospital_id)
    chosen = chosen.order_by(HospitalBedMove.at.desc(), HospitalBedMove.id.desc()).limit(most)
    return (await session.scalars(chosen)).all()


def as_limits(rows: Iterable[HospitalLimit]) -> list[Limit]:
    """As rules take them."""
    return [
        Limit(
            row.id, row.hospital_id, HospitalCapability(row.service), LimitKind(row.kind), LimitReason(row.reason),
            row.begins_at, row.until_at, row.ended_at,
        )
        for row in rows
    ]  # fmt: skip


def as_services(rows: Iterable[Hospital]) -> list[Services]:
    """As rules take them."""
    return [Services(row.id, frozenset(map(HospitalCapability, row.capabilities))) for row in rows]
