"""How long the drive under way still takes: kept with its mission, whose times and gas move with it.

Before the team has left it is the vehicle's way to the team. A way that is closed ahead makes it longer, and so does
a vehicle that stands. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import find_active
from dispatch.dispatching.service_times import project_clearing
from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.queries_breakdown import find_meeting
from dispatch.ecmo.queries_missions import get_mission
from dispatch.ecmo.rules_figures import FIGURES
from dispatch.ecmo.service_gas import expected_of
from dispatch.ecmo.service_journey import note
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.units.tables_position import UnitLatestPosition
from geo.points import GeoPoint

TELLS: Final = timedelta(minutes=5)
"""An arrival that is so much later or earlier than was told last is told anew."""
POSITION_FOR: Final = timedelta(minutes=2)
"""Of an older position nobody knows how far the vehicle has come since."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A mission's vehicle under way: where it is, and where it goes. via: where it takes the patient over before."""

    mission_id: UUID
    state: MissionState
    start: GeoPoint
    goal: GeoPoint
    via: GeoPoint | None = None

    @property
    def ways(self) -> tuple[tuple[GeoPoint, GeoPoint], ...]:
        """From where to where it drives."""
        return ((self.start, self.goal),) if self.via is None else ((self.start, self.via), (self.via, self.goal))

    @property
    def stays_s(self) -> float:
        """Seconds that it stays on its way, to take him over."""
        return 0.0 if self.via is None else FIGURES.minutes["load"].likely


async def list_drives(session: AsyncSession, region: str, now: datetime) -> list[Drive]:
    """The missions whose vehicle drives to the team, to the patient or with him, if it is known where it is."""
    state, kind = EcmoMission.state, EcmoMission.plan_kind
    goal = case(
        (and_(state == MissionState.PREPARING, kind.in_((PlanKind.ROAD, PlanKind.RENDEZVOUS))), EcmoMission.centre_id),
        (and_(state == MissionState.OUTBOUND, kind == PlanKind.RENDEZVOUS), EcmoMission.plan_via),
        (state == MissionState.OUTBOUND, EcmoMission.from_hospital_id),
        (state == MissionState.RETURNING, EcmoMission.to_hospital_id),
    )
    rows = await session.execute(
        select(EcmoMission, UnitLatestPosition, Hospital)
        .join(UnitLatestPosition, UnitLatestPosition.unit_id == EcmoMission.unit_id)
        .join(Hospital, Hospital.id == goal)
        .where(
            EcmoMission.region == region,
            UnitLatestPosition.at >= now - POSITION_FOR,
            # What a vehicle drives to an airport tells nothing of when the flight arrives.
            or_(kind.is_(None), kind.not_in((PlanKind.HELICOPTER, PlanKind.FIXED_WING))),
        )
        .order_by(EcmoMission.id)
    )
    return [
        Drive(
            one.id, MissionState(one.state), GeoPoint(there.lat, there.lon), GeoPoint(to.lat, to.lon),
            await find_meeting(session, one),
        )
        for one, there, to in rows.all()
    ]  # fmt: skip


async def keep_drive(act: Act, drive: Drive, seconds: float) -> EcmoMission:
    """Keep how many seconds of road remain. An arrival that slipped is told to both sides, and to who sends vehicles.

    Raises NotFound (`ecmo_mission.not_found`).
    """
    async with act.together():
        row = await get_mission(act.session, act.region, drive.mission_id, lock=True)
        if row.state != drive.state:
            return row
        now = act.clock.now()
        arrives = now + timedelta(seconds=seconds)
        row.drive_at, row.drive_s, row.drive_slow_s = now, seconds, seconds * FIGURES.slow_factor
        await act.session.flush()
        if row.drive_told is None or abs(arrives - row.drive_told) >= TELLS:
            row.drive_told = arrives
            await _clears(act, row)
            await note(act, row, Noted.RETIMED, row.id)
        return row


async def _clears(act: Act, row: EcmoMission) -> None:
    """Until when the vehicle is gone, as who sends vehicles sees it."""
    expected = await expected_of(act.session, row, act.clock.now())
    bed = next((one for one in expected if one.mark is PlanMark.BED), None)
    assignment = None if row.unit_id is None else await find_active(act.session, row.unit_id)
    if bed is not None and assignment is not None and assignment.incident_id == row.incident_id:
        await project_clearing(act, assignment.id, bed.slow)
