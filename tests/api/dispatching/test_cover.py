"""What cover an offer takes away, on real roads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from factories.on_duty import OnDuty

pytestmark = pytest.mark.database


async def cover(duty: OnDuty, made: dict[str, Any], call_sign: str) -> dict[str, Any]:
    answered = await duty.client.get(f"/api/recommendations/{made['id']}/cover?unit_id={duty.units[call_sign]}")
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def test_the_last_unit_of_a_station_leaves_it_to_another_organisations(duty: OnDuty) -> None:
    made = (await duty.post(f"incidents/{await duty.incident('B')}/recommendation")).json()
    (home,) = (await cover(duty, made, "阿-01"))["stations"]
    assert (home["code"], home["free_before"], home["free_after"], home["thin"]) == ("s1", 2, 1, False)
    assert home["before_s"] == home["after_s"] == pytest.approx(90.0)
    assert home["by"] == "阿-02"

    await duty.say("阿-02", "out_of_service", reason="fuel")
    (home,) = (await cover(duty, made, "阿-01"))["stations"]
    assert (home["free_before"], home["free_after"], home["thin"]) == (1, 0, True)
    assert home["before_s"] == pytest.approx(90.0)
    assert home["after_s"] > 90.0
    assert home["by"] in ("师-07", "师-08")

    for name in ("师-07", "师-08"):
        await duty.say(name, "out_of_service", reason="fuel")
    (home, other) = (await cover(duty, made, "阿-01"))["stations"]
    assert (home["after_s"], home["by"]) == (None, None)
    assert (other["code"], other["free_before"], other["before_s"] > 90.0, other["after_s"]) == ("s2", 0, True, None)


async def test_a_unit_that_has_gone_takes_nothing_more_away(duty: OnDuty) -> None:
    incident = await duty.incident("B")
    made = (await duty.post(f"incidents/{incident}/recommendation")).json()
    await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    (home,) = (await cover(duty, made, "阿-01"))["stations"]
    assert (home["free_before"], home["free_after"], home["thin"]) == (1, 1, False)
    assert home["before_s"] == home["after_s"]


async def test_cover_is_told_of_offers_only(duty: OnDuty) -> None:
    await duty.say("阿-02", "out_of_service", reason="fault")
    made = (await duty.post(f"incidents/{await duty.incident('B')}/recommendation")).json()
    path = f"/api/recommendations/{made['id']}/cover"
    told = [
        await duty.client.get(f"{path}?unit_id={duty.units['阿-02']}"),
        await duty.client.get(f"{path}?unit_id={UUID(int=7)}"),
        await duty.client.get(f"/api/recommendations/{UUID(int=7)}/cover?unit_id={duty.units['阿-01']}"),
        await duty.client.get(path),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (404, "unit.not_found"),
        (404, "unit.not_found"),
        (404, "recommendation.not_found"),
        (422, "request.invalid"),
    ]
    driver = await duty.service.logged_in("crew-0-driver")
    refused = await driver.get(f"{path}?unit_id={duty.units['阿-01']}")
    assert refused.status_code == 403
