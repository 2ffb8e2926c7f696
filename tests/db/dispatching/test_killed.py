"""A process that sends units is killed in the middle of it: nothing is half done, and the journal is whole."""

from __future__ import annotations

import asyncio
import random
from uuid import UUID

import pytest
from factories.dispatching import HALVES, Centre, make_centre
from factories.duty import S
from factories.forks import Worker
from factories.loads import assign_units
from factories.patience import times
from sqlalchemy import func, select, text

from dispatch.audit.service import verify
from dispatch.dispatching.tables import Assignment
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.tables_duty import UnitStatusEntry

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]

KILLS = times(10, 200)


async def free_all(centre: Centre) -> None:
    for number in range(len(centre.units)):
        if await centre.active(number) is not None:
            await centre.say(number, S.RETURNING_AVAILABLE)


async def test_killed_in_the_middle_of_assigning_nothing_is_half_done(database: Database, database_url: str) -> None:
    draw = random.Random(11)
    centre = await make_centre(database, units=6, clock=SystemClock())
    incidents = [await centre.incident() for _ in range(4)]
    acknowledged: set[UUID] = set()
    for _ in range(KILLS):
        worker = Worker(assign_units, database_url, incidents, centre.units)
        acknowledged |= {worker.hear() for _ in range(draw.randrange(1, 40))}
        await asyncio.sleep(draw.random() * 0.02)
        acknowledged |= set(worker.kill())
        async with database.read() as session:
            for name, query in HALVES.items():
                assert (await session.execute(text(query))).scalar_one() == 0, name
        await free_all(centre)
    async with database.read() as session:
        found = await verify(session)
        made = set(await session.scalars(select(Assignment.id)))
        lines = await session.scalar(
            select(func.count()).select_from(JournalLine).where(JournalLine.type == "assignment.made")
        )
        entries = await session.scalar(
            select(func.count()).select_from(UnitStatusEntry).where(UnitStatusEntry.status == S.ASSIGNED)
        )
    assert found.whole, found.sentence
    assert acknowledged <= made, "an order that was confirmed is gone"
    assert len(made) == lines == entries
    assert len(acknowledged) >= KILLS
