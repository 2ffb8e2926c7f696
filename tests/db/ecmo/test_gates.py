"""Every desk is warned of a gate that is passed with items open, also by a vehicle that moves without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.missions import BY_ROAD, Missions, make_missions

from dispatch.ecmo.queries_gates import OpenGate, list_open_gates
from dispatch.ecmo.rules_kit import items_of
from dispatch.ecmo.service_journey import advance, ask_vehicle, explain_passage
from dispatch.ecmo.service_kit import book_person
from dispatch.ecmo.service_lists import tick
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import CheckList, GateReason, Passage, TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanMark
from dispatch.kernel.db import Database
from dispatch.units.states_duty import UnitStatus

pytestmark = pytest.mark.database
BASE, PATIENT = CheckList.LEAVING_BASE, CheckList.LEAVING_WITH_PATIENT


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def told(missions: Missions) -> list[OpenGate]:
    async with missions.database.read() as session:
        return await list_open_gates(session, "aksu", missions.centre.clock.now())


async def test_who_left_with_items_open_is_told_until_a_reason_or_the_end(missions: Missions) -> None:
    made, lead = await missions.mission(), missions.people[0]
    await missions.done(lambda act: book_person(act, made, lead, TeamRole.LEAD))
    await missions.done(lambda act: tick(act, made, BASE, "team"))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, override=True), lead)
    (gate,) = await told(missions)
    assert (gate.how, gate.actor, gate.checklist) == (Passage.OVERRIDDEN, f"person:{lead}", BASE)
    assert gate.open_items == tuple(one for one in items_of(BASE, Mode.VV) if one != "team")
    await missions.done(lambda act: explain_passage(act, gate.id, GateReason.WORSENS))
    assert await told(missions) == []
    for state in (MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    (gate,) = await told(missions)
    assert (gate.how, gate.checklist) == (Passage.OPEN, PATIENT)
    await missions.done(lambda act: advance(act, made, MissionState.DIED))
    assert await told(missions) == []


async def test_a_vehicle_that_moves_though_nobody_put_it_down_is_told(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    await missions.done(lambda act: ask_vehicle(act, made, unit))
    run = await missions.centre.active(0)
    assert run is not None
    await missions.centre.say(0, UnitStatus.EN_ROUTE, run_id=run.id)
    # It may be fetching the team, until the team should have left.
    assert await told(missions) == []
    missions.later(BY_ROAD.marks[PlanMark.WHEELS].likely / 60)
    (gate,) = await told(missions)
    assert (gate.id, gate.how, gate.checklist, gate.call_sign) == (made, None, BASE, "示例-000")
    assert gate.since == missions.centre.clock.now() - timedelta(seconds=BY_ROAD.marks[PlanMark.WHEELS].likely)
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    assert [one.how for one in await told(missions)] == [Passage.OPEN]
    for state in (MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT):
        await missions.done(lambda act, one=state: advance(act, made, one))
    for status in (UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT, UnitStatus.TRANSPORTING):
        await missions.centre.say(0, status, run_id=run.id)
    assert [(one.how, one.checklist) for one in await told(missions)] == [(Passage.OPEN, BASE), (None, PATIENT)]
