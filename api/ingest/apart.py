"""Who looks for alarms: this process while there is little to look at, one of its own while there is much.

A small installation pays nothing for a second process; a large one looks on a core of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import msgspec
import structlog

from api.ingest.follower import Where
from api.ingest.following import Following
from api.parts import Parts
from dispatch.kernel.clock import SystemClock

HERE: Final = "api.ingest.follower"
APART_FROM: Final = 600.0
"""Frames a second: about 100 vehicles, each with an ECG."""
A_VEHICLE: Final = 7.0
"""Frames a second of a vehicle with an ECG."""
LOOK_EVERY_S: Final = 1.0
AGAIN_S: Final = 1.0
READY_S: Final = 60.0
"""A process that is not ready by then is given up, and this one looks itself."""
INSIDE_S: Final = 60.0
_PATIENCE_S: Final = 5.0

log = structlog.get_logger("tarim.detection")


class Apart:
    """Made once, with the gateway."""

    def __init__(
        self,
        parts: Parts,
        following: Following,
        vehicles: Callable[[], int] = lambda: 0,
        *,
        apart_from: float = APART_FROM,
    ) -> None:
        """apart_from: so many frames a second are too many for this process; vehicles: how many are connected to it."""
        self._parts, self._following, self._vehicles = parts, following, vehicles
        self.apart_from = apart_from
        self.pid: int | None = None
        """Of the process that looks; None while this one does, or another's."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """See to it while the block lasts."""
        async with self._following.running():
            # With another clock than the machine's nobody else would know what time it is.
            going = asyncio.create_task(self._go_on()) if isinstance(self._parts.clock, SystemClock) else None
            try:
                yield
            finally:
                if going is not None:
                    going.cancel()
                    await asyncio.wait([going])

    async def _go_on(self) -> None:
        seen = self._following.looked_at
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now = self._following.looked_at
            # A crowd that connects at once is known before its frames: a busy process looks at few of them.
            coming = self._vehicles() * A_VEHICLE if self._following.follows else 0.0
            if max((now - seen) / LOOK_EVERY_S, coming) >= self.apart_from:
                try:
                    await self._followed_apart()
                except Exception:
                    log.exception("no process of its own looks for alarms")
                await self._following.begin()
                await asyncio.sleep(INSIDE_S)
            seen = self._following.looked_at

    async def _followed_apart(self) -> None:
        """Have another process follow, and begin it again when it ends, until it cannot begin."""
        while True:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", HERE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
            try:
                if not await self._is_ready(child):
                    log.error("the process that is to look for alarms did not begin")
                    return
                await self._following.rest()
                self.pid = child.pid
                code = await child.wait()
                log.error("the process that looks for alarms has ended, and is begun again", code=code)
            finally:
                self.pid = None
                await _ended(child)
            await asyncio.sleep(AGAIN_S)

    async def _is_ready(self, child: asyncio.subprocess.Process) -> bool:
        if child.stdin is None or child.stdout is None:
            return False
        settings = self._parts.settings
        where = Where(self._parts.url, settings.region, str(settings.home))
        child.stdin.write(msgspec.json.encode(where) + b"\n")
        try:
            async with asyncio.timeout(READY_S):
                return bool(await child.stdout.readline())
        except TimeoutError:
            return False


async def _ended(child: asyncio.subprocess.Process) -> None:
    """End a process if it has not ended: its input ends, then it is killed."""
    if child.returncode is None:
        if child.stdin is not None:
            child.stdin.close()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await child.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
