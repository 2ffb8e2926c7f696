"""A vehicle that goes on sending while its server is killed, and while the database is."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from factories.faults import kill_database, own_database, settings
from factories.forks import serving_fork
from factories.on_duty import manned
from factories.patience import PATIENCE_S, SOAK, times
from factories.vehicles import FAR_AHEAD, LONG_AGO, VITALS, rate

from api.vehicle.client import Vehicle
from api.vehicle.store import Store
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.telemetry.queries import list_frames, list_streams
from dispatch.telemetry.rules_payloads import Values
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.states import Kind

pytestmark = [pytest.mark.database, pytest.mark.slow]


async def scene(url: str, home: Path) -> tuple[UUID, str]:
    """A vehicle on duty, and the token of its device."""
    filled = await manned(url, home, clock=SystemClock())
    call_sign, token = next(iter(filled.tokens.items()))
    return filled.units[call_sign], token


async def kept(url: str, unit_id: UUID) -> list[int]:
    """The values that the database has, one for each frame."""
    async with Database(make_engine(url, pool_size=1)) as database, database.read() as session:
        frames = await list_frames(session, unit_id, [Kind.VITALS], 1, LONG_AGO, FAR_AHEAD)
    assert len({one.seq for one in frames}) == len(frames), "a number is kept twice"
    return [round(one.payload.values[0].value) for one in frames if isinstance(one.payload, Values)]


MOST_WAITING = 300
APART_S = 13.0
"""Between many kills of a database: one that ends six times within a minute is not started again."""


class Recording:
    """A vehicle that measures without pause, while little enough waits; the n-th frame has the value n.

    What is live goes before what is late: if more were always measured than can be sent, the oldest would never go.
    """

    def __init__(self, vehicle: Vehicle) -> None:
        self.vehicle, self.count = vehicle, 0

    async def go_on(self) -> None:
        for self.count in itertools.count(1):
            await self.vehicle.record(VITALS, rate(self.count))
            while self.count - self.acknowledged() > MOST_WAITING:
                self.vehicle.forgot.clear()
                await self.vehicle.forgot.wait()

    async def more(self, acknowledged: int) -> None:
        """Return when the service has acknowledged up to some number more."""
        wanted = self.acknowledged() + acknowledged
        async with asyncio.timeout(PATIENCE_S):
            while self.acknowledged() < wanted:
                self.vehicle.forgot.clear()
                await self.vehicle.forgot.wait()

    def acknowledged(self) -> int:
        kept_here = self.vehicle.store.kept().get(VITALS)
        return 0 if kept_here is None else kept_here.first - 1


@asynccontextmanager
async def recording(vehicle: Vehicle) -> AsyncIterator[Recording]:
    async with vehicle.linked():
        made = Recording(vehicle)
        going = asyncio.create_task(made.go_on())
        try:
            yield made
        finally:
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)


def gateway(address: str) -> str:
    return f"{address.replace('http', 'ws', 1)}/api/ingest"


@pytest.mark.soak
async def test_a_server_killed_under_load_loses_nothing_that_it_acknowledged(database_url: str, tmp_path: Path) -> None:
    draw, kills = random.Random(6), times(3, 100)
    unit_id, token = await scene(database_url, tmp_path)
    with Store(tmp_path / "log") as store:
        vehicle = Vehicle(
            store, "ws://127.0.0.1:1/api/ingest", token, retry_s=0.02, longest_retry_s=0.1, replaced_s=0.02
        )
        async with recording(vehicle) as going:
            for _ in range(kills):
                with serving_fork(settings(tmp_path, database_url)) as server:
                    vehicle.url = gateway(await asyncio.to_thread(server.address))
                    await going.more(draw.randrange(20, 120))
                    assert await asyncio.to_thread(server.end) == -signal.SIGKILL
                acknowledged = going.acknowledged()
                values = await kept(database_url, unit_id)
                assert len(values) == len(set(values)), "kept twice"
                assert set(range(1, acknowledged + 1)) <= set(values), "acknowledged, and gone"


@pytest.mark.soak
async def test_a_database_killed_under_load_comes_back_and_nothing_is_lost_or_doubled(passable_path: Path) -> None:
    home = passable_path / "home"
    with ExitStack() as stack:
        postgres = await asyncio.to_thread(stack.enter_context, own_database(home))
        unit_id, token = await scene(postgres.url(), home)
        with Store(passable_path / "log") as store, serving_fork(settings(home)) as server:
            vehicle = Vehicle(
                store, gateway(await asyncio.to_thread(server.address)), token, retry_s=0.05, longest_retry_s=0.2
            )
            async with recording(vehicle) as going:
                for _ in range(times(2, 20)):
                    await going.more(50)
                    kill_database(home)
                    if SOAK:
                        await asyncio.sleep(APART_S)
                await going.more(50)
            async with vehicle.linked():
                await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)
            count = store.kept()[VITALS].next - 1
            assert await asyncio.to_thread(server.end, signal.SIGTERM) == 0
        assert sorted(await kept(postgres.url(), unit_id)) == list(range(1, count + 1))
        async with Database(make_engine(postgres.url(), pool_size=1)) as database, database.read() as session:
            (stream,) = await list_streams(session, unit_id)
        assert stream.held == Ranges([(1, count)])
