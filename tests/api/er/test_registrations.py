"""What the crew entered once becomes the emergency room's registration, by name, under a number of its own."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from factories.desk import made, refused
from factories.live import Hall
from factories.rooms import OTHER, OWN, bring, doctor, make_rooms, withheld
from sqlalchemy import select

from dispatch.incidents.service_personal import erase_patient
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.journal_table import JournalLine

pytestmark = pytest.mark.database
NAME, ID_NUMBER = "张三（示例）", "652901196803021234"


def said(told: dict[str, Any], kind: str) -> list[str]:
    return [one["value"] for row in told["identity"] if row["kind"] == kind for one in row["said"]]


async def test_what_the_crew_entered_is_accepted_corrected_with_its_history_and_numbered_once(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient, second = await bring(hall, rooms[OWN]), await bring(hall, rooms[OWN], 1)
    where = f"/er/patients/{patient}/registration"
    async with doctor(hall) as client, doctor(hall, OTHER) as other, doctor(hall, "dispatcher") as desk:
        entered = {"version": 1, "name": NAME, "id_number": ID_NUMBER}
        made(await desk.patch(f"/patients/{patient}", json=entered))
        seen = made(await client.get(where))
        assert (said(seen, "name"), said(seen, "id_number"), said(seen, "phone")) == (["张**"], ["652****34"], [])
        assert (seen["registered_at"], seen["identity"][0]["said"][0]["author_name"]) == (None, "示例 dispatcher")
        whole = made(await client.get(where, params={"whole": True}))
        assert said(whole, "id_number") == [ID_NUMBER]
        refused(await other.get(where), 403, "permission.refused")
        body = {"version": whole["version"], "visit_number": "A1127-0317"}
        refused(await other.post(where, json=body), 403, "permission.refused")
        refused(await client.post(where, json=body | {"version": 1}), 409, "patient.outdated")
        refused(await client.post(where, json=body | {"visit_number": ID_NUMBER}), 422, "text.visit_number")
        refused(await client.post(where, json=body | {"visit_number": "张三"}), 422, "text.visit_number")
        told = made(await client.post(where, json=body | {"visit_number": "Ａ1127-0317"}))
        assert ([one["value"] for one in told["numbers"]], told["changed"]) == (["A1127-0317"], False)
        assert told["registered_by"] == "示例 emergency_doctor"
        (row,) = made(await desk.get(f"/incidents/{await incident_of(hall, patient)}"))["patients"]
        assert row["visit_number"] == "A1127-0317"
        again = {"version": 1, "visit_number": "A1127-0317"}
        refused(await client.post(f"/er/patients/{second}/registration", json=again), 409, "registration.number")
        made(await desk.patch(f"/patients/{patient}", json={"version": told["version"], "phone": "13800001234"}))
        seen = made(await client.get(where))
        assert seen["changed"]
        mended = body | {"version": seen["version"], "visit_number": "A1127-0318", "name": "章三", "age_years": 59}
        told = made(await client.post(where, json=mended))
        assert (said(told, "name"), told["age_years"], told["changed"]) == (["章**", "张**"], 59, False)
        assert [one["value"] for one in told["numbers"]] == ["A1127-0318", "A1127-0317"]
        made(await client.post(f"/er/patients/{second}/registration", json=again))
    assert len(await withheld(hall)) == 2
    kept = await lines(hall)
    assert [one["corrected"] for one in kept] == [[], ["name", "age_years"], []]
    assert not any(word in json.dumps(kept, ensure_ascii=False) for word in ("A1127", "章三", ID_NUMBER))


async def test_an_erased_patients_number_is_shown_no_more_and_given_to_nobody_else_that_day(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient, second = await bring(hall, rooms[OWN]), await bring(hall, rooms[OWN], 1)
    body = {"version": 1, "visit_number": "A1127-0317"}
    async with doctor(hall) as client:
        made(await client.post(f"/er/patients/{patient}/registration", json=body))
        async with hall.centre.database.write() as session:
            await erase_patient(hall.centre.act(session), patient, ErasureBasis.REQUEST)
        seen = made(await client.get(f"/er/patients/{patient}/registration", params={"whole": True}))
        assert [one["value"] for one in seen["numbers"]] == [""]
        refused(await client.post(f"/er/patients/{second}/registration", json=body), 409, "registration.number")


async def incident_of(hall: Hall, patient: UUID) -> str:
    (line,) = (one for one in await lines(hall) if one["patient_id"] == str(patient))
    return str(line["incident_id"])


async def lines(hall: Hall) -> list[dict[str, Any]]:
    async with hall.centre.database.read() as session:
        wanted = select(JournalLine.payload).where(JournalLine.type == "registration.accepted")
        return list(await session.scalars(wanted.order_by(JournalLine.seq)))
