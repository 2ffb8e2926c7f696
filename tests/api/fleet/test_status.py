"""What units do, told over HTTP: by dispatchers, by crews, by devices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.on_duty import OnDuty

pytestmark = pytest.mark.database


async def test_every_unit_is_told_and_one_with_its_history(duty: OnDuty) -> None:
    told = (await duty.client.get("/api/fleet")).json()
    assert [row["call_sign"] for row in told["units"]] == ["师-07", "师-08", "阿-01", "阿-02"]
    assert {(row["available"], row["capabilities"], row["version"]) for row in told["units"]} == {(True, "B", 1)}
    duty.later(60)
    await duty.say("阿-01", "returning_available", source="voice")
    answered = await duty.client.get(f"/api/fleet/{duty.units['阿-01']}")
    found = answered.json()
    assert [entry["status"] for entry in found["statuses"]] == ["at_station", "returning_available"]
    assert found["statuses"][1]["actor_name"] == "示例 dispatcher"
    assert [(one["skill"], one["seat"]) for one in found["crew"]] == [("driver", 1), ("nurse", 2)]
    assert found["crew"][0]["person_name"] == "示例 crew-0-driver"
    coordinator = await duty.service.logged_in("ecmo_coordinator")
    seen = (await coordinator.get(f"/api/fleet/{duty.units['阿-01']}")).json()
    assert (seen["crew"][0]["person_name"], seen["statuses"][1]["actor_name"]) == (None, None)


async def test_a_period_or_a_unit_that_is_not_there(duty: OnDuty) -> None:
    for query in (
        "from=2026-11-22T09:30:00",
        "from=2026-11-22T09:30:00Z&until=2026-11-22T09:00:00Z",
        "from=2026-01-01T00:00:00Z&until=2026-11-22T09:00:00Z",
        "from=0001-01-01T00:00:00%2B14:00&until=0001-01-02T00:00:00%2B14:00",
        "from=2026-11-22T09:30:00Z",
        "from=yesterday",
    ):
        answered = await duty.client.get(f"/api/fleet/{duty.units['阿-01']}?{query}")
        assert (answered.status_code, answered.json()["code"]) == (422, "request.invalid"), query
    unknown = await duty.client.get("/api/fleet/00000000-0000-7000-8000-000000000000")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit.not_found")


async def test_a_dispatcher_enters_from_the_radio_and_from_paper_what_was_before(duty: OnDuty) -> None:
    duty.later(600)
    before = (duty.clock.now() - timedelta(seconds=240)).isoformat()
    told = await duty.say("阿-01", "out_of_service", reason="fuel", at=before, source="paper", version=1)
    assert (told["effect"], told["unit"]["status"], told["unit"]["reason"]) == ("applied", "out_of_service", "fuel")
    assert told["at"] == told["unit"]["since"] == before.replace("+00:00", "Z")
    assert told["unit"]["hindrances"][0]["words"]["zh"] == "停用"
    history = (await duty.client.get(f"/api/fleet/{duty.units['阿-01']}")).json()["statuses"]
    assert [(one["source"], one["effect"]) for one in history[1:]] == [("paper", "applied")]


async def test_who_comes_second_is_told_what_stands(duty: OnDuty) -> None:
    unit = duty.units["阿-01"]
    await duty.say("阿-01", "relief", version=1)
    answered = await duty.post(f"fleet/{unit}/status", status="returning", version=1)
    assert (answered.status_code, answered.json()["code"]) == (409, "unit.status_changed")
    assert answered.json()["current"]["status"] == "relief"
    assert answered.json()["current"]["version"] == 2


async def test_a_dispatcher_is_refused_what_cannot_be(duty: OnDuty) -> None:
    run = "00000000-0000-7000-8000-000000000001"
    for body, status, code in (
        ({"status": "en_route"}, 409, "unit.illegal_transition"),
        ({"status": "assigned", "run_id": run}, 409, "assignment.use_assign"),
        ({"status": "standby", "run_id": run}, 409, "run.use_start"),
        ({"status": "out_of_service"}, 422, "unit.reason"),
        ({"status": "relief", "at": "2030-01-01T00:00:00Z"}, 422, "time.future"),
        ({"status": "relief", "at": "2026-11-22T00:00:00"}, 422, "request.invalid"),
        ({"status": "relief", "source": "crew"}, 422, "request.invalid"),
        ({"status": "flying"}, 422, "request.invalid"),
    ):
        answered = await duty.post(f"fleet/{duty.units['阿-01']}/status", **body)
        assert (answered.status_code, answered.json()["code"]) == (status, code), body
    assert (await duty.row("阿-01"))["version"] == 1


async def test_a_device_speaks_for_its_own_vehicle_only(duty: OnDuty) -> None:
    device = duty.device("阿-01")
    told = await duty.say("阿-01", "relief", device)
    assert told["unit"]["status"] == "relief"
    for path, body in (
        ("status", {"status": "relief"}),
        ("position", {"lat": 41.17, "lon": 80.26}),
        ("kit", {"kit": ["bls"]}),
    ):
        address = f"/api/fleet/{duty.units['阿-02']}/{path}"
        answered = await device.request("PUT" if path == "kit" else "POST", address, json=body)
        assert (answered.status_code, answered.json()["code"]) == (403, "device.other_vehicle"), path
    refused = await duty.post(f"fleet/{duty.units['阿-01']}/status", device, status="relief", source="voice")
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")
    row = await duty.row("阿-02")
    assert (row["version"], row["position"]["fix_at"]) == (1, None)


async def test_a_crew_speaks_for_the_vehicle_that_it_is_on_board_of(duty: OnDuty) -> None:
    driver = await duty.service.logged_in("crew-0-driver")
    told = await duty.say("阿-01", "relief", driver)
    assert told["effect"] == "applied"
    answered = await duty.post(f"fleet/{duty.units['阿-02']}/status", driver, status="relief")
    assert (answered.status_code, answered.json()["code"]) == (403, "crew.other_vehicle")
    ashore = await duty.service.logged_in("crew")
    answered = await duty.post(f"fleet/{duty.units['阿-01']}/status", ashore, status="at_station")
    assert (answered.status_code, answered.json()["code"]) == (403, "crew.other_vehicle")


async def test_what_a_device_reports_is_kept_late_repeated_impossible_or_by_a_wrong_clock(duty: OnDuty) -> None:
    device, started = duty.device("师-07"), duty.clock.now()
    sent = await duty.post(f"incidents/{await duty.incident()}/assignments", unit_id=str(duty.units["师-07"]))
    run = sent.json()["id"]
    duty.later(300)
    rolled = (started + timedelta(seconds=60)).isoformat()
    report = "0198c0de-0000-7000-8000-000000000001"
    effects = []
    for status, told in (
        ("on_scene", {"run_id": run, "report_id": report, "at": (started + timedelta(seconds=250)).isoformat()}),
        ("on_scene", {"run_id": run, "report_id": report, "at": (started + timedelta(seconds=250)).isoformat()}),
        ("en_route", {"run_id": run, "at": rolled}),
        ("en_route", {"run_id": run}),
        ("on_scene", {"run_id": "0198c0de-0000-7000-8000-000000000002"}),
    ):
        effects.append((await duty.say("师-07", status, device, **told))["effect"])
    assert effects == ["applied", "repeated", "late", "refused", "other_run"]
    ahead = (duty.clock.now() + timedelta(minutes=10)).isoformat()
    told = await duty.say("师-07", "at_patient", device, run_id=run, at=ahead, sent_at=ahead)
    assert (told["effect"], told["clock_offset_s"]) == ("applied", 600)
    assert told["at"] == duty.clock.now().isoformat().replace("+00:00", "Z")
    reused = await duty.post(f"fleet/{duty.units['师-07']}/status", device, status="relief", report_id=report)
    assert (reused.status_code, reused.json()["code"]) == (409, "unit.report_reused")
    refused = await duty.say("师-07", "staging", device)
    assert refused["refused"]["code"] == "unit.illegal_transition"


async def test_an_entry_is_corrected_once_and_both_stay(duty: OnDuty) -> None:
    duty.later(600)
    entry = (await duty.say("阿-01", "relief"))["entry_id"]
    at = (duty.clock.now() - timedelta(seconds=300)).isoformat()
    answered = await duty.post(f"status-entries/{entry}/correction", at=at, source="voice")
    assert answered.status_code == 200, answered.text
    assert answered.json()["unit"]["since"] == at.replace("+00:00", "Z")
    again = await duty.post(f"status-entries/{entry}/correction", at=duty.clock.now().isoformat())
    assert (again.status_code, again.json()["code"]) == (409, "unit.entry_corrected")
    unknown = await duty.post("status-entries/00000000-0000-7000-8000-000000000000/correction", at=at)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit.entry_not_found")
    history = (await duty.client.get(f"/api/fleet/{duty.units['阿-01']}")).json()["statuses"]
    assert [one["corrects"] for one in history if one["status"] == "relief"] == [entry, None]
