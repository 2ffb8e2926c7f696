"""What somebody with all rights did to the table is found and named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from factories.journal import START, chain, context, fill, resealed, unit_sent

from dispatch.audit import service
from dispatch.kernel.anchors import AnchorFile
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, NotFound
from dispatch.kernel.journal import append
from dispatch.kernel.journal_check import Verification

pytestmark = pytest.mark.database

LINES = 60


@pytest.fixture
async def superuser(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A journal of 60 lines, in the hands of somebody who may do anything."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    await fill(connection, LINES)
    yield connection
    await connection.close()


async def tampered(connection: asyncpg.Connection, *statements: str | tuple[object, ...]) -> None:
    async with connection.transaction():
        await connection.execute("ALTER TABLE journal DISABLE TRIGGER ALL")
        for statement in statements:
            await connection.execute(*((statement,) if isinstance(statement, str) else statement))
        await connection.execute("ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_append_only")


async def verified(database: Database, anchors: AnchorFile | None = None) -> Verification:
    async with database.read() as session:
        return await service.verify(session, anchors)


def named(found: Verification) -> list[tuple[str, int, int]]:
    return [(str(item.kind), item.seq, item.last_seq) for item in found.findings]


@pytest.fixture
async def anchors(database: Database, superuser: asyncpg.Connection, tmp_path: Path) -> AnchorFile:
    """Anchors outside the database, as the service writes them while it runs."""
    assert superuser
    clock = ManualClock(START + timedelta(hours=1))
    file = AnchorFile(tmp_path / "anchors" / "journal.jsonl")
    for _ in range(3):
        async with database.read() as session:
            assert await service.keep_anchor(session, clock, file, every_lines=1) is not None
        async with database.write() as session:
            await append(session, clock, context(clock), [unit_sent(number) for number in range(5)])
    return file


async def test_a_filled_journal_is_whole(database: Database, anchors: AnchorFile) -> None:
    found = await verified(database, anchors)
    assert (found.whole, found.lines, found.anchors) == (True, LINES + 15, 3)


CHANGES = {
    "id": "gen_random_uuid()",
    "type": "'drill.other'",
    "occurred_at": "occurred_at - interval '1 microsecond'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "subject": "subject || 'x'",
    "organisation": "coalesce(organisation, '') || 'x'",
    "actor": "'person:other'",
    "context_id": "gen_random_uuid()",
    "parent_id": "gen_random_uuid()",
    "payload": "payload || '{\"n\": 1000}'",
    "prev_hash": "sha256('x')",
    "hash": "sha256('x')",
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("seq", [1, 17, LINES])
async def test_a_line_changed_by_hand_is_found_and_named(
    database: Database, superuser: asyncpg.Connection, column: str, seq: int
) -> None:
    await tampered(superuser, f"UPDATE journal SET {column} = {CHANGES[column]} WHERE seq = {seq}")  # noqa: S608 - a test's own words
    found = await verified(database)
    assert named(found) == [("changed", seq, seq)]
    assert found.sentence == f"The journal is broken: line {seq} was changed."


async def test_missing_and_exchanged_lines_are_found_and_named(
    database: Database, superuser: asyncpg.Connection
) -> None:
    await tampered(
        superuser,
        "DELETE FROM journal WHERE seq IN (5, 30, 31)",
        "UPDATE journal SET seq = 1000 WHERE seq = 11",
        "UPDATE journal SET seq = 11 WHERE seq = 44",
        "UPDATE journal SET seq = 44 WHERE seq = 1000",
    )
    assert named(await verified(database)) == [
        ("missing", 5, 5),
        ("reordered", 11, 11),
        ("missing", 30, 31),
        ("reordered", 44, 44),
    ]


async def test_times_and_numbers_that_nobody_can_read_are_found_too(
    database: Database, superuser: asyncpg.Connection
) -> None:
    await tampered(
        superuser,
        "ALTER TABLE journal DROP CONSTRAINT ck_journal_finite, DROP CONSTRAINT ck_journal_times,"
        " DROP CONSTRAINT ck_journal_seq, DROP CONSTRAINT ck_journal_payload, DROP CONSTRAINT ck_journal_hashes",
        "UPDATE journal SET occurred_at = '-infinity' WHERE seq = 3",
        "UPDATE journal SET recorded_at = '4713-01-01 BC' WHERE seq = 4",
        "UPDATE journal SET payload = '1e400' WHERE seq = 5",
        "UPDATE journal SET hash = '' WHERE seq = 6",
        "INSERT INTO journal SELECT -9, id, type, occurred_at, recorded_at, subject, organisation, actor, context_id,"
        " parent_id, payload, prev_hash, hash FROM journal WHERE seq = 9",
    )
    found = named(await verified(database))
    assert {seq for _, seq, _ in found} >= {-9, 3, 4, 5, 6}
    assert all(seq < 7 for _, seq, _ in found)


async def test_a_cut_tail_is_found_by_the_anchor(
    database: Database, superuser: asyncpg.Connection, anchors: AnchorFile
) -> None:
    await tampered(superuser, ("DELETE FROM journal WHERE seq > $1", LINES + 3))
    assert (await verified(database)).whole
    assert named(await verified(database, anchors)) == [("cut", LINES + 4, LINES + 10)]


async def test_a_journal_emptied_by_hand_is_found_and_not_anchored_over(
    database: Database, superuser: asyncpg.Connection, anchors: AnchorFile
) -> None:
    await tampered(superuser, "TRUNCATE journal")
    assert named(await verified(database, anchors)) == [("cut", 1, LINES + 10)]
    async with database.read() as session:
        with pytest.raises(Conflict, match="was anchored before"):
            await service.keep_anchor(session, ManualClock(START + timedelta(days=1)), anchors)


async def test_a_chain_rewritten_whole_is_found_by_the_anchor(
    database: Database, superuser: asyncpg.Connection, anchors: AnchorFile
) -> None:
    lines = list(chain(LINES))
    lines[40] = lines[40]._replace(subject=b"forged")
    rewrite = "UPDATE journal SET subject = $1, prev_hash = $2, hash = $3 WHERE seq = $4"
    statements = [(rewrite, line.subject.decode(), line.prev_hash, line.hash, line.seq) for line in resealed(lines, 40)]
    await tampered(superuser, ("DELETE FROM journal WHERE seq > $1", LINES), *statements)
    assert (await verified(database)).whole
    found = await verified(database, anchors)
    assert named(found) == [("rewritten", 1, LINES), ("cut", LINES + 1, LINES + 10)]
    assert "the chain was rewritten" in found.sentence


async def test_anchors_made_to_fit_a_rewritten_chain_are_found(database: Database, anchors: AnchorFile) -> None:
    text = anchors.path.read_text()
    anchors.path.write_text(text.replace('"hash":"', '"hash":"0000', 1))
    anchors.path.write_text(anchors.path.read_text().replace('","at"', 'XXXX","at"', 1).replace("XXXX", ""))
    found = await verified(database, anchors)
    assert [item.kind for item in found.findings] == ["anchor"]
    assert "altered in its line 1" in found.sentence


async def test_a_cut_short_last_anchor_is_no_fault(database: Database, anchors: AnchorFile) -> None:
    anchors.path.write_bytes(anchors.path.read_bytes()[:-20])
    found = await verified(database, anchors)
    assert (found.whole, found.anchors) == (True, 2)


async def test_anchors_that_are_not_there_are_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file of anchors"):
        await verified(database, AnchorFile(tmp_path / "nothing.jsonl"))


async def test_anchors_are_written_by_lines_and_by_time_and_not_for_nothing(
    database: Database, superuser: asyncpg.Connection, tmp_path: Path
) -> None:
    assert superuser
    clock = ManualClock(START + timedelta(hours=1))
    file = AnchorFile(tmp_path / "journal.jsonl")

    async def kept() -> int | None:
        async with database.read() as session:
            made = await service.keep_anchor(session, clock, file, every_lines=10, every=timedelta(seconds=60))
        return made.seq if made is not None else None

    async def grow(count: int) -> None:
        async with database.write() as session:
            await append(session, clock, context(clock), [unit_sent()] * count)

    assert await kept() == LINES
    await grow(9)
    assert await kept() is None
    await grow(1)
    assert await kept() == LINES + 10
    clock.advance(timedelta(minutes=5))
    assert await kept() is None
    await grow(1)
    assert await kept() == LINES + 11
