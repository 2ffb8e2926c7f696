"""What goes on by itself beside the answering: how it is repeated, and the journal's anchors."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from api.parts import Parts
from dispatch.audit.service import check_anchor, keep_anchor
from dispatch.kernel.anchors import FILE, AnchorFile
from dispatch.kernel.errors import Conflict, TarimError
from dispatch.kernel.turns import Turn, Work

EVERY_S: Final = 5.0
AFTER_S: Final = 1.0
"""So long after its start a service begins with what goes on by itself: it answers first."""
_PATIENCE_S: Final = 3.0

log = structlog.get_logger("tarim.journal")


@asynccontextmanager
async def repeating(step: Callable[[], Awaitable[object]], every_s: float, failed: str) -> AsyncIterator[None]:
    """Do something again and again while the block lasts, first a moment after its begin.

    What goes wrong is logged as `failed`, and tried anew.
    """
    stopping = asyncio.Event()

    async def paused(pause_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await stopping.wait()

    async def go_on() -> None:
        await paused(min(AFTER_S, every_s))
        while not stopping.is_set():
            try:
                await step()
            except Exception:  # whatever it was, the next time may go well, and the service answers meanwhile
                log.exception(failed)
            await paused(every_s)

    going = asyncio.create_task(go_on())
    try:
        yield
    finally:
        # A step under way is let come to its end: cut off, it would leave its connection in pieces.
        stopping.set()
        _, late = await asyncio.wait([going], timeout=_PATIENCE_S)
        for task in late:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


class Anchoring:
    """Compares the journal with its anchors in every process, and writes new ones in one process at a time."""

    def __init__(self, parts: Parts, *, every_s: float = EVERY_S) -> None:
        self._parts = parts
        self._file = AnchorFile(parts.settings.home / FILE)
        self._turn = Turn(parts.database, Work.ANCHORS)
        self._every_s = every_s
        self._looking = asyncio.Lock()
        self.problem = ""
        """What is wrong with the journal or its anchors, in one sentence; "" if nothing is."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block lasts."""
        try:
            async with repeating(self.look, self._every_s, "the journal's anchors were not looked at"):
                yield
        finally:
            await self._turn.give_up()

    async def look(self) -> None:
        """Look once, and write an anchor if it is due and our turn."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        try:
            async with self._parts.database.read() as session:
                await check_anchor(session, self._file)
            if await self._turn.mine():
                async with self._parts.database.read() as session:
                    await keep_anchor(session, self._parts.clock, self._file)
        except Conflict as error:
            self._tell(error, alarm=True)
        except TarimError as error:
            if not error.code.startswith("database."):  # that is told elsewhere
                self._tell(error, alarm=False)
        else:
            self.problem = ""

    def _tell(self, error: TarimError, *, alarm: bool) -> None:
        told = f"{error.message} {error.hint}".strip()
        if told != self.problem:
            (log.error if alarm else log.warning)("journal alarm", code=error.code, reason=error.message)
        self.problem = told
