"""From the vehicles of this process to its screens, in memory: as it comes, or after the commit (`Writer`).

A vehicle may be connected to another process. Then a screen's frames are read from where they are kept, often enough
for an eye: `NOTIFY` in each commit would cost the writer half of what it can take (`BENCHMARKS.md`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from api.er.passing import AT_ONCE, PASSED, Queue, fresh, passing, stored
from api.parts import Parts
from dispatch.kernel.errors import TarimError
from dispatch.telemetry.queries import list_raw_frames
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.states import Frame

LOOK_EVERY_S: Final = 0.25
OVERLAP: Final = timedelta(seconds=5)
"""Read again of what was received before: a batch may commit after a later one."""
REACHES_BACK: Final = timedelta(minutes=10)
"""What is older when it comes is no live picture; it is asked for."""
MOST_AT_ONCE: Final = 500
_STOP_S: Final = 2.0

Place = tuple[UUID, int]
"""A vehicle and a patient's place in it."""

log = structlog.get_logger("tarim.er")


class Hub:
    """All screens of this process that follow a place in a vehicle. Made by the composition root; `app.state.hub`.

    is_here: whether a vehicle is connected to this process.
    """

    def __init__(self, parts: Parts, is_here: Callable[[UUID], bool], *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._parts, self._is_here, self._look_every_s = parts, is_here, look_every_s
        self._queues: dict[Place, set[Queue]] = {}

    @property
    def screens(self) -> int:
        """How many follow something."""
        return sum(map(len, self._queues.values()))

    def came(self, unit_id: UUID, frame: Frame, received_us: int, clock_offset_us: int) -> bool:
        """Take what a vehicle has just sent, before it is kept, and say whether it was shown.

        An eye waits for no disk. What is not kept in the end, because the service goes down, the vehicle sends again.
        """
        queues = self._queues.get((unit_id, frame.stream.slot)) if frame.stream.kind in AT_ONCE else None
        if not queues or frame.stream.slot == 0:
            return False
        one = fresh(frame, received_us, clock_offset_us)
        for queue in queues:
            queue.put(one)
        return True

    def passed(self, arrivals: Sequence[Arrival]) -> None:
        """Take what was committed just now, and was not shown as it came. Costs nothing while nobody looks."""
        if not self._queues:
            return
        try:
            for arrival in arrivals:
                queues = self._queues.get((arrival.unit_id, arrival.stream.slot))
                frame = passing(arrival) if queues else None
                if frame is not None:
                    for queue in queues or ():
                        queue.put(frame)
        except Exception:  # whatever it was, what is committed stays so, and no screen holds up the writer
            log.exception("frames were not passed on")

    @asynccontextmanager
    async def following(self, place: Place, queue: Queue) -> AsyncIterator[None]:
        """Put into the queue what a place sends, while the block lasts. A frame may come twice."""
        self._queues.setdefault(place, set()).add(queue)
        looking = asyncio.create_task(self._look(place, queue))
        try:
            yield
        finally:
            self._queues[place].discard(queue)
            if not self._queues[place]:
                del self._queues[place]
            looking.cancel()
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(looking, _STOP_S)

    async def _look(self, place: Place, queue: Queue) -> None:
        """Read what comes to other processes."""
        known: dict[tuple[int, int, datetime], datetime] = {}
        since = self._parts.clock.now()
        while True:
            await asyncio.sleep(self._look_every_s)
            if self._is_here(place[0]):
                known.clear()
                since = self._parts.clock.now()
                continue
            try:
                since = await self._read(place, queue, since, known)
            except TarimError as error:
                log.info("frames of another process cannot be read", code=error.code)
            except Exception:  # whatever it was, the next look may go well
                log.exception("frames of another process could not be read")

    async def _read(
        self, place: Place, queue: Queue, since: datetime, known: dict[tuple[int, int, datetime], datetime]
    ) -> datetime:
        now, (unit_id, slot) = self._parts.clock.now(), place
        async with self._parts.database.read() as session:
            frames = await list_raw_frames(
                session, unit_id, PASSED, slot, now - REACHES_BACK, now + OVERLAP, received_from=since - OVERLAP,
                most=MOST_AT_ONCE,
            )  # fmt: skip
        for frame in frames:
            key = (int(frame.stream.kind), frame.seq, frame.at)
            if key not in known:
                known[key] = frame.received_at
                queue.put(stored(frame))
        for key in [key for key, at in known.items() if at < since - 2 * OVERLAP]:
            del known[key]
        return max((frame.received_at for frame in frames), default=since)
