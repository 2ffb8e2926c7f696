"""Looks at where vehicles are, and keeps what it finds; nothing is asked of the database for a position."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from api.ingest.findings import Findings
from api.ingest.matching import Matching, Roads
from api.parts import Parts
from dispatch.kernel.db import Session
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.telemetry.detection.queries import list_running
from dispatch.telemetry.detection.queries_watches import list_known, list_watched
from dispatch.telemetry.detection.rules import Found
from dispatch.telemetry.detection.rules_places import Way
from dispatch.telemetry.detection.rules_watching import Seen, Watching, seen_as, seen_in
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.states import Kind
from dispatch.units.queries_position import list_track
from dispatch.units.rules_position import Fix
from geo.travel import Origin, Question

LOOK_EVERY_S: Final = 2.0
MOST_WAITING: Final = 20_000
"""Positions of all vehicles together. Of more the oldest are passed over: within seconds they say nothing of now."""
PACE_S: Final = 0.25
"""What came meanwhile is looked at together."""
_STRETCH: Final = 500
_PATIENCE_S: Final = 2.0
_STOOD: Final = timedelta(seconds=60)
"""So long before its order a vehicle's positions tell where it stood."""

log = structlog.get_logger("tarim.detection")


class Detecting:
    """Made once, with the gateway. It looks after a position is committed: no finding costs one."""

    def __init__(
        self, parts: Parts, digester: Digester, roads: Roads | None = None, *, every_s: float = LOOK_EVERY_S
    ) -> None:
        """roads: on which vehicles are matched, and expected to take their ways; None: neither is looked at."""
        self._parts, self._every_s = parts, every_s
        self._watching, self._roads = Watching(), roads
        self._matching = Matching(roads, self._put)
        self._waiting: deque[Seen] = deque()
        self._findings = Findings(parts, digester)
        self._wake, self._stopping = asyncio.Event(), False
        self._passed_over = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look while the block lasts, and at its end at what still waits, if that is possible soon."""
        self._stopping = False
        working = asyncio.create_task(self._go_on())
        try:
            async with self._matching.running():
                yield
        finally:
            self._stopping = True
            self._wake.set()
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(working, _PATIENCE_S)

    def take_fixes(self, fixes: Sequence[Fix]) -> None:
        """Take positions that came by another way and were committed."""
        now = self._parts.clock.now()
        self._matching.take([seen_as(one, now) for one in fixes])

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Take frames that were committed, each once."""
        self._matching.take([seen for one in arrivals if one.stream.kind is Kind.POSITION and (seen := seen_in(one))])

    def _put(self, places: Sequence[Seen]) -> None:
        self._waiting.extend(places)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._passed_over += 1
        self._wake.set()

    async def _go_on(self) -> None:
        looked_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping or self._waiting:
            try:
                new = {one.unit_id for one in self._waiting} - self._watching.units
                self._watching.units |= new
                if new or loop.time() - looked_at >= self._every_s:
                    await self._watch(self._parts.clock.now())
                    looked_at = loop.time()
                while self._waiting:
                    await self._look()
                await self._findings.keep()
            except TarimError as error:
                log.info("detection waits", code=error.code)
                if self._stopping:
                    return
                await asyncio.sleep(self._every_s)
            except Exception:
                log.exception("something was not looked at")
            if not self._waiting and not self._stopping:
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._every_s)
                if not self._stopping:
                    await asyncio.sleep(min(PACE_S, self._every_s))

    async def _watch(self, now: datetime) -> None:
        """Ask once what is watched of the vehicles whose positions come here, and what ways they should take."""
        if self._passed_over:
            log.error("positions were not looked at", positions=self._passed_over)
            self._passed_over = 0
        if not self._watching.units:
            return
        async with self._parts.database.read() as session:
            watched = await list_watched(session, self._watching.units)
            is_new = self._watching.is_new(one.id for one in watched)
            rows = await list_running(session, self._watching.units) if is_new else ()
            known = await list_known(session, {one.assignment_id for one in watched}) if is_new else ()
            running = [(row.unit_id, row.assignment_id, row.code) for row in rows if not row.slot]
            self._findings.add(self._watching.learn(watched, now, running, known))
            await self._recall(session, now)
        roads = await self._roads.now() if self._roads is not None else None
        if roads is None:
            return
        question, overlay = Question(at=now, closures_at=now), roads.overlay
        state = (roads.network_version, overlay.version, overlay.phase(now))
        for one in self._watching.wanting(state):
            start = Origin(str(one.watched.unit_id), one.place or one.watched.point)
            route = await asyncio.to_thread(roads.route, start, one.watched.point, question)
            one.expect(Way(route.line, route.edges) if len(route.line) > 1 else None, state)

    async def _recall(self, session: Session, now: datetime) -> None:
        """Look at where vehicles were since their orders: at what came before anything was watched."""
        for rules in self._watching.unrecalled():
            ordered_at = rules.watched.set_at or now
            track = await list_track(session, rules.watched.unit_id, ordered_at - _STOOD, now)
            fixes = [(row.at, row.lat, row.lon, row.speed_mps, row.accuracy_m) for row in track]
            self._findings.add(self._watching.recall(rules, fixes))

    async def _look(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _STRETCH))]
        self._findings.add(await asyncio.to_thread(self._seen, batch))

    def _seen(self, batch: Sequence[Seen]) -> list[Found]:
        found: list[Found] = []
        for one in batch:
            try:
                found += self._watching.see(one)
            except Exception:
                log.exception("a position was not looked at", unit=str(one.unit_id))
        return found
