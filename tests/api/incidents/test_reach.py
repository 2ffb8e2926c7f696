"""Who reaches which incident: crews and devices by their vehicle, emergency doctors by their organisation."""

from __future__ import annotations

import pytest
from factories.desk import Desk, made, refused
from factories.dispatching import CIVIL as CENTRE_CIVIL
from factories.people import context, make_person

from dispatch.accounts.service_people import add_organisation
from dispatch.accounts.states import Role
from dispatch.dispatching.service_calling_off import cancel
from dispatch.kernel.organisations import System
from dispatch.units.queries_crew import find_on_duty
from dispatch.units.service_crew import sign_off

pytestmark = pytest.mark.database
PHONE = "13812341234"


async def sees(desk: Desk, who: str) -> list[str]:
    return [one["id"] for one in made(await (await desk.as_(who)).get("/api/incidents"))["incidents"]]


async def test_a_crew_reaches_what_its_vehicle_has_and_had(desk: Desk) -> None:
    call = await desk.call(phone=PHONE)
    own, other = await desk.incident(call_id=call["id"]), await desk.incident()
    crew = await desk.as_("crew")
    assert await sees(desk, "crew") == []
    refused(await crew.get(f"/api/incidents/{own['id']}"), 403, "permission.refused")
    sent = await desk.centre.send(own["id"], 0)
    await desk.centre.send(other["id"], 1)
    assert await sees(desk, "crew") == [own["id"]]
    whole = made(await crew.get(f"/api/incidents/{own['id']}?whole=true"))
    assert whole["calls"][0]["call"]["phone"] == PHONE, "the crew calls back who called"
    made(await crew.post(f"/api/incidents/{own['id']}/notes", json={"text": "电梯停运"}))
    for path in (f"/api/incidents/{other['id']}", f"/api/incidents/{other['id']}/record"):
        refused(await crew.get(path), 403, "permission.refused")
    for path in ("notes", "priority", "patients"):
        body = {"notes": {"text": "x"}, "priority": {"priority": "P1"}, "patients": {}}[path]
        refused(await crew.post(f"/api/incidents/{other['id']}/{path}", json=body), 403, "permission.refused")
    desk.later(minutes=5)
    async with desk.database.write() as session:
        await cancel(desk.centre.act(session), sent.id)
    made(await crew.get(f"/api/incidents/{own['id']}"))
    span = {"from": "2026-03-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"}
    assert [one["id"] for one in made(await crew.get("/api/incidents", params=span))["incidents"]] == [own["id"]]


async def test_who_left_the_vehicle_before_does_not_reach_what_it_had_later(desk: Desk) -> None:
    desk.later(minutes=1)
    async with desk.database.write() as session:
        act = desk.centre.act(session)
        duty = await find_on_duty(session, desk.people["crew"])
        assert duty is not None
        await sign_off(session, desk.clock, act.context, duty.id)
    desk.later(minutes=1)
    row = await desk.incident()
    await desk.centre.send(row["id"], 0)
    assert await sees(desk, "crew") == []


async def test_a_device_reaches_what_its_vehicle_has(desk: Desk) -> None:
    own, other = await desk.incident(), await desk.incident()
    await desk.centre.send(own["id"], 0)
    await desk.centre.send(other["id"], 1)
    device = await desk.device("示例-000")
    assert [one["id"] for one in made(await device.get("/api/incidents"))["incidents"]] == [own["id"]]
    made(await device.get(f"/api/incidents/{own['id']}"))
    refused(await device.get(f"/api/incidents/{own['id']}?whole=true"), 403, "permission.refused")
    refused(await device.get(f"/api/incidents/{other['id']}"), 403, "permission.refused")
    refused(await device.post(f"/api/incidents/{own['id']}/notes", json={"text": "x"}), 403, "permission.refused")


