"""Who has reached a dispatcher's scene, or drives there: for the time without flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import list_of_incident
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables_duty import UnitStatusRow
from dispatch.units.tables_position import UnitLatestPosition
from geo.points import GeoPoint

POSITION_FOR: Final = timedelta(minutes=2)
"""Of an older position nobody knows how far the vehicle has come since."""
_ABOARD: Final = frozenset({UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL})
_THERE: Final = frozenset({UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT})
_COMING: Final = frozenset({UnitStatus.ASSIGNED, UnitStatus.EN_ROUTE})


@dataclass(frozen=True, slots=True)
class SceneNow:
    """How far the vehicles of an incident are. coming: where those that drive there are; to_scene_s: by road."""

    is_there: bool
    is_aboard: bool
    coming: tuple[GeoPoint, ...]
    to_scene_s: float | None = None


async def scene_now(session: AsyncSession, incident_id: UUID, now: datetime) -> SceneNow:
    """Look at the vehicles that an incident has now, by what their crews said last."""
    units = [one.unit_id for one in await list_of_incident(session, incident_id, active_only=True)]
    wanted = select(UnitStatusRow.unit_id, UnitStatusRow.status).where(UnitStatusRow.unit_id.in_(units))
    said = {row.unit_id: row.status for row in await session.execute(wanted)}
    where = await session.scalars(
        select(UnitLatestPosition)
        .where(
            UnitLatestPosition.unit_id.in_([one for one in units if said.get(one) in _COMING]),
            UnitLatestPosition.at >= now - POSITION_FOR,
        )
        .order_by(UnitLatestPosition.unit_id)
    )  # fmt: skip
    statuses = set(said.values())
    return SceneNow(
        bool(statuses & _THERE), bool(statuses & _ABOARD), tuple(GeoPoint(one.lat, one.lon) for one in where)
    )  # fmt: skip
