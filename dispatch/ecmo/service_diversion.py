"""A mission goes to another hospital: what demands it, where it could go, and going there. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.events_journey import MissionDiverted
from dispatch.ecmo.queries_adverse import list_adverse
from dispatch.ecmo.queries_breakdown import find_meeting, find_standing
from dispatch.ecmo.queries_diversion import HavensNow, Whereabouts, find_position, has_high_alarm, has_lost_bed
from dispatch.ecmo.queries_missions import concerned_by, list_promises, list_steps
from dispatch.ecmo.rules_diversion import FIGURES, GRAVE, Haven
from dispatch.ecmo.rules_figures import FIGURES as PLANS
from dispatch.ecmo.service_circuit import patient_of
from dispatch.ecmo.service_gas import Gas, forget_drive
from dispatch.ecmo.service_journey import lock_mission
from dispatch.ecmo.service_lists import ask_promise
from dispatch.ecmo.states import Go
from dispatch.ecmo.states_diversion import Demand, DivertReason
from dispatch.ecmo.states_kit import Promise
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.ecmo.tables_diversion import EcmoDiversion
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.queries import get_hospital
from dispatch.hospitals.states_status import BedKind
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, Refused
from geo.points import GeoPoint
from geo.speeds import EMERGENCY, Profile
from geo.travel import Question, TravelTimes

DIVERTED_FROM: Final = frozenset({MissionState.ON_CIRCUIT, MissionState.RETURNING})
OLD: Final = timedelta(seconds=FIGURES["position_s"])
_HELD_THERE: Final = frozenset({Promise.BED, Promise.CATH_LAB, Promise.THEATRE, Promise.RECEIVING_TEAM})
_FLOWN: Final = frozenset({PlanKind.HELICOPTER, PlanKind.FIXED_WING})


@dataclass(frozen=True, slots=True)
class Diverted:
    """Where to, why, and how the drive stands. seconds: of road from where the patient is; known_at: by which time.

    None: nobody knows, and no arrival is told then.
    """

    hospital_id: UUID
    reason: DivertReason
    seconds: float | None = None
    known_at: datetime | None = None


async def whereabouts(session: AsyncSession, mission: EcmoMission, now: datetime) -> Whereabouts | None:
    """Where the patient is: in his vehicle once it left, be it that it stands; else at the hospital. None: unknown."""
    if mission.state != MissionState.RETURNING:
        if mission.from_hospital_id is None:
            return None
        origin = await get_hospital(session, mission.region, mission.from_hospital_id)
        return Whereabouts(GeoPoint(origin.lat, origin.lon), now)
    meeting = await find_meeting(session, mission, now)
    if meeting is not None:
        return Whereabouts(meeting, now)
    if mission.unit_id is not None:
        return await find_position(session, mission.unit_id)
    standing = await find_standing(session, mission)
    return None if standing is None else await find_position(session, standing.unit_id)


async def demands_of(session: AsyncSession, mission: EcmoMission, gas: Gas) -> tuple[Demand, ...]:
    """What demands that another hospital is looked for."""
    patient_id = await patient_of(session, mission)
    on_the_way = mission.state == MissionState.RETURNING
    events = await list_adverse(session, [mission.id])
    grave = any(one.severity <= GRAVE and one.phase == MissionState.RETURNING for one in events)
    seen = {
        Demand.ALARM: patient_id is not None and await has_high_alarm(session, patient_id),
        Demand.ADVERSE: grave,
        Demand.OXYGEN: gas.oxygen is not None and gas.oxygen.go is Go.NO_GO,
        Demand.VEHICLE: on_the_way and mission.unit_id is None,
        Demand.ROAD: on_the_way and mission.no_way_at is not None,
        Demand.BED: await has_lost_bed(session, mission.id),
    }
    return tuple(one for one, is_so in seen.items() if is_so)


def havens_of(
    travel: TravelTimes, found: HavensNow, there: Whereabouts | None, now: datetime, profile: Profile = EMERGENCY
) -> list[Haven]:
    """The hospitals with road times from where the patient is. It computes for some milliseconds; thread-safe."""
    hospitals = found.hospitals
    seconds: Sequence[float | None] = [None] * len(hospitals)
    if there is not None and hospitals:
        goals = [GeoPoint(one.lat, one.lon) for one in hospitals]
        told = travel.matrix([there.point], goals, Question(profile, at=now, closures_at=now))
        seconds = [ms / 1_000 if (ms := int(told.time_ms[0, place])) >= 0 else None for place in range(len(goals))]
    return [
        Haven(one.id, {service.service: service for service in found.services[one.id]}, found.beds.get(one.id, {}), eta)
        for one, eta in zip(hospitals, seconds, strict=True)
    ]


async def divert(act: Act, mission_id: UUID, diverted: Diverted, version: int | None = None) -> EcmoMission:
    """Take the patient to another hospital from now on, by name and with a reason.

    What the former one held is given up, a bed is asked for at the new one, the plan's arrival is told anew, and both
    hospitals are told. Raises as `lock_mission`; Conflict (`ecmo_diversion.state`, `ecmo_diversion.same`); Refused
    (`ecmo_diversion.flown`): a patient in the air is taken elsewhere by its pilot; NotFound (`hospital.not_found`).
    """
    async with act.together():
        row = await lock_mission(act, mission_id, version)
        if MissionState(row.state) not in DIVERTED_FROM:
            raise Conflict(
                "ecmo_diversion.state", "The patient is not on the way.", "Before that, choose the plan and the bed."
            )
        if row.state == MissionState.RETURNING and row.plan_kind in _FLOWN:
            raise Refused("ecmo_diversion.flown", "He flies: where to is the pilot's to say.", "Ask the operator.")
        if diverted.hospital_id == row.to_hospital_id:
            raise Conflict("ecmo_diversion.same", "He is brought there already.")
        await get_hospital(act.session, act.region, diverted.hospital_id)
        before = await concerned_by(act.session, row)
        now, was_to = act.clock.now(), row.to_hospital_id
        row.to_hospital_id, row.version = diverted.hospital_id, row.version + 1
        _retime(row, diverted, now, await _left_at(act.session, row))
        kept = EcmoDiversion(
            id=act.new_id(), mission_id=row.id, was_to_id=was_to, to_hospital_id=row.to_hospital_id,
            reason=diverted.reason, at=now, actor=act.actor,
        )  # fmt: skip
        act.session.add(kept)
        for promise in await list_promises(act.session, row.id):
            if Promise(promise.what) in _HELD_THERE:
                promise.ended_at, promise.ended_by = now, act.actor
        await act.session.flush()
        concerned = tuple(sorted({*before, *await concerned_by(act.session, row)}))
        act.tell(
            MissionDiverted(
                mission_id=row.id, request_id=row.request_id, region=act.region, concerned=concerned,
                diversion_id=kept.id, was_to_id=was_to, to_hospital_id=row.to_hospital_id, reason=diverted.reason,
            )
        )  # fmt: skip
        await ask_promise(act, row.id, Promise.BED, bed=BedKind.ICU)
        return row


async def _left_at(session: AsyncSession, row: EcmoMission) -> datetime | None:
    steps = await list_steps(session, row.id)
    return next((one.at for one in reversed(steps) if one.state == MissionState.RETURNING), None)


def _retime(row: EcmoMission, diverted: Diverted, now: datetime, left_at: datetime | None) -> None:
    """The plan's arrival and bed from the drive that is new; where nobody knows it, they are told no more.

    What has passed since he left counts to the drive, so that both stay behind the departure, whenever that truly was.
    """
    forget_drive(row)
    if row.planned_at is None or row.plan_marks is None:
        return
    marks = dict(row.plan_marks)
    arrived, bed = marks.pop(PlanMark.ARRIVED, None), marks.pop(PlanMark.BED, None)
    departed = marks.get(PlanMark.DEPARTED)
    seconds, known_at = diverted.seconds, diverted.known_at
    if arrived and bed and departed and seconds is not None and known_at is not None:
        slow = seconds * PLANS.slow_factor
        gone = 0.0 if left_at is None else max(0.0, (known_at - left_at).total_seconds())
        there = [departed[0] + gone + seconds, departed[1] + gone + slow]
        marks[PlanMark.ARRIVED] = there
        marks[PlanMark.BED] = [there[place] + bed[place] - arrived[place] for place in (0, 1)]
        if left_at is not None:
            row.drive_at, row.drive_s, row.drive_slow_s = known_at, seconds, slow
            row.drive_told = max(now, known_at + timedelta(seconds=seconds))
    row.plan_marks = marks
