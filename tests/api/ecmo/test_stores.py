"""Kit and duties over HTTP: taken off again unless a mission has them, who is offered for a duty, who may do which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from factories.desk import made, refused
from factories.missions import begin_mission
from factories.on_duty import OnDuty
from factories.people import CIVIL, make_person
from factories.service import REGION
from sqlalchemy import select

from dispatch.accounts.states import Role
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system

pytestmark = pytest.mark.database


async def a_mission(duty: OnDuty) -> tuple[str, str, str]:
    """A mission of the only hospital to itself: the ids of both, and the number."""
    async with duty.service.parts.database.write() as session:
        hospital = (await session.scalars(select(Hospital.id))).one()
        context = Context.begin(duty.clock, system("tests"))
        act = Act(session, duty.clock, context, duty.service.app.state.doorkeeper.digester, REGION)
        mission = await begin_mission(act, hospital, hospital)
        number = (await session.scalars(select(EcmoRequest.number))).one()
    return str(mission), str(hospital), str(number)


async def coordinator(duty: OnDuty) -> httpx.AsyncClient:
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
    return await duty.service.logged_in("ecmo")


async def add(client: httpx.AsyncClient, hospital: str, code: str) -> dict[str, Any]:
    """A piece that somebody has looked at."""
    body = {"code": code, "kind": "console", "hospital_id": hospital}
    kit = made(await client.post("/api/ecmo/kit", json=body))["kit"]
    piece = next(one for one in kit if one["code"] == code)
    made(await client.post(f"/api/ecmo/kit/{piece['id']}/check", json={"is_ready": True}))
    return dict(piece)


async def test_kit_is_taken_off_the_list_unless_a_mission_has_it(duty: OnDuty) -> None:
    mission, hospital, number = await a_mission(duty)
    client = await coordinator(duty)
    piece = await add(client, hospital, "C-1")
    clash = {"code": "C-1", "kind": "console", "hospital_id": hospital}
    refused(await client.post("/api/ecmo/kit", json=clash), 409, "ecmo_kit.code")
    told = made(await client.post(f"/api/ecmo/missions/{mission}/bookings", json={"kit_id": piece["id"]}))
    (booking,) = told["bookings"]
    held = await client.delete(f"/api/ecmo/kit/{piece['id']}")
    refused(held, 409, "ecmo_kit.booked")
    assert held.json()["current"] == {"mission_id": mission, "number": number}
    made(await client.post(f"/api/ecmo/bookings/{booking['id']}/return"))
    refused(await duty.client.delete(f"/api/ecmo/kit/{piece['id']}"), 403, "permission.refused")
    assert (await client.delete(f"/api/ecmo/kit/{piece['id']}")).status_code == 204
    refused(await client.delete(f"/api/ecmo/kit/{piece['id']}"), 404, "ecmo_kit.not_found")
    refused(await client.post(f"/api/ecmo/kit/{piece['id']}/check", json={"is_ready": True}), 404, "ecmo_kit.not_found")
    booked = await client.post(f"/api/ecmo/missions/{mission}/bookings", json={"kit_id": piece["id"]})
    refused(booked, 404, "ecmo_kit.not_found")
    assert made(await client.get("/api/ecmo/resources"))["kit"] == []
    # Its code is free again, and the mission still tells what it had.
    again = await add(client, hospital, "C-1")
    assert again["id"] != piece["id"]
    (kept,) = made(await client.get(f"/api/ecmo/missions/{mission}"))["bookings"]
    assert kept["kit_id"] == piece["id"]


async def test_a_duty_is_taken_back_unless_a_mission_has_who_is_on_call(duty: OnDuty) -> None:
    mission, hospital, number = await a_mission(duty)
    client = await coordinator(duty)
    people = made(await client.get("/api/ecmo/people"))["people"]
    refused(await duty.client.get("/api/ecmo/people"), 403, "permission.refused")
    # Who works at patients is offered; a dispatcher is not.
    assert {"crew-0-driver", "dispatcher"} & {one["name"].removeprefix("示例 ") for one in people} == {"crew-0-driver"}
    person = people[0]["person_id"]
    now = duty.clock.now()
    day = timedelta(days=1)
    body = {"hospital_id": hospital, "person_id": person, "roles": ["nurse"]}

    async def enter(begin: timedelta, end: timedelta) -> httpx.Response:
        times = {"from_at": (now + begin).isoformat(), "until_at": (now + end).isoformat()}
        return await client.post("/api/ecmo/duties", json={**body, **times})

    refused(await enter(day, day), 422, "ecmo_duty.times")
    refused(await enter(0 * day, 15 * day), 422, "ecmo_duty.times")
    made(await enter(0 * day, day))
    made(await enter(day, 2 * day))
    refused(await enter(day / 2, day), 409, "ecmo_duty.overlaps")
    first, second = made(await duty.client.get("/api/ecmo/duties"))["duties"]
    assert [one["until_at"] for one in made(await client.get("/api/ecmo/duties?days=0"))["duties"]] == [
        first["until_at"]
    ]
    made(await client.post(f"/api/ecmo/missions/{mission}/bookings", json={"person_id": person, "role": "nurse"}))
    first, second = made(await duty.client.get("/api/ecmo/duties"))["duties"]
    assert (first["mission_id"], second["mission_id"]) == (mission, None)
    held = await client.delete(f"/api/ecmo/duties/{first['id']}")
    refused(held, 409, "ecmo_duty.booked")
    assert held.json()["current"] == {"mission_id": mission, "number": number}
    # What he is on call for later holds nobody up.
    refused(await duty.client.delete(f"/api/ecmo/duties/{second['id']}"), 403, "permission.refused")
    for _ in range(2):
        assert (await client.delete(f"/api/ecmo/duties/{second['id']}")).status_code == 204
    assert [one["id"] for one in made(await client.get("/api/ecmo/duties"))["duties"]] == [first["id"]]
    made(await enter(day, 2 * day))
    refused(await client.delete(f"/api/ecmo/duties/{mission}"), 404, "ecmo_duty.not_found")
