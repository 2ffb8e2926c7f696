"""Looks at what is kept of vehicles' streams, and keeps what it finds; nothing is asked of the database for a frame."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from api.ingest.matching import Matching, Roads
from api.parts import Parts
from dispatch.clinical import rules_ecg
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.kernel.db import Session
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.telemetry.detection.queries import list_running
from dispatch.telemetry.detection.queries_patients import list_places
from dispatch.telemetry.detection.queries_watches import list_known, list_watched
from dispatch.telemetry.detection.rules import Found
from dispatch.telemetry.detection.rules_attending import LOOKED_AT, Attending
from dispatch.telemetry.detection.rules_places import Way
from dispatch.telemetry.detection.rules_watching import Seen, Watching, seen_as, seen_in
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_payloads import Attached, Detached
from dispatch.telemetry.states import Kind
from dispatch.units.queries_position import list_track
from dispatch.units.rules_position import Fix
from geo.travel import Origin, Question

LOOK_EVERY_S: Final = 2.0
MOST_WAITING: Final = 20_000
"""Frames of all vehicles together; when it cannot follow the oldest are passed over, and the log says so."""
PACE_S: Final = 0.25
"""What came meanwhile is looked at together: an alarm, which has to hold for seconds, is later by so much at most."""
BUSY_PACE_S: Final = 1.0
"""The same, after `BUSY` frames or more."""
BUSY: Final = 250
_MOST_AT_ONCE: Final = 8_000
_STRETCH: Final = 100
_MOST_UNKEPT: Final = 10_000
_PATIENCE_S: Final = 2.0
_STOOD: Final = timedelta(seconds=60)
"""So long before its order a vehicle's positions tell where it stood."""
_ACTOR: Final = system("detection")


log = structlog.get_logger("tarim.detection")


class Detecting:
    """Made once, with the gateway. It looks after a frame is committed: no finding costs a frame."""

    def __init__(
        self, parts: Parts, digester: Digester, roads: Roads | None = None, *, every_s: float = LOOK_EVERY_S
    ) -> None:
        """roads: on which vehicles are matched, and expected to take their ways; None: neither is looked at."""
        self._parts, self._digester, self._every_s = parts, digester, every_s
        self._attending, self._watching, self._roads = Attending(), Watching(), roads
        self._matching = Matching(roads, self._put)
        self._waiting: deque[Arrival | Seen] = deque()
        self._unkept: list[Found] = []
        self._wake, self._stopping = asyncio.Event(), False
        self._places_known = False
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
        if any(one.stream.kind is Kind.EVENT and isinstance(one.payload, Attached | Detached) for one in arrivals):
            self._places_known = False
        self._matching.take([seen for one in arrivals if one.stream.kind is Kind.POSITION and (seen := seen_in(one))])
        self._put([one for one in arrivals if one.stream.kind in LOOKED_AT])

    def _put(self, items: Sequence[Arrival | Seen]) -> None:
        self._waiting.extend(items)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._passed_over += 1
        self._wake.set()

    async def _go_on(self) -> None:
        await asyncio.to_thread(rules_ecg.warm_up)
        looked_at, pace_s = 0.0, 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping or self._waiting:
            try:
                if not self._places_known or loop.time() - looked_at >= self._every_s:
                    await self._learn()
                    looked_at = loop.time()
                if self._waiting:
                    pace_s = max(pace_s, BUSY_PACE_S if len(self._waiting) >= BUSY else PACE_S)
                    await self._look()
                await self._keep()
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
                    await asyncio.sleep(min(pace_s, self._every_s))
                pace_s = 0.0

    async def _learn(self) -> None:
        """Ask once for all vehicles whose places are whose, and what goes on at those that are new here."""
        now = self._parts.clock.now()
        units = self._attending.units
        self._places_known = True
        if units:
            async with self._parts.database.read() as session:
                places = await list_places(session, units, now)
            self._unkept += await asyncio.to_thread(self._attending.learn, places, now)
        await self._watch(now)
        if self._passed_over:
            log.error("frames were not looked at", frames=self._passed_over)
            self._passed_over = 0

    async def _watch(self, now: datetime) -> None:
        """Ask once what is watched of the vehicles whose positions come here, and what ways they should take."""
        if not self._watching.units:
            return
        async with self._parts.database.read() as session:
            watched = await list_watched(session, self._watching.units)
            is_new = self._watching.is_new(one.id for one in watched)
            rows = await list_running(session, self._watching.units) if is_new else ()
            known = await list_known(session, {one.assignment_id for one in watched}) if is_new else ()
            running = [(row.unit_id, row.assignment_id, row.code) for row in rows if not row.slot]
            self._unkept += self._watching.learn(watched, now, running, known)
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
            self._unkept += self._watching.recall(rules, fixes)

    async def _look(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]
        new = self._attending.unknown(one.unit_id for one in batch)
        if new:
            try:
                await self._meet(new)
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise
        # Samples are gone through outside of the loop, which meanwhile takes and tells, a few at a time: a thread that
        # never pauses takes half of its time from it.
        joined = self._joined(batch)
        for begin in range(0, len(joined), _STRETCH):
            self._unkept += await asyncio.to_thread(self._seen, joined[begin : begin + _STRETCH])
            await asyncio.sleep(0)

    async def _meet(self, new: Collection[UUID]) -> None:
        """Learn what goes on already at vehicles of which nothing is known here."""
        async with self._parts.database.read() as session:
            rows = await list_running(session, new)
        running = [((row.unit_id, row.slot, row.patient_id), row.code) for row in rows if row.patient_id]
        self._attending.resume(new, running)
        self._watching.units.update(new)
        await self._learn()

    def _seen(self, batch: Sequence[Arrival | Seen]) -> list[Found]:
        found: list[Found] = []
        for one in batch:
            try:
                found += self._watching.see(one) if isinstance(one, Seen) else self._attending.see(one)
            except Exception:
                log.exception("a frame was not looked at", unit=str(one.unit_id))
        return found

    def _joined(self, batch: Sequence[Arrival | Seen]) -> list[Arrival | Seen]:
        places = [one for one in batch if isinstance(one, Seen)]
        return [*places, *self._attending.joined(one for one in batch if not isinstance(one, Seen))]

    async def _keep(self) -> None:
        found, self._unkept = self._unkept[:_MOST_UNKEPT], []
        try:
            await self._kept(found)
        except TarimError:
            # Kept the next time; told twice it is kept once.
            self._unkept = [*found, *self._unkept]
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it is told of the one that causes it
            # One of them is the cause: the others are kept without it.
            for one in found:
                try:
                    await self._kept([one])
                except Exception:
                    log.exception("a detection is not kept", code=one.sign.code, unit=str(one.subject.unit_id))

    async def _kept(self, found: Sequence[Found]) -> None:
        if found:
            parts, context = self._parts, Context.begin(self._parts.clock, _ACTOR)
            async with parts.database.write() as session:
                await keep_found(Act(session, parts.clock, context, self._digester, parts.settings.region), found)
