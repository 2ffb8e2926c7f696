"""Positions over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.on_duty import OnDuty

pytestmark = pytest.mark.database


def fix(duty: OnDuty, letter: str = "F", before_s: float = 0.0, **told: object) -> dict[str, object]:
    return {**duty.service.at(letter), "at": (duty.clock.now() - timedelta(seconds=before_s)).isoformat(), **told}


async def test_a_dispatchers_word_counts_from_when_it_was_true(duty: OnDuty) -> None:
    duty.later(600)
    at = (duty.clock.now() - timedelta(seconds=30)).isoformat()
    answered = await duty.post(f"fleet/{duty.units['阿-01']}/position", **duty.service.at("F"), at=at)
    assert answered.status_code == 200, answered.text
    told = answered.json()["unit"]["position"]
    assert (told["source"], told["age_s"], told["basis"]) == ("voice", 30, "fix")
    assert (await duty.lines("unit.placed"))[0]["newest"] is True
    older = await duty.post(
        f"fleet/{duty.units['阿-01']}/position",
        **duty.service.at("B"),
        at=(duty.clock.now() - timedelta(seconds=90)).isoformat(),
    )
    assert not older.json()["newest"]
    assert (await duty.row("阿-01"))["position"]["lat"] == told["lat"]


async def test_a_chinese_phones_position_is_put_where_it_really_is(duty: OnDuty) -> None:
    point = duty.service.at("F")
    answered = await duty.post(f"fleet/{duty.units['阿-01']}/position", **point, datum="gcj02")
    moved = answered.json()["unit"]["position"]
    assert 0.0005 < abs(moved["lat"] - point["lat"]) + abs(moved["lon"] - point["lon"]) < 0.02


async def test_a_position_that_cannot_be_is_refused(duty: OnDuty) -> None:
    for body, code in (
        ({"lat": 91, "lon": 80}, "place.coordinates"),
        ({"lat": 0, "lon": 0}, "unit.place"),
        ({"lat": 41, "lon": 80, "at": "2030-01-01T00:00:00Z"}, "time.future"),
        ({"lat": 41, "lon": 80, "speed_mps": 900}, "request.invalid"),
        ({"lat": 41}, "request.invalid"),
    ):
        answered = await duty.post(f"fleet/{duty.units['阿-01']}/position", **body)
        assert (answered.status_code, answered.json()["code"]) == (422, code), body
    assert (await duty.row("阿-01"))["position"]["fix_at"] is None


async def test_a_devices_batch_is_taken_each_by_itself(duty: OnDuty) -> None:
    duty.later(600)
    device = duty.device("阿-01")
    batch = [
        fix(duty, "F", 20),
        fix(duty, "F", 20),
        fix(duty, "G", 10, speed_mps=12, heading_deg=90),
        fix(duty, "B", 30),
    ]
    bad = [fix(duty) | {"lat": 95.0}, fix(duty, before_s=700_000)]
    answered = await duty.post("fleet/positions", device, fixes=[*batch, *bad], sent_at=duty.clock.now().isoformat())
    assert answered.status_code == 200, answered.text
    assert answered.json() == {
        "stored": 3,
        "duplicates": 1,
        "refused": [{"index": 4, "code": "fix.place"}, {"index": 5, "code": "fix.too_old"}],
        "newest": True,
    }
    row = (await duty.row("阿-01"))["position"]
    assert (row["lat"], row["age_s"], row["source"]) == (duty.service.at("G")["lat"], 10, "auto")
    assert (row["speed_mps"], row["heading_deg"]) == (12, 90)
    late = await duty.post("fleet/positions", device, fixes=[fix(duty, "B", 300)])
    assert late.json()["newest"] is False
    assert await duty.lines("unit.placed") == []


async def test_a_batch_is_of_ones_own_vehicle(duty: OnDuty) -> None:
    other = {"unit_id": str(duty.units["阿-02"]), "fixes": [fix(duty)]}
    answered = await duty.post("fleet/positions", duty.device("阿-01"), **other)
    assert (answered.status_code, answered.json()["code"]) == (403, "device.other_vehicle")
    dispatcher = await duty.post("fleet/positions", **other)
    assert (dispatcher.status_code, dispatcher.json()["code"]) == (403, "device.other_vehicle")
    driver = await duty.service.logged_in("crew-0-driver")
    nobodys = await duty.post("fleet/positions", driver, fixes=[fix(duty)])
    assert (nobodys.status_code, nobodys.json()["code"]) == (422, "request.invalid")
    own = await duty.post("fleet/positions", driver, unit_id=str(duty.units["阿-01"]), fixes=[fix(duty)])
    assert own.json()["newest"] is True
    many = await duty.post("fleet/positions", duty.device("阿-01"), fixes=[fix(duty)] * 1_001)
    assert (many.status_code, many.json()["code"]) == (422, "request.invalid")
