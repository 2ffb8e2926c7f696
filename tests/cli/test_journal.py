"""`tarim journal verify|show` as a person calls it: a real process, its words and its exit code."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from factories.command import ROOT, Ended, environment
from factories.forks import run_command
from factories.journal import START, context, unit_sent

from dispatch.audit import service
from dispatch.kernel.anchors import FILE, AnchorFile
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.events import Late
from dispatch.kernel.journal import append

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
async def home(database: Database, tmp_path: Path) -> Path:
    """A home with anchors, whose journal has seven lines."""
    clock = ManualClock(START)
    async with database.write() as session:
        await append(session, clock, context(clock), [unit_sent(number) for number in range(6)])
    async with database.read() as session:
        await service.keep_anchor(session, clock, AnchorFile(tmp_path / FILE))
    async with database.write() as session:
        late = Late(unit_sent(3), START - timedelta(hours=2), "paper")
        await append(session, clock, context(clock), [late])
    return tmp_path


async def tarim(url: str, home: Path, *words: str) -> Ended:
    arguments, settings = ["journal", *words], environment(home) | {"TARIM_DATABASE_URL": url}
    return Ended(*await asyncio.to_thread(run_command, arguments, ROOT, settings))


async def tamper(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("ALTER TABLE journal DISABLE TRIGGER ALL")
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_whole_journal_is_told_so(database_url: str, home: Path) -> None:
    done = await tarim(database_url, home, "verify")
    assert (done.code, done.err) == (0, "")
    assert done.out == "The journal is whole: 7 lines; 1 anchor agrees.\n"


async def test_a_line_changed_by_hand_is_named_and_the_exit_code_is_one(database_url: str, home: Path) -> None:
    await tamper(database_url, "UPDATE journal SET actor = 'person:nobody' WHERE seq = 4")
    done = await tarim(database_url, home, "verify")
    assert (done.code, done.out) == (1, "The journal is broken: line 4 was changed.\n")
    done = await tarim(database_url, home, "verify", "--json")
    told = json.loads(done.out)
    assert (done.code, told["whole"], told["lines"], told["anchors"]) == (1, False, 7, 1)
    assert told["findings"] == [{"kind": "changed", "seq": 4, "last_seq": 4, "sentence": "line 4 was changed"}]


async def test_what_the_owner_changed_with_the_programs_own_psql_is_named(database_url: str, home: Path) -> None:
    settings = environment(home) | {"TARIM_DATABASE_URL": database_url}
    change = "ALTER TABLE journal DISABLE TRIGGER USER; UPDATE journal SET actor = 'person:nobody' WHERE seq = 2"
    done = Ended(*await asyncio.to_thread(run_command, ["db", "sql", change], ROOT, settings))
    assert (done.code, "UPDATE 1" in done.out) == (0, True), done.err
    assert "line 2 was changed" in (await tarim(database_url, home, "verify")).out
    wrong = Ended(*await asyncio.to_thread(run_command, ["db", "sql", "SELEC 1"], ROOT, settings))
    assert (wrong.code, "syntax error" in wrong.err) == (1, True)


async def test_a_cut_tail_is_found_with_a_copy_of_the_anchors(database_url: str, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    (home / FILE).rename(copy)
    await tamper(database_url, "DELETE FROM journal WHERE seq > 4")
    assert (await tarim(database_url, home, "verify")).code == 0
    done = await tarim(database_url, home, "verify", "--anchor", str(copy))
    assert done.code == 1
    assert "lines 5 to 6 are cut off from the end" in done.out


async def test_a_file_of_anchors_that_is_not_there_is_wrong_usage(database_url: str, home: Path) -> None:
    done = await tarim(database_url, home, "verify", "--anchor", str(home / "nothing"))
    assert done.code == 2
    assert "does not exist" in done.err


async def test_lines_are_shown_by_number_and_by_subject(database_url: str, home: Path) -> None:
    done = await tarim(database_url, home, "show", "--from", "6")
    assert (done.code, len(done.out.splitlines())) == (0, 2)
    assert "(entered 2026-11-22T04:00:00+00:00)" in done.out.splitlines()[1]
    done = await tarim(database_url, home, "show", "--subject", unit_sent(3).subject, "--json")
    told = json.loads(done.out)
    assert [line["seq"] for line in told] == [4, 7]
    assert told[1]["payload"]["late_source"] == "paper"
    done = await tarim(database_url, home, "show", "--subject", "nobody")
    assert (done.code, done.out) == (0, "There are no such lines.\n")
