"""A session that is alone: what it knows it does not ask for again, and what is rolled back it forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.duty import Fleet, S, make_fleet
from factories.journal import START, context, unit_sent
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit import queries
from dispatch.audit.service import verify
from dispatch.incidents.states import Source as Told
from dispatch.incidents.states_calls import CallState, Origin
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_drafts import CallDraft
from dispatch.kernel.alone import attempt
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Refused
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append, write_waiting
from dispatch.units.queries_crew import list_on_board
from dispatch.units.queries_duty import find_status, list_entries, lock_unit
from dispatch.units.service_crew import Joining, change_shift
from dispatch.units.service_status import StatusReport, report_status
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import Source
from dispatch.units.tables_crew import CrewDuty

pytestmark = pytest.mark.database


@pytest.fixture
async def fleet(database: Database) -> Fleet:
    return await make_fleet(database)


async def test_a_row_is_asked_for_once(database: Database, fleet: Fleet) -> None:
    async with database.alone() as session:
        unit = await lock_unit(session, fleet.first)
        await session.execute(text("UPDATE units SET plate = 'elsewhere'"))
        assert (await lock_unit(session, fleet.first)) is unit
        assert unit.plate != "elsewhere"
    async with database.write() as session:
        await lock_unit(session, fleet.first)
        await session.execute(text("UPDATE units SET plate = 'elsewhere'"))
        assert (await lock_unit(session, fleet.first)).plate == "elsewhere"


async def test_lines_are_written_at_the_end_each_with_its_own_moment(database: Database) -> None:
    clock = ManualClock(START)
    async with database.alone() as session:
        for number in range(3):
            assert await append(session, clock, context(clock), [unit_sent(number)]) == ()
            clock.advance(timedelta(seconds=1))
        await write_waiting(session)
        await session.commit()
    async with database.read() as session:
        lines = await queries.list_lines(session)
        assert [line.recorded_at for line in lines] == [START + timedelta(seconds=number) for number in range(3)]
        assert (await verify(session)).whole


async def test_what_is_rolled_back_is_forgotten_with_its_lines(database: Database, fleet: Fleet) -> None:
    clock, acting = fleet.clock, context(fleet.clock)
    at_station = StatusReport(S.AT_STATION, Source.CREW)
    async with database.alone() as session:
        before = len(await queries.list_lines(session))
        await report_status(session, clock, acting, fleet.first, at_station)
        clock.advance(timedelta(minutes=1))
        broken = await session.begin_nested()
        await report_status(session, clock, acting, fleet.first, StatusReport(S.RETURNING_AVAILABLE, Source.CREW))
        await broken.rollback()
        row = await find_status(session, fleet.first)
        assert row is not None
        assert row.status == S.AT_STATION
        await write_waiting(session)
        await session.commit()
        assert len(await queries.list_lines(session)) == before + 1


async def test_what_is_refused_leaves_nothing_behind_and_takes_nothing_else_along(
    database: Database, fleet: Fleet
) -> None:
    clock, acting, second = fleet.clock, context(fleet.clock), fleet.units["示例-02"]
    async with database.alone() as session:
        await report_status(session, clock, acting, fleet.first, StatusReport(S.AT_STATION, Source.CREW))
        for asked in (False, True):
            clock.advance(timedelta(minutes=1))
            with pytest.raises(Refused):
                await _refused(session, fleet, asked=asked)
            row = await find_status(session, fleet.first)
            assert row is not None
            assert row.status == S.AT_STATION
            assert await find_status(session, second) is None
            assert len(await list_entries(session, fleet.first)) == 1
        await write_waiting(session)
        await session.commit()
    async with database.read() as session:
        assert len(await list_entries(session, fleet.first)) == 1
        assert not await list_entries(session, second)


async def _refused(session: AsyncSession, fleet: Fleet, *, asked: bool) -> None:
    clock, acting, second = fleet.clock, context(fleet.clock), fleet.units["示例-02"]
    free = StatusReport(S.RETURNING_AVAILABLE, Source.CREW)
    async with attempt(session):
        await report_status(session, clock, acting, fleet.first, free)
        await report_status(session, clock, acting, second, StatusReport(S.AT_STATION, Source.CREW))
        if asked:
            # A question about their table writes rows that wait, behind a savepoint.
            assert len(await list_entries(session, second)) == 1
        raise Refused("test.refused", "Nothing of this is so.")


async def test_what_is_written_behind_a_savepoint_finds_what_waited_before_it(database: Database, fleet: Fleet) -> None:
    now = fleet.clock.now()
    async with database.alone() as session:
        call = Call(
            id=new_id(fleet.clock), region="aksu", origin=Origin.EXCHANGE, exchange_ref="示例", state=CallState.RINGING,
            t0=now, t0_source=Told.INFERRED, oddities=0, language="", version=1, created_at=now,
        )  # fmt: skip
        session.add(call)
        async with attempt(session):
            draft = CallDraft(
                call_id=call.id, region="aksu", version=1, holder="tests", seat="01", body={}, started_at=now,
                saved_at=now, heard_at=now,
            )  # fmt: skip
            session.add(draft)
            # Nobody asks for calls: a question about drafts alone writes both, the call first.
            assert (await session.scalars(select(CallDraft.call_id))).all() == [call.id]
        await session.commit()


async def test_a_row_that_was_changed_before_it_was_written_is_written_as_it_stands(
    database: Database, fleet: Fleet
) -> None:
    clock, acting = fleet.clock, context(fleet.clock)
    async with database.alone() as session:
        for status in (S.AT_STATION, S.RETURNING_AVAILABLE, S.AT_STATION):
            async with attempt(session):
                await report_status(session, clock, acting, fleet.first, StatusReport(status, Source.CREW))
            clock.advance(timedelta(minutes=1))
        await write_waiting(session)
        await session.commit()
    async with database.read() as session:
        row = await find_status(session, fleet.first)
        assert row is not None
        assert (row.status, row.version) == (S.AT_STATION, 3)
        assert len(await list_entries(session, fleet.first)) == 3


async def test_who_writes_past_the_session_is_seen(database: Database, fleet: Fleet) -> None:
    clock, acting = fleet.clock, context(fleet.clock)
    coming = [Joining(fleet.people[0], Skill.DRIVER)]
    async with database.alone() as session:
        (duty,) = await change_shift(session, clock, acting, fleet.first, coming)
        assert list(await list_on_board(session, fleet.first)) == [duty]
        voided = update(CrewDuty).where(CrewDuty.id == duty.id).values(voided_at=clock.now())
        await session.execute(voided, execution_options={"synchronize_session": False})
        assert not await list_on_board(session, fleet.first)
