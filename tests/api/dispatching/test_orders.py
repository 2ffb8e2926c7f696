"""Orders over HTTP: sent, taken, diverted, taken back, explained, and what waits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from factories.on_duty import OnDuty
from factories.people import CORPS

from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database
NOBODY = "00000000-0000-7000-8000-000000000000"


async def send(duty: OnDuty, incident: UUID, call_sign: str, **told: object) -> dict[str, Any]:
    answered = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units[call_sign]), **told)
    assert answered.status_code == 201, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def test_the_first_choice_is_sent_once_however_often_it_is_asked(duty: OnDuty) -> None:
    incident = await duty.incident("B")
    made = (await duty.post(f"incidents/{incident}/recommendation")).json()
    body = {
        "unit_id": made["chosen"],
        "recommendation_id": made["id"],
        "status_version": made["offers"][0]["status_version"],
    }
    address, key = f"/api/incidents/{incident}/assignments", {"idempotency-key": "order-1"}
    sent = await duty.client.post(address, json=body, headers=key)
    assert sent.status_code == 201, sent.text
    again = await duty.client.post(address, json=body, headers=key)
    assert (again.status_code, again.json()) == (201, sent.json()), again.text
    row = sent.json()
    assert (row["recommended_rank"], row["overridden"], row["status"], row["version"]) == (1, False, "assigned", 1)
    assert row["planned_s"] == pytest.approx(made["offers"][0]["eta_s"], abs=0.1)
    assert row["undo_until"] is not None
    other = await duty.client.post(address, json=body | {"unit_id": str(duty.units["师-07"])}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "request.key_reused")
    assert (await duty.row("阿-01"))["assignment"]["assignment_id"] == row["id"]


async def test_who_comes_second_is_told_who_has_the_unit(duty: OnDuty) -> None:
    first = await send(duty, await duty.incident(priority=Priority.P1), "阿-01")
    supervisor = await duty.service.logged_in("supervisor")
    address = f"incidents/{await duty.incident()}/assignments"
    answered = await duty.post(address, supervisor, unit_id=str(duty.units["阿-01"]))
    told = answered.json()
    assert (answered.status_code, told["code"]) == (409, "assignment.unit_taken")
    current = told["current"]
    assert (current["id"], current["incident_number"], current["priority"]) == (first["id"], "2026-000001", "P1")
    assert (current["actor_name"], current["call_sign"], current["status"]) == ("示例 dispatcher", "阿-01", "assigned")


async def test_orders_that_cannot_be_are_refused(duty: OnDuty) -> None:
    incident = await duty.incident()
    unit = str(duty.units["阿-01"])
    await duty.say("阿-02", "out_of_service", reason="meal")
    address = f"incidents/{incident}/assignments"
    told = [
        await duty.post(address, unit_id=NOBODY),
        await duty.post(f"incidents/{NOBODY}/assignments", unit_id=unit),
        await duty.post(address, unit_id=unit, recommendation_id=NOBODY),
        await duty.post(address, unit_id=unit, status_version=9),
        await duty.post(address, unit_id=unit, words="without a reason"),
        await duty.post(address, unit_id=unit, at="2030-01-01T00:00:00Z"),
        await duty.post(address, unit_id=str(duty.units["阿-02"])),
        await duty.post(address, unit_id=unit, divert=True),
        await duty.post(address, unit_id=unit, source="crew"),
        await duty.post(f"assignments/{NOBODY}/cancel"),
        await duty.client.post(f"/api/assignments/{NOBODY}/undo"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (404, "unit.not_found"),
        (404, "incident.not_found"),
        (404, "recommendation.not_found"),
        (409, "unit.status_changed"),
        (422, "assignment.words"),
        (422, "time.future"),
        (409, "assignment.unavailable"),
        (409, "assignment.none"),
        (422, "request.invalid"),
        (404, "assignment.not_found"),
        (404, "assignment.not_found"),
    ]
    assert (await duty.client.get("/api/assignments")).json()["assignments"] == []


async def test_an_order_is_taken_back_cancelled_or_stood_down(duty: OnDuty) -> None:
    incident = await duty.incident()
    first = await send(duty, incident, "阿-01")
    undone = await duty.client.post(f"/api/assignments/{first['id']}/undo")
    assert (undone.json()["end_reason"], (await duty.row("阿-01"))["available"]) == ("undone", True)
    second = await send(duty, incident, "阿-01")
    duty.later(9)
    late = await duty.client.post(f"/api/assignments/{second['id']}/undo")
    assert (late.status_code, late.json()["code"]) == (409, "assignment.undo_late")
    stale = await duty.post(f"assignments/{second['id']}/cancel", version=7)
    assert (stale.status_code, stale.json()["code"]) == (409, "assignment.outdated")
    assert stale.json()["current"]["version"] == 1
    down = await duty.post(f"assignments/{second['id']}/stand-down", version=1)
    assert down.json()["end_reason"] == "stood_down"
    over = await duty.post(f"assignments/{second['id']}/cancel")
    assert (over.status_code, over.json()["code"]) == (409, "assignment.over")
    (waits,) = (await duty.client.get("/api/queue")).json()["waiting"]
    assert (waits["incident_id"], waits["returned_at"] is not None, waits["waits_s"]) == (str(incident), True, 0)


async def test_another_choice_owes_a_reason_that_may_follow(duty: OnDuty) -> None:
    incident = await duty.incident("B")
    made = (await duty.post(f"incidents/{incident}/recommendation")).json()
    sent = await send(duty, incident, "师-08", recommendation_id=made["id"])
    assert (sent["overridden"], sent["override_reason"]) == (True, None)
    said = await duty.post(f"assignments/{sent['id']}/explain", reason="crew", words="示例：夜班刚下")
    assert (said.json()["override_reason"], said.json()["version"]) == ("crew", 2)
    first = await send(duty, incident, "阿-01", recommendation_id=made["id"])
    nothing = await duty.post(f"assignments/{first['id']}/explain", reason="crew")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "assignment.not_overridden")


async def test_a_unit_under_way_to_less_is_diverted_and_its_incident_waits(duty: OnDuty) -> None:
    low, high = await duty.incident("D", Priority.P4), await duty.incident("E", Priority.P1)
    sent = await send(duty, low, "师-07")
    await duty.say("师-07", "en_route", duty.device("师-07"), run_id=sent["id"])
    refused = await duty.post(f"incidents/{high}/assignments", unit_id=str(duty.units["师-07"]), divert=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "assignment.bound"), "within three minutes"
    body = {"reason": "r", "centre": duty.service.at("H"), "radius_m": 30, "speed_factor": 0.01}
    assert (await duty.client.post("/api/closures", json=body)).status_code == 201
    body["centre"] = duty.service.at("K")
    assert (await duty.client.post("/api/closures", json=body)).status_code == 201
    moved = await duty.post(f"incidents/{high}/assignments", unit_id=str(duty.units["师-07"]), divert=True)
    assert moved.status_code == 201, moved.text
    assert moved.json()["incident_id"] == str(high)
    (waits,) = (await duty.client.get("/api/queue")).json()["waiting"]
    assert (waits["incident_id"], waits["priority"]) == (str(low), "P4")
    lost = await duty.say("师-07", "on_scene", duty.device("师-07"), run_id=sent["id"])
    assert (lost["effect"], lost["unit"]["status"]) == ("other_run", "assigned")


async def test_all_busy_what_waits_is_offered_as_soon_as_one_frees(duty: OnDuty) -> None:
    busy = await duty.incident(priority=Priority.P1)
    runs = {name: (await send(duty, busy, name))["id"] for name in duty.units}
    waits = await duty.incident("C", Priority.P2)
    made = (await duty.post(f"incidents/{waits}/recommendation")).json()
    assert (made["chosen"], made["offers"], len(made["not_offered"])) == (None, [], 4)
    queue = (await duty.client.get("/api/queue")).json()["waiting"]
    assert [(one["incident_id"], one["requester"]) for one in queue] == [(str(waits), "aksu-prefecture")]
    device = duty.device("师-08")
    for status in ("on_scene", "at_hospital", "returning_available"):
        await duty.say(
            "师-08", status, device, **({"run_id": runs["师-08"]} if status != "returning_available" else {})
        )
    (offer,) = await duty.lines("queue.offered")
    assert (offer["incident_id"], offer["unit_id"]) == (str(waits), str(duty.units["师-08"]))
    await send(duty, waits, "师-08")
    assert (await duty.client.get("/api/queue")).json()["waiting"] == []


async def test_what_an_organisation_lends_counts_everywhere_and_is_its_own_to_say(duty: OnDuty) -> None:
    corps = await duty.corps_supervisor()
    rule = {"lender": CORPS, "borrower": "civil", "level": "p1_p2"}
    ours = await duty.service.logged_in("supervisor")
    foreign = await ours.put("/api/policy", json={"rules": [rule], "version": 0})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "policy.not_yours")
    assert (await duty.client.put("/api/policy", json={"rules": [rule], "version": 0})).status_code == 403
    put = await corps.put("/api/policy", json={"rules": [rule], "version": 0})
    assert (put.status_code, put.json()["version"], put.json()["rules"][0]["min_kept_per_station"]) == (200, 1, 0)
    stale = await corps.put("/api/policy", json={"rules": [], "version": 0})
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]["version"]) == (409, "policy.outdated", 1)
    for rules in ([rule, rule], [{**rule, "lender": "nobody"}], [{**rule, "level": "some"}]):
        assert (await corps.put("/api/policy", json={"rules": rules, "version": 1})).status_code == 422
    incident = await duty.incident("L", Priority.P3)
    made = (await duty.post(f"incidents/{incident}/recommendation")).json()
    assert made["inputs"]["sharing_version"] == 1
    kept = {one["call_sign"]: [reason["reason"] for reason in one["reasons"]] for one in made["not_offered"]}
    assert kept == {"师-07": ["urgent_only"], "师-08": ["urgent_only"]}
    address = f"incidents/{incident}/assignments"
    refused = await duty.post(address, unit_id=str(duty.units["师-07"]))
    assert (refused.status_code, refused.json()["code"]) == (409, "assignment.not_shared")
    agreed = await duty.post(
        address, unit_id=str(duty.units["师-07"]), reason="agreed_with_owner", words="示例：电话同意"
    )
    assert agreed.status_code == 201
    shown = (await duty.client.get("/api/policy")).json()
    assert (shown["version"], shown["figures"]["k"], shown["figures"]["undo_s"]) == (1, 3, 8)


async def test_a_crew_that_reports_arrival_at_what_it_was_taken_from_has_not_arrived_at_the_next(duty: OnDuty) -> None:
    low, high = await duty.incident("D", Priority.P4), await duty.incident("E", Priority.P1)
    first, device = await send(duty, low, "师-07"), duty.device("师-07")
    await duty.say("师-07", "en_route", device, run_id=first["id"])
    for letter in ("H", "K"):
        slow = {"reason": "r", "centre": duty.service.at(letter), "radius_m": 30, "speed_factor": 0.01}
        assert (await duty.client.post("/api/closures", json=slow)).status_code == 201
    moved = await duty.post(f"incidents/{high}/assignments", unit_id=str(duty.units["师-07"]), divert=True)
    assert moved.status_code == 201, moved.text
    told = await duty.say("师-07", "on_scene", device, run_id=first["id"])
    assert (told["effect"], told["unit"]["status"]) == ("other_run", "assigned")
    shown = (await duty.client.get(f"/api/incidents/{high}")).json()["incident"]
    assert shown["state"] == "dispatched"
    # The same word of the run that it is on is its arrival.
    told = await duty.say("师-07", "on_scene", device, run_id=moved.json()["id"])
    assert (told["effect"], told["unit"]["status"]) == ("applied", "on_scene")
