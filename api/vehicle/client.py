"""A vehicle's link: sends what its store holds, what is needed soonest first, and connects again for as long as needed.

with Store(path) as store:
    vehicle = Vehicle(store, "wss://centre.example/api/ingest", token)
    async with vehicle.linked():
        await vehicle.record(Stream(Kind.VITALS, 1), Values(...))
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from api.vehicle.store import Measured, Store
from dispatch.kernel.clock import Clock, SystemClock
from dispatch.telemetry.rules_arrivals import micros
from dispatch.telemetry.rules_payloads import Payload, encode_payload
from dispatch.telemetry.rules_pictures import pieces, without_metadata
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.rules_vehicle import Ended, Forget, GiveUp, Told, VehicleSession, Welcomed
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import HEADER_BYTES, Kind, Stream

CLIENT: Final = "tarim vehicle 1"
RETRY_S: Final = 1.0
LONGEST_RETRY_S: Final = 5.0
REPLACED_S: Final = 60.0
CLOCK_EVERY_S: Final = 60.0
_ANSWER_S: Final = 20.0
_AT_ONCE: Final = 64
_LOOK_AGAIN_S: Final = 1.0
_STOP: Final = {1008, 4400, 4401}
_HTTP_STOP: Final = {401, 403}
_REPLACED, _PROTOCOL = 4409, 4400

log = structlog.get_logger("tarim.vehicle")


class SteadyClock:
    """The machine's clock as it was at the start, and from then on only time that passed: setting it moves nothing."""

    def __init__(self) -> None:
        self._begun, self._begun_s = SystemClock().now(), time.monotonic()

    def now(self) -> datetime:
        """Return the present moment as an aware UTC datetime."""
        return self._begun + timedelta(seconds=time.monotonic() - self._begun_s)


class Refusal(Exception):
    """The service will never take this vehicle as it is: wrong token, other protocol. A person must look."""


