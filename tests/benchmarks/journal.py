"""The journal: what its line costs a small update, and how quickly a long one is verified.

    python -m tests.benchmarks.journal

Sixteen connections set the plate of 200 vehicles, one a transaction, with and without a line each; both sides run in
turns on the same server, which writes through to the disk. Verification runs in a process of its own, whose peak memory
is told beside that of a tenth of the lines. `TARIM_SOAK=1`: 5,000,000 lines.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))
from factories.journal import context, fill, unit_sent

from dispatch.kernel import migrate
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal import append
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.service_role import service_access

ROOT: Final = Path(__file__).parents[2]
CONNECTIONS: Final = 16
UNITS: Final = 200
ROUND_S: Final = 3.0
ROUNDS: Final = 5
LINES: Final = 5_000_000 if os.environ.get("TARIM_SOAK") == "1" else 200_000
VERIFY: Final = """
import asyncio, json, sys, time
from pathlib import Path
from dispatch.audit import service
from dispatch.kernel.db import Database, make_engine

async def main():
    async with Database(make_engine(sys.argv[1])) as database, database.read() as session:
        start = time.perf_counter()
        found = await service.verify(session)
        taken_s = time.perf_counter() - start
    assert found.whole, found.sentence
    # VmHWM belongs to this program alone; getrusage's maximum carries over what the parent had before exec.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    rss_kb = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    print(json.dumps({"lines": found.lines, "seconds": taken_s, "rss_mb": rss_kb / 1024}))

asyncio.run(main())
"""


async def updates_per_s(database: Database, ids: list[UUID], *, journalled: bool, for_s: float = ROUND_S) -> float:
    """Small transactions per second by all connections together."""
    clock = SystemClock()
    update = text("UPDATE bench_units SET plate = :plate WHERE id = :id")
    end = time.perf_counter() + for_s
    done = 0

    async def work(number: int) -> None:
        nonlocal done
        turn = number
        while time.perf_counter() < end:
            turn += CONNECTIONS
            async with database.write() as session:
                await session.execute(update, {"plate": f"新N{turn:05d}", "id": ids[turn % len(ids)]})
                if journalled:
                    await append(session, clock, context(clock), [unit_sent(turn % UNITS)])
            done += 1

    start = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(CONNECTIONS)))
    return done / (time.perf_counter() - start)


async def competing(url: str) -> dict[str, float]:
    """Medians of both sides, in turns, as the service's own role."""
    ids = [uuid4() for _ in range(UNITS)]
    owner = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await owner.execute("CREATE TABLE bench_units (id uuid PRIMARY KEY, plate text NOT NULL)")
        await owner.executemany("INSERT INTO bench_units VALUES ($1, '')", [(made,) for made in ids])
    finally:
        await owner.close()
    access = await service_access(url)
    engine = make_engine(access.url, role=access.role, pool_size=CONNECTIONS, max_overflow=0)
    bare: list[float] = []
    told: list[float] = []
    async with Database(engine) as database:
        for journalled in (False, True):
            await updates_per_s(database, ids, journalled=journalled, for_s=0.5)
        for _ in range(ROUNDS):
            bare.append(await updates_per_s(database, ids, journalled=False))
            told.append(await updates_per_s(database, ids, journalled=True))
    ratios = [line / plain for line, plain in zip(told, bare, strict=True)]
    return {"bare_per_s": median(bare), "journalled_per_s": median(told), "ratio": median(ratios)}


async def prepared(url: str, lines: int) -> None:
    """A database whose journal holds so many lines."""
    await migrate.upgrade(url)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await fill(connection, lines)
        await connection.execute("ANALYZE journal")
    finally:
        await connection.close()


def verified(url: str) -> dict[str, float]:
    """Lines, seconds and peak memory (MiB) of a check in a process of its own."""
    done = subprocess.run([sys.executable, "-c", VERIFY, url], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def measure(server: EmbeddedPostgres) -> dict[str, float]:
    """All figures, each on a database of its own."""
    keeper = await asyncpg.connect(server.dsn("postgres"))
    names = {"bench_append": 0, "bench_tenth": LINES // 10, "bench_verify": LINES}
    try:
        for name, lines in names.items():
            await keeper.execute(f"CREATE DATABASE {name}")
            await prepared(server.url(name), lines)
        figures = await competing(server.url("bench_append"))
        small = await asyncio.to_thread(verified, server.url("bench_tenth"))
        large = await asyncio.to_thread(verified, server.url("bench_verify"))
    finally:
        await keeper.close()
    figures |= {f"verify_{name}": value for name, value in large.items()}
    figures |= {"verify_per_s": large["lines"] / large["seconds"], "tenth_rss_mb": small["rss_mb"]}
    return figures


def main() -> dict[str, float]:
    """Print the figures and return them."""
    with tempfile.TemporaryDirectory(prefix="tarim-bench-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedPostgres(Path(folder) / "home") as server:
            figures = asyncio.run(measure(server))
    print(f"{CONNECTIONS} connections, small update: {figures['bare_per_s']:,.0f}/s without the journal's line,")
    print(f"  {figures['journalled_per_s']:,.0f}/s with it: {figures['ratio']:.2f}x (at least 0.5x)")
    print(f"verify {figures['verify_lines']:,.0f} lines: {figures['verify_seconds']:.1f} s,")
    print(f"  {figures['verify_per_s']:,.0f}/s, peak memory {figures['verify_rss_mb']:.0f} MiB", end="")
    print(f" ({figures['tenth_rss_mb']:.0f} MiB for a tenth of the lines)")
    return figures


if __name__ == "__main__":
    main()
