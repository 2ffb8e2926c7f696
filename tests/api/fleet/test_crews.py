"""Crews and kit over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.on_duty import OnDuty

from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database


async def test_a_person_is_signed_off_and_on_and_the_unit_follows(duty: OnDuty) -> None:
    unit, driver = duty.units["阿-01"], duty.crews["阿-01"][0]
    duty.later(600)
    waits = await duty.incident(priority=Priority.P1)
    on_board = (await duty.client.get(f"/api/fleet/{unit}")).json()["crew"]
    left = await duty.post(f"crew-duties/{on_board[0]['id']}/end", source="voice")
    assert (left.status_code, left.json()["person_id"]) == (200, str(driver))
    row = await duty.row("阿-01")
    assert (row["available"], row["hindrances"][0]["reason"], row["capabilities"]) == (False, "no_driver", "")
    duty.later(60)
    back = await duty.post(f"fleet/{unit}/crew", person_id=str(driver), skill="driver")
    assert (back.status_code, back.json()["seat"], back.json()["person_name"]) == (201, 1, "示例 crew-0-driver")
    assert (await duty.post(f"fleet/{unit}/crew", person_id=str(driver), skill="driver")).json() == back.json()
    assert (await duty.row("阿-01"))["capabilities"] == "B"
    offered = await duty.lines("queue.offered")
    assert {(line["incident_id"], line["unit_id"]) for line in offered} == {(str(waits), str(unit))}


async def test_a_crew_signs_on_in_its_own_organisation_as_itself(duty: OnDuty) -> None:
    crew = await duty.service.logged_in("crew")
    person = {"person_id": str(duty.service.people["crew"]), "skill": "stretcher"}
    other = await duty.post(f"fleet/{duty.units['师-07']}/crew", crew, **person)
    assert (other.status_code, other.json()["code"]) == (403, "permission.refused")
    own = await duty.post(f"fleet/{duty.units['阿-01']}/crew", crew, **person)
    assert (own.status_code, own.json()["source"]) == (201, "crew")
    false = await duty.post(f"fleet/{duty.units['阿-02']}/crew", crew, **person, source="voice")
    assert (false.status_code, false.json()["code"]) == (422, "request.invalid")


async def test_a_crew_asks_where_it_is_signed_on(duty: OnDuty) -> None:
    nurse, nobody = await duty.service.logged_in("crew-0-nurse"), await duty.service.logged_in("crew")
    mine = (await nurse.get("/api/crew-duties/own")).json()["duty"]
    assert (mine["unit_id"], mine["skill"]) == (str(duty.units["阿-01"]), "nurse")
    assert (await nobody.get("/api/crew-duties/own")).json() == {"duty": None}
    duty.later(60)
    left = await duty.post(f"crew-duties/{mine['id']}/end", nurse)
    assert left.status_code == 200, left.text
    assert (await nurse.get("/api/crew-duties/own")).json() == {"duty": None}


async def test_two_places_at_once_and_taken_seats_are_conflicts(duty: OnDuty) -> None:
    unit = duty.units["阿-01"]
    told = [
        await duty.post(f"fleet/{unit}/crew", person_id=str(duty.crews["阿-02"][0]), skill="driver"),
        await duty.post(f"fleet/{unit}/crew", person_id=str(duty.service.people["crew"]), skill="driver", seat=1),
        await duty.post(f"fleet/{unit}/crew", person_id=str(unit), skill="driver", seat=5),
        await duty.post(f"fleet/{unit}/crew", person_id=str(unit), skill="driver", seat=11),
        await duty.post(f"crew-duties/{unit}/end"),
        await duty.post(f"fleet/{duty.crews['阿-01'][0]}/crew", person_id=str(unit), skill="driver"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (409, "crew.person_on_duty"),
        (409, "crew.seat_taken"),
        (409, "crew.no_person"),
        (422, "request.invalid"),
        (404, "crew.duty_not_found"),
        (404, "unit.not_found"),
    ]


async def test_the_shift_and_the_vehicle_change_as_a_whole(duty: OnDuty) -> None:
    duty.later(3_000)
    first, second = duty.units["阿-01"], duty.units["阿-02"]
    night = {"person_id": str(duty.service.people["crew"]), "skill": "driver"}
    stays = {"person_id": str(duty.crews["阿-01"][1]), "skill": "nurse"}
    changed = await duty.post(f"fleet/{first}/shift-change", coming=[night, stays])
    assert changed.status_code == 200, changed.text
    assert [one["person_id"] for one in changed.json()["crew"]] == [night["person_id"], stays["person_id"]]
    duty.later(60)
    taken = await duty.post(f"fleet/{first}/change-vehicle", to_unit_id=str(second))
    assert (taken.status_code, taken.json()["code"]) == (409, "crew.seat_taken")
    await duty.post(f"fleet/{second}/shift-change", coming=[])
    duty.later(60)
    moved = await duty.post(f"fleet/{first}/change-vehicle", to_unit_id=str(second))
    assert moved.json()["unit"]["id"] == str(second)
    assert len(moved.json()["crew"]) == 2
    assert (await duty.row("阿-01"))["hindrances"][0]["reason"] == "no_crew"
    same = await duty.post(f"fleet/{first}/change-vehicle", to_unit_id=str(first))
    assert (same.status_code, same.json()["code"]) == (422, "crew.same_unit")


async def test_a_duty_is_corrected_or_never_was(duty: OnDuty) -> None:
    duty.later(3_000)
    unit = duty.units["阿-01"]
    found = (await duty.client.get(f"/api/fleet/{unit}")).json()["crew"]
    since = (duty.clock.now() - timedelta(seconds=1_800)).isoformat()
    corrected = await duty.post(f"crew-duties/{found[0]['id']}/correction", from_at=since)
    assert corrected.json()["crew"][0]["from_at"] == since.replace("+00:00", "Z")
    gone = await duty.post(f"crew-duties/{found[1]['id']}/correction", never=True)
    assert [one["seat"] for one in gone.json()["crew"]] == [1]
    both = await duty.post(f"crew-duties/{found[1]['id']}/correction", never=True, from_at=since)
    assert (both.status_code, both.json()["code"]) == (422, "request.invalid")
    again = await duty.post(f"crew-duties/{found[0]['id']}/correction", never=True)
    assert (again.status_code, again.json()["code"]) == (409, "crew.duty_corrected")
    history = (await duty.client.get(f"/api/fleet/{unit}")).json()["duties"]
    assert sum(one["voided_at"] is not None for one in history) == 2


async def test_kit_decides_what_a_unit_can_do(duty: OnDuty) -> None:
    device, unit = duty.device("阿-01"), duty.units["阿-01"]
    duty.later(60)
    answered = await device.put(f"/api/fleet/{unit}/kit", json={"kit": ["bls", "monitor_defibrillator"]})
    assert answered.json()["changed"] == ["aed", "monitor_defibrillator"]
    assert (answered.json()["unit"]["capabilities"], answered.json()["unit"]["kit"]) == (
        "",
        ["bls", "monitor_defibrillator"],
    )
    unknown = await duty.client.put(f"/api/fleet/{unit}/kit", json={"kit": ["broomstick"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "kit.unknown")
