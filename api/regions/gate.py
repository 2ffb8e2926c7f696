"""One check for many askers, never an old answer for a new question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Gate(Generic[T]):
    """Runs a check for whoever asks; those who wait together share one.

    Who asks while a check is running waits for the next one: the running one may have read before the change that
    they must see. A check begins when all that is ready to run has had its turn, so requests that came in together
    share it. At any time one check is under way at most.
    """

    def __init__(self, check: Callable[[], Awaitable[T]]) -> None:
        self._check = check
        self._waiting: list[asyncio.Future[T]] = []
        self._running: asyncio.Task[T] | None = None

    async def ask(self) -> T:
        """Return the outcome of a check that begins after this call; raises what the check raises."""
        loop = asyncio.get_running_loop()
        # Each asker has a future of its own: one who gives up takes nothing from the others.
        mine: asyncio.Future[T] = loop.create_future()
        if not self._waiting and self._running is None:
            loop.call_soon(self._begin)
        self._waiting.append(mine)
        return await mine

    def _begin(self) -> None:
        askers, self._waiting = self._waiting, []
        self._running = asyncio.ensure_future(self._checked())
        self._running.add_done_callback(lambda ended: self._tell(ended, askers))

    async def _checked(self) -> T:
        return await self._check()

    def _tell(self, ended: asyncio.Task[T], askers: list[asyncio.Future[T]]) -> None:
        self._running = None
        error = None if ended.cancelled() else ended.exception()
        for asker in askers:
            if asker.done():
                continue
            if ended.cancelled():
                asker.cancel()
            elif error is not None:
                asker.set_exception(error)
            else:
                asker.set_result(ended.result())
        if self._waiting:
            self._begin()
