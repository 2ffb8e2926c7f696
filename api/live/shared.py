"""One answer for all who ask the same at about the same time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
AT_ONCE: Final = 2
HELD_S: Final = 0.25
MOST_HELD: Final = 8


class Shared(Generic[T]):
    """Reads by a number, a few at once. What was read lately serves again, as long as it serves the asker."""

    def __init__(self, read: Callable[[int], Awaitable[T]], *, at_once: int = AT_ONCE, held_s: float = HELD_S) -> None:
        self._read, self._held_s = read, held_s
        self._asking: dict[int, asyncio.Task[T]] = {}
        self._held: OrderedDict[int, tuple[float, T]] = OrderedDict()
        self._turns = asyncio.Semaphore(at_once)

    async def ask(self, key: int, serves: Callable[[T], bool]) -> T | None:
        """Return what serves; None when not even what was read after this call does. Raises what reading raises."""
        since_s, held = self._held.get(key, (-self._held_s, None))
        if held is not None and time.monotonic() - since_s < self._held_s and serves(held):
            return held
        for _ in range(2):  # the first may have been under way already
            found = await self._joined(key)
            if serves(found):
                return found
        return None

    async def close(self) -> None:
        """Give up all that is being read."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _joined(self, key: int) -> T:
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._in_turn(key))
            task.add_done_callback(lambda done: self._ended(key, done))
        # An asker who gives up must not take the answer away from the others.
        return await asyncio.shield(task)

    async def _in_turn(self, key: int) -> T:
        async with self._turns:
            since_s = time.monotonic()
            found = await self._read(key)
        self._held[key] = (since_s, found)
        self._held.move_to_end(key)
        while len(self._held) > MOST_HELD:
            self._held.popitem(last=False)
        return found

    def _ended(self, key: int, done: asyncio.Task[T]) -> None:
        if self._asking.get(key) is done:
            del self._asking[key]
        if not done.cancelled():
            done.exception()  # taken note of, even if every asker has gone
