"""What is measured on board of a case's patient is told to those whom the case concerns, with the limits beside it."""

from __future__ import annotations

import pytest
from factories.desk import made, refused
from factories.missions import begin_mission
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION
from sqlalchemy import select

from dispatch.accounts.states import Role
from dispatch.ecmo.service_journey import ask_vehicle
from dispatch.ecmo.states import Mode
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.kernel.ids import new_id

pytestmark = pytest.mark.database


async def test_a_case_tells_what_is_measured_of_its_patient_and_the_limits(duty: OnDuty) -> None:
    incident = await duty.incident("F")
    added = await duty.post(f"incidents/{incident}/patients", sex="male", age_years=58)
    assert added.status_code == 201, added.text
    request_id = new_id(duty.clock)
    where = f"/api/ecmo/requests/{request_id}"
    made(await duty.client.put(where, json={"origin": "incident", "mode": "ecpr", "incident_id": str(incident)}))
    alone = made(await duty.client.get(f"{where}/measured"))
    # Nobody is on a circuit yet: of the saturation the limits for everybody are told.
    assert (alone["gives_way"], sum(one["signal"] == "spo2" for one in alone["limits"])) == ([], 1)
    assert (alone["patient_id"], alone["measured"], alone["needs_sign_off"]) == (None, None, True)
    drop = next(one for one in alone["limits"] if one["signal"] == "ecmo_drop")
    assert (drop["warn"], drop["critical"], drop["inclusive"]) == (
        {"low": None, "high": 50.0},
        {"low": None, "high": 80.0},
        True,
    )
    hand = next(one for one in alone["limits"] if one["signal"] == "spo2_right_hand")
    assert (hand["warn"]["low"], hand["critical"]["low"]) == (90.0, 85.0)
    patient = added.json()["id"]
    made(await duty.client.put(where, json={"patient_id": patient}))
    told = made(await duty.client.get(f"{where}/measured"))
    assert told["patient_id"] == patient
    assert (told["measured"]["attached"], told["measured"]["values"]) == (False, [])


async def test_whom_the_case_does_not_concern_is_told_nothing(duty: OnDuty) -> None:
    request_id = new_id(duty.clock)
    where = f"/api/ecmo/requests/{request_id}"
    refused(await duty.client.get(f"{where}/measured"), 404, "ecmo_request.not_found")
    made(await duty.client.put(where, json={"mode": "vv"}))
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "far", Role.ECMO_PHYSICIAN, organisation=CORPS)
    far = await duty.service.logged_in("far")
    refused(await far.get(f"{where}/measured"), 403, "permission.refused")


async def test_limits_are_set_in_office_and_read_by_whoever_else_acts(duty: OnDuty) -> None:
    door = duty.service.app.state.doorkeeper
    async with duty.service.parts.database.write() as session:
        hospital = (await session.scalars(select(Hospital.id))).one()
        act = Act(session, duty.clock, Context.begin(duty.clock, system("tests")), door.digester, REGION)
        mission = await begin_mission(act, hospital, hospital, Mode.VA)
        await ask_vehicle(act, mission, duty.units["阿-01"])
        request_id = (await session.get_one(EcmoMission, mission)).request_id
        for name, role in (("doctor", Role.ECMO_PHYSICIAN), ("receiving", Role.EMERGENCY_DOCTOR)):
            await make_person(session, duty.clock, name, role, organisation=CIVIL)
    body = {"flow_set": 3.6, "sweep_set": 4.0, "limits": [{"signal": "ecmo_flow", "critical_low": 1.8}]}
    where, look = f"/api/ecmo/missions/{mission}/circuit", f"/api/ecmo/requests/{request_id}/measured"
    for name in ("receiving", None):
        client = duty.client if name is None else await duty.service.logged_in(name)
        assert made(await client.get(look))["may_set_limits"] is False
        refused(await client.post(where, json=body), 403, "ecmo_circuit.not_lead")
    doctor = await duty.service.logged_in("doctor")
    assert made(await doctor.get(look))["may_set_limits"] is True
    made(await doctor.post(where, json=body))
    told = made(await doctor.get(look))["set"]
    assert (told["flow_set"], told["own_limits"], told["set_by_name"]) == (3.6, ["ecmo_flow"], "示例 doctor")
    # Once the mission is over nobody sets them.
    made(await doctor.post(f"/api/ecmo/missions/{mission}/state", json={"state": "stood_down"}))
    assert made(await doctor.get(look))["may_set_limits"] is False