class Vehicle:
    """One vehicle's side."""

    def __init__(
        self,
        store: Store,
        url: str,
        token: str,
        *,
        clock: Clock | None = None,
        retry_s: float = RETRY_S,
        longest_retry_s: float = LONGEST_RETRY_S,
        replaced_s: float = REPLACED_S,
    ) -> None:
        self.store, self.url, self._token = store, url, token
        self._clock = clock or SteadyClock()
        self._retry_s, self._longest_retry_s, self._replaced_s = retry_s, longest_retry_s, replaced_s
        self._wake, self.forgot = asyncio.Event(), asyncio.Event()
        self._lost: list[str] = []
        self.refused: dict[str, int] = {}
        """Frames that the service would not take, by its code."""
        self.connections = self._told = 0

    def now_us(self) -> int:
        """The vehicle's clock, microseconds since 1970."""
        return micros(self._clock.now())

    async def record(self, stream: Stream, *payloads: Payload, device_us: int | None = None) -> None:
        """Keep what was measured now, or at `device_us` by the vehicle's clock; it is sent as soon as the link allows.

        Returns once it is on the disk. Raises sqlite3.Error when that is not possible.
        """
        at_us = self.now_us() if device_us is None else device_us
        await self.record_many([Measured(stream, at_us, encode_payload(payload)) for payload in payloads])

    async def record_many(self, measured: Sequence[Measured]) -> None:
        """The same for several at once, in one commit."""
        given_up = await asyncio.to_thread(self.store.add, measured)
        if given_up:
            log.warning("the disk is full: the oldest was given up", spans=len(given_up))
        self._lost += [VehicleSession(self.store.log, {}).lost(stream, *span) for stream, span in given_up]
        self._wake.set()

    async def record_picture(self, slot: int, picture: bytes) -> UUID:
        """Keep a JPEG or WebP, freed of where it was taken, in pieces; return its id. Raises Invalid (`picture.*`)."""
        image, at_us, stream = uuid4(), self.now_us(), Stream(Kind.IMAGE, slot)
        bare = await asyncio.to_thread(without_metadata, picture)
        await self.record_many([Measured(stream, at_us, encode_payload(one)) for one in pieces(image, bare)])
        return image

    @asynccontextmanager
    async def linked(self) -> AsyncIterator[None]:
        """Keep the link while the block lasts. What ends the link for good, as a `Refusal`, ends the block with it."""
        running, block = asyncio.create_task(self.run()), asyncio.current_task()

        def ended(done: asyncio.Task[None]) -> None:
            if not done.cancelled() and block is not None:
                block.cancel()

        running.add_done_callback(ended)
        try:
            yield
        except asyncio.CancelledError:
            error = running.exception() if running.done() and not running.cancelled() else None
            if error is None:
                raise
            if block is not None:
                block.uncancel()
            raise error from None
        finally:
            running.remove_done_callback(ended)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def run(self) -> None:
        """Connect, send, connect again, until cancelled. Raises Refusal."""
        failed = 0
        while True:
            before = self.connections
            code = await self._once()
            if code in _STOP | _HTTP_STOP:
                raise Refusal(f"the service refuses this vehicle ({code})")
            failed = 0 if self.connections > before else failed + 1
            wait_s = (
                self._replaced_s
                if code == _REPLACED
                else min(self._retry_s * 2 ** min(failed, 20), self._longest_retry_s)
            )
            await asyncio.sleep(wait_s + random.uniform(0, wait_s))

    async def emptied(self) -> None:
        """Return when the service keeps all that was recorded."""
        while not self.store.is_empty:
            self.forgot.clear()
            await self.forgot.wait()

    async def _once(self) -> int:
        """One connection, from beginning to end; the code with which it ended, 0 when there was none."""
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with connect(self.url, additional_headers=headers, compression=None, open_timeout=_ANSWER_S) as line:
                return await self._served(line)
        except InvalidStatus as error:
            return error.response.status_code
        except (OSError, TimeoutError, InvalidHandshake) as error:
            log.info("no link", reason=type(error).__name__)
            return 0
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd is not None else 1006

    async def _served(self, line: ClientConnection) -> int:
        session = VehicleSession(self.store.log, await asyncio.to_thread(self.store.kept), CLIENT)
        await line.send(session.hello())
        async with asyncio.timeout(_ANSWER_S):
            welcome = await line.recv()
        self._told = 0
        if not await self._hear(line, session, str(welcome)):
            return self._told
        self.connections += 1
        works = [asyncio.create_task(self._listen(line, session)), asyncio.create_task(self._send(line, session))]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _listen(self, line: ClientConnection, session: VehicleSession) -> int:
        told_at = asyncio.get_running_loop().time()
        async for text in line:
            if not await self._hear(line, session, str(text)):
                return self._told
            now = asyncio.get_running_loop().time()
            if now - told_at >= CLOCK_EVERY_S:
                told_at = now
                await line.send(session.clock(self.now_us()))
        return line.close_code or 1006

    async def _send(self, line: ClientConnection, session: VehicleSession) -> int:
        while True:
            self._wake.clear()
            while self._lost:
                await line.send(self._lost.pop(0))
            frames = await asyncio.to_thread(self.store.next_frames, self.now_us(), session.on_the_way, most=_AT_ONCE)
            sent = False
            for frame in frames:
                if not session.fits(HEADER_BYTES + len(frame.payload)):
                    break
                data = encode_frame(frame)
                session.sent(frame.stream, frame.seq, len(data))
                await line.send(data)
                sent = True
            if not sent:
                # Not `asyncio.wait_for`: up to Python 3.11 it swallows a cancellation that comes together with what it
                # waits for, and the link would never end.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_AGAIN_S):
                        await self._wake.wait()

    async def _hear(self, line: ClientConnection, session: VehicleSession, text: str) -> bool:
        """Do what the service's word asks for; False when the connection is to be made anew."""
        for step in session.hear(text, self.now_us()):
            match step:
                case Welcomed(answer, durable, ahead):
                    if ahead:
                        log.warning("the store is older than what the service keeps: a new log begins")
                        await asyncio.to_thread(self.store.begin_new_log)
                        return False
                    await line.send(answer)
                    for word in await asyncio.to_thread(self._lost_before, session, durable):
                        await line.send(word)
                case Forget(stream, kept):
                    await asyncio.to_thread(self.store.forget, stream, kept)
                    self.forgot.set()
                case GiveUp(stream, seq, code, answer):
                    log.warning("a frame is refused", stream=str(stream), seq=seq, code=code)
                    self.refused[code] = self.refused.get(code, 0) + 1
                    await line.send(answer)
                case Told(code, reason):
                    log.warning("the service refuses something", code=code, reason=reason)
                    if code.startswith("frame."):
                        return False  # damaged on its way, and nobody knows which
                case Ended(code, reason):
                    log.warning("the service ends the link", code=code, reason=reason)
                    self._told = _REPLACED if code == "connection.replaced" else _PROTOCOL
                    return False
        self._wake.set()
        return True

    def _lost_before(self, session: VehicleSession, durable: Mapping[Stream, Ranges]) -> list[str]:
        """What to say of numbers that are neither durable nor on board."""
        return [
            session.lost(stream, *span)
            for stream in self.store.kept()
            for span in self.store.never_to_come(stream, durable.get(stream, Ranges()))
        ]
