"""Calls over HTTP: by hand and by the exchange, answered, described, decided, called back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from factories.desk import Desk, made, refused
from factories.fleet import START

pytestmark = pytest.mark.database
SOME = "0198c0de-0000-7000-8000-000000000001"
PHONE = "13812341234"


def event(signal: str, second: int = 0, **told: object) -> dict[str, object]:
    return {
        "event_id": f"E-{signal}-{second}",
        "call_ref": "X-1",
        "signal": signal,
        "at": f"2026-03-01T16:00:{second:02}+08:00",
        **told,
    }


async def test_a_call_taken_by_hand(desk: Desk) -> None:
    client = await desk.as_()
    answered = await client.post("/api/calls", json={"phone": "138 1234 1234", "caller": "王芳", "language": "zh"})
    row = made(answered)
    assert answered.headers["location"] == f"/api/calls/{row['id']}"
    assert (row["origin"], row["state"], row["phone"], row["open"]) == ("manual", "answered", "138****1234", True)
    assert row["t0"] == row["answered_at"] == "2026-03-01T08:00:00Z"
    assert [one["id"] for one in made(await client.get("/api/calls"))["calls"]] == [row["id"]]

    shown = made(await client.get(f"/api/calls/{row['id']}"))
    assert (shown["call"]["phone"], shown["caller"], shown["whole"]) == ("138****1234", "王**", False)
    assert (shown["answered_in_s"], [one["signal"] for one in shown["signals"]]) == (None, ["ringing", "answered"])
    assert await desk.lines("call.viewed") == []
    for _ in range(2):
        whole = made(await client.get(f"/api/calls/{row['id']}?whole=true"))
        assert (whole["call"]["phone"], whole["caller"], whole["whole"]) == (PHONE, "王芳", True)
    assert await desk.lines("call.viewed") == [{"call_id": row["id"]}], "one look, one line"
    desk.later(minutes=11)
    made(await client.get(f"/api/calls/{row['id']}?whole=true"))
    assert len(await desk.lines("call.viewed")) == 2

    ended = made(await client.post(f"/api/calls/{row['id']}/end", json={}))
    assert (ended["state"], ended["ended_at"]) == ("ended", "2026-03-01T08:11:00Z")


async def test_a_late_call_from_paper_keeps_its_true_time(desk: Desk) -> None:
    client = await desk.as_()
    body = {"phone": PHONE, "at": "2026-03-01T15:20:00+08:00", "source": "paper"}
    row = made(await client.post("/api/calls", json=body))
    assert (row["t0"], row["t0_source"]) == ("2026-03-01T07:20:00Z", "paper")
    told = refused(await client.post("/api/calls", json={"source": "voice"}), 422, "time.missing")
    assert told["errors"][0]["path"] == "at"
    refused(await client.post("/api/calls", json={"at": "2026-03-01T18:00:00+08:00"}), 422, "time.future")
    told = refused(await client.post("/api/calls", json={"at": "2026-03-01T15:20:00"}), 422, "request.invalid")
    assert told["errors"][0]["path"] == "at"


async def test_a_repeated_request_makes_one_call(desk: Desk) -> None:
    client = await desk.as_()
    key = {"Idempotency-Key": "desk-1:417"}
    one, two = await asyncio.gather(*(client.post("/api/calls", json={"phone": PHONE}, headers=key) for _ in range(2)))
    assert (one.status_code, one.json()) == (201, two.json())
    again = made(await client.post("/api/calls", json={"phone": PHONE}, headers=key))
    assert again["id"] == one.json()["id"]
    other = await client.post("/api/calls", json={"phone": "13900000000"}, headers=key)
    refused(other, 409, "request.key_reused")
    assert len((await client.get("/api/calls")).json()["calls"]) == 1
    supervisor = await desk.as_("supervisor")
    assert (made(await supervisor.post("/api/calls", json={}, headers=key)))["id"] != again["id"]
    refused(await client.post("/api/calls", json={}, headers={"Idempotency-Key": "a b"}), 422, "reference.invalid")


async def test_the_exchange_reports_out_of_order_and_twice(desk: Desk) -> None:
    exchange = await desk.device()
    desk.later(minutes=5)
    position = {"lat": 40.5492, "lon": 81.2853, "datum": "gcj02", "accuracy_m": 150}
    events = [event("answered", 9), event("ringing", 1, phone=PHONE, position=position), event("ended", 50)]
    for one in [events[2], events[0], events[1], *events]:
        row = made(await exchange.post("/api/calls/events", json=one))
    assert (row["state"], row["t0"], row["answered_at"], row["ended_at"]) == (
        "ended",
        "2026-03-01T08:00:01Z",
        "2026-03-01T08:00:09Z",
        "2026-03-01T08:00:50Z",
    )
    assert row["phone"] == "138****1234"
    assert row["position"]["lat"] == pytest.approx(40.5478, abs=0.002), "GCJ-02 became WGS-84"
    shown = made(await (await desk.as_()).get(f"/api/calls/{row['id']}"))
    assert (shown["answered_in_s"], len(shown["signals"]), shown["oddities"]) == (8, 3, 0)
    changed = await exchange.post("/api/calls/events", json={**events[0], "language": "ug"})
    refused(changed, 409, "call.event_reused")


async def test_a_ringing_call_is_taken_by_one(desk: Desk) -> None:
    exchange, client, other = await desk.device(), await desk.as_(), await desk.as_("supervisor")
    row = made(await exchange.post("/api/calls/events", json=event("ringing")))
    refused(await client.post(f"/api/calls/{row['id']}/outcome", json={"outcome": "misdial"}), 409, "call.ringing")
    answers = await asyncio.gather(*(one.post(f"/api/calls/{row['id']}/answer", json={}) for one in (client, other)))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert next(one.json()["code"] for one in answers if one.status_code == 409) == "call.not_ringing"
    refused(await client.post(f"/api/calls/{row['id']}/end", json={}), 409, "call.measured")


async def test_who_describes_an_older_version_is_told_the_present_one(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call(phone=PHONE)
    path = f"/api/calls/{call['id']}"
    row = made(await client.patch(path, json={"language": "ug", "version": call["version"]}))
    told = refused(await client.patch(path, json={"language": "zh", "version": call["version"]}), 409, "call.outdated")
    assert (told["current"]["version"], told["current"]["language"]) == (row["version"], "ug")
    assert PHONE not in str(told)
    refused(await client.patch(path, json={"language": "Uyghur!"}), 422, "call.language")
    assert await desk.lines("call.described") == [{"call_id": call["id"], "language": "ug"}]


async def test_a_silent_call_is_called_back(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call(phone=PHONE)
    row = made(await client.post(f"/api/calls/{call['id']}/outcome", json={"outcome": "silent"}))
    (entry,) = (made(await client.get("/api/call-backs")))["call_backs"]
    assert (entry["call_id"], entry["reason"], entry["phone"], entry["attempts"]) == (
        call["id"],
        "silent",
        "138****1234",
        0,
    )
    assert row["call_back"] == {"id": entry["id"], "due_at": "2026-03-01T08:00:00Z", "attempts": 0}
    path = f"/api/call-backs/{entry['id']}"
    tried = made(await client.post(f"{path}/attempts", json={"met": "busy"}))
    assert (tried["state"], tried["attempts"], tried["due_at"]) == ("waiting", 1, "2026-03-01T08:01:00Z")
    assert not tried["enough"]
    reached = made(await client.post(f"{path}/attempts", json={"met": "reached"}))
    assert (reached["state"], reached["attempts"]) == ("reached", 2)
    assert (await client.get("/api/call-backs")).json() == {"call_backs": []}
    refused(await client.post(f"{path}/give-up", json={}), 409, "call_back.transition")
    other = await desk.call()
    made(await client.post(f"/api/calls/{other['id']}/outcome", json={"outcome": "cut_off"}))
    (entry,) = (await client.get("/api/call-backs")).json()["call_backs"]
    gone = made(await client.post(f"/api/call-backs/{entry['id']}/give-up", json={}))
    assert (gone["state"], gone["phone"]) == ("given_up", "")
    refused(await client.post(f"/api/call-backs/{SOME}/attempts", json={"met": "off"}), 404, "call_back.not_found")


async def test_a_span_of_calls(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call()
    made(await client.post(f"/api/calls/{call['id']}/outcome", json={"outcome": "misdial"}))
    made(await client.post(f"/api/calls/{call['id']}/end", json={}))
    assert (await client.get("/api/calls")).json() == {"calls": [], "more": False}
    span = {"from": START.isoformat(), "until": "2026-03-02T00:00:00Z"}
    assert [one["id"] for one in (made(await client.get("/api/calls", params=span)))["calls"]] == [call["id"]]
    span["from"] = "2026-03-01T08:00:01Z"
    assert (await client.get("/api/calls", params=span)).json()["calls"] == []
    for bad in ({"from": span["from"]}, {"from": span["from"], "until": span["from"]}, {"from": "x", "until": "y"}):
        refused(await client.get("/api/calls", params=bad), 422, "request.invalid")


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"phone": "x" * 41}, "request.invalid", "phone"),
        ({"caller": "x" * 100_000}, "request.invalid", "caller"),
        ({"caller": "a\0"}, "request.invalid", None),
        ({"caller": "a\x07"}, "text.sign", None),
        ({"phone": "not a number"}, "text.phone", "phone"),
        ({"telephone": PHONE}, "request.invalid", "body"),
    ],
)
async def test_what_cannot_be_kept(desk: Desk, body: dict[str, Any], code: str, path: str | None) -> None:
    told = refused(await (await desk.as_()).post("/api/calls", json=body), 422, code)
    assert path in (None, *(one["path"] for one in told["errors"]))
    broken = b'{"caller": "\\ud800"}'
    refused(await (await desk.as_()).post("/api/calls", content=broken), 422, "request.invalid")


async def test_who_may_not(desk: Desk) -> None:
    call = await desk.call(phone=PHONE)
    nobody = await desk.stranger()
    refused(await nobody.get(f"/api/calls/{call['id']}"), 401, "session.none")
    for role in ("crew", "emergency_doctor", "ecmo_coordinator", "administrator"):
        client = await desk.as_(role)
        for answered in (await client.get("/api/calls"), await client.post("/api/calls/events", json=event("ringing"))):
            refused(answered, 403, "permission.refused")
    refused(await (await desk.as_()).post("/api/calls/events", json=event("ringing")), 403, "permission.refused")
    exchange, vehicle = await desk.device(), await desk.device("示例-000")
    refused(await exchange.get("/api/calls"), 403, "permission.refused")
    refused(await vehicle.post("/api/calls/events", json=event("ringing")), 403, "permission.refused")
    elsewhere = await desk.device(region="porto")
    refused(await elsewhere.post("/api/calls/events", json=event("ringing")), 404, "region.not_served")
    refused(await (await desk.as_()).get(f"/api/calls/{SOME}"), 404, "call.not_found")
