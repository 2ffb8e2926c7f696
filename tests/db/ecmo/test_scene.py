"""A patient at a dispatcher's scene (E-CPR): his incident is the mission's, and its vehicles tell the time to him."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.missions import Missions, begin_mission, make_missions
from sqlalchemy import func, select

from dispatch.ecmo.queries_scene import SceneNow, scene_now
from dispatch.ecmo.service_journey import ask_vehicle
from dispatch.ecmo.states import Mode
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Refused
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint

pytestmark = pytest.mark.database


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def of_scene(missions: Missions, incident_id: UUID | None, patient_id: UUID | None = None) -> UUID:
    """A mission for somebody who is at no hospital."""
    made = await missions.done(lambda act: begin_mission(act, missions.far, missions.near, Mode.ECPR))

    async def moved(act: Act) -> None:
        mission = await act.session.get_one(EcmoMission, made)
        request = await act.session.get_one(EcmoRequest, mission.request_id)
        mission.from_hospital_id = request.hospital_id = None
        request.incident_id, request.patient_id = incident_id, patient_id

    await missions.done(moved)
    return made


async def test_who_lies_at_a_scene_is_carried_by_his_own_incident_and_record(missions: Missions) -> None:
    incident, unit = await missions.centre.incident(), missions.centre.units[0]
    patient = await missions.done(lambda act: add_patient(act, incident))
    made = await of_scene(missions, incident)
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    assert (row.incident_id, row.patient_id) == (incident, patient.id)
    async with missions.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Incident)) == 1
        assert await session.scalar(select(func.count()).select_from(Patient)) == 1


async def test_of_two_at_a_scene_nobody_guesses_which_one_is_carried(missions: Missions) -> None:
    incident, unit = await missions.centre.incident(), missions.centre.units[0]
    first = await missions.done(lambda act: add_patient(act, incident))
    second = await missions.done(lambda act: add_patient(act, incident))
    made = await of_scene(missions, incident)
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    assert row.patient_id not in (None, first.id, second.id)


async def test_whose_place_nobody_knows_gets_no_vehicle(missions: Missions) -> None:
    made = await of_scene(missions, None)
    with pytest.raises(Refused) as refused:
        await missions.done(lambda act: ask_vehicle(act, made, missions.centre.units[0]))
    assert refused.value.code == "ecmo_mission.no_hospital"


async def test_the_vehicles_of_an_incident_tell_how_far_the_patient_has_come(missions: Missions) -> None:
    centre, incident = missions.centre, await missions.centre.incident()

    async def now() -> SceneNow:
        async with missions.database.read() as session:
            return await scene_now(session, incident, centre.clock.now())

    assert await now() == SceneNow(is_there=False, is_aboard=False, coming=())
    run = await centre.send(incident, 0)
    await centre.place(0, 41.1, 80.2)
    await centre.say(0, UnitStatus.EN_ROUTE, run_id=run.id)
    assert (await now()).coming == (GeoPoint(41.1, 80.2),)
    centre.manual.advance(timedelta(minutes=3))
    assert (await now()).coming == ()  # nobody knows how far it has come since
    await centre.say(0, UnitStatus.AT_PATIENT, run_id=run.id)
    assert await now() == SceneNow(is_there=True, is_aboard=False, coming=())
    await centre.say(0, UnitStatus.TRANSPORTING, run_id=run.id)
    assert await now() == SceneNow(is_there=False, is_aboard=True, coming=())
