"""Messages a second that are on the disk: in PostgreSQL with its primary key, and in Redis Streams.

    python -m tests.benchmarks.durable

The same messages, as vehicles send them and packed beforehand, in batches of the same size from as many connections,
by turns. Ours is what the gateway does with a batch (`dispatch/telemetry/service_store.py`): each number once, frames
with their key and index in the day's partition, positions to the map. Redis (`appendonly yes`, `appendfsync always`,
the socket of this machine) adds each message to its vehicle's stream, pipelined, and is told by commands made
beforehand.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from api import event_loop
from api.ingest.writer import LANES, MOST_ROWS
from api.parts import Parts, open_parts
from dispatch.kernel.db import Line
from dispatch.settings import load_settings
from dispatch.telemetry.rules_arrivals import Arrival, arrived
from dispatch.telemetry.rules_payloads import decode_payload
from dispatch.telemetry.rules_wire import decode_frame
from dispatch.telemetry.service_store import Known, make_frame_days, store_by
from dispatch.units.rules_duty import in_force
from dispatch.units.service_position import make_partitions
from dispatch.units.tables import Unit
from tests.benchmarks.report import Row
from tests.benchmarks.vehicle_frames import frames, samples_of

LEAST: Final = 0.8
VEHICLES: Final = 1_000
ROUNDS: Final = 3
SECONDS: Final = 3
"""Of all vehicles' sending, in each round."""
Batches = list[list[list[Arrival]]]
"""For each connection its batches."""


@dataclass(frozen=True)
class Rates:
    """Messages a second of each round; none for Redis where it is not here."""

    ours: list[float]
    redis: list[float]


def rows(home: Path, record: Path | None) -> Iterator[Row]:
    """Second figure of issue 5, in a home whose region and vehicles are there."""
    found = measured(home, record)
    ours = statistics.median(found.ours)
    what = "durable messages/s in PostgreSQL with its primary key ÷ Redis Streams, `appendfsync always`"
    if not found.redis:
        yield Row(
            f"{what} (not compared: redis-server is not here; Debian: apt-get install redis-server)", f"{ours:,.0f}"
        )
        return
    ratio = statistics.median(one / other for one, other in zip(found.ours, found.redis, strict=True))
    yield Row(what, f"{ours:,.0f}", f"{statistics.median(found.redis):,.0f}", ratio, least=LEAST)


def measured(home: Path, record: Path | None) -> Rates:
    """All rounds, by turns."""
    rates = Rates([], [])
    event_loop.run(_measured(home, record, rates))
    return rates


async def _measured(home: Path, record: Path | None, rates: Rates) -> None:
    settings = load_settings(home=home, region="aksu", logins=True)
    async with open_parts(settings) as parts, contextlib.AsyncExitStack() as stack:
        async with parts.database.write() as session:
            await make_frame_days(session, parts.clock)
            await make_partitions(session, parts.clock)
            units = list(await session.scalars(select(Unit.id).limit(VEHICLES)))
        redis = shutil.which("redis-server")
        socket = stack.enter_context(_redis(redis)) if redis else None
        logs = [uuid4() for _ in units]
        known = [Known() for _ in range(LANES)]
        made = frames(time.time_ns() // 1_000, samples_of(record))
        for turn in range(ROUNDS + 1):  # the first is not counted: it makes the streams
            batches = _batches(parts, units, logs, made, turn)
            count = sum(len(batch) for lane in batches for batch in lane)
            ours = count / await _stored(parts, batches, known)
            other = None if socket is None else count / await _added(socket, batches)
            if turn:
                rates.ours.append(ours)
                rates.redis.extend([] if other is None else [other])


def _batches(parts: Parts, units: Sequence[UUID], logs: Sequence[UUID], made: list[list[bytes]], turn: int) -> Batches:
    """What all vehicles send in some seconds, in the order of sending, as it reaches each connection."""
    now = parts.clock.now()
    lanes: Batches = [[[]] for _ in range(LANES)]
    for fifth in range(turn * SECONDS * 5, (turn + 1) * SECONDS * 5):
        sent = [(2, fifth), *([(0, fifth // 5), (1, fifth // 5)] if fifth % 5 == 0 else [])]
        for what, number in sent:
            wire = made[what][number]
            frame = decode_frame(wire[8:] if wire[1] == 0xFE else wire[6:])
            payload = decode_payload(frame)
            for unit_id, log in zip(units, logs, strict=True):
                lane = lanes[unit_id.int % LANES]
                if len(lane[-1]) == MOST_ROWS:
                    lane.append([])
                lane[-1].append(arrived(unit_id, log, frame, payload, now, 0))
    return lanes


async def _stored(parts: Parts, batches: Batches, known: list[Known]) -> float:
    """Seconds until all is committed."""

    async def work(lane: int) -> None:
        line, policy = Line(parts.database), in_force(parts.database.info)
        for batch in batches[lane]:
            async with line.transaction() as driver:
                report = await store_by(driver, parts.clock, batch, policy, known[lane])
            assert report.stored == len(batch)
        await line.give_back()

    began = time.perf_counter()
    await asyncio.gather(*(work(lane) for lane in range(LANES)))
    return time.perf_counter() - began


@contextmanager
def _redis(program: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="tarim-redis-") as folder:
        socket = f"{folder}/socket"
        words = {"port": "0", "unixsocket": socket, "dir": folder, "appendonly": "yes", "appendfsync": "always",
                 "save": "", "daemonize": "no"}  # fmt: skip
        arguments = [part for name, value in words.items() for part in (f"--{name}", value)]
        server = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
        try:
            while not Path(socket).exists():
                assert server.poll() is None, "redis-server does not start"
                time.sleep(0.02)
            yield socket
        finally:
            server.terminate()
            server.wait(30)


def _command(one: Arrival) -> bytes:
    assert one.frame is not None
    words = (
        b"XADD", f"{one.stream}:{one.unit_id}".encode(), b"*", b"seq", b"%d" % one.frame.seq, b"at",
        b"%d" % one.frame.device_us, b"coding", b"%d" % one.coding, b"payload", one.kept,
    )  # fmt: skip
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


async def _added(socket: str, batches: Batches) -> float:
    """Seconds until Redis has answered all: with `always` it answers after its fsync."""
    commands = [[b"".join(map(_command, batch)) for batch in lane] for lane in batches]

    async def work(lane: int) -> None:
        reader, writer = await asyncio.open_unix_connection(socket)
        for data, batch in zip(commands[lane], batches[lane], strict=True):
            writer.write(data)
            lines = 0
            while lines < 2 * len(batch):  # "$15", then the id
                answered = await reader.read(65_536)
                assert b"-ERR" not in answered, answered
                lines += answered.count(b"\n")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(work(lane) for lane in range(LANES)))
    return time.perf_counter() - began
