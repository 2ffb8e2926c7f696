"""Many clients of a server in a process of its own, some that stall or go away: nobody loses a fact."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import pytest
from factories.command import environment
from factories.feed_clients import Heard, Kind, Plan, attend
from factories.forks import Serving, Worker, serving_fork
from factories.on_duty import manned
from factories.patience import PATIENCE_S, SOAK, times
from factories.people import PASSWORD
from factories.service import REGION
from sqlalchemy import select

from api.live.topics import topic_of
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]

CHANGES_PER_S = 50
PROCESSES = 2


@contextmanager
def logged_in(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=PATIENCE_S) as client:
        assert client.post("/api/session", json={"name": "dispatcher", "password": PASSWORD}).status_code == 200
        yield client


def change(client: httpx.Client, units: Sequence[str], changes: int) -> None:
    """Vehicles say what they do, so many times in all and as often as said, each on a thread of its own."""
    began = time.monotonic()

    def say(number: int) -> None:
        for turn in range(number, changes, len(units)):
            time.sleep(max(0.0, began + turn / CHANGES_PER_S - time.monotonic()))
            out = turn // len(units) % 2 == 0
            told = {"status": "out_of_service", "reason": "meal"} if out else {"status": "at_station"}
            answered = client.post(f"/api/fleet/{units[number]}/status", json={**told, "source": "voice"})
            assert answered.status_code == 200, answered.text

    with ThreadPoolExecutor(len(units)) as pool:
        list(pool.map(say, range(len(units))))


@contextmanager
def watched(server: Serving) -> Iterator[list[float]]:
    """The server's memory, twice a second while the block lasts; MB."""
    found, done = [server.memory_mb()], Event()

    def look() -> None:
        while not done.wait(0.5):
            found.append(server.memory_mb())

    with ThreadPoolExecutor(1) as pool:
        pool.submit(look)
        try:
            yield found
        finally:
            done.set()


def told(url: str) -> list[int]:
    """The numbers of all lines that are told to a dispatcher."""

    async def read() -> list[int]:
        async with Database(make_engine(url, pool_size=1)) as database, database.read() as session:
            lines = await session.execute(select(JournalLine.seq, JournalLine.type).order_by(JournalLine.seq))
            return [seq for seq, kind in lines if topic_of(kind) is not None]

    return asyncio.run(read())


def test_of_many_who_listen_nobody_loses_a_fact(database_url: str, tmp_path: Path) -> None:
    """10 (in the long run 200) of three kinds, while 100 (3,000) changes are made."""
    units = [str(one) for one in asyncio.run(manned(database_url, tmp_path, clock=SystemClock())).units.values()]
    settings = environment(tmp_path) | {"TARIM_REGION": REGION, "TARIM_DATABASE_URL": database_url}
    with serving_fork(settings) as server, logged_in(server.address()) as client:
        plan = Plan(
            server.address(), f"tarim={client.cookies['tarim']}", steady=times(3, 90), stalled=times(1, 5),
            cut=times(1, 5), stall_s=times(1, 20), line_s=times(1, 3),
        )  # fmt: skip
        workers = [Worker(attend, plan) for _ in range(PROCESSES)]
        try:
            assert [worker.hear() for worker in workers] == ["ready"] * PROCESSES
            with watched(server) as memory_mb:
                change(client, units, times(100, 3_000))
            assert client.post("/api/incidents", json={"priority": "P4"}).status_code == 201
            heard: list[Heard] = [one for worker in workers for one in worker.hear()]
        finally:
            for worker in workers:
                worker.kill(may_have_ended=True)
    lines = told(database_url)
    assert [(one.kind, one.missed(lines), one.faults) for one in heard] == [(one.kind, [], []) for one in heard]
    assert {one.kind for one in heard} == set(Kind)
    if SOAK:
        assert any(4008 in one.closed for one in heard if one.kind is Kind.STALLED), "who does not read is closed"
        part = len(memory_mb) // 3
        assert sum(memory_mb[-part:]) < 1.1 * sum(memory_mb[part : 2 * part]), "its memory grows"
