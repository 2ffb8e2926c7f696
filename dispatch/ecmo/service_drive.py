"""How long the drive under way still takes: kept with its mission, whose times and gas move with it.

Before the team has left it is the vehicle's way to the team. A way that is closed ahead makes it longer, and so does
a vehicle that stands: then it is the soonest by which another one can have taken over. Where every way is closed it is
told that there is none. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import find_active
from dispatch.dispatching.service_times import project_clearing
from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.queries_breakdown import find_meeting, find_standing
from dispatch.ecmo.queries_missions import get_mission
from dispatch.ecmo.rules_figures import FIGURES
from dispatch.ecmo.service_gas import expected_of, forget_drive
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
    """A mission's vehicle under way: where it is, and where it goes.

    via: where it takes the patient or the team over before. stands: the vehicle that does not drive; what drives on
    from there is another one, which comes after waits_s.
    """

    mission_id: UUID
    state: MissionState
    start: GeoPoint
    goal: GeoPoint
    via: GeoPoint | None = None
    stands: UUID | None = None
    waits_s: float = 0.0

    @property
    def ways(self) -> tuple[tuple[GeoPoint, GeoPoint], ...]:
        """From where to where it drives."""
        return ((self.start, self.goal),) if self.via is None else ((self.start, self.via), (self.via, self.goal))

    @property
    def stays_s(self) -> float:
        """Seconds that it does not drive: until another one is there, and while that takes over."""
        takes_over = self.via is not None or self.waits_s > 0.0
        return self.waits_s + (FIGURES.minutes["load"].likely if takes_over else 0.0)

    def taken_over(self, comes_s: Collection[float]) -> Drive:
        """The same where it stands, with the first of those that come after so many seconds; none: as if it drove on.

        Who comes is not asked yet: it is the soonest that it can go on.
        """
        return replace(self, waits_s=min(comes_s, default=0.0))


async def list_drives(session: AsyncSession, region: str, now: datetime) -> list[Drive]:
    """The missions whose vehicle drives to the team, to the patient or with him, if it is known where it is.

    Those too whose vehicle stands, with or without the patient; before the team has left, another one comes anyway.
    """
    state, kind = EcmoMission.state, EcmoMission.plan_kind
    goal = case(
        (and_(state == MissionState.PREPARING, kind.in_((PlanKind.ROAD, PlanKind.RENDEZVOUS))), EcmoMission.centre_id),
        (and_(state == MissionState.OUTBOUND, kind == PlanKind.RENDEZVOUS), EcmoMission.plan_via),
        (state == MissionState.OUTBOUND, EcmoMission.from_hospital_id),
        (state == MissionState.RETURNING, EcmoMission.to_hospital_id),
    )
    rows = await session.execute(
        select(EcmoMission, Hospital)
        .join(Hospital, Hospital.id == goal)
        .where(
            EcmoMission.region == region,
            EcmoMission.incident_id.is_not(None),
            # What a vehicle drives to an airport tells nothing of when the flight arrives.
            or_(kind.is_(None), kind.not_in((PlanKind.HELICOPTER, PlanKind.FIXED_WING))),
        )
        .order_by(EcmoMission.id)
    )
    told = [await _drive(session, one, GeoPoint(to.lat, to.lon), now) for one, to in rows.all()]
    return [one for one in told if one is not None]


async def _drive(session: AsyncSession, mission: EcmoMission, goal: GeoPoint, now: datetime) -> Drive | None:
    standing, state = await find_standing(session, mission), MissionState(mission.state)
    if standing is not None:
        there = await session.get(UnitLatestPosition, standing.unit_id)
        if there is None or state is MissionState.PREPARING:
            return None
        return Drive(mission.id, state, GeoPoint(there.lat, there.lon), goal, stands=standing.unit_id)
    there = None if mission.unit_id is None else await session.get(UnitLatestPosition, mission.unit_id)
    if there is None or there.at < now - POSITION_FOR:
        return None
    return Drive(mission.id, state, GeoPoint(there.lat, there.lon), goal, await find_meeting(session, mission, now))


async def keep_drive(act: Act, drive: Drive, seconds: float) -> EcmoMission:
    """Keep how many seconds of road remain. An arrival that slipped is told to both sides, and to who sends vehicles.

    Raises NotFound (`ecmo_mission.not_found`).
    """
    async with act.together():
        row = await get_mission(act.session, act.region, drive.mission_id, lock=True)
        if row.state != drive.state:
            return row
        now = act.clock.now()
        if row.no_way_at is not None:
            # There is one again, and it is told in any case.
            forget_drive(row)
        arrives = now + timedelta(seconds=seconds)
        row.drive_at, row.drive_s, row.drive_slow_s = now, seconds, seconds * FIGURES.slow_factor
        await act.session.flush()
        if row.drive_told is None or abs(arrives - row.drive_told) >= TELLS:
            row.drive_told = arrives
            await _clears(act, row)
            await note(act, row, Noted.RETIMED, row.id)
        return row


async def lose_way(act: Act, drive: Drive) -> EcmoMission:
    """Keep that no open road leads to where it drives, and tell both sides and who sends vehicles, once.

    What the road said before counts no more. Raises NotFound (`ecmo_mission.not_found`).
    """
    async with act.together():
        row = await get_mission(act.session, act.region, drive.mission_id, lock=True)
        if row.state == drive.state and row.no_way_at is None:
            forget_drive(row)
            row.no_way_at = act.clock.now()
            await note(act, row, Noted.NO_WAY, row.id)
        return row


async def _clears(act: Act, row: EcmoMission) -> None:
    """Until when the vehicle is gone, as who sends vehicles sees it."""
    expected = await expected_of(act.session, row, act.clock.now())
    bed = next((one for one in expected if one.mark is PlanMark.BED), None)
    assignment = None if row.unit_id is None else await find_active(act.session, row.unit_id)
    if bed is not None and assignment is not None and assignment.incident_id == row.incident_id:
        await project_clearing(act, assignment.id, bed.slow)
