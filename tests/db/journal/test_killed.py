"""A process that appends is killed under load: what it acknowledged is there, and the chain is whole."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest

from dispatch.audit import queries, service
from dispatch.kernel.db import Database

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
SOAK = os.environ.get("TARIM_SOAK") == "1"
KILLS = 200 if SOAK else 20
LOAD = """
import asyncio, sys
from uuid import UUID
sys.path.insert(0, "tests")
from factories.journal import context, unit_sent
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal import append

async def work(database, clock):
    while True:
        async with database.write() as session:
            lines = await append(session, clock, context(clock), [unit_sent(1), unit_sent(2)])
        print(lines[-1].seq, flush=True)

async def main():
    async with Database(make_engine(sys.argv[1], pool_size=4)) as database:
        await asyncio.gather(*(work(database, SystemClock()) for _ in range(4)))

asyncio.run(main())
"""


@pytest.mark.timeout(1_800 if SOAK else 120)
async def test_killed_under_load_the_journal_stays_whole(database: Database, database_url: str) -> None:
    draw = random.Random(7)
    acknowledged = 0
    for _ in range(KILLS):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LOAD, database_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        for _ in range(draw.randrange(1, 60)):
            said = await process.stdout.readline()
            assert said, "the appending process ended by itself"
            acknowledged = max(acknowledged, int(said))
        process.kill()
        rest, _ = await process.communicate()
        # The last number may have been cut in the middle of its digits.
        acknowledged = max([acknowledged, *map(int, rest.split(b"\n")[:-1])])
    async with database.read() as session:
        found = await service.verify(session)
        head = await queries.find_head(session)
    assert found.whole, found.sentence
    assert head is not None
    assert head[0] == found.lines >= acknowledged >= KILLS
    assert found.lines % 2 == 0, "half of an append is there"
