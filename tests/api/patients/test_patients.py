"""Patients over HTTP: recorded, named, looked at, cared for, merged."""

from __future__ import annotations

from typing import Any

import pytest
from factories.desk import Desk, made, refused

pytestmark = pytest.mark.database
SOME = "0198c0de-0000-7000-8000-000000000001"
KNOWN = {"name": "张三丰", "id_number": "652901196901011234", "phone": "13812341234", "address": "示例路12号2单元"}


async def a_patient(desk: Desk, **told: object) -> dict[str, Any]:
    row = await desk.incident()
    return made(await (await desk.as_()).post(f"/api/incidents/{row['id']}/patients", json=told))


async def test_a_patient_is_masked_and_each_look_leaves_a_line(desk: Desk) -> None:
    client, patient = await desk.as_(), await a_patient(desk, sex="male", age_years=57, **KNOWN)
    assert (patient["name"], patient["named"], patient["state"], patient["ordinal"]) == ("张**", True, "open", 1)
    path = f"/api/patients/{patient['id']}"
    told = made(await client.get(path))
    assert (told["patient"]["name"], told["id_number"]) == ("张**", "652****34")
    assert (told["phone"], told["address"], told["whole"]) == ("138****1234", "示例路****", False)
    whole = made(await client.get(f"{path}?whole=true"))
    assert {"name": whole["patient"]["name"], **{key: whole[key] for key in ("id_number", "phone", "address")}} == KNOWN
    seen = {"patient_id": patient["id"], "incident_id": patient["incident_id"]}
    assert await desk.lines("patient.viewed") == [{**seen, "whole": False}, {**seen, "whole": True}]
    async with desk.database.read():
        assert not {"张三丰", KNOWN["phone"]} & set(str(await desk.lines("personal.recorded")))


async def test_an_unknown_person_gets_a_placeholder_and_later_a_name(desk: Desk) -> None:
    client, patient = await desk.as_(), await a_patient(desk)
    assert (patient["name"], patient["named"]) == ("无名氏2026-000001-1", False)
    path = f"/api/patients/{patient['id']}"
    named = made(await client.patch(path, json={"version": 1, "name": "李四", "sex": "female", "age_years": 30}))
    assert (named["name"], named["sex"], named["age_years"], named["version"]) == ("李**", "female", 30, 2)
    told = refused(await client.patch(path, json={"version": 1, "name": "王五"}), 409, "patient.outdated")
    assert told["current"]["version"] == 2
    assert "李四" not in str(told)
    told = refused(await client.patch(path, json={"version": 2, "age_years": 131}), 422, "request.invalid")
    assert told["errors"][0]["path"] == "age_years"
    refused(await client.patch(f"/api/patients/{SOME}", json={"version": 1}), 404, "patient.not_found")
    refused(await client.patch(path, content=b'{"version": 2, "name": "\\ud800"}'), 422, "request.invalid")
    refused(await client.patch(path, json={"version": 2, "phone": "none"}), 422, "text.phone")


async def test_a_repeated_request_records_one_person(desk: Desk) -> None:
    client, row, key = await desk.as_(), await desk.incident(), {"Idempotency-Key": "p-1"}
    path = f"/api/incidents/{row['id']}/patients"
    one, two = [made(await client.post(path, json={"sex": "male"}, headers=key)) for _ in range(2)]
    assert one == two
    refused(await client.post(path, json={"sex": "female"}, headers=key), 409, "request.key_reused")
    assert made(await client.get(f"/api/incidents/{row['id']}"))["patients"] == [one]


