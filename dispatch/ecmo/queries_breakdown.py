"""Which vehicle of a mission stands, and whether the police was called for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import list_of_incident
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.telemetry.detection.states import CREW
from dispatch.telemetry.detection.tables import Detection

ABOARD: Final = "breakdown_aboard"
STANDS: Final = "breakdown"
POLICE: Final = "police"
"""As a crew calls for them (`api.detections.crew_calls`)."""


@dataclass(frozen=True, slots=True)
class Stands:
    """A vehicle that stands. police_at: when the dispatch centre was called for the police; None: it was not."""

    unit_id: UUID
    police_at: datetime | None


async def find_standing(session: AsyncSession, mission: EcmoMission) -> Stands | None:
    """The vehicle by which a mission stands until another one comes; None: it does not stand."""
    if mission.unit_id is not None or mission.incident_id is None or MissionState(mission.state) in MISSION_OVER:
        return None
    wanted = select(Detection).where(
        Detection.incident_id == mission.incident_id,
        Detection.code.in_([f"{CREW}{one}" for one in (ABOARD, STANDS, POLICE)]),
    )
    called = (await session.scalars(wanted.order_by(Detection.raised_at, Detection.id))).all()
    stood = [one.unit_id for one in called if one.code != f"{CREW}{POLICE}"]
    if not stood:
        # Nobody was called: the one that was sent last is the one that was meant.
        stood = [one.unit_id for one in await list_of_incident(session, mission.incident_id)]
    if not stood:
        return None
    police = [one.raised_at for one in called if one.code == f"{CREW}{POLICE}" and one.unit_id == stood[-1]]
    return Stands(stood[-1], max(police, default=None))
