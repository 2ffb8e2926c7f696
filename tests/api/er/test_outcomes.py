"""A hospital tells what became of a patient, and the crew that carried him learns it without who he was."""

from __future__ import annotations

import httpx
import pytest
from factories.on_duty import OnDuty
from factories.people import CORPS, make_person

from dispatch.accounts.states import Role

pytestmark = pytest.mark.database
NAME = "示例张三丰"


async def brought(duty: OnDuty, nurse: httpx.AsyncClient, doctor: httpx.AsyncClient) -> str:
    """Somebody of 58 whom 阿-01 carried to the region's hospital, which signed for him."""
    incident = str(await duty.incident())
    await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    body = {"sex": "male", "age_years": 58, "name": NAME}
    patient = str((await duty.post(f"incidents/{incident}/patients", nurse, **body)).json()["id"])
    ranking = (await duty.post(f"patients/{patient}/destinations/ranking", nurse)).json()
    hospital = ranking["ranked"][0]["hospital_id"]
    await duty.post(f"patients/{patient}/destinations", nurse, ranking_id=ranking["id"], hospital_id=hospital)
    early = await duty.post(f"er/patients/{patient}/outcome", doctor, disposition="ward")
    assert early.status_code == 403
    signed = await duty.post(f"er/patients/{patient}/handover/signature", doctor, detaches=False)
    assert signed.status_code == 200, signed.text
    return patient


async def test_an_outcome_is_told_anew_and_the_crew_learns_it_without_a_name(duty: OnDuty) -> None:
    service = duty.service
    nurse, doctor = await service.logged_in("crew-0-nurse"), await service.logged_in("emergency_doctor")
    patient = await brought(duty, nurse, doctor)
    assert (await nurse.get("/api/outcomes/mine")).json()["outcomes"] == []
    duty.later(1_800)
    first = await duty.post(f"er/patients/{patient}/outcome", doctor, disposition="intensive", diagnosis="I21.9")
    assert first.status_code == 200, first.text
    (row,) = first.json()["patients"]
    assert (row["patient_id"], row["disposition"], row["diagnosis"], row["told_by_name"], row["version"]) == (
        patient, "intensive", "I21.9", "示例 emergency_doctor", 1
    )  # fmt: skip
    again = await duty.post(f"er/patients/{patient}/outcome", doctor, disposition="intensive", diagnosis="I21.9")
    assert again.json()["patients"] == [row]
    await duty.post(f"er/patients/{patient}/outcome", doctor, disposition="discharged", diagnosis="I20.0")
    got = await nurse.get("/api/outcomes/mine")
    (one,) = got.json()["outcomes"]
    assert (one["age_band"], one["sex"], one["disposition"]["code"], one["diagnosis_name"]["zh"], one["changed"]) == (
        "50-59", "male", "discharged", "不稳定型心绞痛", True
    )  # fmt: skip
    assert NAME not in got.text
    assert NAME not in first.text
    assert "age_years" not in one
    assert (await (await service.logged_in("crew-2-nurse")).get("/api/outcomes/mine")).json()["outcomes"] == []
    lines = await duty.lines("outcome.told")
    assert [(line["version"], line["disposition"]) for line in lines] == [(1, "intensive"), (2, "discharged")]
    assert "I21.9" not in str(lines)
    await nurse.get("/api/outcomes/mine")
    assert [line["patients"] for line in await duty.lines("outcome.viewed")] == [0, 1, 0]
    duty.later(30 * 86_400)
    nurse = await service.logged_in("crew-0-nurse")
    assert (await nurse.get("/api/outcomes/mine")).json()["outcomes"] == []


async def test_another_hospital_and_other_roles_tell_and_learn_nothing(duty: OnDuty) -> None:
    service = duty.service
    nurse, doctor = await service.logged_in("crew-0-nurse"), await service.logged_in("emergency_doctor")
    patient = await brought(duty, nurse, doctor)
    async with service.parts.database.write() as session:
        await make_person(session, duty.clock, "other-doctor", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    stranger = await service.logged_in("other-doctor")
    for refused in (
        await duty.post(f"er/patients/{patient}/outcome", stranger, disposition="ward"),
        await duty.post(f"er/patients/{patient}/outcome", nurse, disposition="ward"),
        await duty.client.get("/api/outcomes/mine"),
        await doctor.get("/api/outcomes/mine"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "permission.refused")
    assert (await duty.lines("patient.withheld")) != []
    assert (await stranger.get("/api/er/outcomes")).json()["patients"] == []
    for body, code in (
        ({"disposition": "home"}, "outcome.disposition"),
        ({"disposition": "ward", "diagnosis": "heart"}, "outcome.code"),
    ):
        wrong = await duty.post(f"er/patients/{patient}/outcome", doctor, **body)
        assert (wrong.status_code, wrong.json()["code"]) == (422, code)
    assert (await duty.lines("outcome.told")) == []
