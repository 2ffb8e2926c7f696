"""A hospital receives its patients: pre-alerts acknowledged by name, by nobody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.desk import made, refused
from factories.live import Hall
from factories.people import PASSWORD
from factories.receiving import choose
from factories.rooms import OTHER, OWN, bring, doctor, make_rooms, withheld

from dispatch.kernel.clock import ManualClock
from dispatch.receiving.service_prealerts import escalate_prealerts, set_right
from dispatch.units.states_duty import UnitStatus

pytestmark = pytest.mark.database


async def told(hall: Hall, patient: UUID) -> None:
    """The hospital is told of who a vehicle brings, as the service does by itself within seconds."""
    async with hall.centre.database.write() as session:
        await set_right(hall.centre.act(session), patient)


async def test_a_prealert_is_acknowledged_by_somebody_of_its_hospital_only(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    async with hall.listener("emergency_doctor") as feed, doctor(hall) as client, doctor(hall, OTHER) as other:
        # The service may tell the hospital before the test does: the feed listens before there is a patient.
        await feed.subscribe(["incidents"])
        await feed.next("snapshot")
        patient = await bring(hall, rooms[OWN])
        await told(hall, patient)
        raised = await feed.next("fact", type="prealert.raised")
        assert raised["payload"]["patient_id"] == str(patient)
        (row,) = made(await client.get("/er/receiving"))["prealerts"]
        assert (row["patient_id"], row["hospital_id"], row["acknowledged_at"]) == (
            str(patient), str(rooms[OWN]), None
        )  # fmt: skip
        assert made(await other.get("/er/receiving"))["prealerts"] == []
        path = f"/er/prealerts/{row['id']}/acknowledgement"
        refused(await other.post(path), 403, "permission.refused")
        assert [(one["patient_id"], one["organisation"]) for one in await withheld(hall)] == [
            (str(patient), "xpcc-1")
        ]  # fmt: skip
        async with doctor(hall, "dispatcher") as desk:
            refused(await desk.post(path), 403, "permission.refused")
        seen = made(await client.post(path))
        assert seen["acknowledged_by"] == "示例 emergency_doctor"
        await feed.next("fact", type="prealert.acknowledged")
        again = made(await client.post(path))
        assert again == seen
        refused(await client.post(f"/er/prealerts/{UUID(int=7)}/acknowledgement"), 404, "prealert.not_found")


async def test_one_that_nobody_acknowledges_is_an_alarm_at_the_dispatch_centre_until_it_is_withdrawn(
    hall: Hall,
) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    await told(hall, patient)
    async with doctor(hall) as client, doctor(hall, "dispatcher") as desk, hall.listener() as feed:
        await feed.subscribe(["incidents"])
        await feed.next("snapshot")
        assert made(await desk.get("/receiving/alarms")) == {"alarms": []}
        refused(await client.get("/receiving/alarms"), 403, "permission.refused")
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            await escalate_prealerts(act)
        assert made(await desk.get("/receiving/alarms")) == {"alarms": []}
        await later(hall)
        await feed.next("fact", type="prealert.escalated")
        (alarm,) = made(await desk.get("/receiving/alarms"))["alarms"]
        (row,) = made(await client.get("/er/receiving"))["prealerts"]
        assert (alarm["id"], alarm["kind"], alarm["priority"], alarm["hospital_zh"]) == (
            row["id"], "prealert", "medium", "示例医院h1"
        )  # fmt: skip
        assert row["escalated_at"] is not None
        await choose(hall.centre, patient, rooms[OTHER], hall.centre.units[0])
        refused(await client.post(f"/er/prealerts/{row['id']}/acknowledgement"), 409, "prealert.withdrawn")
        assert made(await desk.get("/receiving/alarms")) == {"alarms": []}
        (gone,) = made(await client.get("/er/receiving"))["prealerts"]
        assert (gone["id"], gone["withdrawal"]) == (row["id"], "elsewhere")


async def later(hall: Hall) -> None:
    """Escalate, as two minutes from now."""
    async with hall.centre.database.write() as session:
        act = hall.centre.act(session)
        act.clock = ManualClock(act.clock.now() + timedelta(seconds=121))
        await escalate_prealerts(act)


async def test_a_team_is_called_by_its_own_hospital_and_its_clocks_stop_by_name(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    async with doctor(hall) as client, doctor(hall, OTHER) as other:
        refused(await other.post(f"/er/patients/{patient}/teams", json={"centre": "chest"}), 403, "permission.refused")
        called = await client.post(f"/er/patients/{patient}/teams", json={"centre": "chest"})
        assert called.status_code == 201
        (team,) = made(called)["teams"]
        assert (team["centre"], team["activated_by"], team["age_years"]) == ("chest", "示例 emergency_doctor", 58)
        assert [(one["clock"], one["target_s"]) for one in team["clocks"]] == [
            ("contact_to_ecg", 600.0), ("door_to_balloon", 5400.0), ("contact_to_wire", 7200.0)
        ]  # fmt: skip
        steps = f"/er/teams/{team['id']}/steps"
        refused(await other.post(steps, json={"step": "arrived"}), 403, "permission.refused")
        assert [one["patient_id"] for one in await withheld(hall)] == [str(patient)] * 2
        refused(await client.post(steps, json={"step": "stopped"}), 422, "request.invalid")
        refused(await client.post(steps, json={"step": "stopped", "clock": "door_to_needle"}), 422, "team.clock")
        made(await client.post(steps, json={"step": "arrived"}))
        (told,) = made(await client.post(steps, json={"step": "stopped", "clock": "contact_to_ecg"}))["teams"]
        assert told["arrived_by"] == "示例 emergency_doctor"
        assert [one["stopped_by"] for one in told["clocks"]] == ["示例 emergency_doctor", None, None]
        (ended,) = made(await client.post(steps, json={"step": "cancelled"}))["teams"]
        assert (ended["ending"], ended["ended_by"]) == ("cancelled", "示例 emergency_doctor")
        refused(await client.post(steps, json={"step": "stood_down"}), 409, "team.ended")


async def test_a_patient_is_handed_over_by_name_and_without_a_signature_before_a_witness(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    first = await bring(hall, rooms[OWN], 0)
    for status in (UnitStatus.EN_ROUTE, UnitStatus.AT_PATIENT, UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL):
        await hall.centre.say(0, status)
    async with doctor(hall) as client, doctor(hall, OTHER) as other, doctor(hall, "dispatcher") as desk:
        step, sign = (f"/er/patients/{first}/handover/{one}" for one in ("steps", "signature"))
        for path, body in ((step, {"step": "off_stretcher"}), (sign, {"detaches": True})):
            refused(await other.post(path, json=body), 403, "permission.refused")
        (row,) = made(await client.post(step, json={"step": "off_stretcher"}))["handovers"]
        assert (row["patient_id"], row["call_sign"], row["off_by"], row["signed_at"]) == (
            str(first), "示例-000", "示例 emergency_doctor", None
        )  # fmt: skip
        refused(await client.post(sign, json={}), 422, "request.invalid")
        (row,) = made(await client.post(sign, json={"detaches": True}))["handovers"]
        assert row["signed_by"] == "示例 emergency_doctor"
        assert row["handed_at"] == row["signed_at"]
        second = await bring(hall, rooms[OWN], 1)
        path = f"/patients/{second}/handover/unsigned"
        body = {"reason": "nobody_came", "name": "dispatcher", "password": PASSWORD}
        refused(await desk.post(path, json=body), 409, "reception.same_person")
        refused(await desk.post(path, json=body | {"password": "wrong"}), 403, "password.current")
        refused(await other.post(path, json=body), 403, "permission.refused")
        told = await desk.post(path, json=body | {"name": "supervisor"})
        assert (told.status_code, told.json()["hospital_id"]) == (201, str(rooms[OWN]))
        closed = next(
            one for one in made(await client.get("/er/receiving"))["handovers"] if one["patient_id"] == str(second)
        )
        assert (closed["witness"], closed["closed_by"], closed["unsigned"]) == (
            "示例 supervisor", "示例 dispatcher", "nobody_came"
        )  # fmt: skip


async def test_without_a_signature_it_is_closed_before_somebody_without_an_account(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    path, body = f"/patients/{patient}/handover/witnessed", {"reason": "refused", "witness": "示例保安"}
    async with doctor(hall) as client, doctor(hall, OTHER) as other, doctor(hall, "dispatcher") as desk:
        refused(await other.post(path, json=body), 403, "permission.refused")
        told = [await desk.post(path, json=body) for _ in range(2)]
        assert [one.status_code for one in told] == [201, 201]
        (closed,) = made(await client.get("/er/receiving"))["handovers"]
        assert (closed["witness"], closed["unsigned"]) == ("示例保安", "refused")


async def test_what_is_ready_is_ticked_by_name_and_taken_back(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    path = f"/er/patients/{patient}/preparation"
    async with doctor(hall) as client, doctor(hall, OTHER) as other:
        refused(await other.post(path, json={"item": "cath_lab"}), 403, "permission.refused")
        refused(await client.post(path, json={"item": "tea"}), 422, "preparation.item")
        first = made(await client.post(path, json={"item": "cath_lab"}))
        again = made(await client.post(path, json={"item": "cath_lab"}))
        assert again["preparations"] == first["preparations"]
        (told,) = first["preparations"]
        assert [(one["item"], one["by"]) for one in told["items"]][:3] == [
            ("ecg_read", None), ("cardiologist", None), ("cath_lab", "示例 emergency_doctor")
        ]  # fmt: skip
        (told,) = made(await client.post(path, json={"item": "cath_lab", "ready": False}))["preparations"]
        assert [one["at"] for one in told["items"]] == [None] * 7
