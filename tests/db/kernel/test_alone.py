"""A session that is alone: what it knows it does not ask for again, and what is rolled back it forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.duty import Fleet, S, make_fleet
from factories.journal import START, context, unit_sent
from sqlalchemy import text

from dispatch.audit import queries
from dispatch.audit.service import verify
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.journal import append, write_waiting
from dispatch.units.queries_duty import find_status, lock_unit
from dispatch.units.service_status import StatusReport, report_status
from dispatch.units.states_duty import Source

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
