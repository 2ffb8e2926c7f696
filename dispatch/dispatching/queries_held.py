"""The times of vehicles in which they had an incident that is held."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.tables import Assignment
from dispatch.telemetry.service_retention import Held

MARGIN: Final = timedelta(hours=2)
"""Before and after a run: what was measured until the patient was attached, and after the handover."""


async def list_held_times(session: AsyncSession, incident_ids: Collection[UUID], now: datetime) -> list[Held]:
    """The runs of these incidents, with a margin on both sides."""
    if not incident_ids:
        return []
    query = select(Assignment.unit_id, Assignment.assigned_at, Assignment.ended_at)
    rows = (await session.execute(query.where(Assignment.incident_id.in_(incident_ids)))).all()
    return [Held(unit_id, begins - MARGIN, (ends or now) + MARGIN) for unit_id, begins, ends in rows]
