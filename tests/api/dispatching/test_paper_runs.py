"""Runs that were over before they were entered: an outage, copied from paper, with true times and outcomes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from factories.on_duty import OnDuty
from factories.people import PASSWORD

from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database
MINUTES = {"T3": 0, "T4": 1, "T5": 2, "T6": 14, "T7": 16, "T8": 30, "T9": 45, "T10": 52, "T11": 60, "T12": 75}


def times(duty: OnDuty, ago_min: float, **minutes: float) -> list[dict[str, str]]:
    begins_at = duty.clock.now() - timedelta(minutes=ago_min)
    told = minutes or MINUTES
    return [{"point": point, "at": (begins_at + timedelta(minutes=by)).isoformat()} for point, by in told.items()]


async def outage(duty: OnDuty, hours: float) -> None:
    """Time goes by; the login has run out meanwhile."""
    duty.later(hours * 3600)
    again = await duty.post("session", name="dispatcher", password=PASSWORD)
    assert again.status_code == 200, again.text


async def on_paper(duty: OnDuty, ago_min: float) -> str:
    """A call and its incident as the blank tells them; T1 nine seconds after T0."""
    rang_at = duty.clock.now() - timedelta(minutes=ago_min + 3)
    answered_at = (rang_at + timedelta(seconds=9)).isoformat()
    told = {"at": rang_at.isoformat(), "source": "paper"}
    call = await duty.post("calls", answered_at=answered_at, phone="13800000000", **told)
    assert call.status_code == 201, call.text
    assert call.json()["answered_at"] == answered_at.replace("+00:00", "Z")
    made = await duty.post("incidents", priority="P2", complaint="K03", call_id=call.json()["id"], **told)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def enter(duty: OnDuty, incident: str, name: str, told: list[dict[str, str]], **more: Any) -> httpx.Response:  # noqa: ANN401 - a body
    return await duty.post(f"incidents/{incident}/paper-runs", unit_id=str(duty.units[name]), times=told, **more)


async def test_a_run_is_entered_whose_unit_has_moved_on_since(duty: OnDuty) -> None:
    await outage(duty, 3)
    incident = await on_paper(duty, 120)
    # The service is back: the unit is out on another run already.
    busy = (
        await duty.post(f"incidents/{await duty.incident('D')}/assignments", unit_id=str(duty.units["阿-01"]))
    ).json()
    duty.later(600)
    before = await duty.row("阿-01")
    (hospital,) = (await duty.client.get("/api/hospitals")).json()["hospitals"]
    patients = [
        {"name": "张三", "sex": "male", "age_years": 57,
         "outcome": {"outcome": "transported", "destination_id": hospital["key"]}},
        {"outcome": {"outcome": "refused", "proof": "signature"}},
    ]  # fmt: skip
    told = times(duty, 130)
    made = await enter(duty, incident, "阿-01", told, patients=patients)
    assert made.status_code == 201, made.text
    row = made.json()
    assert (row["state"], row["end_reason"], row["destination"]["id"]) == ("ended", "completed", hospital["key"])
    assert await duty.row("阿-01") == before, "the newer status stays"
    assert before["assignment"]["assignment_id"] == busy["id"]
    one = (await duty.client.get(f"/api/assignments/{row['id']}")).json()
    assert [(found["point"], found["at"]) for found in one["times"]] == [
        (each["point"], each["at"].replace("+00:00", "Z")) for each in told
    ]
    assert {found["source"] for found in one["times"]} == {"paper"}
    assert {found["entered_at"] for found in one["times"]} == {duty.clock.now().isoformat().replace("+00:00", "Z")}
    shown = (await duty.client.get(f"/api/incidents/{incident}")).json()
    assert shown["incident"]["state"] == "on_scene"
    closed = await duty.post(f"incidents/{incident}/close", at=told[-2]["at"], source="paper")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed"), closed.text
    listed = (await duty.client.get(f"/api/incidents/{incident}/record")).json()
    entered = [line for line in listed["lines"] if line["type"] == "assignment.entered"]
    assert [line["at"] for line in entered] == [told[0]["at"].replace("+00:00", "Z")]
    assert (entered[0]["late_source"], entered[0]["recorded_at"] > entered[0]["at"]) == ("paper", True)


async def test_the_present_status_follows_a_run_that_is_newer(duty: OnDuty) -> None:
    await outage(duty, 3)
    incident = await on_paper(duty, 120)
    told = times(duty, 120)
    made = await enter(duty, incident, "师-07", told)
    assert made.status_code == 201, made.text
    now = await duty.row("师-07")
    assert (now["status"], now["since"]) == ("at_station", told[-1]["at"].replace("+00:00", "Z"))
    assert now["assignment"] is None
    one = (await duty.client.get(f"/api/assignments/{made.json()['id']}")).json()
    assert [found["point"] for found in one["times"]] == list(MINUTES)
    # The past neither knew of it before it was entered, nor takes it for one that goes on since.
    entered_at = duty.clock.now()
    duty.later(30)
    for at in (entered_at - timedelta(seconds=1), entered_at):
        then = (await duty.client.get("/api/replay", params={"at": at.isoformat()})).json()
        assert then["assignments"] == []
    again = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["师-07"]))
    assert again.status_code == 201, "it can be sent again"


async def test_two_runs_of_one_unit_never_overlap(duty: OnDuty) -> None:
    await outage(duty, 5)
    first, second = await on_paper(duty, 240), await on_paper(duty, 280)
    assert (await enter(duty, first, "阿-02", times(duty, 240))).status_code == 201
    for ago_min, until in ((270, 31), (200, 60), (239, 10)):
        refused = await enter(duty, second, "阿-02", times(duty, ago_min, T3=0, T11=until))
        assert (refused.status_code, refused.json()["code"]) == (409, "assignment.overlap"), refused.text
        (other,) = refused.json()["current"]["runs"]
        assert other["incident_number"].startswith("2026-")
    assert (await enter(duty, second, "阿-02", times(duty, 290, T3=0, T11=20))).status_code == 422, "before the call"
    assert (await enter(duty, second, "阿-02", times(duty, 165, T3=0, T11=20))).status_code == 201, "edges may touch"
    # A run that goes on excludes what would have lasted into it.
    await duty.post(f"incidents/{await duty.incident()}/assignments", unit_id=str(duty.units["阿-01"]))
    await outage(duty, 1)
    third = await on_paper(duty, 90)
    refused = await enter(duty, third, "阿-01", times(duty, 90, T3=0, T11=60))
    assert (refused.status_code, refused.json()["code"]) == (409, "assignment.overlap")
    assert refused.json()["current"]["runs"][0]["until"] is None


async def test_a_timed_run_excludes_a_run_on_paper(duty: OnDuty) -> None:
    now = duty.clock.now()
    plan = {"kind": "standby", "from_at": now.isoformat(), "until_at": (now + timedelta(hours=1)).isoformat()}
    run = await duty.post(f"fleet/{duty.units['阿-01']}/runs", place="示例体育场", **plan)
    assert run.status_code == 201, run.text
    assert (await duty.post(f"runs/{run.json()['id']}/start")).status_code == 200
    duty.later(1800)
    assert (await duty.post(f"runs/{run.json()['id']}/end")).status_code == 200
    await outage(duty, 1)
    incident = await on_paper(duty, 80)
    refused = await enter(duty, incident, "阿-01", times(duty, 80, T3=0, T11=30))
    assert (refused.status_code, refused.json()["code"]) == (409, "assignment.overlap")
    assert refused.json()["current"]["runs"][0]["kind"] == "standby"


async def test_what_cannot_be_is_refused_and_leaves_nothing(duty: OnDuty) -> None:
    await outage(duty, 3)
    incident = await on_paper(duty, 120)
    lines = len(await duty.lines("assignment.entered"))
    bad: list[tuple[list[dict[str, str]], dict[str, Any], str]] = [
        (times(duty, 120, T3=0, T6=10), {}, "assignment.times"),
        (times(duty, 120, T6=0, T11=10), {}, "assignment.times"),
        ([*times(duty, 120, T3=0, T11=30), *times(duty, 110, T3=0)], {}, "assignment.times"),
        (times(duty, 120, T3=0, TX=5, T11=30), {}, "assignment.times"),
        (times(duty, 120, T3=0, T6=20, T7=10, T11=30), {}, "time.order"),
        (times(duty, 120, T3=0, T11=125), {}, "time.future"),
        (
            times(duty, 120, T3=0, T11=30),
            {"patients": [{"outcome": {"outcome": "transported"}}]},
            "outcome.destination",
        ),
        (times(duty, 120, T3=0, T11=30), {"ended": "diverted"}, "request.invalid"),
    ]
    for told, more, code in bad:
        refused = await enter(duty, incident, "阿-01", told, **more)
        assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert len(await duty.lines("assignment.entered")) == lines
    assert (await duty.client.get(f"/api/incidents/{incident}")).json()["incident"]["state"] == "open"


async def test_a_run_that_was_called_off_leaves_its_incident_waiting(duty: OnDuty) -> None:
    await outage(duty, 3)
    incident = await on_paper(duty, 60)
    made = await enter(duty, incident, "阿-01", times(duty, 60, T3=0, T5=2, T11=9), ended="stood_down")
    assert made.status_code == 201, made.text
    assert (await duty.client.get(f"/api/incidents/{incident}")).json()["incident"]["state"] == "open"
    (told,) = await duty.lines("assignment.incident_returned")
    assert (told["why"], told["waits"], told["alarm"]) == ("stood_down", True, True)


async def test_the_same_key_enters_one_run(duty: OnDuty) -> None:
    await outage(duty, 3)
    incident, told = await on_paper(duty, 120), times(duty, 120)
    body = {"unit_id": str(duty.units["阿-01"]), "times": told, "patients": [{"outcome": {"outcome": "not_found"}}]}
    made = [
        await duty.client.post(f"/api/incidents/{incident}/paper-runs", json=body, headers={"idempotency-key": "p-1"})
        for _ in range(2)
    ]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json()["id"] == made[1].json()["id"]
    assert len((await duty.client.get(f"/api/incidents/{incident}")).json()["patients"]) == 1


async def test_an_order_told_for_a_time_when_the_unit_had_another_is_refused(duty: OnDuty) -> None:
    """A corrected T11 makes room for the status, not for two incidents at once."""
    first = (await duty.post(f"incidents/{await duty.incident()}/assignments", unit_id=str(duty.units["阿-01"]))).json()
    duty.later(1200)
    free = await duty.say("阿-01", "returning_available", run_id=first["id"])
    earlier = (duty.clock.now() - timedelta(minutes=10)).isoformat()
    fixed = await duty.post(f"status-entries/{free['entry_id']}/correction", at=earlier)
    assert fixed.status_code == 200, fixed.text
    within = (duty.clock.now() - timedelta(minutes=5)).isoformat()
    body = {"unit_id": str(duty.units["阿-01"]), "at": within, "source": "voice"}
    refused = await duty.post(f"incidents/{await duty.incident()}/assignments", **body)
    assert (refused.status_code, refused.json()["code"]) == (409, "assignment.overlap"), refused.text


async def test_a_diversion_told_by_radio_ends_the_first_run_when_it_was_said(duty: OnDuty) -> None:
    low = await duty.incident("D", Priority.P4)
    first = (await duty.post(f"incidents/{low}/assignments", unit_id=str(duty.units["师-07"]))).json()
    await duty.say("师-07", "en_route", run_id=first["id"])
    for letter in ("H", "K"):
        slow = {"reason": "r", "centre": duty.service.at(letter), "radius_m": 30, "speed_factor": 0.01}
        assert (await duty.client.post("/api/closures", json=slow)).status_code == 201
    duty.later(120)
    said_at = (duty.clock.now() - timedelta(seconds=60)).isoformat()
    body = {"unit_id": str(duty.units["师-07"]), "at": said_at, "source": "voice", "divert": True,
            "reason": "agreed_with_owner"}  # fmt: skip
    made = await duty.post(f"incidents/{await duty.incident('E', Priority.P1)}/assignments", **body)
    assert made.status_code == 201, made.text
    told = (await duty.client.get(f"/api/assignments/{first['id']}")).json()["assignment"]
    assert (told["ended_at"], told["end_reason"]) == (made.json()["assigned_at"], "diverted")