async def test_an_outcome_and_its_correction(desk: Desk) -> None:
    client, patient = await desk.as_(), await a_patient(desk)
    path = f"/api/patients/{patient['id']}/outcome"
    brought = {"outcome": "transported", "destination_id": str(desk.hospital)}
    settled = made(await client.post(path, json={"outcome": brought}))
    assert (settled["state"], settled["outcome"], settled["destination_id"]) == (
        "settled",
        "transported",
        str(desk.hospital),
    )
    refusal = {"outcome": "refused", "proof": "witness", "witness": "赵六"}
    refused(await client.post(path, json={"outcome": refusal}), 422, "outcome.reason")
    stale = {"outcome": refusal, "reason": "typed on the wrong row", "version": 1}
    refused(await client.post(path, json=stale), 409, "patient.outdated")
    made(await client.post(path, json={**stale, "version": settled["version"]}))
    told = made(await client.get(f"/api/patients/{patient['id']}"))
    assert [(one["version"], one["outcome"], one["witness"], one["reason"]) for one in told["outcomes"]] == [
        (1, "transported", "", ""),
        (2, "refused", "赵**", "typed on the wrong row"),
    ]
    assert told["patient"]["destination_id"] is None


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        ({"outcome": "transported"}, 422, "outcome.destination"),
        ({"outcome": "transported", "destination_id": SOME}, 404, "hospital.not_found"),
        ({"outcome": "refused"}, 422, "outcome.proof"),
        ({"outcome": "refused", "proof": "witness"}, 422, "outcome.witness"),
        ({"outcome": "handed_on"}, 422, "outcome.handed_to"),
        ({"outcome": "cured"}, 422, "request.invalid"),
    ],
)
async def test_an_outcome_that_is_not_whole(desk: Desk, outcome: dict[str, Any], status: int, code: str) -> None:
    client, patient = await desk.as_(), await a_patient(desk)
    refused(await client.post(f"/api/patients/{patient['id']}/outcome", json={"outcome": outcome}), status, code)


async def test_units_take_and_hand_over_a_patient(desk: Desk) -> None:
    client, patient = await desk.as_(), await a_patient(desk)
    first, second = map(str, desk.centre.units)
    path = f"/api/patients/{patient['id']}/care"
    begun = made(await client.post(path, json={"unit_id": first}))
    assert (begun["care"], begun["reason"], begun["ends_at"]) == ("carries", "first", None)
    refused(await client.post(path, json={"unit_id": second}), 409, "care.carried")
    refused(await client.post(path, json={"unit_id": SOME}), 404, "unit.not_found")
    desk.later(minutes=10)
    over = made(await client.post(f"{path}/hand-over", json={"unit_id": second, "reason": "breakdown"}))
    assert (over["unit_id"], over["reason"], over["begins_at"]) == (second, "breakdown", "2026-03-01T08:10:00Z")
    told = made(await client.get(f"/api/patients/{patient['id']}"))
    assert [(one["unit_id"], one["ends_at"]) for one in told["care"]] == [
        (first, "2026-03-01T08:10:00Z"),
        (second, None),
    ]
    assert told["patient"]["units"] == [{"unit_id": second, "care": "carries"}]
    desk.later(minutes=10)
    made(await client.post(f"{path}/end", json={"unit_id": second}))
    refused(await client.post(f"{path}/end", json={"unit_id": second}), 409, "care.none")
    refused(await client.post(f"{path}/hand-over", json={"unit_id": first}), 409, "care.none")


async def test_two_records_of_one_person(desk: Desk) -> None:
    client, kept, same = await desk.as_(), await a_patient(desk, name="张三"), await a_patient(desk)
    path = f"/api/patients/{same['id']}/merge"
    assert made(await client.post(path, json={"into": kept["id"]}))["id"] == kept["id"]
    told = made(await client.get(f"/api/patients/{kept['id']}"))
    assert told["merged"] == [same["id"]]
    assert made(await client.get(f"/api/patients/{same['id']}"))["patient"]["merged_into"] == kept["id"]
    refused(await client.post(path, json={"into": kept["id"]}), 409, "patient.transition")
    refused(await client.post(path, json={"into": same["id"]}), 422, "patient.itself")
    refused(await client.post(path, json={"into": SOME}), 404, "patient.not_found")
    assert made(await client.delete(path))["state"] == "open"
    refused(await client.delete(path), 409, "patient.not_merged")


async def test_who_may_not(desk: Desk) -> None:
    patient = await a_patient(desk, name="张三")
    path = f"/api/patients/{patient['id']}"
    refused(await (await desk.stranger()).get(path), 401, "session.none")
    for client in (await desk.as_("administrator"), await desk.device("示例-000"), await desk.device()):
        refused(await client.get(path), 403, "permission.refused")
        refused(await client.patch(path, json={"version": 1}), 403, "permission.refused")
    coordinator = await desk.as_("ecmo_coordinator")
    assert made(await coordinator.get(path))["patient"]["name"] == "张**"
    refused(await coordinator.patch(path, json={"version": 1}), 403, "permission.refused")
    assert len(await desk.lines("patient.viewed")) == 1, "who was refused saw nothing"
