"""`GET /api/live`: the WebSocket of screens and vehicles. It only tells; what is done is asked for over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Annotated, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.live.feed import Feed, Seat
from api.live.messages import Welcome, encode
from api.live.protocol import TOO_SLOW, Close, Need, What
from api.live.reading import OtherJournal
from api.live.sight import Sight, is_bound_to_a_unit, sight_of
from api.sockets import first_ended
from api.wire import FRAMED
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.errors import DatabaseUnavailable, NotFound, TarimError
from dispatch.units.queries import get_unit
from dispatch.units.queries_crew import find_on_duty

STALL_S: Final = 10.0
"""A client that takes nothing for so long is closed."""
MOST_CLIENTS: Final = 2_000
"""In one process."""
LATER: Final = 1013
"""WebSocket close code: try again later."""
BUG: Final = 1011
_WELCOME_S: Final = 2.0
_CLOSE_S: Final = 1.0
_RETRY_S: Final = 1.0
_AT_ONCE_BYTES: Final = 65_536
"""So much to one client, before others have their turn."""

router = APIRouter()
log = structlog.get_logger("tarim.live")


class _GoneError(Exception):
    """The socket is closed already."""


class _StalledError(Exception):
    """The client does not take what is sent."""


@router.websocket("/live")
async def live(websocket: WebSocket, actor: Annotated[Principal, requires("live.read")], door: DoorkeeperDep) -> None:
    """Tell facts, rows and latest values until either side ends it."""
    await websocket.accept()
    async with door.holding(actor, websocket):
        close = await _Serving(websocket, actor, door).until_the_end()
        if close is not None:
            with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
                async with asyncio.timeout(_CLOSE_S):
                    await websocket.close(close.code, close.reason)


class _Serving:
    """One client being served."""

    def __init__(self, websocket: WebSocket, actor: Principal, door: Doorkeeper) -> None:
        self._websocket, self._actor, self._door = websocket, actor, door
        self._feed: Feed = websocket.app.state.feed

    async def until_the_end(self) -> Close | None:
        """Serve; return how the socket is to be closed, None when it is closed already."""
        if self._feed.clients >= MOST_CLIENTS:
            return Close(LATER, "live.full")
        try:
            sight = await self._sight()
        except TarimError as error:
            return Close(LATER, error.code)
        async with self._feed.seated(self._actor, sight) as seat:
            first = await first_ended(self._listen(seat), self._tell(seat))
        return _outcome(first)

    async def _listen(self, seat: Seat) -> Close | None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if text is None:
                seat.client.refuse("live.binary", "Messages are text, not bytes.")
            else:
                seat.client.take(text)
            seat.wake.set()
            while seat.client.is_full:
                seat.drained.clear()
                await seat.drained.wait()

    async def _tell(self, seat: Seat) -> Close | None:
        await self._send((await self._welcome(seat),))
        while True:
            seat.wake.clear()
            step = seat.client.pull()
            seat.drained.set()
            if isinstance(step, Close):
                return step
            if isinstance(step, Need):
                await self._serve(seat, step)
            elif step is None:
                await seat.wake.wait()
            else:
                await self._send(step)

    async def _welcome(self, seat: Seat) -> bytes:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WELCOME_S):
                await self._feed.begun.wait()
        seq = self._feed.log.position if self._feed.log.begun else None
        now, topics = self._door.parts.clock.now(), sorted(seat.client.view.sight.topics)
        return encode(Welcome(now, seq, self._websocket.app.version, topics))

    async def _serve(self, seat: Seat, need: Need) -> None:
        """Read what is needed; ticks and replies go on meanwhile."""
        reading = asyncio.create_task(self._read(seat, need))
        reading.add_done_callback(lambda _: seat.wake.set())
        try:
            while not reading.done():
                await self._send(seat.client.meanwhile())
                seat.drained.set()
                if not reading.done():
                    await seat.wake.wait()
                    seat.wake.clear()
            await self._send(reading.result())
        finally:
            reading.cancel()

    async def _read(self, seat: Seat, need: Need) -> tuple[bytes, ...]:
        client, feed = seat.client, self._feed
        try:
            if need.what is What.PAGE:
                return client.give_page(need, await feed.page(need))
            if need.what is What.BOARDS:
                client.give_boards(need, await feed.boards(need))
            elif need.what is What.CHECK:
                client.give_check(need, await feed.check(need))
            else:
                client.give_sight(await self._sight())
        except (DatabaseUnavailable, OtherJournal):
            await asyncio.sleep(_RETRY_S)  # ticks tell the one, the feed itself the other
        except TarimError as error:
            client.refuse(error.code, error.message)
            await asyncio.sleep(_RETRY_S)
        return ()

    async def _sight(self) -> Sight:
        return sight_of(self._actor, await self._own_unit() if is_bound_to_a_unit(self._actor) else None)

    async def _own_unit(self) -> UUID | None:
        actor, parts = self._actor, self._door.parts
        async with parts.database.read() as session:
            if actor.kind is ActorKind.PERSON:
                duty = await find_on_duty(session, actor.id)
                return None if duty is None else duty.unit_id
            if actor.region != parts.settings.region:
                return None
            try:
                return (await get_unit(session, actor.region, actor.call_sign)).id
            except NotFound:
                return None

    async def _send(self, frames: tuple[bytes, ...]) -> None:
        for parcel in _parcels(frames):
            try:
                async with asyncio.timeout(STALL_S):
                    await self._websocket.send({"type": "websocket.send", FRAMED: parcel})
            except TimeoutError:
                raise _StalledError from None
            except (WebSocketDisconnect, RuntimeError):
                raise _GoneError from None
            if len(parcel) >= _AT_ONCE_BYTES:
                await asyncio.sleep(0)


def _parcels(frames: tuple[bytes, ...]) -> Iterator[bytes]:
    """Put frames together, so that few are written apart."""
    held: list[bytes] = []
    size = 0
    for frame in frames:
        held.append(frame)
        size += len(frame)
        if size >= _AT_ONCE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _outcome(work: asyncio.Task[Close | None]) -> Close | None:
    error = work.exception()
    if error is None:
        return work.result()
    if isinstance(error, _StalledError):
        return Close(TOO_SLOW, "live.stalled")
    if isinstance(error, _GoneError):
        return None
    log.error("a client could not be served", exc_info=error)
    return Close(BUG, "internal")
