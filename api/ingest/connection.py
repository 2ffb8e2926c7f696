"""One vehicle being served: reads as fast as its share and the writer allow, tells what is kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from api.ingest.gateway import Gateway
from api.ingest.writer import Item
from api.wire import WIRE, Wire
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.errors import DatabaseUnavailable, TarimError
from dispatch.kernel.ids import new_id
from dispatch.telemetry.queries import list_streams
from dispatch.telemetry.rules_arrivals import micros
from dispatch.telemetry.rules_messages import Bye, Hello, write
from dispatch.telemetry.rules_ranges import Ranges, Span
from dispatch.telemetry.rules_server import (
    REPLACED,
    ClockRead,
    End,
    GivenUp,
    Greeted,
    Say,
    ServerSession,
    Step,
    Taken,
)
from dispatch.telemetry.rules_share import Measure
from dispatch.telemetry.service_store import close_connection, open_connection, record_clock
from dispatch.telemetry.states import Stream

LATER: Final = 1013
"""WebSocket close code: try again later."""
STALLED: Final = 4408
"""Close code: the vehicle does not read what it is told."""
STALL_S: Final = 30.0
_CLOSE_S: Final = 1.0
_GONE: Final = End(0, "link.lost")
_MOST_WORDS: Final = 1_000

log = structlog.get_logger("tarim.ingest")


class Connection:
    """A vehicle's connection, from its acceptance on."""

    def __init__(self, websocket: WebSocket, actor: Principal, unit_id: UUID, gateway: Gateway) -> None:
        self._websocket, self.actor, self._gateway = websocket, actor, gateway
        self._clock, self._database = gateway.parts.clock, gateway.parts.database
        self.id, self.unit_id, self.log = new_id(self._clock), unit_id, UUID(int=0)
        self._session = ServerSession(gateway.window)
        self._measure = Measure(gateway.share, gateway.monotonic())
        self._words: list[str] = []
        self._wire: Wire = websocket.scope["extensions"][WIRE]
        self._inbox: deque[bytes | str] = deque()
        self._wake, self._moved, self._called = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._pause_s = 0.0
        self._busy = False
        self._end: End | None = None
        self._over = False

    async def serve(self) -> End:
        """Serve until either side ends it; return how the socket is to be closed (code 0: it is gone)."""
        self._wire.hand_over(self)
        works = [asyncio.create_task(work) for work in (self._listen(), self._tell(), self._gone())]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            end = done.pop().result()
        finally:
            self._over = True
            for work in works:
                work.cancel()
            # One that is asking the database may need a moment to notice; the vehicle is told its end meanwhile.
            over, _ = await asyncio.wait(works, timeout=_CLOSE_S)
            for work in over:
                if not work.cancelled():
                    work.exception()  # taken note of
        return end

    async def record_end(self, end: End) -> None:
        """Record that and why it ended, if it ever began; not while the database is away."""
        if self.log.int:
            with contextlib.suppress(DatabaseUnavailable):
                async with self._database.write() as session:
                    await close_connection(session, self._clock, self.id, end.reason)

    def kept(self, items: Sequence[tuple[Stream, Span]]) -> None:
        """Learn from the writer what is committed, and tell it at once if nothing is to be told before."""
        self._session.committed(items)
        if not self._words and self._end is None:
            told = self._session.ack(micros(self._clock.now()))
            if told is None or self._wire.say(told.encode()):
                self._moved.set()
                return
            self._words.append(told)
        self._stir()

    def unkept(self, items: Sequence[tuple[Stream, Span]]) -> None:
        """Learn from the writer what cannot be kept."""
        for step in self._session.failed(items, "frame.unstorable", "The service cannot keep this frame."):
            if isinstance(step, Say):
                self._words.append(step.text)
        self._stir()

    def replace(self) -> None:
        """Learn that a newer connection of the vehicle is there."""
        self._words.append(write(Bye("connection.replaced", "A newer connection of this vehicle is there.")))
        self._end = End(REPLACED, "connection.replaced")
        self._stir()

    def _stir(self) -> None:
        self._wake.set()
        self._moved.set()

    def heard(self, message: bytes | str) -> bool:
        """Take a frame at once, where nothing is to be waited for; all else is left to `_listen`."""
        if self._over or self._end is not None:
            return True  # taken by nobody: what still comes is read up to the closing
        if isinstance(message, str) or self._busy or self._inbox or not self._session.takes_frames:
            self._inbox.append(message)
            self._called.set()
            return False
        self._frame(message, micros(self._clock.now()))
        if self._pause_s <= 0 and not self._must_wait and self._gateway.writer.room.is_set():
            return True
        self._called.set()
        return False

    def _frame(self, data: bytes, now_us: int) -> None:
        self._pause_s = self._measure.take(len(data), self._gateway.monotonic())
        for step in self._session.hear_frame(data):
            if isinstance(step, Taken):
                self._take(step, now_us)
            elif isinstance(step, Say):
                self._words.append(step.text)
        if self._words or self._session.has_news:  # a repetition is acknowledged too
            self._wake.set()

    async def _gone(self) -> End:
        while (await self._websocket.receive())["type"] != "websocket.disconnect":
            pass
        return _GONE

    async def _listen(self) -> End:
        async with contextlib.AsyncExitStack() as seat:
            while not self._over:
                await self._called.wait()
                self._called.clear()
                self._busy = True
                while self._inbox:
                    end = await self._hear(self._inbox.popleft(), seat)
                    if end is not None:
                        return end
                    await self._until_it_may_go_on()
                await self._until_it_may_go_on()
                self._busy = False
                self._wire.go_on()
        return _GONE

    async def _hear(self, message: bytes | str, seat: contextlib.AsyncExitStack) -> End | None:
        now_us = micros(self._clock.now())
        if isinstance(message, bytes) and self._session.takes_frames:
            self._frame(message, now_us)
            return None
        self._pause_s = self._measure.take(len(message), self._gateway.monotonic())
        session = self._session
        steps = session.hear_text(message, now_us) if isinstance(message, str) else session.hear_frame(message)
        for step in steps:
            end = await self._do(step, now_us, seat)
            if end is not None:
                return end
        self._wake.set()
        return None

    async def _until_it_may_go_on(self) -> None:
        if self._pause_s > 0:
            await self._gateway.pause(self._pause_s)
            self._pause_s = 0.0
        while self._must_wait:
            self._moved.clear()
            await self._moved.wait()
        await self._gateway.writer.room.wait()

    @property
    def _must_wait(self) -> bool:
        return self._session.is_full or len(self._words) >= _MOST_WORDS

    async def _do(self, step: Step, now_us: int, seat: contextlib.AsyncExitStack) -> End | None:
        match step:
            case Taken():
                self._take(step, now_us)
            case GivenUp(stream, span):
                self._gateway.writer.put(Item(self, stream, span, now_us, self._offset_us))
            case Say(text):
                self._words.append(text)
            case ClockRead():
                await self._clocked(step)
            case Greeted(hello):
                return await self._greet(hello, seat)
            case End():
                self._end = step
                self._stir()
                await asyncio.Event().wait()  # the teller says the rest and ends it
        return None

    @property
    def _offset_us(self) -> int:
        return 0 if self._session.clock is None else self._session.clock.offset_us

    def _take(self, taken: Taken, now_us: int) -> None:
        frame, span = taken.frame, (taken.frame.seq, taken.frame.seq)
        self._gateway.writer.put(Item(self, frame.stream, span, now_us, self._offset_us, frame, taken.payload))

    async def _greet(self, hello: Hello, seat: contextlib.AsyncExitStack) -> End | None:
        self.log = hello.log
        try:
            async with self._database.write() as session:
                await open_connection(
                    session, self._clock, self.id, self.unit_id, self.actor.credential, hello.log, hello.client
                )
            # From now on the one before takes nothing more, and what it has taken is known by its numbers.
            await seat.enter_async_context(self._gateway.seated(self))
            async with self._database.read() as session:
                streams = await list_streams(session, self.unit_id, hello.log)
        except TarimError as error:
            return End(LATER, error.code)
        kept: dict[Stream, Ranges] = {one.stream: one.held for one in streams}
        self._words.append(self._session.welcome(self.id, kept, micros(self._clock.now())))
        return None

    async def _clocked(self, read: ClockRead) -> None:
        with contextlib.suppress(DatabaseUnavailable):
            async with self._database.write() as session:
                await record_clock(session, self.id, read.offset_us, read.error_us)

    async def _tell(self) -> End:
        while True:
            self._wake.clear()
            words, self._words = self._words, []
            told = self._session.ack(micros(self._clock.now()))
            end = self._end
            try:
                for text in (*words, *(() if told is None else (told,))):
                    async with asyncio.timeout(STALL_S):
                        await self._websocket.send({"type": "websocket.send", "text": text})
            except TimeoutError:
                return End(STALLED, "connection.stalled")
            except (WebSocketDisconnect, RuntimeError):
                return _GONE
            self._moved.set()
            if end is not None:
                return end
            if not self._words:
                await self._wake.wait()
