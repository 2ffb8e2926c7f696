"""Those who ask for units together share a look and a transaction, and nobody takes anything from another."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest
from factories.on_duty import OnDuty
from factories.people import CIVIL
from factories.service import REGION
from sqlalchemy import func, select, text

from api.dispatching import recommending
from api.dispatching.recommending import Recommended, Recommending
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.queries_recommendation import get_recommendation, list_recommendations, read_body
from dispatch.dispatching.tables import RecommendationFleet, RecommendationRow
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.errors import NotFound

pytestmark = pytest.mark.database
NOBODY = UUID(int=7)
# Refuses what one person asks for, and nothing else.
REFUSING = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.actor = 'person:00000000-0000-0000-0000-000000000099' THEN RAISE EXCEPTION 'refused'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refusing BEFORE INSERT ON recommendations FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def rounds(duty: OnDuty) -> Recommending:
    found: Recommending = duty.service.app.state.recommending
    return found


def dispatcher(number: int = 1) -> Principal:
    return Principal(ActorKind.PERSON, UUID(int=number), CIVIL, frozenset(), UUID(int=1), None)


async def together(duty: OnDuty, *asked: tuple[Principal, UUID]) -> list[Recommended | BaseException]:
    """Ask for all of them at once."""
    return await asyncio.gather(*(rounds(duty).ask(*one) for one in asked), return_exceptions=True)


async def committed_in(duty: OnDuty) -> set[str]:
    """The transactions that wrote the recommendations that are there."""
    async with duty.service.parts.database.read() as session:
        return set(await session.scalars(select(text("xmin::text")).select_from(RecommendationRow)))


async def test_who_asks_together_is_answered_together_each_in_the_own_name(duty: OnDuty) -> None:
    incidents = [await duty.incident(letter, Priority.P1) for letter in "ADIL"]
    asked = [(dispatcher(number), one) for number, one in enumerate(incidents, 1)]
    found = await together(duty, *asked)
    assert all(isinstance(one, Recommended) for one in found), found
    async with duty.service.parts.database.read() as session:
        for (actor, incident), one in zip(asked, found, strict=True):
            assert isinstance(one, Recommended)
            (row,) = await list_recommendations(session, incident)
            assert (row.id, row.incident_id, row.actor) == (one.row.id, incident, str(actor.actor))
            assert read_body(row) == one.made
        assert await session.scalar(select(func.count()).select_from(RecommendationFleet)) == 1
    assert len(await committed_in(duty)) == 1
    assert [one["recommendation_id"] for one in await duty.lines("recommendation.made")] == [
        str(one.row.id) for one in found if isinstance(one, Recommended)
    ]


async def test_another_need_or_priority_is_another_fleet(duty: OnDuty) -> None:
    asked = [await duty.incident("A", Priority.P1), await duty.incident("D", Priority.P4)]
    await together(duty, *((dispatcher(), one) for one in asked))
    async with duty.service.parts.database.read() as session:
        kept = [(await list_recommendations(session, one))[0].fleet_id for one in asked]
    assert len(set(kept)) == 2


async def test_what_fails_for_one_is_told_to_that_one(duty: OnDuty) -> None:
    incident = await duty.incident("A", Priority.P1)
    strange = Principal(ActorKind.PERSON, UUID(int=2), "nobody's", frozenset(), UUID(int=1), None)
    one, unknown, foreign, other = await together(
        duty, (dispatcher(), incident), (dispatcher(), NOBODY), (strange, incident), (dispatcher(), incident)
    )
    assert isinstance(one, Recommended)
    assert isinstance(other, Recommended)
    assert isinstance(unknown, NotFound)
    assert unknown.code == "incident.not_found"
    assert isinstance(foreign, NotFound)
    assert foreign.code == "organisation.not_found"
    assert one.row.id != other.row.id
    assert len(await committed_in(duty)) == 1


async def test_what_cannot_be_stored_for_one_is_stored_for_the_others(duty: OnDuty) -> None:
    incident = await duty.incident("A", Priority.P1)
    owner = await asyncpg.connect(duty.service.parts.url.replace("+asyncpg", ""))
    try:
        await owner.execute(REFUSING)
    finally:
        await owner.close()
    one, refused, other = await together(
        duty, (dispatcher(1), incident), (dispatcher(0x99), incident), (dispatcher(3), incident)
    )
    assert "refused" in str(refused)
    async with duty.service.parts.database.read() as session:
        for found in (one, other):
            assert isinstance(found, Recommended)
            assert read_body(await get_recommendation(session, REGION, found.row.id)) == found.made
    assert len(await duty.lines("recommendation.made")) == 2


async def test_more_than_a_round_holds_and_whoever_comes_later_are_answered_too(duty: OnDuty) -> None:
    incident = await duty.incident("A", Priority.P1)
    first = [asyncio.ensure_future(rounds(duty).ask(dispatcher(), incident)) for _ in range(recommending.MOST + 3)]
    given_up = first.pop()
    await asyncio.sleep(0)
    given_up.cancel()
    late = [asyncio.ensure_future(rounds(duty).ask(dispatcher(), incident)) for _ in range(2)]
    found = await asyncio.gather(*first, *late)
    assert len({one.row.id for one in found}) == recommending.MOST + 4
    assert 2 <= len(await committed_in(duty)) <= 3
    assert (await duty.post(f"incidents/{incident}/recommendation")).status_code == 201


async def test_where_nothing_can_be_stored_all_are_told_and_the_next_are_served(duty: OnDuty) -> None:
    incident = await duty.incident("A", Priority.P1)
    assert isinstance((await together(duty, (dispatcher(), incident)))[0], Recommended)
    owner = await asyncpg.connect(duty.service.parts.url.replace("+asyncpg", ""))
    try:
        await owner.execute("ALTER TABLE recommendations RENAME TO elsewhere")
        gone = await together(duty, (dispatcher(), incident), (dispatcher(), incident))
        assert all(isinstance(one, Exception) for one in gone)
        await owner.execute("ALTER TABLE elsewhere RENAME TO recommendations")
    finally:
        await owner.close()
    found = await together(duty, (dispatcher(), incident), (dispatcher(), incident))
    assert all(isinstance(one, Recommended) for one in found), found
