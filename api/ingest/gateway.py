"""All vehicles that are connected to this process, and the writer that they share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

import structlog

from api.er.hub import Hub
from api.ingest.apart import Apart
from api.ingest.detecting import Detecting
from api.ingest.following import Following
from api.ingest.lookout import Lookout
from api.ingest.matching import Roads
from api.ingest.writer import Writer
from api.loops import repeating
from api.parts import Parts
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.telemetry.queries import newest_connections
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_coding import warm_up
from dispatch.telemetry.rules_share import Share
from dispatch.telemetry.service_store import make_frame_days
from dispatch.telemetry.states import Kind, Window
from dispatch.units.rules_position import Fix

LOOK_EVERY_S: Final = 2.0
DAYS_EVERY: Final = timedelta(hours=1)

log = structlog.get_logger("tarim.ingest")


class Connected(Protocol):
    """A vehicle's connection, as far as others end it."""

    id: UUID
    unit_id: UUID

    def replace(self) -> None:
        """Learn that a newer one is there."""


class Gateway:
    """Made once, by the composition root; `app.state.gateway`."""

    def __init__(
        self,
        parts: Parts,
        digester: Digester,
        roads: Roads | None = None,
        moved: Callable[[Iterable[UUID]], None] = lambda _: None,
        *,
        share: Share = Share(),  # noqa: B008 - it is frozen
        window: Window = Window(),  # noqa: B008 - the same
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """moved: told whose newer positions are committed."""
        self.parts, self.share, self.window, self.monotonic = parts, share, window, monotonic
        self.pause = pause
        self._connected: dict[UUID, Connected] = {}
        self.hub = Hub(parts, self._connected.__contains__)
        self.detecting = Detecting(parts, digester, roads)
        self.following = Following(parts, digester)
        self.apart = Apart(parts, self.following, lambda: len(self._connected))
        self.lookout = Lookout(parts, digester)
        self._moved = moved
        self.writer = Writer(parts, digester, self.hub.passed, self._taken, self.hub.came)
        self._look_every_s = look_every_s
        self._days_at: datetime | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write, and look for newer connections elsewhere, while the block lasts."""
        await asyncio.to_thread(warm_up)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.lookout.running())
            await stack.enter_async_context(self.apart.running())
            await stack.enter_async_context(self.detecting.running())
            await stack.enter_async_context(self.writer.running())
            await stack.enter_async_context(
                repeating(self._look, self._look_every_s, "vehicles' connections were not looked at")
            )
            yield

    def take_fixes(self, fixes: Sequence[Fix]) -> None:
        """Take positions that came by another way and were committed."""
        self.detecting.take_fixes(fixes)
        self._moved({one.unit_id for one in fixes})

    def _taken(self, arrivals: Sequence[Arrival]) -> None:
        """Learn what was committed, each frame once."""
        self.detecting.take(arrivals)
        self.following.stir()
        moved = {one.unit_id for one in arrivals if one.stream.kind is Kind.POSITION}
        if moved:
            self._moved(moved)

    @asynccontextmanager
    async def seated(self, connection: Connected) -> AsyncIterator[None]:
        """Be the vehicle's connection here, and end the one before."""
        before = self._connected.get(connection.unit_id)
        self._connected[connection.unit_id] = connection
        if before is not None:
            before.replace()
        try:
            yield
        finally:
            if self._connected.get(connection.unit_id) is connection:
                del self._connected[connection.unit_id]

    async def _look(self) -> None:
        """End those whose vehicle has connected to another process since; make the days ahead."""
        try:
            here = dict(self._connected)
            if here:
                async with self.parts.database.read() as session:
                    newest = await newest_connections(session, here)
                for unit_id, connection in here.items():
                    if newest.get(unit_id, connection.id) != connection.id:
                        connection.replace()
            now = self.parts.clock.now()
            if self._days_at is None or now - self._days_at >= DAYS_EVERY:
                async with self.parts.database.write() as session:
                    await make_frame_days(session, self.parts.clock)
                self._days_at = now
        except TarimError as error:
            log.info("vehicles' connections could not be looked at", code=error.code)
