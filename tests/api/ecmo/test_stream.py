"""The ECG of a case's patient, from the vehicle to whom the case concerns, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from factories.desk import made, refused
from factories.live import Hall
from factories.people import CIVIL, CORPS, make_person
from factories.rooms import OWN, bring, doctor, frames_of, looking, make_rooms
from factories.vehicles import device, open_line

from dispatch.accounts.states import Role
from dispatch.kernel.ids import new_id
from dispatch.telemetry.rules_arrivals import moment
from dispatch.telemetry.rules_waves import Ecg, decode_ecg
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database
ECG = Stream(Kind.ECG, 1)
SAMPLES = np.arange(100, dtype="<i2")
FIFTH = Ecg(0, 500, 100, 200.0, (1, 2), np.stack([SAMPLES, -SAMPLES]).tobytes())
CASES = "ecmo/requests"


async def test_an_ecg_reaches_whom_the_case_concerns_as_long_as_it_is_about_this_patient(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient, other = await bring(hall, rooms[OWN]), await bring(hall, rooms[OWN], 1)
    async with hall.centre.database.write() as session:
        for name, organisation in (("near", CIVIL), ("far", CORPS)):
            await make_person(session, hall.centre.clock, name, Role.ECMO_PHYSICIAN, organisation=organisation)
    case = new_id(hall.centre.clock)
    at = (hall.centre.clock.now() - timedelta(minutes=2)).isoformat()
    async with doctor(hall, "dispatcher") as desk, doctor(hall, "near") as near, doctor(hall, "far") as far:
        body = {"patient_id": str(patient), "at": at, "source": "voice"}
        made(await desk.put(f"/fleet/{hall.centre.units[0]}/slots/1/patient", json=body))
        made(await desk.put(f"/{CASES}/{case}", json={"mode": "vv"}))
        async with looking(hall, case, "near", at=CASES) as early:
            assert await early.closed() == 4403, "nobody knows yet whose case it is"
        made(await desk.put(f"/{CASES}/{case}", json={"patient_id": str(patient)}))
        async with looking(hall, case, "near", at=CASES) as screen, open_line(hall, token) as line:
            assert (await screen.until("welcome"))["attached"]["slot"] == 1
            await line.send(1, FIFTH, ECG)
            (found,) = await screen.until_frames(1)
            await line.acked(1, ECG)  # shown as it comes, asked for once it is kept
            assert decode_ecg(found.payload) == FIFTH
            span = {"from": moment(found.at_us).isoformat(), "until": moment(found.at_us + 1).isoformat()}
            answered = await near.get(f"/{CASES}/{case}/frames", params=span)
            assert frames_of(answered.content) == [found]
            refused(await near.get(f"/{CASES}/{case}/frames"), 422, "request.invalid")
            refused(await far.get(f"/{CASES}/{case}/frames", params=span), 403, "permission.refused")
            async with looking(hall, case, "far", at=CASES) as stranger:
                assert await stranger.closed() == 4403
            # The case is about somebody else from now on: who is followed is not the one that was opened.
            made(await desk.put(f"/{CASES}/{case}", json={"patient_id": str(other)}))
            assert await screen.closed() == 4403
