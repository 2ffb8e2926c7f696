"""Values measured by hand and treatments: kept once, with true times, corrected beside the original, in the trends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.on_duty import OnDuty

pytestmark = pytest.mark.database


@pytest.fixture
async def nurse(duty: OnDuty) -> httpx.AsyncClient:
    return await duty.service.logged_in("crew-0-nurse")


async def patient(duty: OnDuty, nurse: httpx.AsyncClient) -> str:
    """Somebody of 60 whom 阿-01 looks after."""
    incident = await duty.incident()
    made = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    assert made.status_code == 201, made.text
    found = await duty.post(f"incidents/{incident}/patients", nurse, sex="male", age_years=60)
    assert found.status_code == 201, found.text
    return str(found.json()["id"])


async def chart(duty: OnDuty, nurse: httpx.AsyncClient, who: str, **body: object) -> dict[str, Any]:
    made = await duty.post(f"patients/{who}/chart", nurse, **{"id": str(uuid4()), **body})
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


async def test_what_was_written_without_a_link_is_kept_once_with_its_true_time_and_no_value_in_the_journal(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who = await patient(duty, nurse)
    measured_at = duty.clock.now()
    duty.later(1_800)
    body = {
        "id": str(uuid4()), "values": {"nibp_systolic": 98, "nibp_diastolic": 60}, "at": measured_at.isoformat(),
        "sent_at": duty.clock.now().isoformat(), "unit_id": str(duty.units["阿-01"]),
    }  # fmt: skip
    first = await chart(duty, nurse, who, **body)
    assert await chart(duty, nurse, who, **body) == first
    assert (first["at"], first["author_name"]) == (measured_at.isoformat().replace("+00:00", "Z"), "示例 crew-0-nurse")
    other = await duty.post(f"patients/{who}/chart", nurse, **body | {"values": {"spo2": 90}})
    assert (other.status_code, other.json()["code"]) == (409, "chart.other")
    (line,) = await duty.lines("patient.charted")
    assert (line["signals"], line["entry_id"]) == (["nibp_diastolic", "nibp_systolic"], body["id"])
    assert line.keys() == {
        "patient_id", "incident_id", "entry_id", "unit_id", "at", "signals", "treatment", "corrects", "digest",
        "late_source",
    }  # fmt: skip
    vitals = (await nurse.get(f"/api/patients/{who}/vitals")).json()["values"]
    assert [(one["signal"], one["value"], one["by_hand"], one["slot"]) for one in vitals] == [
        ("nibp_systolic", 98.0, True, None), ("nibp_diastolic", 60.0, True, None)
    ]  # fmt: skip


async def test_a_correction_stands_beside_the_original_and_a_withdrawn_one_counts_no_more(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who = await patient(duty, nurse)
    wrong = await chart(duty, nurse, who, treatment="adrenaline", amount=10)
    duty.later(1)
    right = await chart(duty, nurse, who, treatment="adrenaline", amount=1, corrects=wrong["id"])
    entries = (await nurse.get(f"/api/patients/{who}/chart")).json()["entries"]
    assert [(one["amount"], one["unit"], one["counts"]) for one in entries] == [(10.0, "mg", False), (1.0, "mg", True)]
    again = await duty.post(f"patients/{who}/chart", nurse, id=str(uuid4()), treatment="iv", corrects=wrong["id"])
    assert (again.status_code, again.json()["code"]) == (409, "chart.corrected")
    address = f"patients/{who}/chart/{right['id']}/withdrawal"
    gone = await duty.post(address, nurse)
    assert (gone.json()["counts"], gone.json()["withdrawn_by"]) == (False, "示例 crew-0-nurse")
    assert (await duty.post(address, nurse)).json() == gone.json()
    counts = [one["counts"] for one in (await nurse.get(f"/api/patients/{who}/chart")).json()["entries"]]
    assert counts == [True, False]
    assert len(await duty.lines("patient.chart_withdrawn")) == 1


async def test_typed_values_stand_in_the_emergency_rooms_trends_and_count_for_news2(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who = await patient(duty, nurse)
    doctor = await duty.service.logged_in("emergency_doctor")
    ranking = (await duty.post(f"patients/{who}/destinations/ranking", nurse)).json()
    hospital = ranking["ranked"][0]["hospital_id"]
    chosen = await duty.post(f"patients/{who}/destinations", nurse, ranking_id=ranking["id"], hospital_id=hospital)
    assert chosen.status_code == 201, chosen.text
    await chart(duty, nurse, who, values={"respiratory_rate": 26, "avpu": 2, "temperature": 36.6})
    first = await chart(duty, nurse, who, values={"heart_rate": 900})
    shown = (await doctor.get(f"/api/er/patients/{who}")).json()["measured"]
    assert {one["signal"]: (one["value"], one["judged"], one["by_hand"]) for one in shown["values"]} == {
        "respiratory_rate": (26.0, "ok", True), "avpu": (2.0, "ok", True), "temperature": (36.6, "ok", True),
        "heart_rate": (900.0, "hard", True),
    }  # fmt: skip
    assert {one["signal"]: one["by_hand"] for one in shown["trends"]} == {
        "respiratory_rate": [True], "avpu": [True], "temperature": [True]
    }  # fmt: skip
    await chart(duty, nurse, who, values={"heart_rate": 90}, corrects=first["id"])
    shown = (await doctor.get(f"/api/er/patients/{who}")).json()["measured"]
    assert {one["signal"]: one["value"] for one in shown["values"]}["heart_rate"] == 90.0
    score = (await doctor.get(f"/api/patients/{who}/news2")).json()
    assert score["points"] == {"respiratory_rate": 3, "pulse": 0, "consciousness": 3, "temperature": 0}
    assert score["missing"] == ["spo2", "oxygen", "systolic"]


async def test_nobody_writes_at_a_patient_that_he_does_not_reach(duty: OnDuty, nurse: httpx.AsyncClient) -> None:
    who = await patient(duty, nurse)
    entry = await chart(duty, nurse, who, treatment="iv")
    other = await duty.service.logged_in("crew-2-nurse")
    at = (duty.clock.now() - timedelta(seconds=1)).isoformat()
    for refused in (
        await duty.post(f"patients/{who}/chart", other, id=str(uuid4()), treatment="iv", at=at),
        await duty.post(f"patients/{who}/chart/{entry['id']}/withdrawal", other),
        await other.get(f"/api/patients/{who}/chart"),
    ):
        assert refused.status_code == 403
    missing = await duty.post(f"patients/{who}/chart/{uuid4()}/withdrawal", nurse)
    assert (missing.status_code, missing.json()["code"]) == (404, "chart.not_found")
    forms = (await nurse.get("/api/chart-forms")).json()
    assert (forms["signed_off"], forms["signals"][0]["hard"]) == (False, {"low": 0.0, "high": 350.0})


async def test_a_typed_value_beyond_a_limit_alarms_at_once_and_says_that_it_was_typed(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who = await patient(duty, nurse)
    unit = {"unit_id": str(duty.units["阿-01"])}
    body = {"id": str(uuid4()), "values": {"spo2": 84, "heart_rate": 80}, **unit}
    for _ in range(2):
        await chart(duty, nurse, who, **body)
    # A slip of the thumb, and what was true long ago, alarm nobody.
    await chart(duty, nurse, who, values={"spo2": 840}, **unit)
    long_ago = (duty.clock.now() - timedelta(minutes=11)).isoformat()
    await chart(duty, nurse, who, values={"spo2": 70}, at=long_ago, **unit)
    told = (await duty.client.get("/api/detections", params={"patient_id": who})).json()["detections"]
    assert {one["code"] for one in told} == {"typed.spo2_low"} | {
        one["code"] for one in told if one["code"] == "typed.spo2_very_low"
    }
    (low,) = (one for one in told if one["code"] == "typed.spo2_low")
    assert (low["signal"], low["value"], low["unit"], low["times"], low["acknowledged"]) == (
        "spo2",
        84.0,
        "%",
        1,
        False,
    )
    assert low["ended_at"] == low["began_at"]
