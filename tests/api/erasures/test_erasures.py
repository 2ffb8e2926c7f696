"""Erasing by law over HTTP: the words are nowhere, the record says so, and the chain verifies."""

from __future__ import annotations

from typing import Any

import pytest
from factories.desk import Desk, made, refused
from factories.on_duty import OnDuty
from sqlalchemy import Text, cast, select, text

from dispatch.audit.service import verify
from dispatch.kernel.db import Database
from dispatch.kernel.ids import new_id

pytestmark = pytest.mark.database
SECRETS = ("13812341234", "示例路12号2单元301", "张三丰", "备注里的李四", "请求里的王五")
BASIS = {"basis": "request", "reference": "PIPL-2026-17"}
SOME = "00000000-0000-7000-8000-000000000000"


async def everywhere(database: Database) -> str:
    """Every row of every table of the database, as text."""
    async with database.read() as session:
        names = (await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        found: list[str] = []
        for name in names:
            found += (await session.scalars(select(cast(text("t.*"), Text)).select_from(text(f'"{name}" AS t')))).all()
    return "\n".join(found)


async def erase(desk: Desk, **told: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
    return made(await (await desk.as_("supervisor")).post("/api/erasures", json={**BASIS, **told}))


async def whole(database: Database) -> bool:
    async with database.read() as session:
        return not (await verify(session)).findings


async def test_an_erased_incident_is_nowhere_and_its_record_says_by_whom(desk: Desk) -> None:
    client = await desk.as_()
    call = await desk.call(phone=SECRETS[0])
    row = await desk.incident(call_id=call["id"], note=SECRETS[3])
    made(await client.post(f"/api/incidents/{row['id']}/patients", json={"name": SECRETS[2]}))
    case = {"origin": "incident", "mode": "ecpr", "incident_id": row["id"], "contact": SECRETS[4]}
    made(await client.put(f"/api/ecmo/requests/{new_id(desk.clock)}", json=case))
    before = await everywhere(desk.database)
    assert [secret for secret in SECRETS if secret not in before] == [], "the search must be able to find them"
    done = await erase(desk, target="incident", id=row["id"])
    assert done["values"] == 5
    after = await everywhere(desk.database)
    assert [secret for secret in SECRETS if secret in after] == []
    shown = made(await client.get(f"/api/incidents/{row['id']}"))
    (erased,) = shown["erasures"]
    assert (erased["by_name"], erased["basis"]) == ("示例 supervisor", "request")
    assert erased["at"] == desk.clock.now().isoformat().replace("+00:00", "Z")
    assert shown["notes"][0]["text"] is None
    lines = made(await client.get(f"/api/incidents/{row['id']}/record"))["lines"]
    told = [line for line in lines if line["type"] == "personal.erased"]
    assert len(told) == 4
    assert {line["actor_name"] for line in told} == {"示例 supervisor"}
    (line,) = await desk.lines("erasure.done")
    assert (line["target"], line["reference"], line["values"]) == ("incident", "PIPL-2026-17", 5)
    assert await whole(desk.database)
    assert (await erase(desk, target="incident", id=row["id"]))["values"] == 0


async def test_why_a_road_was_closed_and_what_was_noted_at_a_shift_go_from_signed_sheets_too(duty: OnDuty) -> None:
    client, supervisor = duty.client, await duty.service.logged_in("supervisor")
    database = duty.service.parts.database

    async def gone(target: str, key: str) -> int:
        asked = {**BASIS, "target": target, "id": key}
        return int(made(await supervisor.post("/api/erasures", json=asked))["values"])

    body = {"reason": "王五家失火", "centre": duty.service.at("H"), "radius_m": 20}
    closure = made(await client.post("/api/closures", json=body))
    other = made(await client.post("/api/closures", json={**body, "reason": "flood"}))
    sheet = made(await client.post("/api/handovers", json={"notes": "王五的母亲会再打来"}))
    path = f"/api/handovers/{sheet['handover']['id']}"
    made(await supervisor.post(f"{path}/sign", json={}))
    assert await gone("closure", closure["id"]) == 2
    assert await gone("handover", sheet["handover"]["id"]) == 1
    assert "王五" not in await everywhere(database)
    now = made(await client.get(path))
    reasons = {one["id"]: one["reason"] for one in now["sheet"]["closures"]}
    assert reasons == {closure["id"]: "—", other["id"]: "flood"}
    assert (now["notes"], now["digest"], now["handover"]["state"]) == ("", sheet["digest"], "signed")
    assert now["erased"]["by_name"] == "示例 supervisor"
    listed = {one["id"]: one for one in made(await client.get("/api/closures"))["closures"]}
    assert (listed[closure["id"]]["reason"], listed[other["id"]]["reason_erased_at"]) == ("—", None)
    assert listed[closure["id"]]["reason_erased_at"] is not None
    assert await whole(database)
    assert await gone("closure", closure["id"]) == 0


async def test_one_number_one_note_one_patient_one_call(desk: Desk) -> None:
    client = await desk.as_()
    call = await desk.call(phone=SECRETS[0], caller="张三丰")
    row = await desk.incident(note=SECRETS[3])
    note = made(await client.get(f"/api/incidents/{row['id']}"))["notes"][0]
    patient = made(await client.post(f"/api/incidents/{row['id']}/patients", json={"name": "患者周八"}))
    assert (await erase(desk, target="phone", phone=SECRETS[0]))["values"] == 1
    assert (await erase(desk, target="call", id=call["id"]))["values"] == 1
    assert (await erase(desk, target="note", id=note["id"]))["values"] == 1
    assert (await erase(desk, target="patient", id=patient["id"]))["values"] == 1
    found = await everywhere(desk.database)
    assert [one for one in (SECRETS[0], "张三丰", SECRETS[3], "周八") if one in found] == []
    assert SECRETS[1] in found, "nothing else went"


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"target": "phone", "id": SOME}, 422, "erasure.target"),
        ({"target": "incident", "phone": "13812341234"}, 422, "erasure.target"),
        ({"target": "incident", "id": SOME}, 404, "incident.not_found"),
        ({"target": "call", "id": SOME}, 404, "call.not_found"),
        ({"target": "patient", "id": SOME}, 404, "patient.not_found"),
        ({"target": "note", "id": SOME}, 404, "note.not_found"),
        ({"target": "closure", "id": SOME}, 404, "closure.not_found"),
        ({"target": "handover", "id": SOME}, 404, "handover.not_found"),
        ({"target": "incident", "id": SOME, "basis": "whim"}, 422, "request.invalid"),
        ({"target": "incident", "id": SOME, "reference": "李四 13812341234"}, 422, "reference.invalid"),
    ],
)
async def test_what_cannot_be_is_refused(desk: Desk, told: dict[str, Any], status: int, code: str) -> None:
    refused(await (await desk.as_("supervisor")).post("/api/erasures", json={**BASIS, **told}), status, code)
    assert await desk.lines("erasure.done") == []


@pytest.mark.parametrize("role", ["dispatcher", "crew", "emergency_doctor", "ecmo_coordinator", "administrator"])
async def test_only_a_supervisor_erases(desk: Desk, role: str) -> None:
    row = await desk.incident()
    asked = {**BASIS, "target": "incident", "id": row["id"]}
    refused(await (await desk.as_(role)).post("/api/erasures", json=asked), 403, "permission.refused")
