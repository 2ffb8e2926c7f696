"""Missions under way on a real PostgreSQL: what the circuit is judged by, and whose record the vehicle carries."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.missions import BY_ROAD, MARKS, Missions, make_missions

from dispatch.clinical.rules_circuit import CircuitSetting, Ends
from dispatch.dispatching.queries import find_active
from dispatch.ecmo.queries_adverse import list_adverse
from dispatch.ecmo.rules_retiming import Expected
from dispatch.ecmo.service_adverse import AdverseGiven, correct, put_down, take_back
from dispatch.ecmo.service_drive import Drive, keep_drive, list_drives
from dispatch.ecmo.service_gas import expected_of
from dispatch.ecmo.service_journey import ChosenPlan, advance, ask_vehicle, choose_plan, say_fit_to_move
from dispatch.ecmo.service_way import set_limits, tell_unplugging
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_adverse import AdverseCategory, AdverseItem
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, Refused
from dispatch.telemetry.detection.queries import Seat
from dispatch.telemetry.detection.queries_circuits import list_settings
from dispatch.telemetry.detection.queries_patients import list_places
from dispatch.telemetry.detection.states import Side
from geo.points import GeoPoint

pytestmark = pytest.mark.database
TO_CIRCUIT = (MissionState.OUTBOUND, MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT)
SEAT: Seat = (Side.DISPATCH, "示例医院")


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def test_a_circuit_is_judged_by_what_was_set_by_name_and_unplugging_is_expected(missions: Missions) -> None:
    made, unit = await missions.mission(Mode.VA), missions.centre.units[0]
    with pytest.raises(Refused) as refused:
        await missions.done(lambda act: tell_unplugging(act, made))
    assert refused.value.code == "ecmo_mission.no_patient"
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    assert row.patient_id is not None
    key = row.patient_id
    limits = {"ecmo_flow": (Ends(None, None), Ends(1.8, None))}
    await missions.done(
        lambda act: set_limits(act, made, CircuitSetting(flow_set=3.1, sweep_set=4.0, limits=limits), by_office=True)
    )
    none = CircuitSetting(limits={"ecmo_flow": (Ends(None, None), Ends(None, None))})
    with pytest.raises(Invalid):
        await missions.done(lambda act: set_limits(act, made, none, by_office=True))
    await missions.done(lambda act: tell_unplugging(act, made))
    now = missions.centre.clock.now()
    async with missions.database.read() as session:
        patient = await session.get_one(Patient, key)
        assert (patient.incident_id, patient.sex) == (row.incident_id, "male")
        (setting,) = (await list_settings(session, [key])).values()
        assert setting == CircuitSetting("va", 3.1, 4.0, limits, now + timedelta(seconds=300))
        assert (await list_places(session, [unit], now)).lying == {}


async def test_who_leaves_with_the_patient_is_expected_to_unplug(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    await missions.done(lambda act: say_fit_to_move(act, made))
    for state in (MissionState.AT_PATIENT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    async with missions.database.read() as session:
        (setting,) = (await list_settings(session, [row.patient_id] if row.patient_id else [])).values()
    # Nothing was measured: nothing is set of it.
    assert (setting.mode, setting.flow_set, setting.sweep_set) == ("vv", None, None)
    assert setting.unplugged_until == missions.centre.clock.now() + timedelta(seconds=300)


async def test_the_drive_under_way_moves_times_gas_and_until_when_the_vehicle_is_gone(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    await missions.done(lambda act: ask_vehicle(act, made, unit))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    here, now = GeoPoint(41.0, 80.0), missions.centre.clock.now()
    drive = Drive(made, MissionState.OUTBOUND, here, here)
    row = await missions.done(lambda act: keep_drive(act, drive, 6_000.0))
    version = row.version

    async def at_patient() -> Expected:
        async with missions.database.read() as session:
            told = await expected_of(session, await missions.row(made), missions.centre.clock.now())
        return next(one for one in told if one.mark is PlanMark.AT_PATIENT)

    assert (await at_patient()).likely == now + timedelta(seconds=6_000)
    async with missions.database.read() as session:
        assignment = await find_active(session, unit)
        bed = next(one for one in await expected_of(session, row, now) if one.mark is PlanMark.BED)
        assert assignment is not None
        assert assignment.clear_at == bed.slow
    # A minute later as long again less a minute: nothing slipped, and nobody is told.
    missions.later(1)
    assert (await missions.done(lambda act: keep_drive(act, drive, 5_940.0))).version == version
    # The road ahead is closed: half an hour more, which is told.
    row = await missions.done(lambda act: keep_drive(act, drive, 7_740.0))
    assert row.drive_told == now + timedelta(seconds=7_800)
    # Times move by themselves: who presses the next step meanwhile is not held up.
    assert row.version == version
    assert (await at_patient()).likely == now + timedelta(seconds=7_800)
    # What the road said long ago counts no more, and of another drive it never does.
    missions.later(6)
    assert (await at_patient()).likely != now + timedelta(seconds=7_800)
    row = await missions.done(lambda act: advance(act, made, MissionState.AT_PATIENT))
    assert row.drive_at is None
    assert (await missions.done(lambda act: keep_drive(act, drive, 10.0))).drive_at is None


async def test_the_team_does_not_leave_before_its_vehicle_has_come(missions: Missions) -> None:
    """A plan was timed with a vehicle near by; the one that was asked for comes from far."""
    made, unit = await missions.mission(), missions.centre.units[0]

    async def told() -> dict[PlanMark, Expected]:
        async with missions.database.read() as session:
            now = missions.centre.clock.now()
            return {one.mark: one for one in await expected_of(session, await missions.row(made), now)}

    before, now = await told(), missions.centre.clock.now()
    await missions.done(lambda act: ask_vehicle(act, made, unit))
    here = GeoPoint(41.0, 80.0)
    await missions.done(lambda act: keep_drive(act, Drive(made, MissionState.PREPARING, here, here), 6_000.0))
    after = await told()
    assert after[PlanMark.WHEELS].likely == now + timedelta(seconds=6_000)
    moved = after[PlanMark.WHEELS].likely - before[PlanMark.WHEELS].likely
    assert after[PlanMark.BED].likely == before[PlanMark.BED].likely + moved
    # One that is there before the team is ready makes nobody sooner.
    await missions.done(lambda act: keep_drive(act, Drive(made, MissionState.PREPARING, here, here), 60.0))
    assert await told() == before


async def test_who_drives_is_known_by_state_and_by_a_position_of_now(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    await missions.done(lambda act: ask_vehicle(act, made, unit))

    async def drives() -> list[Drive]:
        async with missions.database.read() as session:
            return await list_drives(session, "aksu", missions.centre.clock.now())

    async def goal(hospital: UUID) -> GeoPoint:
        async with missions.database.read() as session:
            row = await session.get_one(Hospital, hospital)
            return GeoPoint(row.lat, row.lon)

    await missions.centre.place(0, 41.0, 80.0)
    # Before the team has left its vehicle comes to it.
    (drive,) = await drives()
    assert (drive.mission_id, drive.state, drive.goal) == (made, MissionState.PREPARING, await goal(missions.near))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    (drive,) = await drives()
    assert (drive.mission_id, drive.state, drive.goal) == (made, MissionState.OUTBOUND, await goal(missions.far))
    meeting = ChosenPlan(PlanKind.RENDEZVOUS, MARKS, via=missions.near)
    await missions.done(lambda act: choose_plan(act, made, meeting))
    (drive,) = await drives()
    assert drive.goal == await goal(missions.near)
    # Who flies is not expected by how long the road is.
    flight = ChosenPlan(PlanKind.HELICOPTER, MARKS, aircraft="example-heli-1")
    await missions.done(lambda act: choose_plan(act, made, flight))
    assert await drives() == []
    await missions.done(lambda act: choose_plan(act, made, BY_ROAD))
    assert len(await drives()) == 1
    missions.later(3)
    assert await drives() == []


async def test_an_adverse_event_has_name_time_and_phase_and_is_corrected_once(missions: Missions) -> None:
    made, doctor = await missions.mission(), missions.people[0]
    begun = missions.centre.clock.now()
    missions.later(10)
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    missions.later(5)
    first, second, third = (UUID(int=place) for place in (1, 2, 3))
    given = AdverseGiven(first, AdverseItem.BLEEDING, 2)
    row = await missions.done(lambda act: put_down(act, made, given), doctor)
    assert (row.category, row.phase, row.actor) == ("patient", "outbound", f"person:{doctor}")
    # Sent twice it is one; another one under its id is refused.
    await missions.done(lambda act: put_down(act, made, given), doctor)
    with pytest.raises(Conflict, match="Another event"):
        await missions.done(lambda act: put_down(act, made, AdverseGiven(first, AdverseItem.AIR, 2)))
    later = begun + timedelta(days=1)
    with pytest.raises(Invalid, match="later than now"):
        await missions.done(lambda act: put_down(act, made, AdverseGiven(second, AdverseItem.AIR, 2, at=later)))
    early = AdverseGiven(second, AdverseItem.BLEEDING, 1, AdverseCategory.STAFF, begun)
    graver = await missions.done(lambda act: correct(act, first, early))
    assert (graver.replaces, graver.phase, graver.at) == (first, "preparing", begun)
    with pytest.raises(Conflict) as past:
        await missions.done(lambda act: correct(act, first, AdverseGiven(third, AdverseItem.AIR, 3)))
    assert past.value.code == "ecmo_adverse.past"
    # Also once all is over.
    await missions.done(lambda act: advance(act, made, MissionState.STOOD_DOWN))
    await missions.done(lambda act: put_down(act, made, AdverseGiven(third, AdverseItem.DELAY, 4)))
    async with missions.database.read() as session:
        assert [one.id for one in await list_adverse(session, [made])] == [second, third]
    await missions.done(lambda act: take_back(act, third))
    async with missions.database.read() as session:
        assert [one.id for one in await list_adverse(session, [made])] == [second]
