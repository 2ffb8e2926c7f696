"""Follows what is kept of vehicles' streams: whatever it misses waits in the database, and nothing is passed over.

One process at a time follows, of all that share a database. It notes what it has looked at in the transaction that
keeps what it found: killed at any moment, the next one goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import structlog

from api.ingest.attendance import Attendance
from api.parts import Parts
from dispatch.clinical import rules_ecg
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.kernel.turns import Turn, Work
from dispatch.telemetry.detection.queries_unlooked import (
    MOST_BATCHES,
    Kept,
    arrival_of,
    list_kept_of,
    list_unlooked,
)
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_coding import warm_up

LOOK_EVERY_S: Final = 2.0
IDLE_S: Final = 0.5
TURN_S: Final = 1.0
"""After so long it is asked again whether another still follows."""
PACE_S: Final = 0.25
"""What came meanwhile is looked at together: an alarm, which has to hold for seconds, is later by so much at most."""
BUSY_PACE_S: Final = 1.0
"""The same, after `BUSY` frames or more."""
BUSY: Final = 250
MOST_AT_ONCE: Final = 8_000
_STRETCH: Final = 100
_PATIENCE_S: Final = 2.0

log = structlog.get_logger("tarim.detection")


class Following:
    """Made once in a process. It looks after a frame is committed: no finding costs a frame."""

    def __init__(
        self, parts: Parts, digester: Digester, *, every_s: float = LOOK_EVERY_S, most_at_once: int = MOST_AT_ONCE
    ) -> None:
        self._parts, self._digester, self._every_s, self._most = parts, digester, every_s, most_at_once
        self._turn = Turn(parts.database, Work.DETECTION)
        self._attendance: Attendance | None = None
        self._wake, self._stopping = asyncio.Event(), False
        self._working: asyncio.Task[None] | None = None
        self._learnt_at = 0.0
        self.looked_at = 0
        """Frames so far."""

    @property
    def follows(self) -> bool:
        """Whether it is this one that follows, of all processes."""
        return self._attendance is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow while the block lasts, as soon as no other does."""
        await self.begin()
        try:
            yield
        finally:
            await self.rest()

    async def begin(self) -> None:
        """Follow, as soon as no other does, if this does not already."""
        if self._working is None:
            self._stopping = False
            self._working = asyncio.create_task(self._go_on())

    @staticmethod
    async def warm() -> None:
        """Compile what is needed, or load it, so that no frame waits for that."""
        await asyncio.to_thread(warm_up)
        await asyncio.to_thread(rules_ecg.warm_up)

    async def rest(self) -> None:
        """Follow no more: another may."""
        self._stopping = True
        self._wake.set()
        working, self._working = self._working, None
        if working is not None:
            done, _ = await asyncio.wait([working], timeout=_PATIENCE_S)
            if not done:
                working.cancel()
                await asyncio.wait([working])
        self._attendance = None
        await self._turn.give_up()

    def stir(self) -> None:
        """Learn that something was committed."""
        self._wake.set()

    async def _go_on(self) -> None:
        await self.warm()
        while not self._stopping:
            pause_s = TURN_S
            try:
                if await self._mine():
                    pause_s = await self._round()
            except TarimError as error:
                log.info("detection waits", code=error.code)
            except Exception:
                log.exception("something was not looked at")
            if pause_s and not self._stopping:
                await self._paused(pause_s)

    async def _paused(self, pause_s: float) -> None:
        """Wait; where nothing was there to look at, until something is."""
        if pause_s == IDLE_S:
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause_s)
        else:
            await asyncio.sleep(pause_s)

    async def _mine(self) -> bool:
        try:
            mine = await self._turn.mine()
        except BaseException:
            self._attendance = None  # another may follow meanwhile
            raise
        if not mine:
            self._attendance = None
        elif self._attendance is None:
            self._attendance = Attendance(self._parts, self._digester)
            self._learnt_at = 0.0
        return mine

    async def _round(self) -> float:
        """Look at what waits; return for how long to wait before the next."""
        attendance, loop = self._attendance, asyncio.get_running_loop()
        if attendance is None:
            return self._every_s
        await attendance.findings.keep()
        began, now = loop.time(), self._parts.clock.now()
        async with self._parts.database.read() as session:
            batches = await list_unlooked(session, self._most)
            kept = await list_kept_of(session, batches) if batches else []
        # While it is behind, time goes on as in what it looks at.
        at = min(now, batches[0].kept_at) if batches else now
        if began - self._learnt_at >= self._every_s:
            await attendance.learn(at)
            self._learnt_at = began
        frames = sum(batch.frames for batch in batches)
        if batches:
            arrivals = await self._read(kept)
            failed = await attendance.look(arrivals, at) if arrivals else 0
            lost = frames - len(arrivals) + failed
            if lost:
                log.error("frames were not looked at", frames=lost)
            attendance.findings.done([batch.id for batch in batches], lost=lost)
        behind = frames * 2 > self._most or len(batches) == MOST_BATCHES
        if not behind:
            await attendance.hear(at)
        await attendance.findings.keep()
        self.looked_at += frames
        if not frames:
            return IDLE_S
        if behind:
            return 0.0
        return max(0.0, (BUSY_PACE_S if frames >= BUSY else PACE_S) - (loop.time() - began))

    @staticmethod
    async def _read(kept: Sequence[Kept]) -> list[Arrival]:
        arrivals: list[Arrival] = []
        for begin in range(0, len(kept), _STRETCH):
            arrivals += await asyncio.to_thread(_arrivals, kept[begin : begin + _STRETCH])
            await asyncio.sleep(0)
        return arrivals


def _arrivals(kept: Sequence[Kept]) -> list[Arrival]:
    made: list[Arrival] = []
    for row in kept:
        try:
            made.append(arrival_of(row))
        except ValueError:
            log.exception("a frame was not looked at", unit=str(row[0]))
    return made
