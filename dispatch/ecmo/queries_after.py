"""Every question to what is kept of transfers that are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.tables_after import EcmoOutcome
from dispatch.ecmo.tables_journey import EcmoPressure, EcmoStep
from dispatch.ecmo.tables_kit import EcmoKit
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest


async def list_outcomes(session: AsyncSession, mission_ids: Collection[UUID]) -> Sequence[EcmoOutcome]:
    """All entries of these missions, the oldest first; the newest of a moment counts."""
    wanted = select(EcmoOutcome).where(EcmoOutcome.mission_id.in_(mission_ids))
    return (await session.scalars(wanted.order_by(EcmoOutcome.entered_at, EcmoOutcome.id))).all()


async def find_mission_of(session: AsyncSession, request_id: UUID) -> EcmoMission | None:
    """The mission of a request: the one that was not stood down, else the last; None without one."""
    wanted = select(EcmoMission).where(EcmoMission.request_id == request_id)
    found: EcmoMission | None = await session.scalar(
        wanted.order_by((EcmoMission.state == "stood_down"), EcmoMission.began_at.desc()).limit(1)
    )
    return found


async def list_between(
    session: AsyncSession, region: str, begins: datetime, until: datetime
) -> Sequence[tuple[EcmoRequest, EcmoMission | None]]:
    """Requests put before a centre in [begins, until), each with its mission, the oldest first."""
    wanted = select(EcmoRequest).where(
        EcmoRequest.region == region, EcmoRequest.asked_at >= begins, EcmoRequest.asked_at < until,
        EcmoRequest.joined_into.is_(None),
    )  # fmt: skip
    requests = (await session.scalars(wanted.order_by(EcmoRequest.asked_at, EcmoRequest.id))).all()
    missions = await session.scalars(
        select(EcmoMission)
        .where(EcmoMission.request_id.in_([one.id for one in requests]))
        .ext(distinct_on(EcmoMission.request_id))
        .order_by(EcmoMission.request_id, (EcmoMission.state == "stood_down"), EcmoMission.began_at.desc())
    )
    by_request = {one.request_id: one for one in missions}
    return [(one, by_request.get(one.id)) for one in requests]


async def steps_of(session: AsyncSession, mission_ids: Collection[UUID]) -> dict[UUID, list[EcmoStep]]:
    """The steps of many missions, each in the order in which they truly were."""
    wanted = select(EcmoStep).where(EcmoStep.mission_id.in_(mission_ids))
    found: defaultdict[UUID, list[EcmoStep]] = defaultdict(list)
    for one in await session.scalars(wanted.order_by(EcmoStep.at, EcmoStep.entered_at, EcmoStep.id)):
        found[one.mission_id].append(one)
    return found


async def list_all_pressures(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoPressure]:
    """Every reading of the cylinders of a mission, the oldest first."""
    wanted = select(EcmoPressure).where(EcmoPressure.mission_id == mission_id)
    return (await session.scalars(wanted.order_by(EcmoPressure.at, EcmoPressure.id))).all()


async def kit_named(session: AsyncSession, kit_ids: Collection[UUID]) -> dict[UUID, EcmoKit]:
    """Pieces of kit by their ids."""
    return {one.id: one for one in await session.scalars(select(EcmoKit).where(EcmoKit.id.in_(kit_ids)))}
