"""A patient on a circuit who is taken to another hospital: its bed, its arrival, and who is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.missions import BY_ROAD, Missions, make_missions
from factories.receiving import lines

from dispatch.ecmo.queries_diversion import list_diversions
from dispatch.ecmo.queries_missions import list_promises
from dispatch.ecmo.service_adverse import AdverseGiven, put_down
from dispatch.ecmo.service_breakdown import break_down
from dispatch.ecmo.service_diversion import Diverted, demands_of, divert, whereabouts
from dispatch.ecmo.service_gas import expected_of, gas_of
from dispatch.ecmo.service_journey import ChosenPlan, advance, ask_vehicle, choose_plan
from dispatch.ecmo.service_lists import ask_promise, settle_promise
from dispatch.ecmo.states_adverse import AdverseItem
from dispatch.ecmo.states_diversion import Demand, DivertReason
from dispatch.ecmo.states_kit import Promise
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.hospitals.states_status import BedKind
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, NotFound, Refused

pytestmark = pytest.mark.database
TO_CIRCUIT = (MissionState.OUTBOUND, MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT)


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def under_way(missions: Missions, *states: MissionState) -> UUID:
    made = await missions.mission()
    await missions.done(lambda act: ask_vehicle(act, made, missions.centre.units[0]))
    for state in states:
        await missions.done(lambda act, one=state: advance(act, made, one))
    return made


async def demands(missions: Missions, made: UUID) -> set[Demand]:
    now = missions.centre.clock.now()
    async with missions.database.read() as session:
        row = await missions.row(made)
        return set(
            await demands_of(session, row, await gas_of(session, row, now, await expected_of(session, row, now)))
        )


async def test_who_is_diverted_has_a_new_arrival_and_a_bed_asked_for_and_both_hospitals_are_told(
    missions: Missions,
) -> None:
    made = await under_way(missions, *TO_CIRCUIT, MissionState.RETURNING)
    for what in (Promise.BED, Promise.RECEIVING_TEAM, Promise.RELATIVES):
        bed = BedKind.ICU if what is Promise.BED else None
        await missions.done(lambda act, one=what, kind=bed: ask_promise(act, made, one, bed=kind))
    doctor, there = missions.people[0], missions.far
    with pytest.raises(Conflict) as same:
        await missions.done(lambda act: divert(act, made, Diverted(missions.near, DivertReason.WORSENS)))
    assert same.value.code == "ecmo_diversion.same"
    with pytest.raises(NotFound):
        await missions.done(lambda act: divert(act, made, Diverted(UUID(int=7), DivertReason.WORSENS)))
    # He left earlier than planned, and drives for ten minutes already.
    missions.later(10)
    now = missions.centre.clock.now()
    to = Diverted(there, DivertReason.WORSENS, 900.0, now - timedelta(seconds=30))
    row = await missions.done(lambda act: divert(act, made, to), doctor)
    assert row.to_hospital_id == there
    async with missions.database.read() as session:
        told = {one.mark: one for one in await expected_of(session, row, now)}
        held = {one.what: one for one in await list_promises(session, made)}
        (kept,) = await list_diversions(session, made)
    # Fifteen minutes of road from where it was thirty seconds ago.
    assert told[PlanMark.ARRIVED].likely == now + timedelta(seconds=870)
    after = BY_ROAD.marks[PlanMark.BED].likely - BY_ROAD.marks[PlanMark.ARRIVED].likely
    assert told[PlanMark.BED].likely == told[PlanMark.ARRIVED].likely + timedelta(seconds=after)
    # What the road said is forgotten after some minutes: the plan says the same then.
    async with missions.database.read() as session:
        later = {one.mark: one for one in await expected_of(session, row, now + timedelta(minutes=6))}
    assert later[PlanMark.ARRIVED].likely == now + timedelta(seconds=870)
    # What the former one held is given up; relatives were told all the same.
    assert set(held) == {"bed", "relatives"}
    assert (held["bed"].asked_at, held["bed"].acknowledged_at) == (now, None)
    assert (kept.was_to_id, kept.reason, kept.actor) == (missions.near, "worsens", f"person:{doctor}")
    (line,) = await lines(missions.centre, "ecmo.mission_diverted")
    assert len(line["payload"]["concerned"]) == 3


async def test_where_nobody_knows_where_he_is_no_arrival_is_told(missions: Missions) -> None:
    made = await under_way(missions, *TO_CIRCUIT, MissionState.RETURNING)
    async with missions.database.read() as session:
        assert await whereabouts(session, await missions.row(made), missions.centre.clock.now()) is None
    row = await missions.done(lambda act: divert(act, made, Diverted(missions.far, DivertReason.ROAD)))
    now = missions.centre.clock.now()
    async with missions.database.read() as session:
        told = {one.mark for one in await expected_of(session, row, now)}
        gas = await gas_of(session, row, now, await expected_of(session, row, now))
    assert told.isdisjoint({PlanMark.ARRIVED, PlanMark.BED})
    assert (gas.minutes, gas.oxygen_go) == (None, False)


async def test_before_he_leaves_the_arrival_follows_the_plan_and_before_the_circuit_nobody_is_diverted(
    missions: Missions,
) -> None:
    made = await under_way(missions)
    with pytest.raises(Conflict) as early:
        await missions.done(lambda act: divert(act, made, Diverted(missions.far, DivertReason.BED_TAKEN)))
    assert early.value.code == "ecmo_diversion.state"
    for state in TO_CIRCUIT:
        await missions.done(lambda act, one=state: advance(act, made, one))
    now = missions.centre.clock.now()
    async with missions.database.read() as session:
        place = await whereabouts(session, await missions.row(made), now)
    assert place is not None
    to = Diverted(missions.far, DivertReason.BED_TAKEN, 600.0, place.at)
    row = await missions.done(lambda act: divert(act, made, to))
    assert row.plan_marks is not None
    departed = BY_ROAD.marks[PlanMark.DEPARTED]
    assert row.plan_marks["arrived"][0] == departed.likely + 600
    assert row.drive_at is None


async def test_a_patient_in_the_air_is_not_diverted_from_a_desk(missions: Missions) -> None:
    made = await under_way(missions, *TO_CIRCUIT)
    await missions.done(lambda act: choose_plan(act, made, ChosenPlan(PlanKind.HELICOPTER, BY_ROAD.marks)))
    await missions.done(lambda act: advance(act, made, MissionState.RETURNING))
    with pytest.raises(Refused) as flown:
        await missions.done(lambda act: divert(act, made, Diverted(missions.far, DivertReason.WORSENS, 600.0)))
    assert flown.value.code == "ecmo_diversion.flown"


async def test_what_demands_another_hospital(missions: Missions) -> None:
    made = await under_way(missions, *TO_CIRCUIT)
    await missions.done(lambda act: put_down(act, made, AdverseGiven(UUID(int=1), AdverseItem.CLOT, 1)))
    assert await demands(missions, made) == set()
    await missions.done(lambda act: advance(act, made, MissionState.RETURNING))
    missions.later(1)
    await missions.done(lambda act: put_down(act, made, AdverseGiven(UUID(int=2), AdverseItem.BLEEDING, 3)))
    assert await demands(missions, made) == set()
    await missions.done(lambda act: put_down(act, made, AdverseGiven(UUID(int=3), AdverseItem.BLEEDING, 2)))
    assert await demands(missions, made) == {Demand.ADVERSE}
    bed = await missions.done(lambda act: ask_promise(act, made, Promise.BED, bed=BedKind.ICU))
    await missions.done(lambda act: settle_promise(act, bed.id, holds=False))
    await missions.done(lambda act: break_down(act, made, UUID(int=4)))
    assert await demands(missions, made) == {Demand.ADVERSE, Demand.BED, Demand.VEHICLE}
