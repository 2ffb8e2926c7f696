"""An emergency room sees who is brought to its own hospital, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.desk import made, refused
from factories.live import Hall
from factories.rooms import OTHER, OWN, bring, doctor, looking, make_rooms, withheld
from factories.vehicles import VITALS, device, open_line

from dispatch.dispatching.queries import find_active
from dispatch.dispatching.service_times import project_clearing
from dispatch.telemetry.rules_payloads import AlarmPriority, DeviceAlarm, Value, Values
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database
SPAN = {"from": "2026-11-27T00:00:00Z", "until": "2026-11-27T00:05:00Z"}


async def test_it_sees_its_own_and_asking_for_another_is_refused_and_journalled(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    who = {OWN: await bring(hall, rooms[OWN], 0), OTHER: await bring(hall, rooms[OTHER], 1)}
    for name, foreign in ((OWN, who[OTHER]), (OTHER, who[OWN])):
        async with doctor(hall, name) as client:
            told = made(await client.get("/er/inbound"))
            assert [one["hospital_id"] for one in told["hospitals"]] == [str(rooms[name])]
            (row,) = told["patients"]
            assert (row["patient_id"], row["sex"], row["age_years"], row["pathway"]) == (
                str(who[name]), "male", 58, "chest"
            )  # fmt: skip
            assert made(await client.get(f"/er/patients/{who[name]}"))["inbound"] == row
            refused(await client.get(f"/er/patients/{foreign}"), 403, "permission.refused")
            refused(await client.get(f"/er/patients/{foreign}/frames", params=SPAN), 403, "permission.refused")
            async with looking(hall, foreign, name) as screen:
                assert await screen.closed() == 4403
            assert screen.frames == []
            assert [one["op"] for one in screen.words] == ["bye"]
            refused(await client.get(f"/er/patients/{UUID(int=7)}"), 404, "patient.not_found")
    assert [one["patient_id"] for one in await withheld(hall)] == [str(who[OTHER])] * 3 + [str(who[OWN])] * 3


async def test_a_patient_that_is_taken_elsewhere_leaves_the_board_and_the_screen(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    async with doctor(hall) as client, doctor(hall, OTHER) as other, looking(hall, patient) as screen:
        assert (await screen.until("welcome"))["attached"] is None
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            run = await find_active(session, hall.centre.units[0])
            assert run is not None
            await project_clearing(act, run.id, act.clock.now() + timedelta(minutes=9), destination_id=rooms[OTHER])
        assert await screen.closed() == 4403
        assert made(await client.get("/er/inbound"))["patients"] == []
        refused(await client.get(f"/er/patients/{patient}"), 403, "permission.refused")
        assert [one["patient_id"] for one in made(await other.get("/er/inbound"))["patients"]] == [str(patient)]


async def test_the_board_tells_the_newest_values_their_age_and_what_devices_said(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient, (_, token) = await bring(hall, rooms[OWN]), await device(hall)
    async with doctor(hall) as client, doctor(hall, "dispatcher") as desk, open_line(hall, token) as line:
        at = (hall.centre.clock.now() - timedelta(minutes=5)).isoformat()
        where = f"/fleet/{hall.centre.units[0]}/slots/1/patient"
        made(await desk.put(where, json={"patient_id": str(patient), "at": at, "source": "voice"}))
        line.now_us -= 60_000_000
        await line.send(1, Values((Value(1, 96.0), Value(3, 250.0))))
        line.now_us += 30_000_000
        await line.send(2, Values((Value(1, 104.0),)))
        await line.send(1, DeviceAlarm("VT", AlarmPriority.HIGH, on=True), Stream(Kind.EVENT, 1))
        await line.acked(2, VITALS)
        await line.acked(1, Stream(Kind.EVENT, 1))
        measured = made(await client.get(f"/er/patients/{patient}"))["measured"]
        assert measured["attached"]
        assert {one["signal"]: (one["value"], one["judged"]) for one in measured["values"]} == {
            "heart_rate": (104.0, "ok"), "spo2": (250.0, "hard")
        }  # fmt: skip
        assert [(one["signal"], one["values"]) for one in measured["trends"]] == [("heart_rate", [96.0, 104.0])]
        assert [(one["event"], one["code"], one["priority"]) for one in measured["events"]] == [("alarm", "VT", "high")]
