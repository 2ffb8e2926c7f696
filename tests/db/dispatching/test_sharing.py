"""What organisations lend, as it is kept, and what it does to orders and offers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from factories.dispatching import CIVIL, CORPS, Centre, make_centre
from factories.duty import S
from fakes.travel import StraightTravelTimes
from sqlalchemy import select

from dispatch.dispatching.events import SharingChanged
from dispatch.dispatching.queries_sharing import get_sharing
from dispatch.dispatching.rules_sharing import ShareRule, SharingPolicy
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_recommendation import recommend_units
from dispatch.dispatching.service_sharing import set_sharing
from dispatch.dispatching.states_recommendation import ShareLevel
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Invalid, Refused
from dispatch.kernel.events import read_event
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.states_duty import Source

pytestmark = pytest.mark.database
URGENT = ShareRule(CORPS.organisation, CIVIL.organisation, ShareLevel.URGENT)
KEEPS = ShareRule(CORPS.organisation, "civil", ShareLevel.ALL, 1)


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=4)


async def test_each_version_is_kept_and_told_and_the_newest_counts(centre: Centre) -> None:
    assert (await centre.share(URGENT)).version == 1
    assert (await centre.share(URGENT)).version == 1, "the same rules are no new version"
    centre.manual.advance(timedelta(seconds=1))
    made = await centre.share(KEEPS, URGENT)
    async with centre.database.read() as session:
        assert await get_sharing(session, "aksu") == made
        assert (await get_sharing(session, "elsewhere")).version == 0
        told = (await session.scalars(select(JournalLine).where(JournalLine.type == "policy.sharing_changed"))).all()
    assert (made.version, made.policy, made.at) == (2, SharingPolicy((KEEPS, URGENT)), centre.clock.now())
    assert [line.payload["version"] for line in told] == [1, 2]
    assert isinstance(read_event(told[1].type, told[1].payload), SharingChanged)
    assert told[1].payload["lenders"] == [CORPS.organisation]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([ShareRule("nobody", "civil")], "policy.party"),
        ([ShareRule("civil", "civil")], "policy.pair"),
        ([URGENT, ShareRule(URGENT.lender, URGENT.borrower)], "policy.pair"),
    ],
)
async def test_rules_that_mean_nothing_are_refused(centre: Centre, rules: list[ShareRule], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        await centre.share(*rules)
    assert caught.value.code == code


async def test_an_organisation_decides_what_it_lends_and_no_other(centre: Centre) -> None:
    async def as_of(organisation: str, *rules: ShareRule) -> None:
        async with centre.database.write() as session:
            await set_sharing(centre.act(session), rules, expected_version=0, lenders=frozenset({organisation}))

    with pytest.raises(Refused) as caught:
        await as_of(CIVIL.organisation, URGENT)
    assert caught.value.code == "policy.not_yours"
    await as_of(CORPS.organisation, URGENT)


async def test_of_two_who_set_them_at_once_one_is_told_what_counts(centre: Centre) -> None:
    async def one(rule: ShareRule) -> object:
        async with centre.database.write() as session:
            return await set_sharing(centre.act(session), [rule], expected_version=0)

    found = await asyncio.gather(one(URGENT), one(KEEPS), return_exceptions=True)
    (lost,) = [told for told in found if isinstance(told, Outdated)]
    assert lost.current is not None
    assert lost.current["version"] == 1


async def test_the_last_free_unit_of_a_station_is_kept_for_its_own(centre: Centre) -> None:
    await centre.share(KEEPS)
    incident = await centre.incident(Priority.P1)
    async with centre.database.write() as session:
        await assign(centre.act(session), incident, Order(centre.units[1]), requester=CIVIL)
    async with centre.database.write() as session:
        _, made = await recommend_units(centre.act(session), StraightTravelTimes(), incident, requester=CIVIL)
    assert centre.units[3] not in {offer.unit_id for offer in made.considered}
    with pytest.raises(Refused, match="its station keeps so many"):
        async with centre.database.write() as session:
            await assign(centre.act(session), incident, Order(centre.units[3]), requester=CIVIL)
    async with centre.database.write() as session:
        await assign(centre.act(session), incident, Order(centre.units[3]), requester=CORPS)


async def test_a_freed_unit_is_not_offered_to_whom_it_is_not_lent(centre: Centre) -> None:
    busy = await centre.incident(Priority.P1)
    sent = await centre.send(busy, 1)
    waits = await centre.incident(Priority.P3)
    async with centre.database.write() as session:
        await recommend_units(centre.act(session), StraightTravelTimes(), waits, requester=CIVIL)
    await centre.share(URGENT)
    for status in (S.AT_HOSPITAL, S.RETURNING_AVAILABLE):
        await centre.say(1, status, source=Source.PAPER, run_id=sent.id if status == S.AT_HOSPITAL else None)
    async with centre.database.read() as session:
        assert (await session.scalars(select(JournalLine).where(JournalLine.type == "queue.offered"))).all() == []
