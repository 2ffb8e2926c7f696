"""Recommendations on a real PostgreSQL, over straight lines: what is stored, and a fleet in trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.dispatching import CIVIL, CORPS, SCENE, Centre, make_centre
from factories.duty import S
from factories.fleet import START
from fakes.travel import StraightTravelTimes
from sqlalchemy import select

from dispatch.dispatching.queries import list_unexplained, list_waiting
from dispatch.dispatching.queries_recommendation import list_recommendations, read_body
from dispatch.dispatching.rules_candidates import Recommendation
from dispatch.dispatching.rules_sharing import ShareRule
from dispatch.dispatching.service_assignment import Order, assign, divert, explain_override
from dispatch.dispatching.service_recommendation import arrives_s, recommend_units
from dispatch.dispatching.service_times import project_clearing
from dispatch.dispatching.service_watch import suggest_swaps
from dispatch.dispatching.states import OverrideReason
from dispatch.dispatching.states_recommendation import Excluded, Mark, ShareLevel
from dispatch.dispatching.tables import RecommendationRow
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Invalid, Refused
from dispatch.kernel.journal_table import JournalLine
from geo.points import GeoPoint

pytestmark = pytest.mark.database
FAR = PlaceGiven(lat=41.6, lon=80.258)


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=4)


async def ask(
    centre: Centre, incident: object, travel: StraightTravelTimes | None = None
) -> tuple[RecommendationRow, Recommendation]:
    async with centre.database.write() as session:
        return await recommend_units(
            centre.act(session),
            travel or StraightTravelTimes(),
            incident,
            requester=CIVIL,  # type: ignore[arg-type]  # an id
        )


async def test_all_units_of_both_are_ranked_and_kept_as_they_stood(centre: Centre) -> None:
    await centre.place(1, 41.168, 80.269)
    incident = await centre.incident(Priority.P1, needs="AB")
    row, made = await ask(centre, incident)
    assert made.chosen == centre.units[1], "the corps' vehicle is next to the scene"
    assert {offer.organisation for offer in made.considered} == {CIVIL.organisation, CORPS.organisation}
    assert all(Mark.MISSING in offer.marks for offer in made.considered), "nobody carries a physician: told, not hidden"
    assert all(offer.eta_s and offer.low_s and offer.high_s for offer in made.considered)
    async with centre.database.read() as session:
        (stored,) = await list_recommendations(session, incident)
        assert read_body(stored) == made
        line = (await session.scalars(select(JournalLine).order_by(JournalLine.seq.desc()).limit(1))).one()
    assert (line.type, line.payload["recommendation_id"]) == ("recommendation.made", str(row.id))
    assert "lat" not in line.payload


async def test_another_than_the_first_owes_a_reason_that_may_follow(centre: Centre) -> None:
    incident, other = await centre.incident(), await centre.incident()
    row, made = await ask(centre, incident)
    last = made.considered[-1].unit_id
    async with centre.database.write() as session:
        sent = await assign(centre.act(session), incident, Order(last, row.id))
    assert (sent.overridden, sent.recommended_rank, sent.planned_s) == (True, 4, made.considered[-1].eta_s)
    async with centre.database.write() as session:
        assert [one.id for one in await list_unexplained(session, "aksu")] == [sent.id]
        await explain_override(centre.act(session), sent.id, OverrideReason.CREW, "示例")
    async with centre.database.write() as session:
        assert await list_unexplained(session, "aksu") == []
        first = await assign(centre.act(session), incident, Order(made.considered[0].unit_id, row.id))
        assert not first.overridden
    with pytest.raises(Invalid, match="another incident"):
        async with centre.database.write() as session:
            await assign(centre.act(session), other, Order(made.considered[1].unit_id, row.id))


async def test_all_units_busy_the_incident_waits_and_is_offered_as_soon_as_one_frees(centre: Centre) -> None:
    busy = await centre.incident(Priority.P1)
    for number in range(4):
        await centre.send(busy, number)
    waits = await centre.incident(Priority.P2)
    _, made = await ask(centre, waits)
    assert (made.chosen, made.considered) == (None, ())
    assert {one.reasons for one in made.excluded_because} == {(Excluded.NOT_LESS_URGENT,)}
    active = await centre.active(2)
    assert active is not None
    for status in (S.ON_SCENE, S.AT_HOSPITAL, S.RETURNING_AVAILABLE):
        await centre.say(2, status, run_id=active.id if status != S.RETURNING_AVAILABLE else None)
    async with centre.database.read() as session:
        offered = (await session.scalars(select(JournalLine).where(JournalLine.type == "queue.offered"))).all()
        assert [one.incident_id for one in await list_waiting(session, "aksu")] == [waits]
    assert [(line.subject, line.payload["unit_id"]) for line in offered] == [(str(waits), str(centre.units[2]))]


async def test_a_whole_fleet_gone_silent_stays_dispatchable(centre: Centre) -> None:
    for number in range(4):
        await centre.place(number, 41.2, 80.25 + number / 100)
        await centre.say(number, S.RETURNING_AVAILABLE)
    centre.manual.advance(timedelta(hours=6))
    incident = await centre.incident(Priority.P1)
    row, made = await ask(centre, incident)
    assert len(made.considered) == 4
    assert all(Mark.STALE in offer.marks for offer in made.considered)
    assert all((offer.high_s or 0) - (offer.eta_s or 0) >= 1_800 for offer in made.considered)
    assert made.chosen is not None
    async with centre.database.write() as session:
        await assign(centre.act(session), incident, Order(made.chosen, row.id))


async def test_where_no_road_leads_estimates_stand_and_nobody_is_hidden(centre: Centre) -> None:
    island = StraightTravelTimes(land=lambda point: int(point.lat > 41.5))
    incident = await centre.incident(Priority.P1, place=FAR)
    row, made = await ask(centre, incident, island)
    assert [offer.estimated for offer in made.considered] == [True] * 4
    assert all(Mark.ESTIMATE in offer.marks and offer.eta_s for offer in made.considered)
    await centre.place(3, 41.599, 80.258)
    _, made = await ask(centre, incident, island)
    assert made.chosen == centre.units[3]
    assert not made.considered[0].estimated
    assert row.chosen is not None
    nowhere = await centre.incident(place=None)
    with pytest.raises(Refused, match="no place"):
        await ask(centre, nowhere)


async def test_units_that_may_not_be_shared_are_told_with_their_reason(centre: Centre) -> None:
    incident = await centre.incident(Priority.P3)
    await centre.share(ShareRule("corps", "civil", ShareLevel.NONE))
    _, made = await ask(centre, incident)
    assert {offer.organisation for offer in made.considered} == {CIVIL.organisation}
    assert [one.reasons for one in made.excluded_because] == [(Excluded.NOT_SHARED,)] * 2
    assert {one.organisation for one in made.alone} == {CIVIL.organisation, CORPS.organisation}


async def test_a_running_unit_is_offered_with_its_true_time_and_diverted(centre: Centre) -> None:
    low, high = await centre.incident(Priority.P4, place=FAR), await centre.incident(Priority.P1)
    sent = await centre.send(low, 0)
    await centre.say(0, S.EN_ROUTE, run_id=sent.id)
    await centre.place(0, 41.168, 80.268)
    row, made = await ask(centre, high)
    assert made.chosen == centre.units[0]
    assert made.considered[0].diverted_from == low
    async with centre.database.write() as session:
        act = centre.act(session)
        left_s = await arrives_s(act, StraightTravelTimes(), centre.units[0])
        assert left_s is not None
        assert left_s > 180
        moved = await divert(act, high, Order(centre.units[0], row.id), arrives_s=left_s)
    assert not moved.overridden


async def test_a_unit_about_to_clear_counts_from_where_it_will_be_free(centre: Centre) -> None:
    first = await centre.incident(Priority.P1)
    sent = await centre.send(first, 0)
    await centre.say(0, S.TRANSPORTING, run_id=sent.id)
    async with centre.database.write() as session:
        at = START + timedelta(seconds=120)
        await project_clearing(centre.act(session), sent.id, at, point=GeoPoint(lat=41.6, lon=80.258))
    _, made = await ask(centre, await centre.incident(place=FAR))
    assert made.considered[0].unit_id == centre.units[0]
    assert made.considered[0].wait_s == 120
    assert made.chosen != centre.units[0]


async def test_a_swap_is_suggested_before_half_way_and_never_done(centre: Centre) -> None:
    incident = await centre.incident(place=FAR)
    row, made = await ask(centre, incident)
    sent_id = made.considered[0].unit_id
    async with centre.database.write() as session:
        sent = await assign(centre.act(session), incident, Order(sent_id, row.id))
    freed = next(number for number, one in enumerate(centre.units) if one != sent_id)
    travel = StraightTravelTimes()
    for lat, count in ((41.59, 1), (41.169, 0)):
        centre.manual.advance(timedelta(seconds=1))
        await centre.place(freed, lat, 80.258)
        await centre.say(freed, S.RETURNING_AVAILABLE)
        async with centre.database.write() as session:
            told = await suggest_swaps(centre.act(session), travel, centre.units[freed])
        assert len(told) == count
    still = await centre.active(centre.units.index(sent_id))
    assert still is not None
    assert (still.id, still.incident_id) == (sent.id, incident)
    assert SCENE.lat != FAR.lat
