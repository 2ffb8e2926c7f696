"""What processes do until they are killed (`forks.Worker`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from factories.dispatching import Centre
from factories.journal import context, unit_sent

from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_calling_off import cancel
from dispatch.kernel import migrate
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Refused
from dispatch.kernel.journal import append

Say = Callable[[object], None]
AT_ONCE = 4


def append_lines(say: Say, url: str) -> None:
    """Append two lines at a time on four connections; say the last one's number once it is committed."""

    async def work(database: Database) -> None:
        clock = SystemClock()
        while True:
            async with database.write() as session:
                lines = await append(session, clock, context(clock), [unit_sent(1), unit_sent(2)])
            say(lines[-1].seq)

    asyncio.run(_side_by_side(url, lambda database, _: work(database)))


def assign_units(say: Say, url: str, incidents: Sequence[UUID], units: Sequence[UUID]) -> None:
    """Assign the units to four incidents and cancel again; say each assignment once it is committed."""

    async def work(database: Database, place: int) -> None:
        centre = Centre(database, SystemClock(), tuple(units))
        turn = place
        while True:
            turn += 1
            try:
                async with database.write() as session:
                    made = await assign(centre.act(session), incidents[place], Order(units[turn % len(units)]))
            except (UnitTaken, Refused):
                await asyncio.sleep(0)
                continue
            say(made.id)
            async with database.write() as session:
                await cancel(centre.act(session), made.id)

    asyncio.run(_side_by_side(url, work))


def upgrade(say: Say, url: str) -> None:
    """Bring the schema up to date; say each step once it is in place."""
    asyncio.run(migrate.upgrade(url, say))


async def _side_by_side(url: str, work: Callable[[Database, int], Awaitable[None]]) -> None:
    async with Database(make_engine(url, pool_size=AT_ONCE)) as database:
        await asyncio.gather(*(work(database, place) for place in range(AT_ONCE)))
