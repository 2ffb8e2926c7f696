"""A year of 360,000 calls in the database against an empty one: recommendation and boards, in turns.

    python -m tests.benchmarks.year [ROAD_FILE]

Two servers with the same region, roads, 200 vehicles on duty and open incidents; the second one's database holds a year
of calls that are over, with incidents, patients, assignments, changes of status and 2,160,000 lines of the journal. One
client asks both, in blocks that alternate. `TARIM_BENCH_CALLS`: another number of calls.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import asyncpg

sys.path.insert(0, str(Path(__file__).parents[1]))
from factories.year import CALLS, LINES_A_CALL, fill_journal, fill_year

from dispatch.kernel import migrate
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from tests.benchmarks.load import Load, Side, in_turns, request
from tests.benchmarks.recommending import recommendations
from tests.benchmarks.report import Row, table
from tests.benchmarks.serving import Ready, homes, served

BOARDS: Final = ("calls", "incidents", "fleet", "assignments", "queue", "call-backs")
_MOST: Final = 1.5


def main() -> int:
    """Fill, measure, print. 1 if something is slower than it may be."""
    began = time.perf_counter()
    roads = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    calls = int(os.environ.get("TARIM_BENCH_CALLS", CALLS))
    rows = list(_rows(roads, calls))
    described = roads.name if roads else "the built-in region"
    command = " ".join(["python -m tests.benchmarks.year", *sys.argv[1:]])
    print(table(rows, roads=described, command=command, seconds=time.perf_counter() - began))
    return 1 if any(row.met is False for row in rows) else 0


def _rows(roads: Path | None, calls: int) -> Iterator[Row]:
    with homes() as make:
        empty, full = make(), make()
        asyncio.run(_journalled(full, calls))
        with served(full, roads) as ready:
            region = ready.region
        took_s = time.perf_counter()
        asyncio.run(_filled(full, region, calls))
        yield Row(f"filling in {calls:,} calls", f"{time.perf_counter() - took_s:.0f} s")
        with served(empty, roads) as one, served(full, roads) as other:
            loads, _ = asyncio.run(in_turns(_sides(one, other), clients=1))
    for what in ("recommendation", *BOARDS):
        before, after = loads[f"{what}, empty"], loads[f"{what}, full"]
        for share, mine, theirs in _shares(after, before):
            bound = _MOST if share == "p50" else None
            yield Row(f"{what}, {share}: with {calls:,} calls ÷ empty", f"{mine:.1f} ms", f"{theirs:.1f} ms",
                      mine / theirs, most=bound)  # fmt: skip


def _shares(after: Load, before: Load) -> Iterator[tuple[str, float, float]]:
    yield "p50", after.p50_ms, before.p50_ms
    yield "p99", after.p99_ms, before.p99_ms


def _sides(empty: Ready, full: Ready) -> dict[str, Side]:
    sides: dict[str, Side] = {}
    for what in ("recommendation", *BOARDS):
        for name, ready in (("empty", empty), ("full", full)):
            asked = recommendations(ready, ready.waiting) if what == "recommendation" else [
                request(ready.address, "GET", f"/api/{what}", ready.cookie)
            ]  # fmt: skip
            sides[f"{what}, {name}"] = Side(ready.address, asked)
    return sides


async def _journalled(home: Path, calls: int) -> None:
    async with EmbeddedPostgres(home) as server:
        await migrate.upgrade(server.url())
        connection = await asyncpg.connect(server.dsn())
        try:
            await fill_journal(connection, SystemClock().now(), calls * LINES_A_CALL)
        finally:
            await connection.close()


async def _filled(home: Path, region: str, calls: int) -> None:
    async with EmbeddedPostgres(home) as server:
        connection = await asyncpg.connect(server.dsn())
        try:
            await fill_year(connection, region, SystemClock().now(), calls)
        finally:
            await connection.close()


if __name__ == "__main__":
    sys.exit(main())
