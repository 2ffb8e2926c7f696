"""What is measured at a patient, from the vehicle to a screen of the emergency room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from factories.desk import made, refused
from factories.live import Hall, another_server
from factories.rooms import OWN, bring, doctor, frames_of, looking, make_rooms
from factories.vehicles import VITALS, Line, device, open_line, rate
from sqlalchemy import text

from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service_patients import add_patient
from dispatch.telemetry.rules_arrivals import moment
from dispatch.telemetry.rules_payloads import Attached, Detached
from dispatch.telemetry.rules_waves import Ecg, decode_ecg
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database
ECG = Stream(Kind.ECG, 1)


def ecg(place: int) -> Ecg:
    """The so-many-eth fifth of a second of two leads."""
    samples = np.arange(100, dtype="<i2") + place
    return Ecg(place * 100, 500, 100, 200.0, (1, 2), np.stack([samples, -samples]).tobytes())


async def attach(hall: Hall, patient: UUID, seconds: float = 120) -> None:
    """Attach a patient to the first place of the first vehicle, so long ago."""
    at = (hall.centre.clock.now() - timedelta(seconds=seconds)).isoformat()
    body = {"patient_id": str(patient), "at": at, "source": "voice"}
    async with doctor(hall, "dispatcher") as desk:
        made(await desk.put(f"/fleet/{hall.centre.units[0]}/slots/1/patient", json=body))


async def send(line: Line, seq: int, place: int, before_s: float = 0.0) -> None:
    """Send a fifth of a second that was measured so long before the connection was made."""
    now_us, line.now_us = line.now_us, line.now_us - round(before_s * 1_000_000)
    await line.send(seq, ecg(place), ECG)
    line.now_us = now_us


@asynccontextmanager
async def nothing_kept(hall: Hall) -> AsyncIterator[None]:
    """No frame can be committed while the block lasts."""
    async with hall.centre.database.write() as session:
        await session.execute(text("LOCK TABLE telemetry_streams IN ACCESS EXCLUSIVE MODE"))
        yield


async def test_an_eye_waits_for_no_disk_and_an_acknowledgement_does(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    await attach(hall, patient)
    async with looking(hall, patient) as screen, open_line(hall, token) as line:
        await screen.until("welcome")
        async with nothing_kept(hall):
            await send(line, 1, 0)
            await line.send(1, rate(104))
            await screen.until_frames(1)
            assert (await screen.until("values"))["values"][0]["value"] == 104.0
            assert line.durable == {}
        await line.acked(1, ECG)
        await line.acked(1)
        await screen.until("tick")
        await screen.until("tick")
        assert (len(screen.frames), sum(word["op"] == "values" for word in screen.words)) == (1, 1)


async def test_what_comes_behind_a_change_of_patient_is_never_shown_as_the_former_ones(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    async with hall.centre.database.write() as session:
        incident = (await get_patient(session, "aksu", patient)).incident_id
        other = (await add_patient(hall.centre.act(session), incident, age_years=61)).id
    await attach(hall, patient)
    async with looking(hall, patient) as screen, open_line(hall, token) as line:
        await screen.until("welcome")
        await send(line, 1, 0)
        await screen.until_frames(1)
        await line.acked(1, ECG)
        async with nothing_kept(hall):
            await line.send(1, Attached(other), Stream(Kind.EVENT, 1))
            for seq in range(2, 6):
                await send(line, seq, seq, before_s=-0.1 * seq)
            await (await line.line.ping())  # all of it has come
        assert (await screen.until("welcome"))["attached"] is None
        await line.acked(5, ECG)
        await screen.until("tick")
        await screen.until("tick")
        assert [one.seq for one in screen.frames] == [1]
        async with looking(hall, other) as next_screen:
            await next_screen.until("welcome")
            await send(line, 6, 6, before_s=-0.7)
            assert [one.seq for one in await next_screen.until_frames(1)] == [6]


async def test_frames_reach_the_screen_as_they_were_sent_and_are_asked_for_once_they_are_kept(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    await attach(hall, patient)
    async with looking(hall, patient) as screen, open_line(hall, token) as line, doctor(hall) as client:
        told = (await screen.until("welcome"))["attached"]
        assert (told["unit_id"], told["slot"]) == (str(hall.centre.units[0]), 1)
        await send(line, 2, 1)
        await send(line, 1, 0, before_s=0.2)  # late, and told all the same
        await send(line, 3, 9, before_s=300)  # before the patient was attached
        await line.send(1, rate(104))
        found = await screen.until_frames(2)
        values = await screen.until("values")
        assert [(one.seq, decode_ecg(one.payload)) for one in found] == [(2, ecg(1)), (1, ecg(0))]
        assert [(one["signal"], one["value"]) for one in values["values"]] == [("heart_rate", 104.0)]
        await line.acked(3, ECG)
        await line.acked(1)
        span = {"from": moment(found[1].at_us).isoformat(), "until": moment(found[0].at_us + 1).isoformat()}
        answered = await client.get(f"/er/patients/{patient}/frames", params=span)
        assert answered.headers["content-type"] == "application/vnd.tarim.frames"
        assert frames_of(answered.content) == [found[1], found[0]]
        both = await client.get(f"/er/patients/{patient}/frames", params=span | {"kind": ["vitals", "ecg"]})
        assert sorted(one.kind for one in frames_of(both.content)) == [Kind.VITALS, Kind.ECG, Kind.ECG]
        wrong = await client.get(f"/er/patients/{patient}/frames", params=span | {"kind": "position"})
        refused(wrong, 422, "request.invalid")
        refused(await client.get(f"/er/patients/{patient}/frames"), 422, "request.invalid")


async def test_a_detached_place_sends_nothing_more_and_the_screen_is_told(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    await attach(hall, patient)
    async with looking(hall, patient) as screen, open_line(hall, token) as line:
        assert (await screen.until("welcome"))["attached"] is not None
        await send(line, 1, 0)
        await screen.until_frames(1)
        await line.send(1, Detached(), Stream(Kind.EVENT, 1))
        assert (await screen.until("welcome"))["attached"] is None
        await send(line, 2, 1)
        await line.acked(2, ECG)
        await screen.until("tick")
        await screen.until("tick")
        assert len(screen.frames) == 1


async def test_a_vehicle_of_another_process_is_followed_too(hall: Hall, database_url: str, tmp_path: Path) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    await attach(hall, patient)
    async with (
        another_server(database_url, tmp_path, hall.centre, hall.people) as elsewhere,
        looking(elsewhere, patient) as screen,
        open_line(hall, token) as line,
    ):
        await screen.until("welcome")
        for seq in range(1, 6):
            await send(line, seq, seq)
        await line.send(1, rate(104))
        await line.acked(1, VITALS)
        assert [one.seq for one in await screen.until_frames(5)] == [1, 2, 3, 4, 5]
        while not any(word["op"] == "values" for word in screen.words):
            await screen.until("values")
        await screen.until("tick")
        await screen.until("tick")
        assert len(screen.frames) == 5
