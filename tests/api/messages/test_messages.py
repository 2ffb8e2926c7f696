"""Crew, receiving emergency room and dispatch centre write to each other: once, read by name, erased by law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.on_duty import OnDuty
from factories.people import CORPS, make_person

from dispatch.accounts.states import Role

pytestmark = pytest.mark.database
WORDS = "患者家属张三丰要求送地区医院"


@dataclass
class Talk:
    """A patient of 阿-01 for whom the region's hospital is chosen, its crew, and that hospital's doctor."""

    duty: OnDuty
    incident: str
    patient: str
    nurse: httpx.AsyncClient
    doctor: httpx.AsyncClient

    async def say(self, client: httpx.AsyncClient, **body: object) -> dict[str, Any]:
        told = {"id": str(uuid4()), "patient_id": self.patient, **body}
        made = await self.duty.post(f"incidents/{self.incident}/messages", client, **told)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def heard(self, client: httpx.AsyncClient, patient: str | None = None) -> list[dict[str, Any]]:
        params = {} if patient is None else {"patient_id": patient}
        got = await client.get(f"/api/incidents/{self.incident}/messages", params=params)
        assert got.status_code == 200, got.text
        found: list[dict[str, Any]] = got.json()["messages"]
        return found


@pytest.fixture
async def talk(duty: OnDuty) -> Talk:
    nurse = await duty.service.logged_in("crew-0-nurse")
    incident = str(await duty.incident())
    await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    patient = (await duty.post(f"incidents/{incident}/patients", nurse, sex="male", age_years=60)).json()["id"]
    ranking = (await duty.post(f"patients/{patient}/destinations/ranking", nurse)).json()
    hospital = ranking["ranked"][0]["hospital_id"]
    await duty.post(f"patients/{patient}/destinations", nurse, ranking_id=ranking["id"], hospital_id=hospital)
    return Talk(duty, incident, patient, nurse, await duty.service.logged_in("emergency_doctor"))


async def test_what_was_written_without_a_link_is_delivered_once_with_its_true_time_and_read_by_name(
    talk: Talk,
) -> None:
    duty, at = talk.duty, talk.duty.clock.now()
    duty.later(900)
    body = {"id": str(uuid4()), "words": WORDS, "at": at.isoformat(), "sent_at": duty.clock.now().isoformat()}
    first = await talk.say(talk.nurse, **body)
    assert await talk.say(talk.nurse, **body) == first
    other = await duty.post(
        f"incidents/{talk.incident}/messages", talk.nurse, **body | {"words": "别的", "patient_id": talk.patient}
    )
    assert (other.status_code, other.json()["code"]) == (409, "message.other")
    assert (first["side"], first["at"], first["mine"]) == ("crew", at.isoformat().replace("+00:00", "Z"), True)
    (heard,) = await talk.heard(talk.doctor, talk.patient)
    assert (heard["words"], heard["author_name"], heard["mine"], heard["reads"]) == (
        WORDS, "示例 crew-0-nurse", False, []
    )  # fmt: skip
    reads = f"incidents/{talk.incident}/messages/reads"
    for _ in range(2):
        seen = await duty.post(reads, talk.doctor, ids=[first["id"]], patient_id=talk.patient)
        assert seen.status_code == 200, seen.text
    await duty.post(reads, talk.nurse, ids=[first["id"]])
    answered = await talk.say(talk.doctor, phrase="room_ready")
    mine, theirs = await talk.heard(talk.nurse)
    assert [(one["side"], one["name"]) for one in mine["reads"]] == [("hospital", "示例 emergency_doctor")]
    assert (theirs["id"], theirs["side"], theirs["phrase"], theirs["words"]) == (
        answered["id"], "hospital", "room_ready", None
    )  # fmt: skip
    sent = await duty.lines("message.sent")
    assert [(line["side"], line["phrase"]) for line in sent] == [("crew", ""), ("hospital", "room_ready")]
    assert WORDS not in str(sent)
    assert [(line["side"], line["message_ids"]) for line in await duty.lines("message.read")] == [
        ("hospital", [first["id"]])
    ]


async def test_a_hospital_reads_what_is_about_its_own_patients_and_another_reads_nothing(talk: Talk) -> None:
    await talk.say(talk.nurse, patient_id=None, phrase="call_me")
    about = await talk.say(talk.nurse, phrase="worse")
    await talk.say(talk.duty.client, patient_id=None, phrase="help_comes")
    assert [one["id"] for one in await talk.heard(talk.doctor, talk.patient)] == [about["id"]]
    assert len(await talk.heard(talk.nurse)) == len(await talk.heard(talk.duty.client)) == 3
    service = talk.duty.service
    async with service.parts.database.write() as session:
        await make_person(session, talk.duty.clock, "other-doctor", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    stranger, address = await service.logged_in("other-doctor"), f"incidents/{talk.incident}/messages"
    unnamed = await talk.doctor.get(f"/api/{address}")
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "message.patient")
    for refused in (
        await stranger.get(f"/api/{address}", params={"patient_id": talk.patient}),
        await talk.duty.post(address, stranger, id=str(uuid4()), patient_id=talk.patient, phrase="received"),
        await (await service.logged_in("crew-2-nurse")).get(f"/api/{address}"),
    ):
        assert refused.status_code == 403
    wrong = await talk.duty.post(address, talk.doctor, id=str(uuid4()), patient_id=talk.patient, phrase="worse")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "message.phrase")


async def test_words_are_erased_with_the_incident_or_the_patient_and_the_message_stays(talk: Talk) -> None:
    await talk.say(talk.nurse, words=WORDS)
    supervisor = await talk.duty.service.logged_in("supervisor")
    body = {"target": "patient", "id": talk.patient, "basis": "request", "reference": "PIPL-2026-17"}
    assert (await talk.duty.post("erasures", supervisor, **body)).json()["values"] == 1
    await talk.say(talk.nurse, words=WORDS, patient_id=None)
    whole = body | {"target": "incident", "id": talk.incident}
    assert (await talk.duty.post("erasures", supervisor, **whole)).json()["values"] >= 1
    assert [(one["words"], one["erased"]) for one in await talk.heard(talk.nurse)] == [(None, True), (None, True)]
