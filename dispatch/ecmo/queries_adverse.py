"""Adverse events of missions, read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_adverse import EcmoAdverse
from dispatch.ecmo.tables_journey import EcmoStep
from dispatch.kernel.errors import NotFound


async def list_adverse(session: AsyncSession, mission_ids: Collection[UUID]) -> Sequence[EcmoAdverse]:
    """The events of some missions that count, the oldest first."""
    wanted = select(EcmoAdverse).where(EcmoAdverse.mission_id.in_(mission_ids), EcmoAdverse.withdrawn_at.is_(None))
    return (await session.scalars(wanted.order_by(EcmoAdverse.at, EcmoAdverse.id))).all()


async def get_adverse(session: AsyncSession, event_id: UUID, *, lock: bool = False) -> EcmoAdverse:
    """One event, its row locked if asked. Raises NotFound (`ecmo_adverse.not_found`)."""
    found = await session.get(EcmoAdverse, event_id, with_for_update=lock)
    if found is None:
        raise NotFound("ecmo_adverse.not_found", "There is no such adverse event.")
    return found


async def phase_at(session: AsyncSession, mission_id: UUID, at: datetime) -> MissionState:
    """The state that a mission was in at a true time."""
    wanted = select(EcmoStep.state).where(EcmoStep.mission_id == mission_id, EcmoStep.at <= at)
    found = await session.scalar(wanted.order_by(EcmoStep.at.desc(), EcmoStep.entered_at.desc()).limit(1))
    return MissionState.PREPARING if found is None else MissionState(found)
