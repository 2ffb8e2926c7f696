"""A process that appends is killed under load: what it acknowledged is there, and the chain is whole."""

from __future__ import annotations

import random

import pytest
from factories.forks import Worker
from factories.loads import append_lines
from factories.patience import times

from dispatch.audit import queries, service
from dispatch.kernel.db import Database

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]

KILLS = times(20, 200)


async def test_killed_under_load_the_journal_stays_whole(database: Database, database_url: str) -> None:
    draw = random.Random(7)
    acknowledged = 0
    for _ in range(KILLS):
        worker = Worker(append_lines, database_url)
        for _ in range(draw.randrange(1, 60)):
            acknowledged = max(acknowledged, worker.hear())
        acknowledged = max([acknowledged, *worker.kill()])
    async with database.read() as session:
        found = await service.verify(session)
        head = await queries.find_head(session)
    assert found.whole, found.sentence
    assert head is not None
    assert head[0] == found.lines >= acknowledged >= KILLS
    assert found.lines % 2 == 0, "half of an append is there"
