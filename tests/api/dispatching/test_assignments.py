"""Assignments over HTTP: times and their corrections, ways, arrivals under closures, who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories.on_duty import OnDuty

pytestmark = pytest.mark.database
NOBODY = "00000000-0000-7000-8000-000000000000"


async def sent(duty: OnDuty, call_sign: str = "师-07", letter: str = "D") -> str:
    answered = await duty.post(
        f"incidents/{await duty.incident(letter)}/assignments", unit_id=str(duty.units[call_sign])
    )
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])


async def board(duty: OnDuty, run: str) -> dict[str, Any]:
    told = (await duty.client.get("/api/assignments")).json()["arrivals"]
    return next(one for one in told if one["assignment_id"] == run)


async def close(duty: OnDuty, letter: str, **told: object) -> None:
    body = {"reason": "洪水", "centre": duty.service.at(letter), "radius_m": 20, **told}
    assert (await duty.client.post("/api/closures", json=body)).status_code == 201


async def test_the_times_of_a_run_with_their_sources_and_corrections(duty: OnDuty) -> None:
    run, device = await sent(duty), duty.device("师-07")
    duty.later(20)
    told = await duty.post(f"assignments/{run}/times", device, point="T4")
    assert (told.status_code, told.json()["assignment"]["acknowledged_at"]) == (201, told.json()["at"])
    assert (await duty.post(f"assignments/{run}/times", device, point="T4")).json()["time_id"] == told.json()["time_id"]
    for status in ("en_route", "on_scene", "transporting", "at_hospital"):
        duty.later(60)
        await duty.say("师-07", status, device, run_id=run)
    duty.later(60)
    await duty.post(f"assignments/{run}/times", source="voice", point="T10")
    await duty.say("师-07", "at_station", device)
    earlier = (duty.clock.now() - timedelta(seconds=315)).isoformat()
    fixed = await duty.post(f"assignment-times/{told.json()['time_id']}/correction", at=earlier, source="paper")
    assert fixed.status_code == 200, fixed.text
    again = await duty.post(f"assignment-times/{told.json()['time_id']}/correction", at=earlier)
    assert (again.status_code, again.json()["code"]) == (409, "assignment.time_corrected")
    found = (await duty.client.get(f"/api/assignments/{run}")).json()
    times = {one["point"]: one for one in found["times"]}
    assert list(times) == ["T3", "T4", "T5", "T6", "T8", "T9", "T10", "T11", "T12"]
    assert (times["T3"]["source"], times["T3"]["actor_name"]) == ("dispatcher", "示例 dispatcher")
    assert (times["T5"]["source"], times["T5"]["actor_name"], times["T10"]["source"]) == ("crew", "师-07", "voice")
    assert (times["T4"]["corrected"], times["T4"]["source"], times["T4"]["of_status"]) == (True, "paper", False)
    corrected = [one["corrects"] for one in found["versions"] if one["point"] == "T4"]
    assert corrected.count(told.json()["time_id"]) == 1
    assert len(corrected) == 2
    assert (found["assignment"]["end_reason"], found["arrival"]) == ("completed", None)


async def test_times_that_cannot_be_are_refused(duty: OnDuty) -> None:
    run = await sent(duty)
    told = [
        await duty.post(f"assignments/{run}/times", point="T5"),
        await duty.post(f"assignments/{run}/times", point="T99"),
        await duty.post(f"assignments/{NOBODY}/times", point="T4"),
        await duty.post(f"assignments/{run}/times", duty.device("阿-01"), point="T4"),
        await duty.post(f"assignments/{run}/clearing", duty.device("阿-01")),
        await duty.post(f"assignments/{run}/clearing", destination_id=NOBODY),
        await duty.post(f"assignments/{run}/clearing", lat=41.0),
        await duty.post(f"assignment-times/{NOBODY}/correction", at="2026-11-22T04:00:00Z"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (422, "assignment.point"),
        (422, "request.invalid"),
        (404, "assignment.not_found"),
        (403, "device.other_vehicle"),
        (403, "device.other_vehicle"),
        (404, "hospital.not_found"),
        (422, "request.invalid"),
        (404, "assignment.time_not_found"),
    ]


async def test_a_closure_on_the_way_moves_the_arrival_of_a_vehicle_under_way(duty: OnDuty) -> None:
    run, device = await sent(duty), duty.device("师-07")
    before = await board(duty, run)
    assert (before["goal"], before["source"], before["age_s"]) == ("scene", "road", None)
    await duty.say("师-07", "en_route", device, run_id=run)
    await duty.post(f"fleet/{duty.units['师-07']}/position", **duty.service.at("L"))
    rolling = await board(duty, run)
    assert rolling["eta_s"] < before["eta_s"], "it mobilises no more"
    assert rolling["low_s"] < rolling["eta_s"] < rolling["high_s"]
    await close(duty, "H")
    shut = await board(duty, run)
    assert shut["eta_s"] > rolling["eta_s"]
    assert shut["distance_m"] > rolling["distance_m"]
    path = (await duty.client.get(f"/api/assignments/{run}/path")).json()
    assert path["distance_m"] == pytest.approx(shut["distance_m"], abs=0.1)
    duty.later(5)
    nearer = await board(duty, run)
    assert (nearer["eta_s"], nearer["at"], nearer["age_s"]) == (pytest.approx(shut["eta_s"] - 5), shut["at"], 5)
    await duty.post(f"fleet/{duty.units['师-07']}/position", **duty.service.at("D"))
    assert (await board(duty, run))["eta_s"] < 2
    await duty.say("师-07", "on_scene", device, run_id=run)
    assert (await duty.client.get("/api/assignments")).json()["arrivals"] == []
    gone = await duty.client.get(f"/api/assignments/{run}/path")
    assert (gone.status_code, gone.json()["code"]) == (409, "assignment.not_under_way")


async def test_a_unit_with_a_patient_on_board_is_on_its_way_to_the_hospital(duty: OnDuty) -> None:
    run, device = await sent(duty, letter="I"), duty.device("师-07")
    await duty.say("师-07", "transporting", device, run_id=run)
    assert (await duty.client.get("/api/assignments")).json()["arrivals"] == [], "nobody knows where it goes"
    (hospital,) = (await duty.client.get("/api/hospitals")).json()["hospitals"]
    at = (duty.clock.now() + timedelta(minutes=30)).isoformat()
    said = await duty.post(f"assignments/{run}/clearing", device, destination_id=hospital["key"], clear_at=at)
    assert said.json()["destination"]["names"]["zh"] == "示例医院"
    assert said.json()["clear_at"] == at.replace("+00:00", "Z")
    assert (await board(duty, run))["goal"] == "hospital"
    one = (await duty.client.get(f"/api/assignments/{run}")).json()
    assert one["arrival"]["goal"] == "hospital"
    assert (await duty.client.get(f"/api/assignments/{run}/path")).json()["goal"] == "hospital"


async def test_a_crew_and_a_device_see_their_own_vehicles_assignments(duty: OnDuty) -> None:
    first, second = await sent(duty, "阿-01"), await sent(duty, "阿-02")
    driver = await duty.service.logged_in("crew-0-driver")
    ashore = await duty.service.logged_in("crew")
    for client, own in (
        (driver, [first]),
        (duty.device("阿-02"), [second]),
        (ashore, []),
        (duty.client, [first, second]),
    ):
        told = (await client.get("/api/assignments")).json()["assignments"]
        assert [row["id"] for row in told] == own
    other = await driver.get(f"/api/assignments/{second}")
    assert (other.status_code, other.json()["code"]) == (403, "assignment.other_vehicle")
    assert (await driver.get(f"/api/assignments/{first}")).status_code == 200
    assert (await driver.get("/api/queue")).status_code == 403


async def test_all_of_an_incident_those_that_ended_too(duty: OnDuty) -> None:
    incident = await duty.incident()
    runs = []
    for name in ("阿-01", "师-07"):
        made = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units[name]))
        runs.append(made.json()["id"])
    await duty.post(f"assignments/{runs[0]}/cancel")
    told = (await duty.client.get(f"/api/assignments?incident_id={incident}")).json()["assignments"]
    assert [(row["id"], row["state"]) for row in told] == [(runs[0], "ended"), (runs[1], "active")]
    assert (await duty.client.get(f"/api/assignments?incident_id={NOBODY}")).json()["assignments"] == []
