"""Handover sheets: what stands on one, and both signatures."""

from __future__ import annotations

import pytest
from factories.desk import PLACE, Desk, made, refused
from factories.people import CIVIL, PASSWORD, make_person
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dispatch.accounts.states import Role

pytestmark = pytest.mark.database
CLOSURE = "洪水"


async def second(desk: Desk, role: Role = Role.DISPATCHER, name: str = "next-shift") -> None:
    async with desk.database.write() as session:
        await make_person(session, desk.clock, name, role, organisation=CIVIL)


async def busy(desk: Desk) -> None:
    """Two incidents, one with a unit; another unit out of service; somebody to be called back."""
    client = await desk.as_()
    first = await desk.incident(priority="P2")
    desk.later(seconds=5)
    await desk.incident(priority="P1")
    await desk.centre.send(first["id"], 0)
    body = {"status": "out_of_service", "reason": "fuel"}
    made(await client.post(f"/api/fleet/{desk.centre.units[1]}/status", json=body))
    call = await desk.call(phone="13812341234")
    made(await client.post(f"/api/calls/{call['id']}/outcome", json={"outcome": "silent"}))


async def test_a_sheet_holds_what_goes_on_and_stays_as_it_was(desk: Desk) -> None:
    await busy(desk)
    client = await desk.as_()
    draft = made(await client.get("/api/handovers/draft"))
    assert [one["incident"]["priority"] for one in draft["incidents"]] == ["P1", "P2"]
    assert [[run["call_sign"] for run in one["incident"]["runs"]] for one in draft["incidents"]] == [[], ["示例-000"]]
    assert draft["incidents"][0]["words"] == PLACE["words"]
    assert [(one["call_sign"], one["reason"]) for one in draft["units_out"]] == [("示例-001", "fuel")]
    assert [one["reason"] for one in draft["call_backs"]] == ["silent"]

    answered = await client.post("/api/handovers", json={"notes": " 有雾 "})
    sheet = made(answered)
    assert answered.headers["location"] == f"/api/handovers/{sheet['handover']['id']}"
    assert (sheet["sheet"], sheet["notes"]) == (draft, "有雾")
    assert (sheet["handover"]["state"], sheet["handover"]["coming"]) == ("waiting", None)
    desk.later(minutes=1)
    waiting = draft["incidents"][0]["incident"]["id"]
    made(await client.post(f"/api/incidents/{waiting}/cancel", json={"reason": "no_emergency"}))
    again = made(await client.get(f"/api/handovers/{sheet['handover']['id']}"))
    assert again["sheet"]["incidents"][0]["incident"] == draft["incidents"][0]["incident"]
    assert again["sheet"]["incidents"][0]["words"] == "示例路****"
    (line,) = await desk.lines("handover.made")
    assert (line["incidents"], line["units_out"], line["call_backs"]) == (2, 1, 1)
    assert line["digest"] == sheet["digest"]


async def test_the_one_who_comes_signs_at_an_own_seat(desk: Desk) -> None:
    await second(desk)
    client = await desk.as_()
    sheet = made(await client.post("/api/handovers", json={}))["handover"]
    path = f"/api/handovers/{sheet['id']}/sign"
    refused(await client.post(path, json={}), 409, "handover.same_person")
    desk.later(minutes=2)
    coming = await desk.as_("next-shift")
    done = made(await coming.post(path, json={}))["handover"]
    assert (done["state"], done["own_seat"]) == ("signed", True)
    assert done["leaving"]["person_id"] == str(desk.people["dispatcher"])
    assert done["coming"]["person_id"] not in (None, done["leaving"]["person_id"])
    refused(await coming.post(path, json={}), 409, "handover.signed")
    listed = made(await client.get("/api/handovers"))["handovers"]
    assert listed == [done]


async def test_the_one_who_comes_signs_by_password_at_the_others_seat(desk: Desk) -> None:
    await second(desk)
    client = await desk.as_()
    sheet = made(await client.post("/api/handovers", json={}))["handover"]
    path = f"/api/handovers/{sheet['id']}/sign"
    wrong = {"name": "next-shift", "password": "not the password at all"}
    refused(await client.post(path, json=wrong), 403, "password.current")
    refused(await client.post(path, json={"name": "next-shift"}), 422, "request.invalid")
    refused(await client.post(path, json={"name": "crew", "password": PASSWORD}), 403, "permission.refused")
    done = made(await client.post(path, json={"name": "next-shift", "password": PASSWORD}))["handover"]
    assert (done["state"], done["own_seat"]) == ("signed", False)
    (line,) = await desk.lines("handover.signed")
    assert (line["coming_id"], line["own_seat"]) == (done["coming"]["person_id"], False)
    who = made(await client.get("/api/session"))
    assert who["id"] == str(desk.people["dispatcher"]), "the seat stays logged in as the one who leaves"


async def test_an_old_sheet_is_made_anew(desk: Desk) -> None:
    await second(desk)
    client = await desk.as_()
    sheet = made(await client.post("/api/handovers", json={}))["handover"]
    desk.later(minutes=31)
    coming = await desk.as_("next-shift")
    refused(await coming.post(f"/api/handovers/{sheet['id']}/sign", json={}), 409, "handover.too_old")


async def test_the_same_key_makes_one_sheet(desk: Desk) -> None:
    client = await desk.as_()
    keyed = {"Idempotency-Key": "seat-1-2026"}
    first = made(await client.post("/api/handovers", json={"notes": "一"}, headers=keyed))
    desk.later(seconds=3)
    assert made(await client.post("/api/handovers", json={"notes": "一"}, headers=keyed)) == first
    other = await client.post("/api/handovers", json={"notes": "二"}, headers=keyed)
    refused(other, 409, "request.key_reused")
    refused(await client.post("/api/handovers", json={"notes": "\u0007"}), 422, "handover.notes")


async def test_a_signed_sheet_cannot_be_changed_even_in_the_database(desk: Desk) -> None:
    client = await desk.as_()
    made(await client.post("/api/handovers", json={"notes": "一"}))
    for change in ("UPDATE handovers SET notes = '二'", "DELETE FROM handovers", "TRUNCATE handovers"):
        with pytest.raises(DBAPIError, match="stays as it was signed"):
            async with desk.database.write() as session:
                await session.execute(text(change))


async def test_only_who_dispatches_hands_over(desk: Desk) -> None:
    made(await (await desk.as_("supervisor")).get("/api/handovers"))
    for role in ("crew", "administrator"):
        client = await desk.as_(role)
        refused(await client.get("/api/handovers/draft"), 403, "permission.refused")
        refused(await client.post("/api/handovers", json={}), 403, "permission.refused")
