"""Where a call leads: to an incident, to another service; and what its number asked before."""

from __future__ import annotations

import pytest
from factories.desk import Desk, made, refused

pytestmark = pytest.mark.database
SOME = "0198c0de-0000-7000-8000-000000000001"
PHONE = "13812341234"


async def test_a_call_finds_its_incident_or_another_service(desk: Desk) -> None:
    client, call, incident = await desk.as_(), await desk.call(phone=PHONE), await desk.incident()
    link = f"/api/calls/{call['id']}/link"
    row = made(await client.post(link, json={"incident_id": incident["id"], "kind": "asked_again"}))
    assert (row["outcome"], row["incident_number"]) == ("asked_again", incident["number"])
    other = await desk.incident()
    refused(await client.post(link, json={"incident_id": other["id"]}), 409, "call.linked")
    refused(await client.post(link, json={"incident_id": SOME}), 404, "incident.not_found")
    assert (made(await client.delete(link)))["outcome"] is None
    refused(await client.delete(link), 409, "call.not_linked")

    key = {"Idempotency-Key": "t-1"}
    body = {"kind": "passed", "agency": "120", "prefecture": "喀什", "their_reference": "KS-7"}
    passed = [made(await client.post(f"/api/calls/{call['id']}/transfers", json=body, headers=key)) for _ in range(2)]
    assert passed[0] == passed[1]
    assert passed[0]["author"] == f"person:{desk.people['dispatcher']}"
    shown = made(await client.get(f"/api/calls/{call['id']}"))
    assert (shown["call"]["outcome"], len(shown["transfers"])) == ("passed", 1)
    bad = await client.post(f"/api/calls/{call['id']}/transfers", json={"kind": "passed", "agency": "120"})
    refused(bad, 422, "transfer.prefecture")


async def test_a_number_s_earlier_calls_and_what_they_were_about(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call(phone=PHONE)
    incident = await desk.incident(call_id=call["id"])
    await desk.call(phone="13900000000")
    told = made(await client.post("/api/calls/history", json={"phone": "138-1234-1234"}))
    assert [one["id"] for one in told["calls"]] == [call["id"]]
    assert [one["number"] for one in told["incidents"]] == [incident["number"]]
    assert (made(await client.post("/api/calls/history", json={"phone": "110"}))) == {
        "calls": [],
        "incidents": [],
    }
    refused(await client.post("/api/calls/history", json={"phone": "no number"}), 422, "text.phone")
