"""Which vehicle of a mission stands, and whether the police was called for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import find_active, list_of_incident
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.states_incidents import PlaceSource
from dispatch.incidents.tables_incidents import IncidentPlace
from dispatch.telemetry.detection.states import CREW
from dispatch.telemetry.detection.tables import Detection
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables_duty import UnitStatusRow
from geo.points import GeoPoint

ABOARD: Final = "breakdown_aboard"
STANDS: Final = "breakdown"
POLICE: Final = "police"
"""As a crew calls for them (`api.detections.crew_calls`)."""
_HAS_HIM: Final = (UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL)


@dataclass(frozen=True, slots=True)
class Stands:
    """A vehicle that stands. police_at: when the dispatch centre was called for the police; None: it was not."""

    unit_id: UUID
    police_at: datetime | None


async def find_standing(session: AsyncSession, mission: EcmoMission) -> Stands | None:
    """The vehicle by which a mission stands until another one is asked for; None: it does not stand.

    Whose crew has called that it stands, and calls still, is one of these, though the mission has it yet.
    """
    if mission.incident_id is None or MissionState(mission.state) in MISSION_OVER:
        return None
    wanted = select(Detection).where(
        Detection.incident_id == mission.incident_id,
        Detection.code.in_([f"{CREW}{one}" for one in (ABOARD, STANDS, POLICE)]),
    )
    run = None if mission.unit_id is None else await find_active(session, mission.unit_id)
    called = (await session.scalars(wanted.order_by(Detection.raised_at, Detection.id))).all()
    stood = [
        one.unit_id
        for one in called
        if one.code != f"{CREW}{POLICE}"
        and (mission.unit_id is None or (run is not None and one.assignment_id == run.id and one.ended_at is None))
    ]
    if not stood and mission.unit_id is None:
        # Nobody was called: the one that was sent last is the one that was meant.
        stood = [one.unit_id for one in await list_of_incident(session, mission.incident_id)]
    if not stood:
        return None
    police = [one.raised_at for one in called if one.code == f"{CREW}{POLICE}" and one.unit_id == stood[-1]]
    return Stands(stood[-1], max(police, default=None))


async def find_meeting(session: AsyncSession, mission: EcmoMission) -> GeoPoint | None:
    """Where a patient waits, on his circuit, for the vehicle that is to take over; None: the mission's own has him.

    It has him once its crew says that they leave with him: until then the way is the one to him, and on.
    """
    if mission.state != MissionState.RETURNING or mission.unit_id is None or mission.incident_id is None:
        return None
    status = await session.scalar(select(UnitStatusRow.status).where(UnitStatusRow.unit_id == mission.unit_id))
    if status in _HAS_HIM:
        return None
    places = select(IncidentPlace).where(IncidentPlace.incident_id == mission.incident_id)
    place = await session.scalar(places.order_by(IncidentPlace.version.desc()).limit(1))
    if place is None or place.place_source != PlaceSource.VEHICLE or place.lat is None or place.lon is None:
        return None
    return GeoPoint(place.lat, place.lon)
