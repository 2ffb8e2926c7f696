"""`tarim journal verify|show` as a person calls it: a real process, its words and its exit code."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from factories.journal import START, context, unit_sent

from dispatch.audit import service
from dispatch.kernel.anchors import FILE, AnchorFile
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.events import Late
from dispatch.kernel.journal import append

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROOT = Path(__file__).parents[2]


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


async def tarim(url: str, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TARIM_HOME": str(home), "TARIM_DATABASE_URL": url}
    command = [sys.executable, "-c", "from api.cli import main; main()", "journal", *words]
    return await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


async def tamper(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("ALTER TABLE journal DISABLE TRIGGER ALL")
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_whole_journal_is_told_so(database_url: str, home: Path) -> None:
    done = await tarim(database_url, home, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The journal is whole: 7 lines; 1 anchor agrees.\n"


async def test_a_line_changed_by_hand_is_named_and_the_exit_code_is_one(database_url: str, home: Path) -> None:
    await tamper(database_url, "UPDATE journal SET actor = 'person:nobody' WHERE seq = 4")
    done = await tarim(database_url, home, "verify")
    assert (done.returncode, done.stdout) == (1, "The journal is broken: line 4 was changed.\n")
    done = await tarim(database_url, home, "verify", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["whole"], told["lines"], told["anchors"]) == (1, False, 7, 1)
    assert told["findings"] == [{"kind": "changed", "seq": 4, "last_seq": 4, "sentence": "line 4 was changed"}]


async def test_a_cut_tail_is_found_with_a_copy_of_the_anchors(database_url: str, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    (home / FILE).rename(copy)
    await tamper(database_url, "DELETE FROM journal WHERE seq > 4")
    assert (await tarim(database_url, home, "verify")).returncode == 0
    done = await tarim(database_url, home, "verify", "--anchor", str(copy))
    assert done.returncode == 1
    assert "lines 5 to 6 are cut off from the end" in done.stdout


async def test_a_file_of_anchors_that_is_not_there_is_wrong_usage(database_url: str, home: Path) -> None:
    done = await tarim(database_url, home, "verify", "--anchor", str(home / "nothing"))
    assert done.returncode == 2
    assert "does not exist" in done.stderr


async def test_lines_are_shown_by_number_and_by_subject(database_url: str, home: Path) -> None:
    done = await tarim(database_url, home, "show", "--from", "6")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
    assert "(entered 2026-11-22T04:00:00+00:00)" in done.stdout.splitlines()[1]
    done = await tarim(database_url, home, "show", "--subject", unit_sent(3).subject, "--json")
    told = json.loads(done.stdout)
    assert [line["seq"] for line in told] == [4, 7]
    assert told[1]["payload"]["late_source"] == "paper"
    done = await tarim(database_url, home, "show", "--subject", "nobody")
    assert (done.returncode, done.stdout) == (0, "There are no such lines.\n")
