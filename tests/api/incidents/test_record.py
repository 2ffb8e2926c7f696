"""Notes, and the record of an incident: whole, in order, with names and corrections."""

from __future__ import annotations

from typing import Any

import pytest
from factories.desk import Desk, made, refused

from dispatch.dispatching.service_following import correct_unit_status
from dispatch.incidents.service_personal import erase_incident
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.units.states_duty import Source, UnitStatus

pytestmark = pytest.mark.database


async def record(desk: Desk, incident_id: str, who: str = "dispatcher") -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = made(await (await desk.as_(who)).get(f"/api/incidents/{incident_id}/record"))["lines"]
    assert [one["seq"] for one in lines] == sorted(one["seq"] for one in lines)
    return lines


async def test_a_note_is_written_once_and_corrected_by_who_may(desk: Desk) -> None:
    client, row = await desk.as_(), await desk.incident()
    path, key = f"/api/incidents/{row['id']}/notes", {"Idempotency-Key": "n-1"}
    late = {"text": "桥封了", "at": "2026-03-01T15:50:00+08:00", "source": "voice"}
    note = made(await client.post(path, json=late, headers=key))
    assert made(await client.post(path, json=late, headers=key)) == note
    assert (note["at"], note["source"], note["author_name"]) == ("2026-03-01T07:50:00Z", "voice", "示例 dispatcher")
    own = f"/api/notes/{note['id']}"
    changed = made(await client.patch(own, json={"text": "桥封了，走国道", "version": 1}))
    assert (changed["version"], changed["text"]) == (2, "桥封了，走国道")
    told = refused(await client.patch(own, json={"text": "x", "version": 1}), 409, "note.outdated")
    assert told["current"]["version"] == 2
    await desk.centre.send(row["id"], 0)
    crew = await desk.as_("crew")
    refused(await crew.patch(own, json={"text": "x", "version": 2}), 403, "permission.refused")
    theirs = made(await crew.post(path, json={"text": "到了"}))
    made(await crew.patch(f"/api/notes/{theirs['id']}", json={"text": "到了楼下", "version": 1}))
    made(await client.patch(f"/api/notes/{theirs['id']}", json={"text": "到了三楼", "version": 2}))
    for text in ("", "x" * 20_001, "x" * 100_000):
        told = refused(await client.post(path, json={"text": text}), 422, "request.invalid")
        assert told["errors"][0]["path"] == "text"
    refused(await client.post(path, json={"text": "a\x07"}), 422, "text.sign")
    refused(await client.post(path, content=b'{"text": "\\udfff"}'), 422, "request.invalid")


async def test_the_record_is_whole_with_names_and_corrections(desk: Desk) -> None:
    client, call = await desk.as_(), await desk.call(phone="13812341234")
    row = await desk.incident(call_id=call["id"])
    note = made(
        await client.post(
            f"/api/incidents/{row['id']}/notes",
            json={"text": "张三，心脏病史", "at": "2026-03-01T15:55:00+08:00", "source": "paper"},
        )
    )
    made(await client.patch(f"/api/notes/{note['id']}", json={"text": "李四，心脏病史", "version": 1}))
    sent = await desk.centre.send(row["id"], 0)
    desk.later(minutes=2)
    left = await desk.centre.say(0, UnitStatus.EN_ROUTE, run_id=sent.id)
    desk.later(minutes=9)
    await desk.centre.say(0, UnitStatus.ON_SCENE, run_id=sent.id)
    async with desk.database.write() as session:
        earlier = desk.clock.now().replace(minute=1)
        await correct_unit_status(desk.centre.act(session), left.entry_id, at=earlier, source=Source.DISPATCHER)
    patient = made(await client.post(f"/api/incidents/{row['id']}/patients", json={"name": "王五六"}))
    other = await desk.incident()
    await desk.centre.send(other["id"], 1)

    lines = await record(desk, row["id"])
    types = [one["type"] for one in lines]
    for wanted in (
        "call.recorded",
        "incident.opened",
        "incident.call_linked",
        "incident.placed",
        "incident.taken",
        "incident.note_written",
        "assignment.made",
        "unit.status_changed",
        "unit.status_corrected",
        "incident.state_changed",
        "patient.added",
        "personal.recorded",
    ):
        assert wanted in types
    assert other["id"] not in str(lines), "nothing of another incident"
    for name in ("张三", "李四", "王五六", "13812341234", "示例路"):
        assert name not in str(lines)

    by_seq = {one["seq"]: one for one in lines}
    first, second = (one for one in lines if one["type"] == "incident.note_written")
    assert (first["late_source"], first["at"]) == ("paper", "2026-03-01T07:55:00Z")
    assert "late_source" not in first["payload"]
    assert (first["corrected_by"], second["corrects"]) == (second["seq"], first["seq"])
    (corrected,) = (one for one in lines if one["type"] == "unit.status_corrected")
    assert by_seq[corrected["corrects"]]["payload"]["entry_id"] == str(left.entry_id)
    opened = next(one for one in lines if one["type"] == "incident.opened")
    assert (opened["actor"], opened["actor_name"]) == (
        f"person:{desk.people['dispatcher']}",
        "示例 dispatcher",
    )
    assert all(len(one["hash"]) == 64 for one in lines)
    again = await record(desk, row["id"], "supervisor")
    views = [one for one in again if one["type"] == "incident.viewed"]
    assert [(one["actor_name"], one["payload"]["record"]) for one in views] == [("示例 dispatcher", True)]
    assert patient["id"] in {one["subject"] for one in again}


async def test_the_record_stands_after_everything_personal_is_erased(desk: Desk) -> None:
    client, row = await desk.as_(), await desk.incident(note="张三在三楼")
    async with desk.database.write() as session:
        await erase_incident(desk.centre.act(session), row["id"], ErasureBasis.REQUEST)
    types = [one["type"] for one in await record(desk, row["id"])]
    assert types.count("personal.erased") == 2
    shown = made(await client.get(f"/api/incidents/{row['id']}?whole=true"))
    assert (shown["notes"][0]["text"], shown["incident"]["words"], shown["places"][0]["coarse"]) == (None, "", True)
