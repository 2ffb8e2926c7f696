"""Incidents over HTTP: opened, corrected, raised and lowered, closed, cancelled."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from factories.desk import PLACE, Desk, made, refused

from dispatch.incidents.service_progress import mark_on_scene

pytestmark = pytest.mark.database
SOME = "0198c0de-0000-7000-8000-000000000001"
PHONE = "13812341234"


async def test_an_incident_of_a_call_with_all_that_belongs_to_it(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call(phone=PHONE, caller="王芳芳")
    row = await desk.incident(call_id=call["id"], note="三楼", priority="P1")
    assert (row["number"], row["state"], row["priority"], row["calls"]) == ("2026-000001", "open", "P1", 1)
    assert (row["taken_at"], row["words"], row["version"]) == ("2026-03-01T08:00:00Z", PLACE["words"], 1)
    await desk.centre.send(row["id"], 0)
    shown = made(await client.get(f"/api/incidents/{row['id']}"))
    assert (shown["incident"]["state"], shown["without_call"], shown["whole"]) == ("dispatched", False, False)
    (one,) = shown["calls"]
    assert (one["kind"], one["call"]["phone"], one["caller"]) == ("first", "138****1234", "王**")
    (note,) = shown["notes"]
    assert (note["text"], note["author_name"]) == ("三楼", "示例 dispatcher")
    (place,) = shown["places"]
    assert (place["words"], place["given_lat"], place["datum"]) == (PLACE["words"], PLACE["lat"], "wgs84")
    assert [(step["priority"], step["move"]) for step in shown["priorities"]] == [("P1", "initial")]
    assert [sent["call_sign"] for sent in shown["assignments"]] == ["示例-000"]
    assert await desk.lines("incident.viewed") == []
    whole = made(await client.get(f"/api/incidents/{row['id']}?whole=true"))
    assert (whole["calls"][0]["call"]["phone"], whole["calls"][0]["caller"]) == (PHONE, "王芳芳")
    assert await desk.lines("incident.viewed") == [{"incident_id": row["id"], "record": False}]


async def test_gcj02_is_taken_as_what_it_is(desk: Desk) -> None:
    place = {"lat": 41.1692, "lon": 80.2731, "datum": "gcj02", "source": "map", "direction": "往库车"}
    row = await desk.incident(place=place)
    assert row["lat"] == pytest.approx(41.1680, abs=0.002)
    assert row["lat"] != place["lat"]
    shown = made(await (await desk.as_()).get(f"/api/incidents/{row['id']}"))
    assert (shown["places"][0]["given_lat"], shown["places"][0]["datum"]) == (41.1692, "gcj02")
    assert (shown["incident"]["direction"], shown["incident"]["words"]) == ("往库车", "")


async def test_a_repeated_request_opens_one_incident(desk: Desk) -> None:
    client, key = await desk.as_(), {"Idempotency-Key": "d-1"}
    body = {"priority": "P1"}
    answers = await asyncio.gather(*(client.post("/api/incidents", json=body, headers=key) for _ in range(3)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == 1
    refused(await client.post("/api/incidents", json={"priority": "P2"}, headers=key), 409, "request.key_reused")
    board = made(await client.get("/api/incidents"))
    assert [one["number"] for one in board["incidents"]] == ["2026-000001"]


async def test_who_edits_an_older_version_is_told_the_present_one(desk: Desk) -> None:
    client, row = await desk.as_(), await desk.incident()
    path = f"/api/incidents/{row['id']}"
    words = {"words": "示例路14号"}
    changed = made(await client.patch(path, json={"version": 1, "place": words, "complaint": "K05"}))
    assert (changed["version"], changed["place_version"], changed["complaint"]) == (2, 2, "K05")
    assert (changed["lat"], changed["words"]) == (PLACE["lat"], "示例路14号"), "words do not undo a point"
    told = refused(await client.patch(path, json={"version": 1, "complaint": "K06"}), 409, "incident.outdated")
    assert (told["current"]["version"], told["current"]["complaint"]) == (2, "K05")
    assert "示例路" not in str(told)
    assert refused(await client.patch(path, json={"complaint": "K06"}), 422, "request.invalid")["errors"]
    refused(await client.patch(f"/api/incidents/{SOME}", json={"version": 1}), 404, "incident.not_found")


async def test_how_many_are_concerned_is_told_and_corrected(desk: Desk) -> None:
    client, row = await desk.as_(), await desk.incident(people=3)
    path = f"/api/incidents/{row['id']}"
    assert (row["people"], row["version"]) == (3, 1)
    same = made(await client.patch(path, json={"version": 1, "people": 3}))
    changed = made(await client.patch(path, json={"version": same["version"], "people": 12}))
    left = made(await client.patch(path, json={"version": changed["version"], "complaint": "K10"}))
    assert [(one["version"], one["people"]) for one in (same, changed, left)] == [(1, 3), (2, 12), (3, 12)]
    told = [(line["before"], line["people"]) for line in await desk.lines("incident.people_told")]
    assert told == [(None, 3), (3, 12)]
    refused(await client.patch(path, json={"version": 3, "people": -1}), 422, "request.invalid")
    assert (
        refused(await client.patch(path, json={"version": 1, "people": 4}), 409, "incident.outdated")["current"][
            "people"
        ]
        == 12
    )


async def test_everybody_raises_and_only_some_lower(desk: Desk) -> None:
    row = await desk.incident(priority="P3")
    await desk.centre.send(row["id"], 0)
    path = f"/api/incidents/{row['id']}/priority"
    raised = made(await (await desk.as_("crew")).post(path, json={"priority": "P1"}))
    assert (raised["priority"], raised["initial_priority"]) == ("P1", "P3")
    lower = {"priority": "P2", "reason": "talks, no pain now", "version": raised["version"]}
    for role in ("dispatcher", "crew"):
        refused(await (await desk.as_(role)).post(path, json=lower), 403, "priority.not_allowed")
    supervisor = await desk.as_("supervisor")
    refused(await supervisor.post(path, json=lower), 403, "priority.supervisor_off_duty")
    made(await supervisor.post("/api/duty", json={"role": "supervisor"}))
    refused(await supervisor.post(path, json={"priority": "P2"}), 422, "priority.reason")
    made(await supervisor.post(path, json=lower))
    refused(await supervisor.post(path, json=lower), 409, "incident.outdated")
    shown = made(await supervisor.get(f"/api/incidents/{row['id']}"))
    assert [(one["move"], one["reason"]) for one in shown["priorities"]] == [
        ("initial", None),
        ("raised", None),
        ("lowered", "talks, no pain now"),
    ]


async def test_it_closes_when_every_patient_has_an_outcome(desk: Desk) -> None:
    client, row = await desk.as_(), await desk.incident()
    path = f"/api/incidents/{row['id']}"
    await desk.centre.send(row["id"], 0)
    refused(await client.post(f"{path}/close", json={}), 409, "incident.transition")
    async with desk.database.write() as session:
        await mark_on_scene(desk.centre.act(session), row["id"])
    refused(await client.post(f"{path}/close", json={}), 409, "incident.no_patients")
    patient = made(await client.post(f"{path}/patients", json={}))
    refused(await client.post(f"{path}/close", json={}), 409, "incident.open_patients")
    refused(await client.post(f"{path}/cancel", json={"reason": "no_emergency"}), 409, "incident.transition")
    made(await client.post(f"/api/patients/{patient['id']}/outcome", json={"outcome": {"outcome": "not_found"}}))
    closed = made(await client.post(f"{path}/close", json={}))
    assert (closed["state"], closed["active"], closed["words"]) == ("closed", False, "示例路****")
    assert (await client.get("/api/incidents")).json()["incidents"] == []
    span = {"from": "2026-03-01T00:00:00+08:00", "until": "2026-03-02T00:00:00+08:00"}
    assert len(made(await client.get("/api/incidents", params=span))["incidents"]) == 1
    refused(await client.patch(path, json={"version": closed["version"], "complaint": "K01"}), 409, "incident.over")
    shown = made(await client.get(path))
    assert [one["words"] for one in shown["places"]] == ["示例路****"]
    assert made(await client.get(f"{path}?whole=true"))["places"][0]["words"] == PLACE["words"]


async def test_cancelling_calls_off_its_units(desk: Desk) -> None:
    client, row, other = await desk.as_(), await desk.incident(), await desk.incident()
    call = await desk.call()
    made(await client.post(f"/api/calls/{call['id']}/link", json={"incident_id": row["id"]}))
    await desk.centre.send(row["id"], 0)
    path = f"/api/incidents/{row['id']}/cancel"
    refused(await client.post(path, json={"reason": "duplicate"}), 422, "incident.duplicate")
    gone = made(await client.post(path, json={"reason": "duplicate", "duplicate_of": other["id"]}))
    assert (gone["state"], gone["cancel_reason"], gone["calls"]) == ("cancelled", "duplicate", 0)
    assert await desk.centre.active(0) is None
    (board,) = made(await client.get("/api/incidents"))["incidents"]
    assert (board["id"], board["calls"]) == (other["id"], 1)
    refused(await client.post(path, json={"reason": "drill"}), 409, "incident.transition")


async def test_hints_of_what_a_call_may_be_about(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call(phone=PHONE)
    row = await desk.incident(call_id=call["id"])
    near = {"lat": PLACE["lat"], "lon": PLACE["lon"], "complaint": "K03"}
    (hint,) = made(await client.post("/api/incidents/duplicates", json=near))["hints"]
    assert (hint["incident_id"], hint["number"], hint["distance_m"]) == (row["id"], row["number"], 0)
    assert {"same_place", "same_kind", "recent"} <= set(hint["reasons"])
    (hint,) = made(await client.post("/api/incidents/duplicates", json={"phone": "138 1234 1234"}))["hints"]
    assert "same_number" in hint["reasons"]
    assert made(await client.post("/api/incidents/duplicates", json={})) == {"hints": []}
    refused(await client.post("/api/incidents/duplicates", json={"lat": 41.0}), 422, "place.coordinates")


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"priority": "P5"}, "request.invalid", "priority"),
        ({"complaint": "K99"}, "incident.complaint", "complaint"),
        ({"capabilities": "XY"}, "incident.capabilities", "capabilities"),
        ({"place": {"lat": 91, "lon": 80}}, "place.coordinates", None),
        ({"place": {"lat": 41}}, "place.coordinates", None),
        ({"place": {}}, "place.missing", None),
        ({"place": {"words": "x" * 1_001}}, "request.invalid", "place.words"),
        ({"note": "x" * 100_000}, "request.invalid", "note"),
        ({"note": "a\0b"}, "request.invalid", None),
        ({"call_id": "7"}, "request.invalid", "call_id"),
    ],
)
async def test_what_cannot_be_opened(desk: Desk, change: dict[str, Any], code: str, path: str | None) -> None:
    client = await desk.as_()
    told = refused(await client.post("/api/incidents", json={"priority": "P2", **change}), 422, code)
    assert [one["path"] for one in told["errors"]] == ([] if path is None else [path])
    assert made(await client.get("/api/incidents"))["incidents"] == []


async def test_a_lone_surrogate_is_no_text(desk: Desk) -> None:
    raw = b'{"priority": "P2", "note": "\\ud800"}'
    refused(await (await desk.as_()).post("/api/incidents", content=raw), 422, "request.invalid")


async def test_refusals_by_what_is_there(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call()
    refused(await client.post("/api/incidents", json={"priority": "P2", "call_id": SOME}), 404, "call.not_found")
    await desk.incident(call_id=call["id"])
    again = await client.post("/api/incidents", json={"priority": "P2", "call_id": call["id"]})
    refused(again, 409, "call.linked")
    for path in (f"/api/incidents/{SOME}", f"/api/incidents/{SOME}/record"):
        refused(await client.get(path), 404, "incident.not_found")
