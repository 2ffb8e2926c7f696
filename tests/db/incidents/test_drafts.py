"""Drafts of calls in a real PostgreSQL: saved, taken over, gone with the call's outcome."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from factories.fleet import START
from factories.incidents import ALAR, DISPATCHER, PHONE, SUPERVISOR, a_call, act_of, an_incident
from sqlalchemy import func, select

from dispatch.incidents.queries_drafts import find_draft, list_drafts
from dispatch.incidents.rules_drafts import KEPT_FOR
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.service_calls import decide_outcome
from dispatch.incidents.service_drafts import discard_draft, forget_drafts, save_draft, take_over_draft
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.service_links import link_call
from dispatch.incidents.service_personal import erase_call
from dispatch.incidents.states_calls import Outcome
from dispatch.incidents.states_incidents import LinkKind, Priority
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.incidents.tables_drafts import CallDraft
from dispatch.kernel.actor import Actor
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, NotFound
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]
TYPED: dict[str, Any] = {"phone": PHONE, "notes": "胸口压痛", "answers": {"a": "yes", "j": ["heart"]}}


async def begun(database: Database, clock: ManualClock | None = None) -> UUID:
    async with database.write() as session:
        act = act_of(session, clock)
        call = await a_call(act)
        await save_draft(act, call.id, "01", TYPED, expected_version=0)
        return call.id


async def saved(
    database: Database,
    call_id: UUID,
    version: int,
    *,
    seat: str = "01",
    by: Actor = DISPATCHER,
    body: dict[str, Any] | None = None,
    clock: ManualClock | None = None,
) -> CallDraft:
    async with database.write() as session:
        act = act_of(session, clock, by)
        return await save_draft(act, call_id, seat, body or TYPED, expected_version=version)


async def present(database: Database, call_id: UUID) -> CallDraft | None:
    async with database.read() as session:
        return await find_draft(session, call_id)


async def test_a_draft_is_saved_as_it_is_typed_and_says_that_its_seat_is_there(database: Database) -> None:
    clock = ManualClock(START)
    call_id = await begun(database, clock)
    clock.advance(timedelta(seconds=5))
    again = await saved(database, call_id, 1, clock=clock)
    assert (again.version, again.saved_at, again.heard_at) == (1, START, clock.now())
    more = await saved(database, call_id, 1, body={**TYPED, "notes": "胸口压痛，出冷汗"}, clock=clock)
    assert (more.version, more.saved_at, more.body["notes"]) == (2, clock.now(), "胸口压痛，出冷汗")
    lost = await saved(database, call_id, 1, body={**TYPED, "notes": "胸口压痛，出冷汗"}, clock=clock)
    assert lost.version == 2, "the answer was lost on its way, and is asked for again"
    with pytest.raises(Outdated) as caught:
        await saved(database, call_id, 1, body={})
    assert caught.value.current is not None
    assert (caught.value.code, caught.value.current["version"]) == ("draft.outdated", 2)
    assert "body" not in caught.value.current
    async with database.read() as session:
        types = set(await session.scalars(select(JournalLine.type)))
    assert not any(kind.startswith("call.draft") for kind in types), "typing is no fact"


async def test_another_seat_waits_until_the_first_has_dropped(database: Database) -> None:
    clock = ManualClock(START)
    call_id = await begun(database, clock)
    with pytest.raises(Conflict) as caught:
        await saved(database, call_id, 1, seat="02", by=SUPERVISOR, clock=clock)
    assert caught.value.current is not None
    assert (caught.value.code, caught.value.current["holder"], caught.value.current["seat"]) == (
        "draft.held", str(DISPATCHER), "01",
    )  # fmt: skip
    clock.advance(timedelta(seconds=15))
    with pytest.raises(Conflict):
        async with database.write() as session:
            await take_over_draft(act_of(session, clock, SUPERVISOR), call_id, "02")
    clock.advance(timedelta(seconds=1))
    async with database.write() as session:
        taken = await take_over_draft(act_of(session, clock, SUPERVISOR), call_id, "02")
    assert (taken.holder, taken.seat, taken.version, taken.body) == (str(SUPERVISOR), "02", 2, TYPED)
    with pytest.raises(Conflict):
        await saved(database, call_id, 2, clock=clock)
    async with database.read() as session:
        told = (
            await session.scalars(select(JournalLine.payload).where(JournalLine.type == "call.draft_taken_over"))
        ).one()
    assert told == {
        "call_id": str(call_id), "seat": "02", "before": str(DISPATCHER), "before_seat": "01", "gone": True,
    }  # fmt: skip


async def test_both_may_agree_and_ones_own_draft_follows_to_another_seat(database: Database) -> None:
    call_id = await begun(database)
    async with database.write() as session:
        taken = await take_over_draft(act_of(session, actor=SUPERVISOR), call_id, "02", anyway=True)
        assert taken.seat == "02"
    async with database.write() as session:
        moved = await take_over_draft(act_of(session, actor=SUPERVISOR), call_id, "03")
        assert (moved.seat, moved.version) == ("03", 3)
    async with database.write() as session:
        same = await take_over_draft(act_of(session, actor=SUPERVISOR), call_id, "03")
        assert same.version == 3


async def test_opening_the_incident_deletes_what_was_typed_and_a_late_save_is_told_so(database: Database) -> None:
    call_id = await begun(database)
    async with database.write() as session:
        await open_incident(act_of(session), NewIncident(Priority.P1, "K03", "A", ALAR, call_id=call_id))
    assert await present(database, call_id) is None
    with pytest.raises(Conflict) as caught:
        await saved(database, call_id, 1)
    assert caught.value.code == "draft.over"
    assert caught.value.current is not None
    assert caught.value.current["incident_id"]


@pytest.mark.parametrize("how", ["linked", "misdial", "discarded", "erased"])
async def test_every_end_of_a_call_deletes_what_was_typed(database: Database, how: str) -> None:
    call_id = await begun(database)
    async with database.write() as session:
        act = act_of(session)
        match how:
            case "linked":
                await link_call(act, call_id, (await an_incident(act)).id, LinkKind.LINKED)
            case "misdial":
                await decide_outcome(act, call_id, Outcome.MISDIAL)
            case "discarded":
                await discard_draft(act, call_id, "01")
            case _:
                await erase_call(act, call_id, ErasureBasis.REQUEST)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(CallDraft)) == 0
        told = list(await session.scalars(select(JournalLine.type).where(JournalLine.type.like("call.draft%"))))
    assert told == (["call.draft_discarded"] if how == "discarded" else [])


async def test_nobody_throws_away_what_another_seat_is_typing(database: Database) -> None:
    clock = ManualClock(START)
    call_id = await begun(database, clock)
    with pytest.raises(Conflict):
        async with database.write() as session:
            await discard_draft(act_of(session, clock, SUPERVISOR), call_id, "02")
    clock.advance(timedelta(seconds=16))
    async with database.write() as session:
        await discard_draft(act_of(session, clock, SUPERVISOR), call_id, "02")
    assert await present(database, call_id) is None
    async with database.write() as session:
        await discard_draft(act_of(session, clock, SUPERVISOR), call_id, "02")
        with pytest.raises(NotFound):
            await take_over_draft(act_of(session, clock), call_id, "02")


async def test_a_forgotten_draft_is_deleted_after_half_a_day(database: Database) -> None:
    clock = ManualClock(START)
    call_id = await begun(database, clock)
    clock.advance(KEPT_FOR)
    async with database.write() as session:
        assert await forget_drafts(session, clock) == 0
    clock.advance(timedelta(seconds=1))
    async with database.write() as session:
        assert await forget_drafts(session, clock) == 1
    assert await present(database, call_id) is None
    async with database.read() as session:
        assert await list_drafts(session, "aksu") == []


async def test_two_seats_that_begin_at_once_do_not_write_over_each_other(database: Database) -> None:
    async with database.write() as session:
        call_id = (await a_call(act_of(session))).id
    found = await asyncio.gather(
        saved(database, call_id, 0, body={"notes": "一"}),
        saved(database, call_id, 0, body={"notes": "二"}, seat="02", by=SUPERVISOR),
        return_exceptions=True,
    )
    refusals = [one for one in found if isinstance(one, Conflict)]
    kept = await present(database, call_id)
    assert kept is not None
    assert len(refusals) == 1
    assert refusals[0].code == "draft.held"
    assert kept.body["notes"] == ("一" if kept.seat == "01" else "二")
