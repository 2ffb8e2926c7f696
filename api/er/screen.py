"""A screen that is sent what is measured at one patient, over a WebSocket: an emergency room's, or an ECMO case's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import msgspec
import structlog
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from api.auth import Doorkeeper
from api.er.hub import Hub, Place
from api.er.passing import SAMPLED, Passing, Queue
from api.er.schemas import EventOut, ValueOut, event_out, value_out
from api.er.vitals import happened_of, points_of
from api.errors import ProblemError
from api.sockets import first_ended
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.db import Session
from dispatch.kernel.errors import DatabaseUnavailable, NotFound, TarimError
from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.queries_attachments import Carried, list_carried
from dispatch.telemetry.rules_arrivals import micros, moment
from dispatch.telemetry.states import Kind, Stream

TICK_S: Final = 1.0
LOOK_S: Final = 1.0
STALL_S: Final = 10.0
"""A screen that takes nothing for so long is closed."""
REFUSED: Final = 4403
"""Close code: this patient is not brought to your hospital, or not any more."""
STALLED: Final = 4408
LATER: Final = 1013
MOST_SCREENS: Final = 500
"""In one process."""
BUG: Final = 1011
_CLOSE_S: Final = 1.0
End = tuple[int, str]

log = structlog.get_logger("tarim.er")
_encoder: Final = msgspec.json.Encoder()


class AttachedPart(msgspec.Struct, frozen=True):
    """From which place in which vehicle a patient's data come, since when."""

    unit_id: UUID
    slot: int
    begins_at: datetime


class Welcome(msgspec.Struct, frozen=True, tag="welcome", tag_field="op"):
    """The first message, and again whenever the place changes: null while no place carries this patient's data."""

    now: datetime
    attached: AttachedPart | None


class Tick(msgspec.Struct, frozen=True, tag="tick", tag_field="op"):
    """Once a second: the link lives, and this is the time."""

    now: datetime


class ValuesPart(msgspec.Struct, frozen=True, tag="values", tag_field="op"):
    """Values of one moment."""

    values: list[ValueOut]


class Skipped(msgspec.Struct, frozen=True, tag="skipped", tag_field="op"):
    """The screen was too slow: frames from `from_us` to `until_us` were not sent; ask `/frames` for them."""

    from_us: int
    until_us: int


class Bye(msgspec.Struct, frozen=True, tag="bye", tag_field="op"):
    """The service closes the connection now."""

    code: str


class EventPart(msgspec.Struct, frozen=True, tag="event", tag_field="op"):
    """Something that a device told."""

    event: EventOut


class Gate(Protocol):
    """Who lets a screen look at a patient."""

    async def open(self) -> UUID:
        """Whom it looks at; the look is put down. Raises TarimError, ProblemError (`permission.refused`)."""
        ...

    async def lets(self, session: Session, patient_id: UUID) -> bool:
        """Whether it may go on looking at him."""
        ...


async def serve(websocket: WebSocket, actor: Principal, door: Doorkeeper, gate: Gate) -> None:
    """Tell what is measured until either side ends it."""
    await websocket.accept()
    async with door.holding(actor, websocket):
        code, reason = await _Screen(websocket, door, gate).until_the_end()
        if code:
            with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
                async with asyncio.timeout(_CLOSE_S):
                    await websocket.send_text(_text(Bye(reason)))
                    await websocket.close(code, reason)


