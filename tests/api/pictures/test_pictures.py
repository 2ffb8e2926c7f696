"""Pictures of patients: sent in pieces and taken up again, freed of where they were taken, erased by law."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.on_duty import OnDuty
from PIL import Image

from dispatch.pictures.service import forget_pictures

pytestmark = pytest.mark.database
UPRIGHT = 6
ORIENTATION, GPS, LATITUDE = 0x0112, 0x8825, 2


def photo() -> bytes:
    """A picture of 640 × 480 that lies on its side, and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = UPRIGHT
    exif.get_ifd(GPS)[LATITUDE] = (41.0, 9.0, 30.0)
    made = BytesIO()
    Image.effect_noise((640, 480), 90).convert("RGB").save(made, "JPEG", quality=60, exif=exif)
    return made.getvalue()


@pytest.fixture
async def nurse(duty: OnDuty) -> httpx.AsyncClient:
    return await duty.service.logged_in("crew-0-nurse")


async def patient(duty: OnDuty, nurse: httpx.AsyncClient) -> str:
    incident = await duty.incident()
    await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    return str((await duty.post(f"incidents/{incident}/patients", nurse, sex="male")).json()["id"])


async def announce(nurse: httpx.AsyncClient, path: str, data: bytes, **told: object) -> dict[str, Any]:
    body = {"total": len(data), "sha256": hashlib.sha256(data).hexdigest(), **told}
    made = await nurse.put(path, json=body)
    assert made.status_code == 200, made.text
    found: dict[str, Any] = made.json()
    return found


async def piece(nurse: httpx.AsyncClient, path: str, data: bytes, start: int, end: int) -> httpx.Response:
    body = {"start": start, "data": base64.b64encode(data[start:end]).decode()}
    return await nurse.post(f"{path}/pieces", json=body)


async def test_a_picture_is_taken_up_where_it_stopped_and_says_no_more_where_it_was_taken(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who, data = await patient(duty, nurse), photo()
    path, taken_at, half = f"/api/patients/{who}/pictures/{uuid4()}", duty.clock.now(), len(data) // 2
    duty.later(600)
    when = {"at": taken_at.isoformat(), "sent_at": duty.clock.now().isoformat()}
    assert (await announce(nurse, path, data, **when))["received"] == 0
    assert (await piece(nurse, path, data, 0, half)).json()["received"] == half
    assert (await announce(nurse, path, data))["received"] == half
    assert (await nurse.get(path)).json()["code"] == "picture.gone"
    done = (await piece(nurse, path, data, half, len(data))).json()
    assert (done["whole"], done["at"]) == (True, taken_at.isoformat().replace("+00:00", "Z"))
    assert (await piece(nurse, path, data, half, len(data))).json() == done
    kept = await nurse.get(path)
    with Image.open(BytesIO(kept.content)) as opened:
        exif = opened.getexif()
        assert (opened.size, exif.get(ORIENTATION), dict(exif.get_ifd(GPS))) == ((640, 480), UPRIGHT, {})
    with Image.open(BytesIO((await nurse.get(f"{path}/small")).content)) as small:
        assert small.size == (240, 320)
    (listed,) = (await nurse.get(f"/api/patients/{who}/pictures")).json()["pictures"]
    assert (listed["id"], listed["author_name"]) == (done["id"], "示例 crew-0-nurse")
    assert [line["picture_id"] for line in await duty.lines("patient.pictured")] == [done["id"]]


async def test_the_hospital_that_is_chosen_sees_what_the_crew_took(duty: OnDuty, nurse: httpx.AsyncClient) -> None:
    who, data = await patient(duty, nurse), photo()
    path, doctor = f"/api/patients/{who}/pictures/{uuid4()}", await duty.service.logged_in("emergency_doctor")
    ranking = (await duty.post(f"patients/{who}/destinations/ranking", nurse)).json()
    hospital = ranking["ranked"][0]["hospital_id"]
    await duty.post(f"patients/{who}/destinations", nurse, ranking_id=ranking["id"], hospital_id=hospital)
    await announce(nurse, path, data)
    await piece(nurse, path, data, 0, len(data))
    (told,) = (await doctor.get(f"/api/er/patients/{who}/pictures")).json()["pictures"]
    assert (told["whole"], told["bytes"]) == (True, len(data))
    address = f"/api/er/patients/{who}/pictures/{told['id']}"
    assert (await doctor.get(address)).content == (await nurse.get(path)).content
    small = await doctor.get(address, params={"small": True})
    assert small.content == (await nurse.get(f"{path}/small")).content


async def test_what_is_no_picture_or_not_the_announced_one_is_refused_and_can_be_sent_anew(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who, data = await patient(duty, nurse), photo()
    path = f"/api/patients/{who}/pictures/{uuid4()}"
    await announce(nurse, path, data)
    wrong = await piece(nurse, path, bytes(len(data)), 0, len(data))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "picture.digest")
    assert (await piece(nurse, path, data, 0, len(data))).json()["whole"]
    other = await nurse.put(path, json={"total": 5, "sha256": hashlib.sha256(b"other").hexdigest()})
    assert (other.status_code, other.json()["code"]) == (409, "picture.other")
    text = b"no picture at all"
    path = f"/api/patients/{who}/pictures/{uuid4()}"
    await announce(nurse, path, text)
    assert (await piece(nurse, path, text, 0, len(text))).json()["code"] == "picture.form"
    beyond = await piece(nurse, path, data, 0, 100)
    assert beyond.json()["code"] == "picture.piece"
    stranger = await duty.service.logged_in("crew-2-nurse")
    for refused in (await stranger.get(path), await stranger.get(f"/api/patients/{who}/pictures")):
        assert refused.status_code == 403


async def test_pictures_go_by_law_and_after_their_term_but_not_of_a_held_incident(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    who, data = await patient(duty, nurse), photo()
    incident = (await nurse.get(f"/api/patients/{who}")).json()["patient"]["incident_id"]
    supervisor = await duty.service.logged_in("supervisor")
    path = f"/api/patients/{who}/pictures/{uuid4()}"
    await announce(nurse, path, data)
    await piece(nurse, path, data, 0, len(data))
    database, later = duty.service.parts.database, duty.clock.now() + timedelta(days=1)
    assert (await supervisor.put(f"/api/incidents/{incident}/hold")).status_code < 300
    async with database.write() as session:
        assert await forget_pictures(session, later) == 0
    assert (await supervisor.delete(f"/api/incidents/{incident}/hold")).status_code < 300
    body = {"target": "patient", "id": who, "basis": "request", "reference": "PIPL-2026-18"}
    assert (await duty.post("erasures", supervisor, **body)).json()["values"] == 1
    assert (await nurse.get(path)).json()["code"] == "picture.gone"
    assert (await nurse.get(f"/api/patients/{who}/pictures")).json()["pictures"][0]["erased"]
    async with database.write() as session:
        assert await forget_pictures(session, later) == 1