async def test_a_doctor_reaches_whom_the_own_hospital_gets(desk: Desk) -> None:
    client, doctor = await desk.as_(), await desk.as_("emergency_doctor")
    call = await desk.call(phone=PHONE)
    row, other = await desk.incident(call_id=call["id"]), await desk.incident()
    patient = made(await client.post(f"/api/incidents/{row['id']}/patients", json={"name": "张三丰"}))
    unrelated = made(await client.post(f"/api/incidents/{other['id']}/patients", json={}))
    refused(await doctor.get(f"/api/patients/{patient['id']}"), 403, "permission.refused")
    brought = {"outcome": {"outcome": "transported", "destination_id": str(desk.hospital)}}
    made(await client.post(f"/api/patients/{patient['id']}/outcome", json=brought))
    assert await sees(desk, "emergency_doctor") == [row["id"]]
    assert made(await doctor.get(f"/api/patients/{patient['id']}?whole=true"))["patient"]["name"] == "张三丰"
    whole = made(await doctor.get(f"/api/incidents/{row['id']}?whole=true"))
    assert (whole["patients"][0]["name"], whole["calls"][0]["call"]["phone"]) == ("张三丰", "138****1234")
    refused(await doctor.get(f"/api/patients/{unrelated['id']}"), 403, "permission.refused")
    refused(await doctor.patch(f"/api/patients/{unrelated['id']}", json={"version": 1}), 403, "permission.refused")
    into = {"into": patient["id"]}
    refused(await doctor.post(f"/api/patients/{unrelated['id']}/merge", json=into), 403, "permission.refused")


async def test_a_doctor_reaches_what_the_own_vehicles_have(desk: Desk) -> None:
    async with desk.database.write() as session:
        told = {"code": CENTRE_CIVIL.organisation, "name_zh": "示例医院", "name_en": "", "system": System.CIVIL}
        await add_organisation(session, desk.clock, context(desk.clock), **told)
        await make_person(session, desk.clock, "doctor", Role.EMERGENCY_DOCTOR, organisation=CENTRE_CIVIL.organisation)
    row, other = await desk.incident(), await desk.incident()
    assert await sees(desk, "doctor") == []
    await desk.centre.send(row["id"], 0)
    await desk.centre.send(other["id"], 1)
    assert await sees(desk, "doctor") == [row["id"]]
    doctor, lower = await desk.as_("doctor"), {"priority": "P3", "reason": "stable, walks"}
    supervisor = await desk.as_("supervisor")
    for client, role in ((supervisor, "supervisor"), (doctor, "emergency_doctor")):
        made(await client.post("/api/duty", json={"role": role}))
    # The doctor on duty decides of what the doctor reaches; of the other incident the supervisor may.
    path = "/api/incidents/{}/priority"
    refused(await supervisor.post(path.format(row["id"]), json=lower), 403, "priority.clinician_on_duty")
    assert made(await supervisor.post(path.format(other["id"]), json=lower))["priority"] == "P3"
    assert made(await doctor.post(f"/api/incidents/{row['id']}/priority", json=lower))["priority"] == "P3"
    refused(await doctor.post(f"/api/incidents/{other['id']}/priority", json=lower), 403, "permission.refused")
    made(await doctor.delete("/api/duty/emergency_doctor"))
    lower["priority"] = "P4"
    assert made(await supervisor.post(path.format(row["id"]), json=lower))["priority"] == "P4"
    assert await sees(desk, "emergency_doctor") == []


@pytest.mark.parametrize("role", ["administrator", "ecmo_coordinator", "emergency_doctor", "crew"])
async def test_who_dispatches_not_opens_and_ends_nothing(desk: Desk, role: str) -> None:
    row, client = await desk.incident(), await desk.as_(role)
    path = f"/api/incidents/{row['id']}"
    for answered in (
        await client.post("/api/incidents", json={"priority": "P1"}),
        await client.patch(path, json={"version": 1}),
        await client.post(f"{path}/close", json={}),
        await client.post(f"{path}/cancel", json={"reason": "drill"}),
        await client.post("/api/incidents/duplicates", json={}),
    ):
        refused(answered, 403, "permission.refused")
    nobody = await desk.stranger()
    refused(await nobody.get(path), 401, "session.none")
    refused(await nobody.get(f"{path}/record"), 401, "session.none")


async def test_an_administrator_sees_no_patient(desk: Desk) -> None:
    row, client = await desk.incident(), await desk.as_("administrator")
    for path in ("/api/incidents", f"/api/incidents/{row['id']}", f"/api/incidents/{row['id']}/record"):
        refused(await client.get(path), 403, "permission.refused")
