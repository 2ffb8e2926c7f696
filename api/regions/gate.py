"""One check for many askers, never an old answer for a new question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Gate(Generic[T]):
    """Runs a check for whoever asks; those who wait together share one.

    Who asks while a check is running waits for the next one: the running one may have read before the change that
    they must see. So each asker gets a check that began after they asked, and at most two are under way or waiting.
    """

    def __init__(self, check: Callable[[], Awaitable[T]]) -> None:
        self._check = check
        self._running: asyncio.Task[T] | None = None
        self._next: asyncio.Future[T] | None = None

    async def ask(self) -> T:
        """Return the outcome of a check that began after this call; raises what the check raises."""
        if self._running is None:
            return await asyncio.shield(self._start())
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        # An asker who gives up must not take the check away from the others.
        return await asyncio.shield(self._next)

    def _start(self) -> asyncio.Task[T]:
        self._running = asyncio.ensure_future(self._checked())
        self._running.add_done_callback(self._ended)
        return self._running

    async def _checked(self) -> T:
        return await self._check()

    def _ended(self, ended: asyncio.Task[T]) -> None:
        self._running = None
        if not ended.cancelled():
            ended.exception()  # taken note of, even if every asker has gone
        waiting, self._next = self._next, None
        if waiting is None or ended.get_loop().is_closed():
            return
        self._start().add_done_callback(lambda task: _hand_over(task, waiting))


def _hand_over(task: asyncio.Task[T], waiting: asyncio.Future[T]) -> None:
    if waiting.done():
        return
    if task.cancelled():
        waiting.cancel()
    elif (error := task.exception()) is not None:
        waiting.set_exception(error)
        waiting.exception()
    else:
        waiting.set_result(task.result())
