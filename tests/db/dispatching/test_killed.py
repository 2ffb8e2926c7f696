"""A process that sends units is killed in the middle of it: nothing is half done, and the journal is whole."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path
from uuid import UUID

import pytest
from factories.dispatching import Centre, make_centre
from factories.duty import S
from sqlalchemy import func, select, text

from dispatch.audit.service import verify
from dispatch.dispatching.tables import Assignment
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.tables_duty import UnitStatusEntry

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
SOAK = os.environ.get("TARIM_SOAK") == "1"
KILLS = 200 if SOAK else 10
LOAD = """
import asyncio, sys
from uuid import UUID
sys.path.insert(0, "tests")
from factories.dispatching import Centre
from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_calling_off import cancel
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Refused

async def work(centre, incident, shift):
    turn = shift
    while True:
        turn += 1
        unit = centre.units[turn % len(centre.units)]
        try:
            async with centre.database.write() as session:
                made = await assign(centre.act(session), incident, Order(unit))
        except (UnitTaken, Refused):
            await asyncio.sleep(0)
            continue
        print(made.id, flush=True)
        async with centre.database.write() as session:
            await cancel(centre.act(session), made.id)

async def main():
    url, incidents, units = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
    async with Database(make_engine(url, pool_size=4)) as database:
        centre = Centre(database, SystemClock(), tuple(map(UUID, units)))
        await asyncio.gather(*(work(centre, UUID(one), place) for place, one in enumerate(incidents)))

asyncio.run(main())
"""
# Each of these rows would be half an order.
HALVES = {
    "a unit that is assigned to nothing": """
        SELECT count(*) FROM unit_statuses s LEFT JOIN assignments a ON a.id = s.run_id AND a.state = 'active'
        WHERE s.status = 'assigned' AND a.id IS NULL""",
    "an assignment whose unit does not know it": """
        SELECT count(*) FROM assignments a LEFT JOIN unit_statuses s ON s.run_id = a.id
        WHERE a.state = 'active' AND s.unit_id IS NULL""",
    "an incident without the unit that it says": """
        SELECT count(*) FROM incidents i WHERE (i.state = 'dispatched') <> EXISTS (
            SELECT FROM assignments a WHERE a.incident_id = i.id AND a.state = 'active')""",
}


async def free_all(centre: Centre) -> None:
    for number in range(len(centre.units)):
        if await centre.active(number) is not None:
            await centre.say(number, S.RETURNING_AVAILABLE)


@pytest.mark.timeout(3_600 if SOAK else 180)
async def test_killed_in_the_middle_of_assigning_nothing_is_half_done(database: Database, database_url: str) -> None:
    draw = random.Random(11)
    centre = await make_centre(database, units=6, clock=SystemClock())
    incidents = [str(await centre.incident()) for _ in range(4)]
    acknowledged: set[UUID] = set()
    for _ in range(KILLS):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LOAD, database_url, ",".join(incidents), ",".join(map(str, centre.units)),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        for _ in range(draw.randrange(1, 40)):
            said = await process.stdout.readline()
            assert said, "the sending process ended by itself"
            acknowledged.add(UUID(said.decode().strip()))
        await asyncio.sleep(draw.random() * 0.02)
        process.kill()
        rest, _ = await process.communicate()
        acknowledged |= {UUID(line.decode()) for line in rest.split(b"\n")[:-1]}
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
