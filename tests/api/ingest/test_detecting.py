"""From a vehicle's frames to an alarm that people see: whose it is, once, and over when it is over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import numpy as np
import pytest
from factories.live import Hall, open_hall
from factories.patience import PATIENCE_S
from factories.vehicles import PLACE, device, open_line
from factories.watching import attach, desk, patient, send, until

from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.clock import ManualClock
from dispatch.telemetry.rules_payloads import DeviceAlarm, PositionFix, Value, Values, encode_payload
from dispatch.telemetry.rules_waves import Ecg
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame, Kind, Stream

pytestmark = pytest.mark.database
ECG, EVENTS = Stream(Kind.ECG, 1), Stream(Kind.EVENT, 1)


def still(first: int) -> Ecg:
    curve = np.random.default_rng(first).normal(0.0, 3.0, (2, 100)).astype(np.int16)
    return Ecg(first, 500, 100, 200.0, (1, 2), curve.tobytes())


async def test_a_limit_and_a_standstill_are_told_once_and_end(hall: Hall) -> None:
    who = await patient(hall, 60)
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        await attach(hall, client, who)
        for second in range(12):
            await send(line, second + 1, Values((Value(3, 90.0),)), second - 25.0)
        for piece in range(25):
            await send(line, piece + 1, still(piece * 100), piece / 5 - 20.0, ECG)
        found = await until(client, ["ecg.asystole", "limit.spo2_low"])
        assert {one["patient_id"] for one in found} == {str(who)}
        assert [one["priority"] for one in found] == ["high", "medium"]
        # The same frames again, and better ones after them.
        for second in range(24):
            value = 90.0 if second < 12 else 98.0
            await send(line, second + 1, Values((Value(3, value),)), second - 25.0)
        (over,) = [one for one in await until(client, ["ecg.asystole", "limit.spo2_low"]) if one["signal"]]
        async with asyncio.timeout(PATIENCE_S):
            while over["ended_at"] is None:
                (over,) = [one for one in await until(client, ["ecg.asystole", "limit.spo2_low"]) if one["signal"]]
        # It is over and latched; acknowledged it is gone.
        seen = await client.post(f"/detections/{over['id']}/acknowledgements", json={"version": over["version"]})
        assert seen.status_code == 200
        await until(client, ["ecg.asystole"])


@pytest.mark.parametrize("age", [15, None])
async def test_figures_for_adults_alarm_for_nobody_else(hall: Hall, age: int | None) -> None:
    who = await patient(hall, age)
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        await attach(hall, client, who)
        for second in range(20):
            await send(line, second + 1, Values((Value(3, 60.0),)), second - 25.0)
        await line.acked(20)
        await send(line, 1, DeviceAlarm("APNEA", AlarmPriority.HIGH, on=True), -1.0, EVENTS)
        # What came before it was looked at before it.
        (alarm,) = await until(client, ["device.APNEA"])
        assert alarm["patient_id"] == str(who)


async def test_what_is_nobodys_alarms_nobody_and_late_data_alarm_as_late(hall: Hall) -> None:
    who = await patient(hall, 60)
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        for second in range(20):
            await send(line, second + 1, Values((Value(3, 60.0),)), second - 900.0)
        await line.acked(20)
        await attach(hall, client, who, 600.0)
        for second in range(12):
            await send(line, second + 21, Values((Value(3, 90.0),)), second - 500.0)
        (found,) = await until(client, ["limit.spo2_low"])
        assert (found["late"], found["patient_id"]) == (True, str(who))


async def test_an_ordered_vehicle_that_comes_is_offered_its_status_and_sets_none(hall: Hall) -> None:
    centre = hall.centre
    incident_id = await centre.incident()
    unit_id = centre.units[0]
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        sent = await client.post(f"/incidents/{incident_id}/assignments", json={"unit_id": str(unit_id)})
        assert sent.status_code == 201, sent.text
        assert (await client.post(f"/fleet/{unit_id}/status", json={"status": "en_route"})).status_code == 200
        async with centre.database.read() as session:
            incident = await session.get_one(Incident, incident_id)
            lat, lon = incident.lat or 0.0, incident.lon or 0.0
        for seq in range(1, 10):
            at_us = line.now_us - 20_000_000 + seq * 1_000_000
            here = PositionFix(at_us, lat, lon, 0.5)
            await line.line.send(encode_frame(Frame(PLACE, seq, at_us, encode_payload(here))))
        told = await until(client, ["vehicle.at_scene"])
        assert (told[0]["code"], told[0]["kind"], told[0]["offered"]) == ("vehicle.at_scene", "offer", "on_scene")
        assert told[0]["incident_id"] == str(incident_id)
        (row,) = [one for one in (await client.get("/fleet")).json()["units"] if one["id"] == str(unit_id)]
        assert row["status"] == "en_route"
        # The crew says it itself: the offer is gone.
        assert (await client.post(f"/fleet/{unit_id}/status", json={"status": "on_scene"})).status_code == 200
        await until(client, [])


async def test_wheels_that_roll_are_kept_with_their_fix_times_also_those_before_anybody_looked(
    database_url: str, tmp_path: Path
) -> None:
    clock = ManualClock(datetime(2026, 11, 27, 3, 0, tzinfo=UTC))
    async with open_hall(database_url, tmp_path, units=1, clock=clock) as hall, desk(hall) as client:
        incident_id, unit_id = await hall.centre.incident(), hall.centre.units[0]
        ordered = await client.post(f"/incidents/{incident_id}/assignments", json={"unit_id": str(unit_id)})
        assert ordered.status_code == 201, ordered.text
        clock.advance(timedelta(seconds=55))
        await _driven_off(hall, client, incident_id)
        # Nothing is set by itself.
        (row,) = (await client.get("/fleet")).json()["units"]
        assert row["status"] == "assigned"


async def _driven_off(hall: Hall, client: httpx.AsyncClient, incident_id: UUID) -> None:
    _, token = await device(hall)
    async with open_line(hall, token) as line:
        began_us = line.now_us - 30_000_000
        for seq in range(1, 60):
            # It stands for a quarter of a minute, then drives north at 15 m/s.
            at_us = line.now_us - 55_000_000 + seq * 900_000
            rolls_s = max(0.0, (at_us - began_us) / 1e6)
            here = PositionFix(at_us, 41.2 + 15.0 * rolls_s / 111_195.0, 80.3, 15.0 if rolls_s else 0.1)
            await line.line.send(encode_frame(Frame(PLACE, seq, at_us, encode_payload(here))))
        async with asyncio.timeout(PATIENCE_S):
            while True:
                asked = await client.get("/detections", params={"incident_id": str(incident_id)})
                if found := [one for one in asked.json()["detections"] if one["code"] == "vehicle.departed"]:
                    break
                await asyncio.sleep(0.05)
        (left,) = found
        assert (left["kind"], left["offered"], left["ended_at"] is not None) == ("offer", "en_route", True)
        rolled_s = datetime.fromisoformat(left["began_at"]).timestamp() - began_us / 1e6
        assert 0.0 < rolled_s <= 1.0
