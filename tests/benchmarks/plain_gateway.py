"""A bare peer of the vehicle gateway: the protocol alone as a plain engineer writes it on FastAPI and uvicorn.

uvicorn as it comes (its default WebSockets and loop), a coroutine for each connection that awaits one message after
the other. Words, checks and packing are our own (`dispatch/telemetry/`). One writer for all: what came during the last
commit is the next batch, one transaction, `INSERT … ON CONFLICT DO NOTHING` into one table with its primary key, and
the newest place of each vehicle; then each vehicle of the batch is told. It knows neither days, gaps, lost numbers,
resuming, shares, detection nor screens: `same_gateway.py` does.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from dispatch.telemetry.rules_arrivals import arrived, moment
from dispatch.telemetry.rules_payloads import Payload, PositionFix
from dispatch.telemetry.rules_server import Greeted, Say, ServerSession, Step, Taken
from dispatch.telemetry.states import Frame

TABLES: Final = """
CREATE TABLE IF NOT EXISTS frames (
    vehicle int NOT NULL, log uuid NOT NULL, kind int2 NOT NULL, slot int2 NOT NULL, seq int8 NOT NULL,
    received_at timestamptz NOT NULL, at timestamptz NOT NULL, device_at timestamptz NOT NULL, sure bool NOT NULL,
    coding int2 NOT NULL, payload bytea NOT NULL, PRIMARY KEY (vehicle, log, kind, slot, seq));
ALTER TABLE frames ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS places (vehicle int PRIMARY KEY, at timestamptz NOT NULL, lat float8, lon float8)
"""
ADD: Final = """
INSERT INTO frames SELECT * FROM unnest($1::int[], $2::uuid[], $3::int2[], $4::int2[], $5::int8[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::bool[], $10::int2[], $11::bytea[]) ON CONFLICT DO NOTHING
"""
MOVE: Final = """
INSERT INTO places AS held SELECT DISTINCT ON (vehicle) *
FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::float8[]) AS given (vehicle, at, lat, lon)
ORDER BY vehicle, at DESC
ON CONFLICT (vehicle) DO UPDATE SET at = EXCLUDED.at, lat = EXCLUDED.lat, lon = EXCLUDED.lon WHERE EXCLUDED.at > held.at
"""
MOST_ROWS: Final = 1_000


@dataclass
class Connected:
    """One vehicle."""

    number: int
    socket: WebSocket
    session: ServerSession
    log: UUID


@dataclass(frozen=True)
class Waiting:
    """A frame that waits to be written."""

    by: Connected
    frame: Frame
    payload: Payload
    received_us: int


class Writer:
    """One for all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.waiting: list[Waiting] = []
        self.wake = asyncio.Event()

    async def work(self) -> None:
        """Write for ever."""
        while True:
            await self.wake.wait()
            batch, self.waiting = self.waiting[:MOST_ROWS], self.waiting[MOST_ROWS:]
            if not self.waiting:
                self.wake.clear()
            rows, places = await asyncio.to_thread(_rows, batch)
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(ADD, *map(list, zip(*rows, strict=True)))
                if places:
                    await connection.execute(MOVE, *map(list, zip(*places, strict=True)))
            told: dict[int, Connected] = {}
            for one in batch:
                one.by.session.committed([(one.frame.stream, (one.frame.seq, one.frame.seq))])
                told[one.by.number] = one.by
            for by in told.values():
                text = by.session.ack(now_us())
                if text is not None:
                    await by.socket.send_text(text)


def _rows(batch: list[Waiting]) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    rows: list[tuple[object, ...]] = []
    places: list[tuple[object, ...]] = []
    for one in batch:
        clock, frame = one.by.session.clock, one.frame
        assert clock is not None
        made = arrived(UUID(int=0), one.by.log, frame, one.payload, moment(one.received_us), clock.offset_us)
        rows.append(
            (one.by.number, one.by.log, int(frame.stream.kind), frame.stream.slot, frame.seq, made.received_at, made.at,
             made.device_at, made.sure, int(made.coding), made.kept)
        )  # fmt: skip
        if isinstance(one.payload, PositionFix):
            places.append((one.by.number, made.at, one.payload.lat, one.payload.lon))
    return rows, places


def make_app(url: str, tokens: list[str]) -> FastAPI:
    """The service."""
    numbers = {f"Bearer {token}": number for number, token in enumerate(tokens)}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=2, max_size=4) as pool:
            await pool.execute(TABLES)
            app.state.writer = Writer(pool)
            working = asyncio.create_task(app.state.writer.work())
            yield
            working.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.websocket("/api/ingest")
    async def ingest(websocket: WebSocket) -> None:
        number = numbers.get(websocket.headers.get("authorization", ""))
        if number is None:
            await websocket.close(1008)
            return
        await websocket.accept()
        by, writer = Connected(number, websocket, ServerSession(), UUID(int=0)), app.state.writer
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text, at_us = message.get("text"), now_us()
                steps = by.session.hear_text(text, at_us) if text else by.session.hear_frame(message["bytes"])
                for step in steps:
                    await _do(writer, by, step, at_us)
        except WebSocketDisconnect:
            return

    return app


async def _do(writer: Writer, by: Connected, step: Step, at_us: int) -> None:
    if isinstance(step, Taken):
        writer.waiting.append(Waiting(by, step.frame, step.payload, at_us))
        writer.wake.set()
    elif isinstance(step, Greeted):
        by.log = step.hello.log
        await by.socket.send_text(by.session.welcome(uuid4(), {}, now_us()))
    elif isinstance(step, Say):
        await by.socket.send_text(step.text)


def now_us() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1_000


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        print(json.dumps("ready"), flush=True)


async def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serve until ended; the loop is uvicorn's own choice, too."""
    config = uvicorn.Config(app, access_log=False, log_level="warning")
    await _Server(config).serve(sockets=[listener])
