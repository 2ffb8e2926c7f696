"""What a crew calls for by a button, and who has seen it."""

from __future__ import annotations

import httpx
import pytest
from factories.on_duty import OnDuty

pytestmark = pytest.mark.database


@pytest.fixture
async def nurse(duty: OnDuty) -> httpx.AsyncClient:
    return await duty.service.logged_in("crew-0-nurse")


async def sent(duty: OnDuty) -> str:
    """The run of 阿-01."""
    incident = await duty.incident()
    made = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_danger_is_a_high_alarm_until_a_dispatcher_acknowledges_it_by_name(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    run = await sent(duty)
    path = f"assignments/{run}/crew-calls"
    made = await duty.post(path, nurse, call="danger")
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["code"], told["priority"], told["assignment_id"]) == ("crew.danger", "high", run)
    again = await duty.post(path, nurse, call="danger", at="2026-11-22T00:00:00Z")
    assert again.json()["id"] == told["id"]
    (listed,) = (await duty.client.get("/api/detections")).json()["detections"]
    assert (listed["id"], listed["acknowledged"]) == (told["id"], False)
    seen = await duty.post(f"detections/{told['id']}/acknowledgements", version=listed["version"])
    assert seen.status_code == 200, seen.text
    mine = (await nurse.get("/api/detections", params={"incident_id": told["incident_id"]})).json()["detections"]
    assert [(one["side"], one["name"]) for one in mine[0]["acknowledgements"]] == [("dispatch", "示例 dispatcher")]
    raised = await duty.lines("detection.raised")
    assert [(line["code"], line["priority"]) for line in raised] == [("crew.danger", "high")]


async def test_a_breakdown_with_a_patient_on_board_is_a_high_alarm_that_outlives_the_run(
    duty: OnDuty, nurse: httpx.AsyncClient
) -> None:
    run = await sent(duty)
    path = f"assignments/{run}/crew-calls"
    await duty.post(f"fleet/{duty.units['阿-01']}/position", **duty.service.at("B"))
    told = (await duty.post(path, nurse, call="breakdown_aboard")).json()
    await duty.post(path, nurse, call="breakdown_aboard")
    assert (told["code"], told["priority"]) == ("crew.breakdown_aboard", "high")
    left = await duty.post(f"fleet/{duty.units['阿-01']}/status", nurse, status="out_of_service", reason="fault")
    assert left.status_code == 200, left.text
    # The run is over, and its incident waits for another; the alarm stays until a dispatcher has seen it.
    (listed,) = (await duty.client.get("/api/detections")).json()["detections"]
    assert (listed["id"], listed["acknowledged"], listed["ended_at"] is not None) == (told["id"], False, True)
    found = (await duty.client.get(f"/api/incidents/{told['incident_id']}", params={"whole": True})).json()
    assert found["incident"]["state"] != "closed"
    # The next vehicle is sent to where this one stands; the scene stays in the history.
    assert [one["place_source"] for one in found["places"]][1:] == ["vehicle"]
    place = found["places"][-1]
    assert {"lat": place["lat"], "lon": place["lon"]} == pytest.approx(duty.service.at("B"), abs=1e-6)
    assert place["words"] == "vehicle:阿-01"


async def test_while_another_vehicle_goes_to_the_scene_the_place_stays(duty: OnDuty, nurse: httpx.AsyncClient) -> None:
    incident = await duty.incident()
    made = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    run = made.json()["id"]
    other = next(call_sign for call_sign in duty.units if call_sign != "阿-01")
    assert (await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units[other]))).status_code == 201
    await duty.post(f"fleet/{duty.units['阿-01']}/position", **duty.service.at("B"))
    await duty.post(f"assignments/{run}/crew-calls", nurse, call="breakdown_aboard")
    found = (await duty.client.get(f"/api/incidents/{incident}")).json()
    assert [one["place_source"] for one in found["places"]][1:] == []


async def test_a_call_that_is_over_ends_and_a_new_one_is_another(duty: OnDuty, nurse: httpx.AsyncClient) -> None:
    run = await sent(duty)
    path = f"assignments/{run}/crew-calls"
    first = (await duty.post(path, nurse, call="police")).json()
    assert (first["priority"], first["ended_at"]) == ("medium", None)
    duty.later(60)
    over = (await duty.post(path, nurse, call="police", over=True)).json()
    assert (over["id"], over["ended_at"] is not None) == (first["id"], True)


async def test_nobody_calls_for_another_vehicle(duty: OnDuty) -> None:
    run = await sent(duty)
    other = await duty.service.logged_in("crew-1-nurse")
    refused = await duty.post(f"assignments/{run}/crew-calls", other, call="danger")
    assert (refused.status_code, refused.json()["code"]) == (403, "crew.other_vehicle")
    assert await duty.lines("detection.raised") == []


async def test_what_was_never_called_for_has_no_end(duty: OnDuty, nurse: httpx.AsyncClient) -> None:
    run = await sent(duty)
    refused = await duty.post(f"assignments/{run}/crew-calls", nurse, call="danger", over=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "crew.not_called")
    assert not (await duty.client.get("/api/detections")).json()["detections"]
    assert not await duty.lines("detection.ended")
