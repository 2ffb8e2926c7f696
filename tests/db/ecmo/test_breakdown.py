"""A mission's vehicle breaks down, or is changed, on a real PostgreSQL: who is called, who takes over, where he is."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.missions import Missions, make_missions

from dispatch.clinical.states import AlarmPriority
from dispatch.dispatching.queries import find_active
from dispatch.dispatching.service_calling_off import stand_down
from dispatch.ecmo.queries_adverse import list_adverse
from dispatch.ecmo.queries_breakdown import Stands, find_standing
from dispatch.ecmo.service_breakdown import break_down
from dispatch.ecmo.service_diversion import whereabouts
from dispatch.ecmo.service_drive import Drive, list_drives
from dispatch.ecmo.service_journey import advance, ask_vehicle
from dispatch.ecmo.states_missions import MissionState
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict
from dispatch.telemetry.detection.queries import Seat, list_open
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.detection.states import Side
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint

pytestmark = pytest.mark.database
TO_CIRCUIT = (MissionState.OUTBOUND, MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT)
SEAT: Seat = (Side.DISPATCH, "示例医院")


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def test_a_vehicle_that_stands_is_told_by_name_and_another_comes_to_the_same_incident(missions: Missions) -> None:
    made, (first, second) = await missions.mission(), missions.centre.units[:2]
    event = UUID(int=9)
    with pytest.raises(Conflict) as none:
        await missions.done(lambda act: break_down(act, made, event))
    assert none.value.code == "ecmo_mission.no_vehicle"
    before = await missions.done(lambda act: ask_vehicle(act, made, first))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    told = await missions.done(lambda act: break_down(act, made, event), missions.people[0])
    assert (told.mission.unit_id, told.called) == (None, True)
    row = await missions.done(lambda act: ask_vehicle(act, made, second))
    assert (row.unit_id, row.incident_id, row.patient_id) == (second, before.incident_id, before.patient_id)
    async with missions.database.read() as session:
        (adverse,) = await list_adverse(session, [made])
        # The one that stands still has its crew there.
        old, new = await find_active(session, first), await find_active(session, second)
    assert (adverse.item, adverse.category, adverse.phase) == ("vehicle", "vehicle", "outbound")
    assert old is not None
    assert new is not None
    assert old.incident_id == new.incident_id


async def test_dispatch_and_police_are_called_for_a_vehicle_that_stands_with_the_patient(missions: Missions) -> None:
    made, (first, second) = await missions.mission(), missions.centre.units[:2]
    await missions.done(lambda act: ask_vehicle(act, made, first))
    for state in (*TO_CIRCUIT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    await missions.centre.place(0, 41.05, 80.05)
    await missions.done(lambda act: break_down(act, made, UUID(int=9)))
    row = await missions.row(made)
    async with missions.database.read() as session:
        told = await list_open(session, "aksu", [SEAT])
        incident = await session.get_one(Incident, row.incident_id)
        standing = await find_standing(session, row)
        there = await whereabouts(session, row, missions.centre.clock.now())
    called = {one.code: (one.priority, one.unit_id) for one in told}
    assert called == {"crew.breakdown_aboard": ("high", first), "crew.police": ("medium", first)}
    # Whoever takes over goes to where it stands, and other hospitals are looked for from there.
    assert (incident.lat, incident.lon) == (41.05, 80.05)
    assert standing == Stands(first, next(one.raised_at for one in told if one.code == "crew.police"))
    assert there is not None
    assert there.point == GeoPoint(41.05, 80.05)
    # The next one breaks down as well: the first, mended, comes again to the same incident.
    await missions.done(lambda act: ask_vehicle(act, made, second))
    await missions.done(lambda act: break_down(act, made, UUID(int=10)))
    async with missions.database.read() as session:
        later = await find_standing(session, await missions.row(made))
    assert later is not None
    assert later.unit_id == second
    run = await missions.centre.active(0)
    assert run is not None
    await missions.done(lambda act: stand_down(act, run.id))
    assert (await missions.done(lambda act: ask_vehicle(act, made, first))).incident_id == row.incident_id


async def test_who_takes_over_drives_to_the_patient_first_and_a_crew_says_by_itself_that_it_stands(
    missions: Missions,
) -> None:
    made, (first, second) = await missions.mission(), missions.centre.units[:2]
    await missions.done(lambda act: ask_vehicle(act, made, first))
    for state in (*TO_CIRCUIT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    await missions.centre.say(0, UnitStatus.TRANSPORTING)
    await missions.centre.place(0, 41.05, 80.05)

    async def stands() -> Stands | None:
        async with missions.database.read() as session:
            return await find_standing(session, await missions.row(made))

    async def drive() -> Drive:
        async with missions.database.read() as session:
            (found,) = await list_drives(session, "aksu", missions.centre.clock.now())
            return found

    async def patient() -> GeoPoint:
        async with missions.database.read() as session:
            found = await whereabouts(session, await missions.row(made), missions.centre.clock.now())
        assert found is not None
        return found.point

    assert await stands() is None
    # Its crew calls by its own button, and is over it again.
    run = await missions.centre.active(0)
    assert run is not None
    now = missions.centre.clock.now()
    for over, expected in ((False, Stands(first, None)), (True, None)):
        sign = Sign("crew.breakdown_aboard", now, now, AlarmPriority.HIGH, over=over)
        found = Found(Subject(first, 0, run.incident_id, assignment_id=run.id), sign)
        await missions.done(lambda act, one=found: keep_found(act, [one]))
        assert await stands() == expected
    await missions.done(lambda act: break_down(act, made, UUID(int=9)))
    await missions.done(lambda act: ask_vehicle(act, made, second))
    await missions.centre.place(1, 41.2, 80.2)
    here, stood = GeoPoint(41.2, 80.2), GeoPoint(41.05, 80.05)
    goal = (await drive()).goal
    # The patient is where the first one stands, and not where the second one is.
    assert ((await drive()).ways, await patient()) == (((here, stood), (stood, goal)), stood)
    assert (await drive()).stays_s == 600.0
    await missions.centre.say(1, UnitStatus.TRANSPORTING)
    assert ((await drive()).ways, await patient()) == (((here, goal),), here)


async def test_a_vehicle_that_was_asked_for_is_changed_by_name_or_once_it_was_called_off(missions: Missions) -> None:
    made, (first, second) = await missions.mission(), missions.centre.units[:2]
    before = await missions.done(lambda act: ask_vehicle(act, made, first))
    with pytest.raises(Conflict) as there:
        await missions.done(lambda act: ask_vehicle(act, made, second))
    assert there.value.code == "ecmo_mission.vehicle"
    row = await missions.done(lambda act: ask_vehicle(act, made, second, instead=True))
    assert (row.unit_id, row.incident_id, row.patient_id) == (second, before.incident_id, before.patient_id)
    with pytest.raises(Conflict):
        await missions.done(lambda act: ask_vehicle(act, made, second, instead=True))
    # The dispatcher calls both off: the mission may ask again, and needs no word for it.
    for unit in (0, 1):
        run = await missions.centre.active(unit)
        assert run is not None
        await missions.done(lambda act, one=run.id: stand_down(act, one))
    assert (await missions.done(lambda act: ask_vehicle(act, made, first))).unit_id == first


async def test_while_it_stands_the_way_is_told_by_who_could_take_over(missions: Missions) -> None:
    made, (first, second) = await missions.mission(), missions.centre.units[:2]
    await missions.done(lambda act: ask_vehicle(act, made, first))
    await missions.centre.place(0, 41.05, 80.05)

    async def drives() -> list[Drive]:
        async with missions.database.read() as session:
            return await list_drives(session, "aksu", missions.centre.clock.now())

    for state in (*TO_CIRCUIT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    (under_way,) = await drives()
    assert (under_way.stands, under_way.stays_s) == (None, 0.0)
    await missions.done(lambda act: break_down(act, made, UUID(int=9)))
    # However long ago it was heard of: where it stands it stays.
    missions.later(20)
    (standing,) = await drives()
    assert (standing.stands, standing.start, standing.goal) == (first, GeoPoint(41.05, 80.05), under_way.goal)
    assert standing.taken_over([900.0, 400.0]).stays_s == 400.0 + 600.0
    # Nobody is free: no sooner than as if it drove on.
    assert standing.taken_over([]).stays_s == 0.0
    assert second not in {one.stands for one in await drives()}


async def test_before_the_team_has_left_who_stands_tells_nothing(missions: Missions) -> None:
    made, first = await missions.mission(), missions.centre.units[0]
    await missions.done(lambda act: ask_vehicle(act, made, first))
    await missions.centre.place(0, 41.05, 80.05)
    await missions.done(lambda act: break_down(act, made, UUID(int=9)))
    async with missions.database.read() as session:
        assert await list_drives(session, "aksu", missions.centre.clock.now()) == []


async def test_who_takes_over_on_the_way_out_fetches_the_team_first(missions: Missions) -> None:
    made, (first, second) = await missions.mission(), missions.centre.units[:2]
    await missions.done(lambda act: ask_vehicle(act, made, first))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    await missions.centre.place(0, 41.05, 80.05)
    missions.later(1)
    await missions.done(lambda act: break_down(act, made, UUID(int=9)))
    await missions.done(lambda act: ask_vehicle(act, made, second))

    async def drive() -> Drive:
        async with missions.database.read() as session:
            (found,) = await list_drives(session, "aksu", missions.centre.clock.now())
            return found

    stood = GeoPoint(41.05, 80.05)
    await missions.centre.place(1, 41.2, 80.2)
    assert (await drive()).via == stood
    # Towed away meanwhile: the team waits where it stood.
    missions.later(1)
    await missions.centre.place(0, 41.3, 80.3)
    assert (await drive()).via == stood
    assert (await drive()).stays_s == 600.0
    await missions.centre.place(1, 41.051, 80.05)
    assert (await drive()).via is None
    missions.later(1)
    await missions.centre.place(1, 41.1, 80.1)
    assert (await drive()).ways == ((GeoPoint(41.1, 80.1), (await drive()).goal),)
