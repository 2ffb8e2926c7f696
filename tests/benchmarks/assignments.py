"""Assignments of 200 units by 16 competing clients, with the journal's lines and without them.

    python -m tests.benchmarks.assignments

Each client chooses a unit at random, assigns it and calls it off again, two transactions; who comes second is told who
has the unit. Both sides run in turns on the same server, which writes through to the disk, as the service's own role.
Overlapping assignments of one unit are counted at the end. `TARIM_SOAK=1`: 100,000 assignments.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).parents[1]))
from factories.dispatching import OVERLAPS, Centre, make_centre

from dispatch.audit.service import verify
from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_calling_off import cancel
from dispatch.dispatching.tables import Assignment
from dispatch.kernel import journal, migrate
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Refused
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.service_role import service_access

CLIENTS: Final = 16
UNITS: Final = 200
ROUND_S: Final = 3.0
ROUNDS: Final = 3
MORE_S: Final = 10.0
BENCH_ASSIGNMENTS: Final = 2_000
SOAK_ASSIGNMENTS: Final = 100_000
LEAST: Final = SOAK_ASSIGNMENTS if os.environ.get("TARIM_SOAK") == "1" else BENCH_ASSIGNMENTS


@contextmanager
def unwritten() -> Iterator[None]:
    """The same work without the journal: its lines are made and dropped."""
    kept = journal.append

    async def dropped(*_: object) -> tuple[journal.Appended, ...]:
        return ()

    journal.append = dropped  # type: ignore[assignment]  # the one place that writes is taken away
    try:
        yield
    finally:
        journal.append = kept


async def assignments_per_s(centre: Centre, incidents: list[UUID], for_s: float) -> tuple[float, int, int]:
    """Assignments per second by all clients together; how many were made, how many were lost to another."""
    made = lost = 0
    end = time.perf_counter() + for_s

    async def client(number: int) -> None:
        nonlocal made, lost
        draw = random.Random(number)
        while time.perf_counter() < end:
            try:
                async with centre.database.write() as session:
                    found = await assign(centre.act(session), incidents[number], Order(draw.choice(centre.units)))
            except (UnitTaken, Refused):
                lost += 1
                continue
            made += 1
            async with centre.database.write() as session:
                await cancel(centre.act(session), found.id)

    start = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return made / (time.perf_counter() - start), made, lost


async def measure(server: EmbeddedPostgres) -> dict[str, float]:
    """All figures, on a database of their own."""
    keeper = await asyncpg.connect(server.dsn("postgres"))
    await keeper.execute("CREATE DATABASE bench_assignments")
    await keeper.close()
    url = server.url("bench_assignments")
    await migrate.upgrade(url)
    access = await service_access(url)
    told: list[float] = []
    bare: list[float] = []
    lost = 0
    async with Database(make_engine(access.url, role=access.role, pool_size=CLIENTS, max_overflow=0)) as database:
        centre = await make_centre(database, units=UNITS, clock=SystemClock())
        incidents = [await centre.incident() for _ in range(CLIENTS)]
        made = (await assignments_per_s(centre, incidents, 1.0))[1]
        for _ in range(ROUNDS):
            with unwritten():
                per_s, more, _ = await assignments_per_s(centre, incidents, ROUND_S)
                bare.append(per_s)
                made += more
            per_s, more, taken = await assignments_per_s(centre, incidents, ROUND_S)
            told.append(per_s)
            made, lost = made + more, lost + taken
        while made < LEAST:
            _, more, taken = await assignments_per_s(centre, incidents, MORE_S)
            made, lost = made + more, lost + taken
        async with database.read() as session:
            overlaps = (await session.execute(OVERLAPS)).scalar_one()
            stored = (await session.execute(select(func.count()).select_from(Assignment))).scalar_one()
            whole = (await verify(session)).whole
        assert stored == made, "an assignment that was confirmed is gone"
    ratios = [with_line / plain for with_line, plain in zip(told, bare, strict=True)]
    return {
        "bare_per_s": median(bare), "journalled_per_s": median(told), "ratio": median(ratios), "overlaps": overlaps,
        "made": made, "lost": lost, "journal_whole": whole,
    }  # fmt: skip


def main() -> dict[str, float]:
    """Print the figures and return them."""
    with tempfile.TemporaryDirectory(prefix="tarim-bench-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedPostgres(Path(folder) / "home") as server:
            figures = asyncio.run(measure(server))
    print(f"{CLIENTS} clients, {UNITS} units, assign and call off: {figures['bare_per_s']:,.0f}/s without the journal,")
    print(f"  {figures['journalled_per_s']:,.0f}/s with it: {figures['ratio']:.2f}x (at least 0.5x)")
    print(f"{figures['overlaps']:.0f} overlaps in {figures['made']:,.0f} assignments; {figures['lost']:,.0f} lost")
    print(f"journal whole: {bool(figures['journal_whole'])}")
    return figures


if __name__ == "__main__":
    main()
