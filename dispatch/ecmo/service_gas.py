"""Oxygen and power of a mission by what was last read, for the time that remains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.queries_missions import (
    find_demand,
    list_battery_tests,
    list_bookings,
    list_kit,
    list_pressures,
    list_steps,
)
from dispatch.ecmo.rules_figures import Times
from dispatch.ecmo.rules_oxygen import MEASURED, Cylinder, Demand, OxygenTold, judge_oxygen
from dispatch.ecmo.rules_power import WITHOUT_VEHICLE_MIN, Battery, PowerTold, judge_power
from dispatch.ecmo.rules_retiming import Expected, by_road, retime
from dispatch.ecmo.service_circuit import measured_of, patient_of
from dispatch.ecmo.states import Go
from dispatch.ecmo.states_kit import EcmoKitKind
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanMark
from dispatch.ecmo.tables_missions import EcmoMission

MARK_OF: Final = {
    MissionState.OUTBOUND: PlanMark.WHEELS,
    MissionState.AT_PATIENT: PlanMark.AT_PATIENT,
    MissionState.ON_CIRCUIT: PlanMark.ON_CIRCUIT,
    MissionState.RETURNING: PlanMark.DEPARTED,
    MissionState.ARRIVED: PlanMark.ARRIVED,
    MissionState.HANDED_OVER: PlanMark.BED,
}
_ENDS_WITH: Final = {MissionState.OUTBOUND: PlanMark.AT_PATIENT, MissionState.RETURNING: PlanMark.ARRIVED}
_MINUTE: Final = 60.0
DRIVING: Final = frozenset({MissionState.PREPARING, MissionState.OUTBOUND, MissionState.RETURNING})
DRIVE_FOR: Final = timedelta(minutes=5)
"""So long what the road said counts on, less what has passed since; then the plan counts again."""


@dataclass(frozen=True, slots=True)
class Gas:
    """How oxygen and power stand. minutes: until the bed when all goes slowly; None: no plan tells.

    oxygen: None where that or the demand is not known; power: of each battery. What is not known is never GO.
    """

    at: datetime
    minutes: float | None
    demand: Demand | None
    cylinders: tuple[tuple[UUID, Cylinder], ...]
    oxygen: OxygenTold | None
    batteries: tuple[tuple[UUID, Battery], ...]
    power: tuple[PowerTold, ...]

    @property
    def oxygen_go(self) -> bool:
        """Whether oxygen is known to reach."""
        return self.oxygen is not None and self.oxygen.go is Go.GO

    @property
    def power_go(self) -> bool:
        """Whether every battery is known to reach, and there is one."""
        return bool(self.power) and all(one.go is Go.GO for one in self.power)

    @property
    def untrue(self) -> frozenset[str]:
        """Items of gates that are not so now, whoever ticked them before: a cylinder was read too long ago."""
        return frozenset({*(() if self.oxygen_go else ("oxygen_go",)), *(() if self.power_go else ("power_go",))})


async def expected_of(
    session: AsyncSession, mission: EcmoMission, now: datetime, remaining: Times | None = None
) -> tuple[Expected, ...]:
    """The mission's moments as things stand: the chosen plan's, and what the road alone tells where no plan does.

    remaining: seconds of the drive under way.
    """
    road = remaining or _remains(mission, now)
    told = await _planned(session, mission, now, road)
    ends = _ENDS_WITH.get(MissionState(mission.state))
    return told if ends is None or road is None else by_road(told, ends, now, road)


async def _planned(
    session: AsyncSession, mission: EcmoMission, now: datetime, road: Times | None
) -> tuple[Expected, ...]:
    if mission.planned_at is None or mission.plan_marks is None:
        return ()
    marks = {PlanMark(name): Times(*pair) for name, pair in mission.plan_marks.items()}
    happened = {
        MARK_OF[state]: row.at
        for row in await list_steps(session, mission.id)
        if (state := MissionState(row.state)) in MARK_OF
    }
    if mission.state == MissionState.PREPARING:
        # The vehicle is on its way to the team, which may be ready before it or after it.
        return retime(mission.planned_at, marks, happened, now, awaited=road)
    return retime(mission.planned_at, marks, happened, now, road)


def forget_drive(mission: EcmoMission) -> None:
    """What the road said of the drive counts no more: another one begins, or it leads nowhere."""
    mission.drive_at = mission.drive_s = mission.drive_slow_s = mission.drive_told = mission.no_way_at = None


def _remains(mission: EcmoMission, now: datetime) -> Times | None:
    """What remains of the drive under way by what the road said last; None: nobody knows."""
    if mission.state not in DRIVING or mission.drive_at is None or mission.drive_s is None:
        return None
    since = now - mission.drive_at
    if since > DRIVE_FOR:
        return None
    slow_s = mission.drive_s if mission.drive_slow_s is None else mission.drive_slow_s
    return Times(max(0.0, mission.drive_s - since.total_seconds()), max(0.0, slow_s - since.total_seconds()))


async def gas_of(session: AsyncSession, mission: EcmoMission, now: datetime, expected: tuple[Expected, ...]) -> Gas:
    """Judge oxygen and power of a mission now."""
    bed = next((one for one in expected if one.mark is PlanMark.BED), None)
    minutes = None if bed is None else max(0.0, (bed.slow - now).total_seconds() / _MINUTE)
    row = await find_demand(session, mission.id)
    demand = None if row is None else Demand(row.sweep, row.minute_volume, row.bias, row.fio2, other=row.other)
    if demand is not None and (patient_id := await patient_of(session, mission)) is not None:
        # What flows counts before what somebody read once.
        demand = demand.measured(await measured_of(session, patient_id, MEASURED, now))
    kit = {one.id: one for one in await list_kit(session, mission.region)}
    own = {one.kit_id for one in await list_bookings(session, mission.id) if one.kit_id and one.until_at is None}
    read = await list_pressures(session, mission.id)
    cylinders = []
    for key in sorted(own):
        piece = kit[key]
        if piece.kind == EcmoKitKind.CYLINDER and piece.water_l is not None:
            told = read.get(key)
            one = (
                Cylinder(piece.code, piece.water_l)
                if told is None
                else Cylinder(piece.code, piece.water_l, told.bar, told.at, told.is_open)
            )
            cylinders.append((key, one))
    tests = await list_battery_tests(session, mission.id)
    batteries = []
    for key in sorted(own):
        piece = kit[key]
        if piece.kind == EcmoKitKind.BATTERY and piece.capacity_wh is not None:
            test = tests.get(key)
            # What was never tried has not been seen to take over, and counts with nothing.
            one_battery = (
                Battery(piece.code, piece.capacity_wh, 0.0, 0.0, 0.0, changeover=False)
                if test is None
                else Battery(
                    piece.code, piece.capacity_wh, test.health, test.load_w, test.temperature_c,
                    changeover=test.changeover,
                )
            )  # fmt: skip
            batteries.append((key, one_battery))
    oxygen = None
    if minutes is not None and demand is not None:
        oxygen = judge_oxygen([one for _, one in cylinders], demand, minutes, now)
    power = judge_power([one for _, one in batteries], WITHOUT_VEHICLE_MIN)
    return Gas(now, minutes, demand, tuple(cylinders), oxygen, tuple(batteries), power)
