"""The writer of a process: what arrived during the last commit makes the next batch; who sent it is told after.

It writes in a few lanes side by side, each vehicle in one: while a batch waits for the database, others are made.
While the database does not answer, the batch is tried again and again, and vehicles' windows fill: they keep the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, Protocol
from uuid import UUID

import msgspec
import structlog

from api.ingest.attaching import follow
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.db import Database, Line
from dispatch.kernel.digests import Digester
from dispatch.telemetry.rules_arrivals import Arrival, arrived, given_up, moment
from dispatch.telemetry.rules_coding import Coding, pack_all
from dispatch.telemetry.rules_payloads import Payload
from dispatch.telemetry.rules_ranges import Span
from dispatch.telemetry.service_store import Known, StoreReport, is_of_the_frames, store, store_by
from dispatch.telemetry.states import Frame, Kind, Stream
from dispatch.units.rules_duty import in_force

MOST_ROWS: Final = 1_000
LANES: Final = 2
"""While a batch of one waits for the database, one of the other is made."""
BUSY_ROWS: Final = 32
PACE_S: Final = 0.02
"""After a batch of `BUSY_ROWS` or more a lane begins the next one no sooner: a batch costs as much as many frames."""
MOST_WAITING_BYTES: Final = 64_000_000
"""Of all vehicles together; beyond it nobody is read."""
PATIENCE_S: Final = 2.0
COMMIT_S: Final = 20.0
"""A commit that takes longer hangs on a connection that has died; it is tried again on another."""
_RETRY_S: Final = 0.2
_LONGEST_RETRY_S: Final = 2.0

log = structlog.get_logger("tarim.ingest")


class Sender(Protocol):
    """Who sent something and waits to hear that it is kept."""

    unit_id: UUID
    log: UUID
    actor: Principal

    def kept(self, items: Sequence[tuple[Stream, Span]]) -> None:
        """Learn that these are committed."""

    def unkept(self, items: Sequence[tuple[Stream, Span]]) -> None:
        """Learn that these cannot be kept."""


class Item(msgspec.Struct):
    """A frame with what is in it, or numbers that will never come; received_us by our clock.

    shown: to screens already, as it came.
    """

    sender: Sender
    stream: Stream
    span: Span
    received_us: int
    clock_offset_us: int
    frame: Frame | None = None
    payload: Payload | None = None
    shown: bool = False

    @property
    def size(self) -> int:
        """Its bytes in memory, about."""
        return 200 + (0 if self.frame is None else len(self.frame.payload))

    def arrival(self, packed: tuple[Coding, bytes] | None) -> Arrival:
        """As it is to be kept; packed: its payload."""
        sender, received_at = self.sender, moment(self.received_us)
        if self.frame is None or self.payload is None:
            return given_up(sender.unit_id, sender.log, self.stream, self.span, received_at)
        return arrived(sender.unit_id, sender.log, self.frame, self.payload, received_at, self.clock_offset_us, packed)


def _arrivals(batch: Sequence[Item]) -> list[Arrival]:
    nothing = (Kind.EVENT, b"")
    given = [nothing if item.frame is None else (item.stream.kind, item.frame.payload) for item in batch]
    # Not in a thread, which would wait longer for its turn.
    return [item.arrival(one) for item, one in zip(batch, pack_all(given), strict=True)]


class _Lane:
    """What waits to be written one after the other."""

    def __init__(self, database: Database) -> None:
        self.waiting: deque[Item] = deque()
        self.wake = asyncio.Event()
        self.known, self.line = Known(), Line(database)


class Writer:
    """Keeps what vehicles send."""

    def __init__(
        self,
        parts: Parts,
        digester: Digester,
        passed: Callable[[Sequence[Arrival]], None] = lambda _: None,
        fresh: Callable[[Sequence[Arrival]], None] = lambda _: None,
        came: Callable[[UUID, Frame, int, int], bool] = lambda *_: False,
    ) -> None:
        """Came: told a frame as it comes, says whether it was shown; passed: told what else was committed.

        fresh: told what was committed, of each frame once.
        """
        self._parts, self._digester, self._passed, self._fresh = parts, digester, passed, fresh
        self._came, self._events = came, Counter[UUID]()
        self._lanes = [_Lane(parts.database) for _ in range(LANES)]
        self._bytes = 0
        self.room = asyncio.Event()
        self.room.set()
        self.batches = self.rows = 0
        """Committed so far, for whoever watches over it."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write while the block lasts; what still waits at its end is written, if that is possible soon."""
        stopping = asyncio.Event()
        working = asyncio.gather(*(self._go_on(lane, stopping) for lane in self._lanes))
        try:
            yield
        finally:
            stopping.set()
            for lane in self._lanes:
                lane.wake.set()
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(working, PATIENCE_S)

    def put(self, item: Item) -> None:
        """Take something to be kept. Who puts waits for `room` before it reads more."""
        unit_id, frame = item.sender.unit_id, item.frame
        if item.stream.kind is Kind.EVENT:
            self._events[unit_id] += 1
        elif frame is not None and unit_id not in self._events:
            # Behind an event, which may end whose data they are, frames are shown after it, and it after its commit.
            item.shown = self._came(unit_id, frame, item.received_us, item.clock_offset_us)
        lane = self._lanes[unit_id.int % LANES]
        lane.waiting.append(item)
        self._bytes += item.size
        if self._bytes >= MOST_WAITING_BYTES:
            self.room.clear()
        lane.wake.set()

    async def _go_on(self, lane: _Lane, stopping: asyncio.Event) -> None:
        """Work, and begin again whatever ends it: without a writer all vehicles would wait for ever."""
        while not stopping.is_set():
            working = asyncio.create_task(self._work(lane, stopping))
            try:
                await asyncio.wait([working])
            finally:
                working.cancel()
            if not working.cancelled() and working.exception() is None:
                return
            error = None if working.cancelled() else working.exception()
            log.error("the writer of vehicles' frames begins again", exc_info=error)
            await asyncio.sleep(_RETRY_S)

    async def _work(self, lane: _Lane, stopping: asyncio.Event) -> None:
        waiting, loop = lane.waiting, asyncio.get_running_loop()
        while True:
            lane.wake.clear()  # before it is looked whether something waits: what comes from here on wakes it again
            if not waiting:
                async with asyncio.timeout(COMMIT_S):
                    await lane.line.give_back()
                if stopping.is_set() and not waiting:
                    return
                await lane.wake.wait()
                continue
            began = loop.time()
            batch = [waiting.popleft() for _ in range(min(len(waiting), MOST_ROWS))]
            try:
                await self._keep(lane, batch)
            except BaseException:
                waiting.extendleft(reversed(batch))  # what of it is kept already is known by its numbers
                raise
            self._bytes -= sum(item.size for item in batch)
            if self._bytes < MOST_WAITING_BYTES:
                self.room.set()
            if BUSY_ROWS <= len(batch) < MOST_ROWS and not stopping.is_set():
                await asyncio.sleep(max(0.0, PACE_S - (loop.time() - began)))

    async def _keep(self, lane: _Lane, batch: list[Item]) -> None:
        try:
            arrivals = _arrivals(batch)
            await self._commit(lane, arrivals, batch)
        except Exception:
            if len(batch) == 1:
                log.exception("a frame cannot be kept", stream=str(batch[0].stream), seq=batch[0].span[0])
                self._tell(batch, kept=False)
                return
            # One of them is the cause: halves are tried until it is alone.
            middle = len(batch) // 2
            await self._keep(lane, batch[:middle])
            await self._keep(lane, batch[middle:])
            return
        self.batches += 1
        self.rows += len(batch)
        self._tell(batch, kept=True)
        self._passed([one for one, item in zip(arrivals, batch, strict=True) if not item.shown])

    async def _commit(self, lane: _Lane, arrivals: list[Arrival], batch: list[Item]) -> None:
        wait_s, again = _RETRY_S, True
        while True:
            try:
                async with asyncio.timeout(COMMIT_S):
                    report = await self._stored(lane, arrivals, batch)
            except Exception as error:
                if is_of_the_frames(error):
                    again, known = False, again and bool(lane.known.days)
                    lane.known.forget()  # a day that was there may be gone, in another database than before
                    if known:
                        continue
                    raise
                # Absent, full, overloaded: whatever it is, it passes. Whether the batch was committed may be unknown:
                # what was, is known by its numbers the next time.
                log.warning("vehicles' frames wait for the database", reason=type(error).__name__, rows=len(arrivals))
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, _LONGEST_RETRY_S)
            else:
                self._fresh(report.new)
                return

    async def _stored(self, lane: _Lane, arrivals: list[Arrival], batch: list[Item]) -> StoreReport:
        parts = self._parts
        if not any(one.stream.kind is Kind.EVENT for one in arrivals):
            async with lane.line.transaction() as driver:
                return await store_by(driver, parts.clock, arrivals, in_force(parts.database.info), lane.known)
        # What events say is done in the same transaction, by what needs a session.
        await lane.line.give_back()
        async with parts.database.write() as session:
            report = await store(session, parts.clock, arrivals, lane.known)
            by = {id(one): item.sender.actor for one, item in zip(arrivals, batch, strict=True)}
            told = [(by[id(event)], event) for event in report.events]
            await follow(session, parts, self._digester, told)
            return report

    def _tell(self, batch: Sequence[Item], *, kept: bool) -> None:
        told: dict[Sender, list[tuple[Stream, Span]]] = {}
        for item in batch:
            told.setdefault(item.sender, []).append((item.stream, item.span))
            if item.stream.kind is Kind.EVENT:
                self._events.subtract((item.sender.unit_id,))
                self._events += Counter()  # keeps only what still waits
        for sender, items in told.items():
            (sender.kept if kept else sender.unkept)(items)
