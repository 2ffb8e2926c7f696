"""Oxygen that will not reach alarms under way, long before the need, and is over with what is read next."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.missions import Missions, make_missions
from sqlalchemy import select

from dispatch.ecmo.rules_figures import Times
from dispatch.ecmo.rules_oxygen import Demand
from dispatch.ecmo.service_journey import ChosenPlan, advance, ask_vehicle, choose_plan
from dispatch.ecmo.service_kit import book_kit, read_pressure, tell_demand
from dispatch.ecmo.service_running import keep_up
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.kernel.db import Database
from dispatch.telemetry.detection.tables import Detection

pytestmark = pytest.mark.database


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def told(missions: Missions, patient_id: UUID | None) -> list[tuple[str, str | None, bool]]:
    async with missions.database.read() as session:
        found = await session.scalars(
            select(Detection).where(Detection.patient_id == patient_id).order_by(Detection.code)
        )
        return [(one.code, one.priority, one.ended_at is None) for one in found]


async def test_oxygen_alarms_an_hour_before_it_would_not_reach_and_louder_where_it_does_not(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    cylinders = [missions.kit[f"cylinder-{place}"] for place in (1, 2, 3)]
    for key in cylinders:
        await missions.done(lambda act, one=key: book_kit(act, made, one))

    async def reads(bar: float) -> None:
        for key in cylinders:
            await missions.done(lambda act, one=key: read_pressure(act, made, one, bar, is_open=True))
        await missions.done(lambda act: keep_up(act, made))

    # 10 L/min at FiO2 1.0; the bed is two hours off when all goes slowly.
    await missions.done(lambda act: tell_demand(act, made, Demand(5.0, 5.0, 0.0, 0.5)))
    seconds = dict(zip(PlanMark, (0.0, 0.0, 3_600.0, 3_600.0, 7_200.0, 7_200.0), strict=True))
    marks = {mark: Times(one, one) for mark, one in seconds.items()}
    await missions.done(lambda act: choose_plan(act, made, ChosenPlan(PlanKind.ROAD, marks)))
    await reads(50.0)  # 855 L, 85 min: before the team is with him the gate tells it
    assert await told(missions, row.patient_id) == []
    for state in (MissionState.OUTBOUND, MissionState.AT_PATIENT):
        await missions.done(lambda act, one=state: advance(act, made, one))
    short = ("circuit.oxygen_short", "high")
    assert await told(missions, row.patient_id) == [(*short, True)]
    await reads(70.0)  # 1,425 L, 142 min: it reaches, with less than an hour to spare
    low = ("circuit.oxygen_low", "medium")
    assert await told(missions, row.patient_id) == [(*low, True), (*short, False)]
    await reads(150.0)
    assert await told(missions, row.patient_id) == [(*low, False), (*short, False)]
    await reads(50.0)
    assert await told(missions, row.patient_id) == [(*low, False), (*short, True)]
    await missions.done(lambda act: advance(act, made, MissionState.DIED))
    assert all(not running for *_, running in await told(missions, row.patient_id))
