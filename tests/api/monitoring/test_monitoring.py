"""Whose data are whose, from the vehicle to who asks for a patient."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.vehicles import VITALS, Line, device, open_line, rate
from sqlalchemy import text

from dispatch.incidents.service_patients import add_patient, merge_patients
from dispatch.telemetry.rules_payloads import Attached, Detached, Origin, Payload, Value, Values, encode_payload
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame, Kind, Stream

pytestmark = pytest.mark.database

EVENTS = Stream(Kind.EVENT, 1)


@asynccontextmanager
async def desk(hall: Hall, name: str = "dispatcher") -> AsyncIterator[httpx.AsyncClient]:
    headers = {"cookie": await hall.cookie(name)}
    async with httpx.AsyncClient(base_url=f"http://{hall.address}/api", headers=headers, timeout=PATIENCE_S) as client:
        yield client


async def patient(hall: Hall, incident: UUID | None = None) -> UUID:
    incident = incident or await hall.centre.incident()
    async with hall.centre.database.write() as session:
        return (await add_patient(hall.centre.act(session), incident)).id


async def send(line: Line, seq: int, payload: Payload, *, at_s: float, stream: Stream = VITALS) -> None:
    """Something measured so many seconds before the connection was made."""
    device_us = line.now_us - round(at_s * 1_000_000)
    await line.line.send(encode_frame(Frame(stream, seq, device_us, encode_payload(payload))))


def value(told: dict[str, Any]) -> list[float]:
    return [one["value"] for one in told["values"]]


async def vitals(client: httpx.AsyncClient, patient_id: UUID) -> dict[str, Any]:
    answered = await client.get(f"/patients/{patient_id}/vitals")
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    return told


def before(hall: Hall, seconds: float) -> str:
    at: datetime = hall.centre.clock.now() - timedelta(seconds=seconds)
    return at.isoformat()


async def test_late_data_go_to_whoever_was_attached_then(hall: Hall) -> None:
    (first, second), (_, token) = [await patient(hall) for _ in range(2)], await device(hall)
    where = f"/fleet/{hall.centre.units[0]}/slots"
    async with desk(hall) as client, open_line(hall, token) as line:
        for who, seconds in ((first, 60), (second, 30)):
            body = {"patient_id": str(who), "at": before(hall, seconds), "source": "voice"}
            assert (await client.put(f"{where}/1/patient", json=body)).status_code == 200
        detached = await client.post(f"{where}/1/detach", json={"at": before(hall, 10), "source": "voice"})
        assert detached.json()["slots"][0]["attached"] is False
        for seq, seconds in enumerate((70, 50, 20, 5), 1):
            await send(line, seq, rate(100 - seconds), at_s=seconds)
        await line.acked(4)
        assert value(await vitals(client, first)) == [50]
        told = await vitals(client, second)
        assert value(told) == [80]
        assert told["attached"][0]["ends_at"] is not None
        (slot,) = (await client.get(where)).json()["slots"]
        assert (slot["attached"], slot["patient_id"]) == (False, None)
        assert slot["last_at"] is not None
    async with hall.centre.database.read() as session:
        rows = await session.execute(
            text("SELECT type, payload->>'forced' FROM journal WHERE type ~ '^patient.(at|de)tached' ORDER BY seq")
        )
    assert [tuple(row) for row in rows] == [
        ("patient.attached", None), ("patient.detached", "true"), ("patient.attached", None),
        ("patient.detached", "false"),
    ]  # fmt: skip


async def test_a_wrong_attachment_is_withdrawn_and_records_are_merged(hall: Hall) -> None:
    incident = await hall.centre.incident()
    wrong, right, twin = [await patient(hall, incident) for _ in range(3)]
    _, token = await device(hall)
    unit = f"/fleet/{hall.centre.units[0]}"
    at = before(hall, 60)
    async with desk(hall) as client, open_line(hall, token) as line:
        await send(line, 1, rate(88), at_s=30)
        await line.acked(1)
        body = {"at": at, "source": "voice"}
        (slot,) = (await client.put(f"{unit}/slots/1/patient", json=body | {"patient_id": str(wrong)})).json()["slots"]
        assert slot["patient_id"] == str(wrong)
        same = await client.put(f"{unit}/slots/1/patient", json=body | {"patient_id": str(twin)})
        assert (same.status_code, same.json()["code"]) == (409, "attachment.same_time")
        mark = f"{unit}/attachments/{slot['mark_id']}"
        assert (await client.delete(mark)).status_code == 200
        assert (await client.delete(mark)).json()["code"] == "attachment.withdrawn"
        assert (await client.put(f"{unit}/slots/1/patient", json=body | {"patient_id": str(twin)})).status_code == 200
        assert value(await vitals(client, wrong)) == []
        async with hall.centre.database.write() as session:
            await merge_patients(hall.centre.act(session), right, twin)
        assert value(await vitals(client, right)) == [88]
        nobody = await client.put(f"{unit}/slots/2/patient", json={"patient_id": str(UUID(int=9))})
        assert (nobody.status_code, nobody.json()["code"]) == (404, "patient.not_found")
        none = await client.post(f"{unit}/slots/3/detach", json={})
        assert (none.status_code, none.json()["code"]) == (409, "attachment.none")


async def test_who_was_attached_by_mistake_is_put_right_from_the_beginning(hall: Hall) -> None:
    incident = await hall.centre.incident()
    wrong, right = [await patient(hall, incident) for _ in range(2)]
    _, token = await device(hall)
    where = f"/fleet/{hall.centre.units[0]}/slots"
    async with desk(hall) as client, open_line(hall, token) as line:
        await send(line, 1, rate(88), at_s=30)
        await line.acked(1)
        body = {"patient_id": str(wrong), "at": before(hall, 60), "source": "voice"}
        (slot,) = (await client.put(f"{where}/1/patient", json=body)).json()["slots"]
        put_right = {"patient_id": str(right), "instead_of": slot["mark_id"]}
        elsewhere = await client.put(f"{where}/2/patient", json=put_right)
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "attachment.not_found")
        (now,) = (await client.put(f"{where}/1/patient", json=put_right)).json()["slots"]
        assert (now["patient_id"], now["since"]) == (str(right), slot["since"])
        assert (value(await vitals(client, wrong)), value(await vitals(client, right))) == ([], [88])
        assert (await client.put(f"{where}/1/patient", json=put_right)).json()["code"] == "attachment.withdrawn"


async def test_a_detachment_by_mistake_is_withdrawn_and_the_journal_tells_whose_the_data_are(hall: Hall) -> None:
    who, unit = await patient(hall), f"/fleet/{hall.centre.units[0]}"
    async with desk(hall) as client:
        body = {"patient_id": str(who), "at": before(hall, 60), "source": "voice"}
        assert (await client.put(f"{unit}/slots/1/patient", json=body)).status_code == 200
        assert (await client.post(f"{unit}/slots/1/detach", json={})).status_code == 200
        async with hall.centre.database.read() as session:
            mark = await session.scalar(text("SELECT id FROM telemetry_attachments WHERE patient_id IS NULL"))
        (slot,) = (await client.delete(f"{unit}/attachments/{mark}")).json()["slots"]
        assert slot["patient_id"] == str(who)
    async with hall.centre.database.read() as session:
        told = "SELECT payload->>'patient_id' FROM journal WHERE type = 'patient.detachment_withdrawn'"
        assert list(await session.scalars(text(told))) == [str(who)]


async def test_a_vehicle_without_a_link_attaches_its_own_patients_and_no_others(hall: Hall) -> None:
    own, other = [await hall.centre.incident() for _ in range(2)]
    await hall.centre.send(own, 0)
    (mine, foreign), (_, token) = [await patient(hall, incident) for incident in (own, other)], await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        await send(line, 1, Attached(mine), at_s=60, stream=EVENTS)
        await send(line, 2, Attached(foreign), at_s=40, stream=EVENTS)
        await send(line, 3, Attached(UUID(int=5)), at_s=35, stream=EVENTS)
        await send(line, 4, Detached(), at_s=20, stream=EVENTS)
        for seq, seconds in enumerate((70, 30, 10), 1):
            await send(line, seq, rate(100 - seconds), at_s=seconds)
        await line.acked(4, EVENTS)
        await line.acked(3)
        assert value(await vitals(client, mine)) == [70]
        assert value(await vitals(client, foreign)) == []


async def test_values_are_judged_together_and_typed_ones_are_told_apart(hall: Hall) -> None:
    who, (_, token) = await patient(hall), await device(hall)
    unit = f"/fleet/{hall.centre.units[0]}"
    async with desk(hall) as client, open_line(hall, token) as line:
        body = {"patient_id": str(who), "at": before(hall, 60), "source": "voice"}
        await client.put(f"{unit}/slots/1/patient", json=body)
        pressures = Values((Value(5, 80.0), Value(6, 95.0), Value(3, float("nan")), Value(1, 25.0, Origin.PERSON)))
        await send(line, 1, pressures, at_s=5)
        await line.acked(1)
        told = {one["signal"]: one for one in (await vitals(client, who))["values"]}
    assert {name: one["judged"] for name, one in told.items()} == {
        "nibp_systolic": "hard", "nibp_diastolic": "hard", "spo2": "hard", "heart_rate": "soft"
    }  # fmt: skip
    assert told["spo2"]["value"] is None
    assert told["heart_rate"]["by_hand"]


async def test_who_may_not_see_a_patient_sees_none(hall: Hall) -> None:
    who = await patient(hall)
    unit = f"/fleet/{hall.centre.units[0]}"
    async with desk(hall) as client:
        await client.put(f"{unit}/slots/1/patient", json={"patient_id": str(who)})
    for name in ("crew", "emergency_doctor", "administrator"):
        async with desk(hall, name) as client:
            (slot,) = (await client.get(f"{unit}/slots")).json()["slots"]
            assert (slot["attached"], slot["patient_id"]) == (True, None), name
            assert (await client.get(f"/patients/{who}/vitals")).status_code == 403, name
            refused = await client.put(f"{unit}/slots/1/patient", json={"patient_id": str(who)})
            assert refused.status_code == 403, name
