"""A mission over HTTP: seen by both sides only, its kit booked once, planned by road, its open gate told to all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.desk import made, refused
from factories.missions import MARKS, begin_mission
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION
from sqlalchemy import select

from dispatch.accounts.states import Role
from dispatch.ecmo.service_journey import ChosenPlan, choose_plan
from dispatch.ecmo.states_plans import PlanKind
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system

pytestmark = pytest.mark.database


async def begun(duty: OnDuty) -> tuple[str, str]:
    """A mission of the only hospital to itself; the ids of both."""
    async with duty.service.parts.database.write() as session:
        hospital = (await session.scalars(select(Hospital.id))).one()
        context = Context.begin(duty.clock, system("tests"))
        act = Act(session, duty.clock, context, duty.service.app.state.doorkeeper.digester, REGION)
        return str(await begin_mission(act, hospital, hospital)), str(hospital)


async def warned(client: httpx.AsyncClient) -> list[tuple[str, str, str, list[str]]]:
    """What a desk is told of open gates."""
    told = made(await client.get("/api/ecmo/gates"))["gates"]
    return [(one["how"], one["priority"], one["name"], one["open_items"]) for one in told]


async def test_a_plan_that_can_be_had_no_more_is_refused_and_no_other_taken_for_it(duty: OnDuty) -> None:
    mission, hospital = await begun(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
    client, path = await duty.service.logged_in("ecmo"), f"/api/ecmo/missions/{mission}"
    for other in ({"aircraft": "example-heli-1"}, {"via": hospital}):
        refused(await client.post(f"{path}/plan", json={"kind": "road", **other}), 404, "ecmo_plan.not_found")
    assert made(await client.get(path))["plan_kind"] is None
    assert made(await client.post(f"{path}/plan", json={"kind": "road", "via": None}))["plan_kind"] == "road"


async def test_a_chosen_flight_that_is_turned_down_and_the_incident_of_the_vehicle_are_told(duty: OnDuty) -> None:
    mission, _ = await begun(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
        context = Context.begin(duty.clock, system("tests"))
        act = Act(session, duty.clock, context, duty.service.app.state.doorkeeper.digester, REGION)
        await choose_plan(act, UUID(mission), ChosenPlan(PlanKind.FIXED_WING, MARKS, aircraft="example-fixed-1"))
    client, path = await duty.service.logged_in("ecmo"), f"/api/ecmo/missions/{mission}"
    assert made(await client.get(path))["flight"] is None
    no = {"answer": "turned_down", "reason": "weather", "mission_id": mission}
    for code, body in (("example-fixed-1", no), ("example-heli-1", {"answer": "accepted"})):
        made(await client.post(f"/api/ecmo/aircraft/{code}/answers", json=body))
    flight = made(await client.get(path))["flight"]
    assert (flight["aircraft"], flight["answer"], flight["reason"]) == ("example-fixed-1", "turned_down", "weather")
    (request,) = made(await duty.client.get("/api/ecmo/requests"))["requests"]
    assert request["mission_incident_id"] is None
    told = made(await client.post(f"{path}/vehicle", json={"unit_id": str(next(iter(duty.units.values())))}))
    (request,) = made(await duty.client.get("/api/ecmo/requests"))["requests"]
    assert request["mission_incident_id"] == told["mission"]["incident_id"] is not None
    assert request["incident_id"] is None


async def test_a_mission_is_planned_equipped_and_warned_of_over_http(duty: OnDuty) -> None:
    mission, hospital = await begun(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
        person = await make_person(session, duty.clock, "lead", Role.ECMO_PHYSICIAN, organisation=CIVIL)
        await make_person(session, duty.clock, "stranger", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    client = await duty.service.logged_in("ecmo")
    path = f"/api/ecmo/missions/{mission}"

    async def post(to: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
        return made(await client.post(to, json=body))

    await post("/api/ecmo/kit", code="O2-1", kind="cylinder", hospital_id=hospital, water_l=10)
    piece = (await post("/api/ecmo/kit", code="C-1", kind="console", hospital_id=hospital))["kit"][0]
    assert (piece["code"], piece["problems"]) == ("C-1", ["not_ready", "unchecked"])
    refused(await client.post(f"{path}/bookings", json={"kit_id": piece["id"]}), 409, "ecmo_kit.unfit")
    await post(f"/api/ecmo/kit/{piece['id']}/check", is_ready=True)
    told = await post(f"{path}/bookings", kit_id=piece["id"])
    assert "console" not in {one["what"] for one in told["kit_lacking"]}
    assert "cylinder" in {one["what"] for one in told["kit_lacking"]}
    refused(await client.post(f"{path}/bookings", json={"role": "lead"}), 422, "request.invalid")
    duty_body = {"from_at": "2026-11-22T00:00:00Z", "until_at": "2026-11-23T00:00:00Z"}
    await post("/api/ecmo/duties", hospital_id=hospital, person_id=str(person), roles=["lead"], **duty_body)
    told = await post(f"{path}/bookings", person_id=str(person), role="lead")
    assert {one["what"] for one in told["team_lacking"]} == {"second_physician", "perfusionist", "nurse", "driver"}

    told = await post(f"{path}/plan", kind="road")
    assert [one["mark"] for one in told["expected"]] == [
        "wheels", "at_patient", "on_circuit", "departed", "arrived", "bed"
    ]  # fmt: skip
    assert told["gas"] == {
        "minutes": told["gas"]["minutes"], "oxygen_go": False, "power_go": False, "demand": None, "oxygen": None,
        "cylinders": [], "power": [],
    }  # fmt: skip
    told = await post(f"{path}/demand", sweep=5, minute_volume=8, bias=2, fio2=0.6)
    assert (told["gas"]["oxygen"]["go"], told["gas"]["demand"]["minute_volume"]) == ("no_go", 8.0)
    await post(f"{path}/checks", checklist="leaving_base", item="team")
    bed = (await post(f"{path}/promises", what="bed", bed="icu"))["promises"][0]
    told = await post(f"/api/ecmo/promises/{bed['id']}/acknowledged")
    assert told["promises"][0]["acknowledged_at"] is not None
    told = await post(f"{path}/state", state="outbound")
    (passage,) = told["passages"]
    assert (passage["how"], passage["open_items"]) == ("open", ["kit", "oxygen_go", "power_go", "vehicle", "comms"])
    (row,) = made(await duty.client.get("/api/ecmo/missions"))["missions"]
    assert (row["id"], row["state"], row["open_gate"]) == (mission, "outbound", "leaving_base")
    (request,) = made(await duty.client.get("/api/ecmo/requests"))["requests"]
    assert (request["mission_state"], request["open_gate"]) == ("outbound", "leaving_base")
    assert await warned(duty.client) == [("open", "medium", "示例 ecmo", passage["open_items"])]
    await post(f"/api/ecmo/passages/{passage['id']}/reason", reason="worsens")
    assert made(await duty.client.get(path))["mission"]["open_gate"] is None
    assert await warned(duty.client) == []
    assert (await post(f"/api/ecmo/bookings/{told['bookings'][0]['id']}/return"))["bookings"][0]["until_at"] is not None

    # Whoever works for neither side is told nothing, and may do nothing.
    stranger = await duty.service.logged_in("stranger")
    assert (made(await stranger.get("/api/ecmo/missions"))["missions"], await warned(stranger)) == ([], [])
    refused(await stranger.get(path), 404, "ecmo_mission.not_found")
    refused(await stranger.post(f"{path}/state", json={"state": "at_patient"}), 403, "permission.refused")

    # Nobody comes: what was asked for is open again.
    told = await post(f"{path}/state", state="stood_down")
    assert told["mission"]["state"] == "stood_down"
    async with duty.service.parts.database.read() as session:
        assert (await session.scalars(select(EcmoRequest.state))).all() == ["unanswered"]
