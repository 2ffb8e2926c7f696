"""One look at the fleet for all who ask together, and never an old one for a new question."""

from __future__ import annotations

import asyncio

import pytest
from factories.on_duty import OnDuty

from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database


async def test_who_asks_together_shares_a_look_and_each_has_an_answer_of_its_own(duty: OnDuty) -> None:
    incidents = [await duty.incident(letter, Priority.P1) for letter in "ADIL"]
    looking = duty.service.app.state.looking
    fleets = [fleet for _, fleet in await asyncio.gather(*(looking.ask() for _ in range(5)))]
    assert all(one is fleets[0] for one in fleets)
    asked = await asyncio.gather(*(duty.post(f"incidents/{one}/recommendation") for one in incidents))
    assert [one.status_code for one in asked] == [201] * 4
    assert [one.json()["incident_id"] for one in asked] == [str(one) for one in incidents]
    assert len({one.json()["offers"][0]["eta_s"] for one in asked}) > 1, "each from its own place"


async def test_what_was_told_before_the_question_is_in_the_answer(duty: OnDuty) -> None:
    incident = await duty.incident("B", Priority.P1)
    for _ in range(3):
        await duty.say("阿-01", "out_of_service", reason="fault")
        told, _ = await asyncio.gather(
            duty.post(f"incidents/{incident}/recommendation"), duty.post(f"incidents/{incident}/recommendation")
        )
        assert [one["call_sign"] for one in told.json()["not_offered"]] == ["阿-01"]
        await duty.say("阿-01", "at_station")
        freed = await duty.post(f"incidents/{incident}/recommendation")
        assert freed.json()["not_offered"] == []


async def test_arrivals_of_units_under_way_follow_their_newest_position(duty: OnDuty) -> None:
    """What the roads answered for a place is not told of another."""
    calm, urgent = await duty.incident("A", Priority.P4), await duty.incident("D", Priority.P1)
    sent = await duty.post(f"incidents/{calm}/assignments", unit_id=str(duty.units["师-07"]))
    assert sent.status_code == 201, sent.text
    await duty.say("师-07", "en_route")

    async def bound() -> list[str]:
        told = (await duty.post(f"incidents/{urgent}/recommendation")).json()
        return [reason["reason"] for one in told["not_offered"] for reason in one["reasons"]]

    assert await bound() == ["arriving"], "a drawn town is small: three minutes are never far"
    looking = duty.service.app.state.looking
    arrived = []
    for letter in "LB":
        duty.later(1.0)
        await duty.post(f"fleet/{duty.units['师-07']}/position", **duty.service.at(letter))
        served, fleet = await looking.ask()
        lineup = fleet.lineup(served.engine, Priority.P1, "B")
        (run,) = [one.run for one in lineup.candidates if one.run is not None]
        arrived.append(run.arrives_s)
    assert arrived[0] > arrived[1]
