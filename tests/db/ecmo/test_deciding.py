"""Centres answer on a real PostgreSQL: called in order, at once, late, twice at the same second; one is bound."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from factories.ecmo import Ward, make_ward
from factories.receiving import lines
from sqlalchemy import select

from dispatch.ecmo.queries_requests import list_conditions, list_decisions
from dispatch.ecmo.rules_requests import Decided
from dispatch.ecmo.service_asking import withdraw_request
from dispatch.ecmo.service_binding import bind_offer, follow_mission
from dispatch.ecmo.service_deciding import decide, see_case, tick_condition
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_offers import Decision, DeclineReason
from dispatch.ecmo.states_requests import Support, WithdrawalReason
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.rules_editing import Outdated
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.database
DECLINE = Decided(Decision.DECLINE, reason=DeclineReason.NO_TEAM)
ADVISE = Decided(Decision.ADVISE, words="示例:先俯卧,2 小时后再评")


@pytest.fixture
async def ward(database: Database) -> Ward:
    return await make_ward(database)


async def called(ward: Ward, request_id: object) -> list[str]:
    names = {key: name for name, key in ward.people.items()}
    return [names[one.person_id] for one in await ward.alerts(request_id)]  # type: ignore[arg-type]


async def test_nobody_answers_and_the_next_is_called_then_the_next_centre_then_everybody_told(ward: Ward) -> None:
    key = await ward.asked("centre", "outside")
    assert await called(ward, key) == ["first"]
    ward.later(119)
    assert await ward.press() == 0
    ward.later(1)
    assert await ward.press() == 1
    assert await ward.press() == 0  # once
    assert await called(ward, key) == ["first", "second"]
    ward.later(120)
    assert await ward.press() == 1  # nobody is left to be called: that is told, once
    assert await called(ward, key) == ["first", "second"]
    ward.later(60)
    assert await ward.press() == 1
    assert await called(ward, key) == ["first", "second", "far"]
    assert {name: one.state for name, one in (await ward.offers(key)).items()} == {
        "centre": "asked",
        "outside": "asked",
    }
    ward.later(300)
    await ward.press()
    assert {name: one.state for name, one in (await ward.offers(key)).items()} == {
        "centre": "unanswered", "outside": "asked"
    }  # fmt: skip
    assert (await ward.request(key)).state == "asked"
    ward.later(300)
    await ward.press()
    assert (await ward.request(key)).state == "unanswered"
    told = [one["payload"] for one in await lines(ward, "ecmo.")]  # type: ignore[arg-type]  # it has a database
    exhausted = [one["exhausted"] for one in told if "exhausted" in one]
    assert exhausted == [False, True, True]
    # A late answer counts all the same.
    await ward.decide(key, "outside", ward.accepting(), "far")
    assert (await ward.request(key)).state == "accepted"


async def test_whoever_opens_the_case_first_stops_the_calling(ward: Ward) -> None:
    key = await ward.asked()
    for by in ("second", "first"):
        await ward.done(lambda act: see_case(act, key, ward.hospitals["centre"]), by)
    offer = (await ward.offers(key))["centre"]
    assert (offer.state, offer.seen_by) == ("seen", str(ward.actor("second")))
    ward.later(500)
    assert await ward.press() == 0
    assert await called(ward, key) == ["first"]


async def test_a_decline_asks_the_next_at_once_and_advice_stays(ward: Ward) -> None:
    key = await ward.asked("centre", "outside")
    await ward.decide(key, "centre", ADVISE)
    assert await called(ward, key) == ["first", "far"]
    await ward.decide(key, "outside", DECLINE, "far")
    row = await ward.request(key)
    assert (row.state, row.decided_at) == ("advised", ward.clock.now())
    # The centre thinks again.
    await ward.decide(key, "centre", ward.accepting())
    assert (await ward.request(key)).state == "accepted"
    async with ward.database.read() as session:
        offer = (await ward.offers(key))["centre"]
        assert [one.decision for one in await list_decisions(session, [offer.id])] == ["advise", "accept"]


async def test_an_acceptance_and_a_decline_in_the_same_second(ward: Ward) -> None:
    for _ in range(4):
        key = await ward.asked()
        version, centre = (await ward.offers(key))["centre"].version, ward.hospitals["centre"]
        accepting = ward.accepting()
        told = await asyncio.gather(
            ward.done(lambda act: decide(act, key, centre, accepting, version=version), "first"),  # noqa: B023
            ward.done(lambda act: decide(act, key, centre, DECLINE, version=version), "second"),  # noqa: B023
            return_exceptions=True,
        )
        late = [one for one in told if isinstance(one, Outdated)]
        assert len(late) == 1
        first = "declined" if isinstance(told[0], Outdated) else "accepted"
        assert late[0].current is not None
        assert late[0].current["state"] == first
        assert (await ward.request(key)).state == first
        await ward.done(lambda act: withdraw_request(act, key, WithdrawalReason.MISTAKE))  # noqa: B023


async def test_of_two_acceptances_one_is_bound_when_both_are_bound_at_the_same_moment(ward: Ward) -> None:
    key = await ward.asked("centre", "outside", at_once=True, support=[Support.VENTILATED])
    assert sorted(await called(ward, key)) == ["far", "first"]
    await ward.decide(key, "centre", ward.accepting(120))
    await ward.decide(key, "outside", ward.accepting(300), "far")
    offers = await ward.offers(key)
    told = await asyncio.gather(
        *(
            ward.done(lambda act, one=one: bind_offer(act, key, one.id, version=one.version), by)  # type: ignore[misc]
            for one, by in zip(offers.values(), ("asker", "coordinator"), strict=True)
        ),
        return_exceptions=True,
    )
    refused = [one for one in told if isinstance(one, Conflict)]
    assert [one.code for one in refused] == ["ecmo_request.bound"]
    (mission,) = [one for one in told if isinstance(one, EcmoMission)]
    assert (mission.state, mission.is_primary, mission.mode) == (MissionState.PREPARING, True, "vv")
    assert mission.from_hospital_id == ward.hospitals["county"]
    assert sorted(one.state for one in (await ward.offers(key)).values()) == ["bound", "released"]
    for by, centre in (("first", "centre"), ("far", "outside")):
        with pytest.raises(Conflict) as over:
            await ward.decide(key, centre, DECLINE, by)
        assert over.value.code == "ecmo_request.bound"
    with pytest.raises(Conflict):
        await ward.done(lambda act: withdraw_request(act, key, WithdrawalReason.DIED))


async def test_a_condition_binds_only_once_it_is_ticked(ward: Ward) -> None:
    key = await ward.asked()
    offer = await ward.decide(key, "centre", ward.accepting(90, "示例:头颅 CT 无出血", "示例:家属同意"))
    async with ward.database.read() as session:
        (made,) = await list_decisions(session, [offer.id])
        first, second = await list_conditions(session, [made.id])
    with pytest.raises(Refused, match="not ticked"):
        await ward.done(lambda act: bind_offer(act, key, offer.id, version=offer.version))
    for one in (first, second, second):
        await ward.done(lambda act, c=one: tick_condition(act, c.id, ticked=True))  # type: ignore[misc]
    await ward.done(lambda act: tick_condition(act, first.id, ticked=False), "first")
    offer = (await ward.offers(key))["centre"]
    with pytest.raises(Refused):
        await ward.done(lambda act: bind_offer(act, key, offer.id, version=offer.version))
    await ward.done(lambda act: tick_condition(act, first.id, ticked=True))
    with pytest.raises(Outdated):
        await ward.done(lambda act: bind_offer(act, key, offer.id, version=offer.version))
    offer = (await ward.offers(key))["centre"]
    await ward.done(lambda act: bind_offer(act, key, offer.id, version=offer.version), "coordinator")
    assert (await ward.request(key)).state == "bound"
    with pytest.raises(Conflict) as past:
        await ward.done(lambda act: tick_condition(act, first.id, ticked=False))
    assert past.value.code == "ecmo_condition.past"


async def test_a_mission_that_is_stood_down_leaves_a_request_that_is_asked_anew(ward: Ward) -> None:
    key = await ward.asked()
    for ends in (False, True):
        offer = await ward.decide(key, "centre", ward.accepting())
        mission = await ward.done(lambda act, o=offer: bind_offer(act, key, o.id, version=o.version))  # type: ignore[misc]
        async with ward.database.write() as session:
            row = await session.scalar(select(EcmoMission).where(EcmoMission.id == mission.id).with_for_update())
            assert row is not None
            row.state = MissionState.HANDED_OVER if ends else MissionState.STOOD_DOWN
            mission = row
        await ward.done(lambda act, m=mission: follow_mission(act, m), "coordinator")  # type: ignore[misc]
        after = await ward.request(key)
        assert after.state == ("closed" if ends else "unanswered")
        if not ends:
            ward.later(60)
            await ward.ask(key, "centre")
            assert (await ward.request(key)).state == "asked"
            assert await called(ward, key) == ["first", "first"]


@pytest.mark.parametrize(
    ("decided", "code"),
    [
        (Decided(Decision.ACCEPT), "promise"),
        (Decided(Decision.DECLINE), "reason"),
        (Decided(Decision.DECLINE, reason=DeclineReason.JUDGEMENT), "words"),
        (Decided(Decision.ADVISE), "words"),
        (Decided(Decision.ADVISE, words="示例", conditions=("示例",)), "conditions"),
    ],
)
async def test_a_decision_tells_all_that_it_needs(ward: Ward, decided: Decided, code: str) -> None:
    key = await ward.asked()
    with pytest.raises(Invalid) as refused:
        await ward.decide(key, "centre", decided)
    assert refused.value.code == f"ecmo_decision.{code}"
    past = Decided(Decision.ACCEPT, ward.clock.now() - timedelta(seconds=1))
    with pytest.raises(Invalid):
        await ward.decide(key, "centre", past)
