"""Which vehicle of a mission stands, whether the police was called for it, and who waits by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import find_active, list_of_incident
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_journey import EcmoStep
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.states_incidents import PlaceSource
from dispatch.incidents.tables_incidents import IncidentPlace
from dispatch.telemetry.detection.states import CREW
from dispatch.telemetry.detection.tables import Detection
from dispatch.units.queries_position import find_position_at, list_track
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables_duty import UnitStatusRow
from geo.points import GeoPoint, haversine_m

ABOARD: Final = "breakdown_aboard"
STANDS: Final = "breakdown"
POLICE: Final = "police"
"""As a crew calls for them (`api.detections.crew_calls`)."""
MEETS_M: Final = 200.0
"""A vehicle that was so near to one that stands has what that carried: on the same stretch, with their errors."""
_NOW: Final = timedelta(microseconds=1)
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


async def find_meeting(session: AsyncSession, mission: EcmoMission, now: datetime) -> GeoPoint | None:
    """Where the patient, on his circuit, or before that the team waits for the vehicle that is to take over.

    None: the mission's own has them. It has the patient once its crew says that they leave with him, the team once it
    was where that stands: until then the way is the one there, and on.
    """
    if mission.unit_id is None or mission.incident_id is None:
        return None
    if mission.state == MissionState.OUTBOUND:
        return await _team(session, mission, mission.unit_id, now)
    if mission.state != MissionState.RETURNING:
        return None
    status = await session.scalar(select(UnitStatusRow.status).where(UnitStatusRow.unit_id == mission.unit_id))
    if status in _HAS_HIM:
        return None
    places = select(IncidentPlace).where(IncidentPlace.incident_id == mission.incident_id)
    place = await session.scalar(places.order_by(IncidentPlace.version.desc()).limit(1))
    if place is None or place.place_source != PlaceSource.VEHICLE or place.lat is None or place.lon is None:
        return None
    return GeoPoint(place.lat, place.lon)


async def _team(session: AsyncSession, mission: EcmoMission, unit_id: UUID, now: datetime) -> GeoPoint | None:
    """Where the team waits by a vehicle that broke down on the way to the patient, as long as nobody was there."""
    called = select(Detection).where(
        Detection.incident_id == mission.incident_id,
        Detection.code == f"{CREW}{STANDS}",
        Detection.unit_id != unit_id,
    )
    last = await session.scalar(called.order_by(Detection.raised_at.desc(), Detection.id.desc()).limit(1))
    left = select(EcmoStep.at).where(EcmoStep.mission_id == mission.id, EcmoStep.state == MissionState.OUTBOUND)
    left_at = await session.scalar(left.order_by(EcmoStep.at.desc()).limit(1))
    if last is None or left_at is None or last.raised_at < left_at:
        return None
    stood = await find_position_at(session, last.unit_id, last.raised_at, not_before=left_at)
    if stood is None:
        return None
    track = await list_track(session, unit_id, last.raised_at, now + _NOW)
    was_there = any(haversine_m(stood.lat, stood.lon, one.lat, one.lon) <= MEETS_M for one in track)
    return None if was_there else GeoPoint(stood.lat, stood.lon)
