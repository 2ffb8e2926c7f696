"""Alarms over HTTP: who sees them, who has seen them, and NEWS2 or the reason why there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.vehicles import device, open_line

from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.service_patients import add_patient
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.rules_payloads import Origin, Value, Values

pytestmark = pytest.mark.database


@asynccontextmanager
async def desk(hall: Hall, name: str = "dispatcher") -> AsyncIterator[httpx.AsyncClient]:
    headers = {"cookie": await hall.cookie(name)}
    async with httpx.AsyncClient(base_url=f"http://{hall.address}/api", headers=headers, timeout=PATIENCE_S) as client:
        yield client


async def patient(hall: Hall, age_years: int | None = 60) -> Subject:
    incident_id = await hall.centre.incident()
    async with hall.centre.database.write() as session:
        one = await add_patient(hall.centre.act(session), incident_id, age_years=age_years)
    return Subject(hall.centre.units[0], 1, incident_id, one.id)


async def found(hall: Hall, at: Subject, code: str = "limit.spo2_low") -> None:
    now = hall.centre.clock.now()
    offer = code.startswith("vehicle.at")
    sign = Sign(code, now, now - timedelta(seconds=10), None if offer else AlarmPriority.MEDIUM, 89.0, 92.0)
    async with hall.centre.database.write() as session:
        await keep_found(hall.centre.act(session), [Found(at, sign)])


async def test_an_alarm_is_listed_acknowledged_by_name_and_kept(hall: Hall) -> None:
    at = await patient(hall)
    await found(hall, at)
    async with desk(hall) as client:
        (told,) = (await client.get("/detections")).json()["detections"]
        assert (told["signal"], told["unit"], told["value"], told["acknowledged"]) == ("spo2", "%", 89.0, False)
        address = f"/detections/{told['id']}/acknowledgements"
        stale = await client.post(address, json={"version": told["version"] + 1})
        assert (stale.status_code, stale.json()["code"]) == (409, "detection.changed")
        done = await client.post(address, json={"version": told["version"]})
        assert done.status_code == 200, done.text
        (by,) = done.json()["acknowledgements"]
        assert (by["side"], by["organisation"], by["actor"]) == (
            "dispatch",
            None,
            f"person:{hall.people['dispatcher']}",
        )
        assert by["name"]
        assert done.json()["acknowledged"] is True
        (kept,) = (await client.get("/detections", params={"patient_id": str(at.patient_id)})).json()["detections"]
        assert kept == done.json()


async def test_an_offer_names_the_status_and_sets_none(hall: Hall) -> None:
    at = await patient(hall)
    await found(hall, Subject(at.unit_id, 0, at.incident_id), "vehicle.at_scene")
    async with desk(hall) as client:
        (told,) = (await client.get("/detections")).json()["detections"]
    assert (told["kind"], told["priority"], told["offered"], told["slot"]) == ("offer", None, "on_scene", None)


async def test_who_does_not_reach_the_incident_sees_no_alarm(hall: Hall) -> None:
    at = await patient(hall)
    await found(hall, at)
    async with desk(hall, "emergency_doctor") as client:
        assert (await client.get("/detections")).json() == {"detections": [], "unwatched": []}
        refused = await client.get("/detections", params={"incident_id": str(at.incident_id)})
        assert refused.status_code == 403
        async with desk(hall) as other:
            (told,) = (await other.get("/detections")).json()["detections"]
        refused = await client.post(f"/detections/{told['id']}/acknowledgements", json={"version": 1})
        assert refused.status_code == 403


@pytest.mark.parametrize(("age", "none"), [(15, "under_16"), (None, "age_unknown")])
async def test_who_is_no_adult_has_no_score_and_the_reason(hall: Hall, age: int | None, none: str) -> None:
    at = await patient(hall, age)
    async with desk(hall) as client:
        told = (await client.get(f"/patients/{at.patient_id}/news2")).json()
    assert (told["none"], told["low"], told["high"], told["missing"]) == (none, None, None, [])


async def test_a_score_is_bounded_by_what_was_measured(hall: Hall) -> None:
    at = await patient(hall)
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        put = await client.put(
            f"/fleet/{at.unit_id}/slots/1/patient",
            json={
                "patient_id": str(at.patient_id),
                "at": (hall.centre.clock.now() - timedelta(seconds=60)).isoformat(),
            },
        )
        assert put.status_code == 200, put.text
        await line.send(1, Values((Value(3, 90.0), Value(1, 95.0), Value(11, 46.0, Origin.PERSON))))
        await line.acked(1)
        told = (await client.get(f"/patients/{at.patient_id}/news2")).json()
    assert (told["low"], told["level"], told["points"]) == (4, "single", {"spo2": 3, "pulse": 1})
    # 46.0 degrees cannot be right: the temperature is missing.
    assert told["missing"] == ["respiratory_rate", "oxygen", "systolic", "consciousness", "temperature"]
    assert told["high"] == 4 + 3 + 2 + 3 + 3 + 3
    assert told["signed_off"] is False