class _Screen:
    """One screen that looks at one patient."""

    def __init__(self, websocket: WebSocket, door: Doorkeeper, gate: Gate) -> None:
        self._websocket, self._door, self._gate = websocket, door, gate
        self._patient_id = UUID(int=0)
        self._clock, self._hub = door.parts.clock, hub_of(websocket)
        self._queue, self._look_now = Queue(), asyncio.Event()
        self._carried: Carried | None = None
        self._place: Place | None = None
        self._words: list[msgspec.Struct] = []
        self._welcomed = False
        self._moves = self._moves_seen = 0

    async def until_the_end(self) -> End:
        """Serve; return how the socket is to be closed, code 0 when it is closed already."""
        if self._hub.screens >= MOST_SCREENS:
            return (LATER, "er.full")
        try:
            self._patient_id = await self._gate.open()
        except (ProblemError, NotFound) as error:
            return (REFUSED, error.code)
        except TarimError as error:
            return (LATER, error.code)
        first = await first_ended(self._listen(), self._tell(), self._look())
        if (failed := first.exception()) is not None:
            log.error("a screen could not be served", exc_info=failed)
            return (BUG, "internal")
        return first.result()

    async def _listen(self) -> End:
        while True:
            if (await self._websocket.receive())["type"] == "websocket.disconnect":
                return (0, "")

    async def _look(self) -> End:
        """Follow the place that carries the patient's data, as long as it may be seen."""
        async with AsyncExitStack() as following:
            while True:
                self._look_now.clear()
                moves = self._moves
                try:
                    async with self._door.parts.database.read() as session:
                        if not await self._gate.lets(session, self._patient_id):
                            return (REFUSED, "permission.refused")
                        periods = await list_carried(session, self._patient_id)
                except DatabaseUnavailable:
                    pass  # what was allowed stays so until the database says otherwise
                else:
                    present = [one for one in periods if one.attachment.ends_at is None]
                    await self._follow(present[-1] if present else None, following)
                    self._moves_seen = moves
                    self._queue.wake.set()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._look_now.wait()

    async def _follow(self, carried: Carried | None, following: AsyncExitStack) -> None:
        if carried == self._carried and self._welcomed:
            return
        place = None if carried is None else (carried.unit_id, carried.slot)
        if place != self._place:
            await following.aclose()
            self._queue.take()  # of the former place
            if place is not None:
                await following.enter_async_context(self._hub.following(place, self._queue))
        self._carried, self._place, self._welcomed = carried, place, True
        told = None if carried is None else AttachedPart(carried.unit_id, carried.slot, carried.attachment.begins_at)
        self._words.append(Welcome(self._clock.now(), told))
        self._queue.wake.set()

    async def _tell(self) -> End:
        loop = asyncio.get_running_loop()
        tick_s = loop.time()
        while True:
            frames, skipped = self._taken()
            words, self._words = self._words, []
            if skipped is not None:
                words.append(Skipped(*skipped))
            if loop.time() >= tick_s:
                words.append(Tick(self._clock.now()))
                tick_s = loop.time() + TICK_S
            try:
                for part in (*map(_text, words), *self._parts(frames)):
                    async with asyncio.timeout(STALL_S):
                        if isinstance(part, str):
                            await self._websocket.send_text(part)
                        else:
                            await self._websocket.send_bytes(part)
            except TimeoutError:
                return (STALLED, "er.stalled")
            except (WebSocketDisconnect, RuntimeError):
                return (0, "")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(tick_s - loop.time(), 0)):
                    await self._queue.wake.wait()

    def _taken(self) -> tuple[list[Passing], tuple[int, int] | None]:
        if self._moves_seen == self._moves:
            return self._queue.take()
        # While it is not known whose data they are now, they wait: `_look` wakes.
        self._queue.wake.clear()
        return [], None

    def _parts(self, frames: Sequence[Passing]) -> Iterator[str | bytes]:
        """What is told of frames: nothing of before the patient was attached."""
        for place, frame in enumerate(frames, 1):
            if self._carried is None or frame.at_us < micros(self._carried.attachment.begins_at):
                continue
            if frame.kind in SAMPLED:
                yield frame.told()
                continue
            raw = RawFrame(
                Stream(frame.kind, frame.slot), frame.seq, moment(frame.at_us), moment(frame.received_us), frame.sure,
                frame.payload,
            )  # fmt: skip
            if frame.kind is Kind.EVENT:
                event = happened_of(raw)
                if event is not None:
                    yield _text(EventPart(event_out(raw.at, event)))
                else:  # attached or detached, perhaps: whose data the next ones are is asked first
                    self._moves += 1
                    self._look_now.set()
                    self._queue.give_back(frames[place:])
                    return
            else:
                yield _text(ValuesPart([value_out(one) for one in points_of(raw)]))


def hub_of(websocket: WebSocket) -> Hub:
    """Return what passes vehicles' frames on in this process."""
    found: Hub = websocket.app.state.gateway.hub
    return found


def _text(message: msgspec.Struct) -> str:
    return _encoder.encode(message).decode()
