"""How long the record table takes from nothing, and how much memory: a journal of 1,000,000 incidents of 12 lines each.

    python -m tests.benchmarks.record_build [INCIDENTS]

The journal is written by SQL, without its hashes, into a server of its own; building happens in a process of its own,
whose peak memory is told.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import asyncpg

from dispatch.kernel import migrate
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene

ROOT: Final = Path(__file__).parents[2]
INCIDENTS: Final = 1_000_000
LINES_EACH: Final = 12
MOST_S: Final = 120.0
MOST_MB: Final = 1_500.0
_T0: Final = "timestamptz '2025-11-22 00:00+00' + n * interval '30 s'"
_ISO: Final = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"


def _id(kind: str) -> str:
    return f"md5('{kind}' || n)::uuid"


def _lines() -> Iterator[tuple[str, str, str, str]]:
    """Type, seconds after T0, subject and payload of each line of an incident, as SQL over its number n."""
    unit = "md5('unit' || n % 60)::uuid"

    def at(seconds: int) -> str:
        return _ISO.format(f"({_T0} + interval '{seconds} s')")

    call = f"'call_id', {_id('call')}, 't0', {at(0)}, 't0_source', 'exchange'"
    yield "call.recorded", "0", _id("call"), f"{call}, 'origin', 'exchange', 'state', 'ringing'"
    yield "call.signalled", "6", _id("call"), f"{call}, 'state', 'ended', 'answered_at', {at(6)}, 'oddities', 0"
    of = f"'incident_id', {_id('incident')}"
    opened = f"{of}, 'number', n::text, 't0', {at(0)}, 't0_source', 'exchange', 'complaint', 'K03', 'capabilities', 'B'"
    yield "incident.opened", "20", _id("incident"), f"{opened}, 'priority', 'P' || (1 + n % 4)"
    yield "incident.call_linked", "20", _id("incident"), f"{of}, {call}, 'kind', 'first'"
    run = f"'assignment_id', {_id('run')}, {of}, 'unit_id', {unit}, 'organisation', '示例'"
    made = f"{run}, 'priority', 'P2', 'at', {at(60)}, 'source', 'dispatcher', 'planned_s', 500, 'overridden', false"
    yield "assignment.made", "60", unit, made
    for status, seconds in (
        ("en_route", 160), ("on_scene", 600), ("transporting", 1_500), ("at_hospital", 2_100), ("at_station", 3_000),
    ):  # fmt: skip
        with_run = "" if status == "at_station" else f", 'run_id', {_id('run')}"
        told = f"'unit_id', {unit}, 'entry_id', md5('{status}' || n)::uuid, 'status', '{status}', 'source', 'crew'"
        yield "unit.status_changed", str(seconds), unit, f"{told}, 'at', {at(seconds)}{with_run}"
    yield "assignment.ended", "3000", unit, f"{run}, 'reason', 'completed', 'at', {at(3_000)}, 'source', 'crew'"
    yield "incident.state_changed", "3000", _id("incident"), f"{of}, 'before', 'on_scene', 'state', 'closed'"


async def fill(url: str, incidents: int) -> None:
    """Write the journal; its secondary indexes are made after."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        names = await connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'journal' AND indexdef NOT LIKE '%UNIQUE%'"
        )
        for name, _ in names:
            await connection.execute(f"DROP INDEX {name}")
        await connection.execute("SET synchronous_commit = off")
        # In the order of their numbers, as a journal grows.
        for begin in range(0, incidents, 100_000):
            told = " UNION ALL ".join(
                f"""
                SELECT (n - 1) * {LINES_EACH} + {place}, gen_random_uuid(), '{kind}', at, at, {subject}, '示例',
                    'person:p-1', gen_random_uuid(), jsonb_build_object({payload}), decode(repeat('00', 32), 'hex'),
                    decode(repeat('00', 32), 'hex')
                FROM generate_series({begin + 1}, {min(begin + 100_000, incidents)}) AS n,
                    LATERAL (SELECT {_T0} + interval '{seconds} s' AS at) AS moment
                """  # noqa: S608 - a benchmark's own words
                for place, (kind, seconds, subject, payload) in enumerate(_lines(), 1)
            )
            await connection.execute(
                "INSERT INTO journal (seq, id, type, occurred_at, recorded_at, subject, organisation, actor,"
                f" context_id, payload, prev_hash, hash) {told} ORDER BY 1"
            )
        await connection.execute("ANALYZE journal")
    finally:
        await connection.close()


_BUILD: Final = """
import asyncio, json, sys, time
from pathlib import Path
from dispatch.kernel.db import Database, make_engine
from dispatch.reports.service_record import build
from dispatch.reports.service_store import RecordStore

async def main():
    store = RecordStore(Path(sys.argv[2]), "aksu")
    async with Database(make_engine(sys.argv[1])) as database, database.read() as session:
        start = time.perf_counter()
        await build(session, store)
        taken_s = time.perf_counter() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")
    rss_kb = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    counts = {name: store.scan(name).collect().height for name in ("incidents", "runs", "calls")}
    print(json.dumps({"seconds": taken_s, "rss_mb": rss_kb / 1024, **counts}))

asyncio.run(main())
"""


def measured(incidents: int = INCIDENTS) -> dict[str, float]:
    """Seconds, peak memory in MB and rows of one build from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder, "home"))
        server.open()
        try:
            asyncio.run(migrate.upgrade(server.url()))
            begun = time.perf_counter()
            asyncio.run(fill(server.url(), incidents))
            print(
                f"{incidents * LINES_EACH:,} lines in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True
            )
            told = subprocess.run(
                [sys.executable, "-c", _BUILD, server.url(), folder],
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            )
        finally:
            server.close()
    found: dict[str, float] = json.loads(told.stdout)
    return found


def rows(_stage: Scene) -> Iterator[Row]:
    """The record table from a journal of 1,000,000 incidents."""
    found = measured()
    told = f"{found['seconds']:.0f} s"
    yield Row("record table from a journal of 1,000,000 incidents, 12 lines each", told, ratio=found["seconds"],
              most=MOST_S, unit=" s")  # fmt: skip
    yield Row("the same: peak memory of the process", f"{found['rss_mb']:,.0f} MB", ratio=found["rss_mb"],
              most=MOST_MB, unit=" MB")  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else INCIDENTS)))
