"""Lines are written gapless, in the order of commits, with their change or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from factories.journal import START, FreeTold, context, unit_sent
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit import queries, service
from dispatch.kernel.actor import system
from dispatch.kernel.clock import ManualClock, SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Invalid
from dispatch.kernel.events import Event, Late, read_event
from dispatch.kernel.journal import CHANNEL, append

pytestmark = pytest.mark.database


async def told(database: Database, *events: Event | Late, clock: ManualClock | None = None) -> list[int]:
    at = clock or ManualClock(START)
    async with database.write() as session:
        return [line.seq for line in await append(session, at, context(at), events)]


async def test_a_line_holds_what_it_was_told(database: Database) -> None:
    clock = ManualClock(START)
    cause = context(clock)
    following = cause.follow(clock, system("reactions"))
    async with database.write() as session:
        first = await append(session, clock, cause, [unit_sent(1), unit_sent(2, organisation="xpcc-1")])
        second = await append(session, clock, following, [unit_sent(3)])
    assert [line.seq for line in (*first, *second)] == [1, 2, 3]
    async with database.read() as session:
        one, two, three = await queries.list_lines(session)
        assert (await service.verify(session)).whole
    assert read_event(one.type, one.payload) == unit_sent(1)
    assert (one.id, one.subject, one.occurred_at, one.recorded_at) == (first[0].id, str(UUID(int=1)), START, START)
    assert (one.actor, one.context_id, one.parent_id) == (str(cause.actor), cause.id, None)
    assert (one.organisation, two.organisation, three.organisation) == ("aksu-120", "xpcc-1", None)
    assert (three.actor, three.parent_id) == ("system:reactions", cause.id)
    assert (one.prev_hash, two.prev_hash, three.prev_hash) == (bytes(32), one.hash, two.hash)


async def test_a_late_entry_keeps_its_true_time_beside_the_time_of_entry(database: Database) -> None:
    true_time = START - timedelta(hours=3)
    await told(database, Late(unit_sent(), true_time, "paper"))
    async with database.read() as session:
        line = await queries.get_line(session, 1)
    assert (line.occurred_at, line.recorded_at, line.payload["late_source"]) == (true_time, START, "paper")
    with pytest.raises(Invalid, match="lies in the future"):
        await told(database, Late(unit_sent(), START + timedelta(seconds=1), "voice"))


async def test_times_do_not_run_against_numbers_but_a_clock_set_right_is_believed(database: Database) -> None:
    moments = [START + timedelta(seconds=5), START, START + timedelta(days=1), START + timedelta(seconds=6)]
    for moment in moments:
        await told(database, unit_sent(), clock=ManualClock(moment))
    async with database.read() as session:
        recorded = [line.recorded_at for line in await queries.list_lines(session)]
    assert recorded == [moments[0], moments[0], moments[2], moments[3]]


async def test_nothing_told_writes_nothing_and_takes_no_lock(database: Database) -> None:
    assert await told(database) == []
    async with database.read() as session:
        assert await queries.find_head(session) is None


async def test_a_rollback_leaves_no_gap_and_no_line(database: Database) -> None:
    await told(database, unit_sent(1))
    for _ in range(3):
        with pytest.raises(RuntimeError, match="changed my mind"):
            await changed_mind(database)
    assert await told(database, unit_sent(2)) == [2]
    async with database.read() as session:
        assert (await service.verify(session)).lines == 2


async def changed_mind(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        await append(session, clock, context(clock), [unit_sent(9)])
        raise RuntimeError("changed my mind")


async def test_a_line_is_in_the_transaction_of_its_change(database: Database, session: AsyncSession) -> None:
    """The very first statement of a session may be an append: it must not stand outside the transaction."""
    clock = ManualClock(START)
    await append(session, clock, context(clock), [unit_sent()])
    async with database.read() as other:
        assert await queries.find_head(other) is None


@pytest.mark.parametrize("flood", ["\ud800 half a sign", "a\x00b", "x" * 100_000])
async def test_broken_or_endless_text_is_refused_plainly(database: Database, flood: str) -> None:
    for bad in (FreeTold(value=flood), FreeTold(value={flood: 1}), FreeTold(topic=flood)):
        with pytest.raises(Invalid, match="journal line cannot be kept"):
            await told(database, bad)
    with pytest.raises(Invalid, match="may carry 32768 bytes"):
        await told(database, FreeTold(value=["x" * 400] * 100))
    assert await told(database, unit_sent()) == [1]


VALUES: list[Any] = [
    0.1,
    1e22,
    1.5e-300,
    -0.0,
    12345678901234567.0,
    -(2**63),
    True,
    None,
    '车 \U0001f691 "quoted" back\\slash \n\t',
    {"b": 1, "aa": 2, "a": {"ü": [], "z": {}}},
]


async def test_every_value_comes_back_as_it_was_hashed(database: Database) -> None:
    await told(database, *(FreeTold(value=value) for value in VALUES))
    async with database.read() as session:
        found = await service.verify(session)
        lines = await queries.list_lines(session)
    assert found.whole, found.sentence
    assert [line.payload["value"] for line in lines] == VALUES


async def test_sixteen_at_once_leave_no_gap_no_double_and_the_order_of_commits(database_url: str) -> None:
    async with Database(make_engine(database_url, pool_size=16, max_overflow=0)) as database:
        clock = SystemClock()
        acknowledged: list[list[int]] = []

        async def work(number: int) -> None:
            for turn in range(12):
                async with database.write() as session:
                    lines = await append(session, clock, context(clock), [unit_sent(number)] * (1 + turn % 3))
                acknowledged.append([line.seq for line in lines])

        await asyncio.gather(*(work(number) for number in range(16)))
        async with database.read() as session:
            found = await service.verify(session)
            lines = await queries.list_lines(session)
    assert found.whole, found.sentence
    assert sorted(seq for group in acknowledged for seq in group) == [*range(1, 16 * 24 + 1)]
    assert all(group == [*range(group[0], group[0] + len(group))] for group in acknowledged)
    assert len({line.id for line in lines}) == len(lines) == 16 * 24
    assert all(one.recorded_at <= two.recorded_at for one, two in pairwise(lines))


async def test_the_last_line_is_found_by_the_index_however_the_plan_was_made(database_url: str) -> None:
    """A plan made while the table was known to be empty would read all of it, for as long as the connection lives."""
    owner = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await owner.execute("ANALYZE journal")
        clock = ManualClock(START)
        async with Database(make_engine(database_url, pool_size=1, max_overflow=0)) as database:
            for _ in range(10):
                async with database.write() as session:
                    await append(session, clock, context(clock), [unit_sent()] * 20)
        # The server counts what a connection did when it closes.
        for _ in range(400):
            by_index, through = await owner.fetchrow(
                "SELECT idx_scan, seq_scan FROM pg_stat_user_tables WHERE relname = 'journal'"
            )
            if by_index:
                break
            await asyncio.sleep(0.05)
        assert by_index >= 10
        assert through <= 1
    finally:
        await owner.close()


async def test_a_reader_never_sees_a_later_line_before_an_earlier_one(database_url: str) -> None:
    async with Database(make_engine(database_url, pool_size=10)) as database:
        clock = SystemClock()
        done = asyncio.Event()

        async def write(number: int) -> None:
            for _ in range(25):
                async with database.write() as session:
                    await append(session, clock, context(clock), [unit_sent(number)])

        async def tail() -> None:
            seen = 0
            while not done.is_set() or seen < 200:
                async with database.read() as session:
                    seqs = [line.seq for line in await queries.list_lines(session, after_seq=seen)]
                assert seqs == [*range(seen + 1, seen + len(seqs) + 1)]
                seen += len(seqs)

        tailing = asyncio.create_task(tail())
        await asyncio.gather(*(write(number) for number in range(8)))
        done.set()
        await tailing


async def test_listeners_hear_the_number_alone_and_only_after_the_commit(database: Database, database_url: str) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await listener.add_listener(CHANNEL, lambda *said: heard.put_nowait(said[3]))
        with pytest.raises(RuntimeError):
            await changed_mind(database)
        await told(database, unit_sent(1), unit_sent(2))
        await told(database, unit_sent(3))
        assert [await heard.get(), await heard.get()] == ["2", "3"]
        assert heard.empty()
    finally:
        await listener.close()


async def test_the_lists_find_by_what_who_when_and_in_which_course(database: Database) -> None:
    clock = ManualClock(START)
    other = context(clock, system("deadlines"))
    await told(database, *(unit_sent(number % 2) for number in range(6)), clock=clock)
    clock.advance(timedelta(minutes=10))
    async with database.write() as session:
        late = Late(unit_sent(1), START - timedelta(hours=1), "voice")
        await append(session, clock, other, [unit_sent(0), late])
    async with database.read() as session:
        ones = await queries.list_by_subject(session, str(UUID(int=1)))
        assert [line.seq for line in ones] == [2, 4, 6, 8]
        after = await queries.list_by_subject(session, str(UUID(int=1)), after_seq=4, limit=1)
        assert [line.seq for line in after] == [6]
        assert [line.seq for line in await queries.list_by_actor(session, "system:deadlines")] == [7, 8]
        assert [line.seq for line in await queries.list_by_context(session, other.id)] == [7, 8]
        minute = timedelta(minutes=1)
        assert [line.seq for line in await queries.list_by_time(session, START - 90 * minute, START)] == [8]
        assert [line.seq for line in await queries.list_by_time(session, START, START + minute)] == [*range(1, 7)]
        assert [line.seq for line in await queries.list_lines(session, after_seq=6)] == [7, 8]
        assert [line.seq for line in await queries.list_newest(session, limit=3)] == [6, 7, 8]
        newest = await queries.list_newest(session, subject=str(UUID(int=1)), limit=2)
        assert [line.seq for line in newest] == [6, 8]
        assert await queries.count_after(session, 6) == 2
        with pytest.raises(Invalid, match="lines can be listed at once"):
            await queries.list_lines(session, limit=0)
