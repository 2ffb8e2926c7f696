"""The peer of the vehicle gateway: the same gateway, as a plain engineer builds it on FastAPI and uvicorn.

uvicorn as it comes (its default WebSockets and loop), a coroutine for each connection that awaits one message after
the other. What it promises is what ours does, by the same parts of `dispatch/telemetry/`, called for each message:
checks, clock offset, share, window, resume points, numbers told lost; packing; exactly once over all connections and
days, gaps, the vehicle's place on the map (`store`); and what was committed goes to the same detection, in memory and
within the process, and the same screens. One writer for all: what came during the last commit is the next batch; then
each vehicle of it is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from sqlalchemy import select

from api.er.hub import Hub
from api.ingest.attendance import Attendance
from api.ingest.detecting import Detecting
from api.ingest.following import BUSY_PACE_S, LOOK_EVERY_S
from api.parts import Parts
from dispatch.kernel.digests import Digester
from dispatch.kernel.ids import new_id
from dispatch.telemetry.queries import list_streams
from dispatch.telemetry.rules_arrivals import Arrival, arrived, given_up, moment
from dispatch.telemetry.rules_coding import warm_up
from dispatch.telemetry.rules_payloads import Payload
from dispatch.telemetry.rules_ranges import Span
from dispatch.telemetry.rules_server import ClockRead, GivenUp, Greeted, Say, ServerSession, Step, Taken
from dispatch.telemetry.rules_share import Measure, Share
from dispatch.telemetry.service_store import (
    Known,
    close_connection,
    make_frame_days,
    open_connection,
    record_clock,
    store,
)
from dispatch.telemetry.states import WATCHED, Frame, Stream
from dispatch.units.tables import Unit
from tests.benchmarks.plain_gateway import now_us
from tests.benchmarks.vehicle_fleet import SIGNS

MOST_ROWS: Final = 1_000


@dataclass
class Connected:
    """One vehicle."""

    id: UUID
    unit_id: UUID
    socket: WebSocket
    session: ServerSession
    measure: Measure
    room: asyncio.Event
    log: UUID


@dataclass(frozen=True)
class Waiting:
    """A frame, or numbers that will never come, to be written."""

    by: Connected
    stream: Stream
    span: Span
    received_us: int
    frame: Frame | None = None
    payload: Payload | None = None


class Writer:
    """One for all."""

    def __init__(self, parts: Parts, hub: Hub, detecting: Detecting, looked: list[Arrival]) -> None:
        self._parts, self._hub, self._detecting, self._looked = parts, hub, detecting, looked
        self._known = Known(watched=False)
        self.waiting: list[Waiting] = []
        self.wake = asyncio.Event()

    async def work(self) -> None:
        """Write for ever."""
        while True:
            await self.wake.wait()
            batch, self.waiting = self.waiting[:MOST_ROWS], self.waiting[MOST_ROWS:]
            if not self.waiting:
                self.wake.clear()
            arrivals = await asyncio.to_thread(_arrivals, batch)
            async with self._parts.database.write() as session:
                report = await store(session, self._parts.clock, arrivals, self._known)
            self._detecting.take(report.new)
            self._looked += [one for one in report.new if one.stream.kind in WATCHED]
            told: dict[UUID, Connected] = {}
            for one in batch:
                one.by.session.committed([(one.stream, one.span)])
                told[one.by.id] = one.by
            for by in told.values():
                by.room.set()
                text = by.session.ack(now_us())
                if text is not None:
                    await by.socket.send_text(text)
            self._hub.passed(arrivals)


async def _look(attendance: Attendance, parts: Parts, waiting: list[Arrival]) -> None:
    """Look for alarms in what is committed, once a second."""
    loop = asyncio.get_running_loop()
    learnt_at = 0.0
    while True:
        await asyncio.sleep(BUSY_PACE_S)
        now, batch = parts.clock.now(), waiting[:]
        waiting.clear()
        if loop.time() - learnt_at >= LOOK_EVERY_S:
            await attendance.learn(now)
            learnt_at = loop.time()
        if batch:
            await attendance.look(batch, now)
        await attendance.findings.keep()


def _arrivals(batch: Sequence[Waiting]) -> list[Arrival]:
    made: list[Arrival] = []
    for one in batch:
        by, at = one.by, moment(one.received_us)
        if one.frame is None or one.payload is None:
            made.append(given_up(by.unit_id, by.log, one.stream, one.span, at))
            continue
        offset_us = 0 if by.session.clock is None else by.session.clock.offset_us
        made.append(arrived(by.unit_id, by.log, one.frame, one.payload, at, offset_us))
    return made


def make_app(parts: Parts, tokens: list[str]) -> FastAPI:
    """The service: what the vehicles of the benchmark send, in their order."""
    numbers = {f"Bearer {token}": number for number, token in enumerate(tokens)}
    units: list[UUID] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(warm_up)
        async with parts.database.write() as session:
            await make_frame_days(session, parts.clock)
            named = select(Unit.id).where(Unit.call_sign.startswith(SIGNS)).order_by(Unit.call_sign)
            units.extend(await session.scalars(named))
        digester, looked = Digester.of_home(parts.settings.home), list[Arrival]()
        detecting = Detecting(parts, digester)
        app.state.writer = Writer(parts, Hub(parts, lambda _: True), detecting, looked)
        async with detecting.running():
            looking = asyncio.create_task(_look(Attendance(parts, digester), parts, looked))
            working = asyncio.create_task(app.state.writer.work())
            yield
            working.cancel()
            looking.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.websocket("/api/ingest")
    async def ingest(websocket: WebSocket) -> None:
        number = numbers.get(websocket.headers.get("authorization", ""))
        if number is None:
            await websocket.close(1008)
            return
        await websocket.accept()
        loop = asyncio.get_running_loop()
        by = Connected(
            new_id(parts.clock), units[number], websocket, ServerSession(), Measure(Share(), loop.time()),
            asyncio.Event(), UUID(int=0),
        )  # fmt: skip
        with suppress(WebSocketDisconnect):
            await _serve(parts, app.state.writer, by)
        async with parts.database.write() as session:
            await close_connection(session, parts.clock, by.id, "link.lost")

    return app


async def _serve(parts: Parts, writer: Writer, by: Connected) -> None:
    loop = asyncio.get_running_loop()
    while True:
        message = await by.socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        at_us, text, data = now_us(), message.get("text"), message.get("bytes") or b""
        pause_s = by.measure.take(len(text or data), loop.time())
        steps = by.session.hear_text(text, at_us) if text else by.session.hear_frame(data)
        for step in steps:
            await _do(parts, writer, by, step, at_us)
        if pause_s > 0:
            await asyncio.sleep(pause_s)
        while by.session.is_full:
            by.room.clear()
            await by.room.wait()


async def _do(parts: Parts, writer: Writer, by: Connected, step: Step, at_us: int) -> None:
    if isinstance(step, Taken):
        frame = step.frame
        writer.waiting.append(Waiting(by, frame.stream, (frame.seq, frame.seq), at_us, frame, step.payload))
        writer.wake.set()
    elif isinstance(step, GivenUp):
        writer.waiting.append(Waiting(by, step.stream, step.span, at_us))
        writer.wake.set()
    elif isinstance(step, Greeted):
        by.log = step.hello.log
        async with parts.database.write() as session:
            await open_connection(session, parts.clock, by.id, by.unit_id, by.id, by.log, step.hello.client)
        async with parts.database.read() as session:
            kept = {one.stream: one.held for one in await list_streams(session, by.unit_id, by.log)}
        await by.socket.send_text(by.session.welcome(by.id, kept, now_us()))
    elif isinstance(step, ClockRead):
        async with parts.database.write() as session:
            await record_clock(session, by.id, step.offset_us, step.error_us)
    elif isinstance(step, Say):
        await by.socket.send_text(step.text)
