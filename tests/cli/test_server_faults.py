"""Servers killed while vehicles are sent, servers without a database, servers that start on an old schema."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from uuid import UUID

import httpx
import pytest
from factories.dispatching import HALVES
from factories.faults import kill_database, own_database, settings
from factories.forks import serving_fork
from factories.migrating import definitions, run
from factories.on_duty import manned, on_duty
from factories.patience import PATIENCE_S, times
from factories.people import PASSWORD
from factories.service import drawing, keep_network, opened_parts
from sqlalchemy import select, text

from dispatch.audit.service import verify
from dispatch.dispatching.tables import Assignment
from dispatch.kernel import migrate
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine

pytestmark = [pytest.mark.database, pytest.mark.slow]

SEATS = 4


class Seats:
    """Dispatchers, one to an incident, who send vehicles and call them off as fast as they are answered."""

    def __init__(
        self, client: httpx.Client, pool: ThreadPoolExecutor, incidents: list[UUID], units: list[UUID]
    ) -> None:
        self.sent: set[UUID] = set()
        """Assignments that were answered with 201."""
        self.codes: set[int] = set()
        self.stop = Event()
        self._client, self._units = client, units
        self._work = [pool.submit(self._one, place, incident) for place, incident in enumerate(incidents)]

    def wait_for_more(self, count: int) -> None:
        """Return when so many more vehicles were sent; what goes wrong in a seat is raised."""
        wanted, end = len(self.sent) + count, time.monotonic() + PATIENCE_S
        while len(self.sent) < wanted:
            assert time.monotonic() < end, f"nothing comes about: {self.codes}"
            for work in self._work:
                if work.done():
                    work.result()
            time.sleep(0.001)

    def _one(self, place: int, incident: UUID) -> None:
        with suppress(httpx.TransportError):  # the server was killed
            for turn in itertools.count(place):
                if self.stop.is_set():
                    return
                body = {"unit_id": str(self._units[turn % len(self._units)])}
                answered = self._post(f"incidents/{incident}/assignments", body)
                if answered.status_code == 201:
                    self.sent.add(UUID(answered.json()["id"]))
                    self._post(f"assignments/{answered.json()['id']}/cancel", {})
                elif answered.json()["code"] == "assignment.unit_taken":
                    current = answered.json()["current"]
                    if current["incident_id"] == str(incident):  # of before, or of an answer that did not arrive
                        self._post(f"assignments/{current['id']}/cancel", {})

    def _post(self, path: str, body: dict[str, object]) -> httpx.Response:
        answered = self._client.post(f"/api/{path}", json=body)
        self.codes.add(answered.status_code)
        return answered


@contextmanager
def seated(address: str, incidents: list[UUID], units: list[UUID]) -> Iterator[Seats]:
    """Seats at work until the block ends."""
    with httpx.Client(base_url=address, timeout=PATIENCE_S) as client, ThreadPoolExecutor(SEATS) as pool:
        answered = client.post("/api/session", json={"name": "dispatcher", "password": PASSWORD})
        assert answered.status_code == 200, answered.text
        seats = Seats(client, pool, incidents, units)
        try:
            yield seats
        finally:
            seats.stop.set()


async def is_whole(database: Database, sent: set[UUID]) -> None:
    """Nothing is half done, nothing that was confirmed is gone, and the journal is whole."""
    async with database.read() as session:
        for name, query in HALVES.items():
            assert (await session.execute(text(query))).scalar_one() == 0, name
        found = await verify(session)
        assert found.whole, found.sentence
        assert sent <= set(await session.scalars(select(Assignment.id)))


def look(url: str, sent: set[UUID]) -> None:
    async def ask() -> None:
        async with Database(make_engine(url, pool_size=1)) as database:
            await is_whole(database, sent)

    asyncio.run(ask())


def scene(url: str, home: Path) -> tuple[list[UUID], list[UUID]]:
    """Fill a database with vehicles on duty and incidents; the ids of both."""

    async def fill() -> tuple[list[UUID], list[UUID]]:
        clock = SystemClock()
        filled = await manned(url, home, clock=clock)
        async with on_duty(url, home, clock=clock, filled=filled) as duty:
            return [await duty.incident() for _ in range(SEATS)], list(filled.units.values())

    return asyncio.run(fill())


@pytest.mark.soak
def test_killed_while_vehicles_are_sent_nothing_is_half_done(database_url: str, tmp_path: Path) -> None:
    draw, sent, kills = random.Random(5), set[UUID](), times(4, 200)
    incidents, units = scene(database_url, tmp_path)
    for _ in range(kills):
        with serving_fork(settings(tmp_path, database_url)) as server:
            with seated(server.address(), incidents, units) as seats:
                seats.wait_for_more(draw.randrange(1, 20))
                time.sleep(draw.random() * 0.02)
                assert server.end() == -signal.SIGKILL
            sent |= seats.sent
            assert seats.codes <= {200, 201, 409}
            look(database_url, sent)
    assert len(sent) >= kills


@pytest.mark.soak
def test_the_database_killed_while_vehicles_are_sent_comes_back(passable_path: Path) -> None:
    home = passable_path / "home"
    with own_database(home) as postgres:
        incidents, units = scene(postgres.url(), home)
        with serving_fork(settings(home)) as server:
            with seated(server.address(), incidents, units) as seats:
                for _ in range(times(2, 50)):
                    seats.wait_for_more(4)
                    kill_database(home)
                    seats.wait_for_more(1)
            assert seats.codes <= {200, 201, 409, 503}
            assert server.end(signal.SIGTERM) == 0
        look(postgres.url(), seats.sent)


def test_two_servers_start_at_once_on_an_old_schema(passable_path: Path) -> None:
    home = passable_path / "home"
    with own_database(home) as postgres:
        url = postgres.url()

        async def make_old() -> None:
            async with opened_parts(url, home) as parts:
                await keep_network(parts, drawing().network())
            await run(url, "-1")

        new = asyncio.run(definitions(url))
        asyncio.run(make_old())
        assert asyncio.run(migrate.current(url)) != migrate.head()
        with serving_fork(settings(home)) as one, serving_fork(settings(home)) as other:
            for server in (one, other):
                assert httpx.get(f"{server.address()}/api/health", timeout=PATIENCE_S).status_code == 200
            assert asyncio.run(migrate.current(url)) == migrate.head()
            assert asyncio.run(definitions(url)) == new
            assert [server.end(signal.SIGTERM) for server in (one, other)] == [0, 0]
