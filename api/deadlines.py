"""What time brings, in one process at a time: crews and hospitals that do not answer, swaps when a unit frees, days."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from api.dispatching.choosing import choosing_of
from api.loops import repeating
from api.parts import Parts
from api.regions.live import LiveRegion, Served
from dispatch.audit.queries import find_head, list_lines
from dispatch.dispatching.rules_policy import PROPOSED, Figures
from dispatch.dispatching.rules_watch import freed_by
from dispatch.dispatching.service_look import FleetNow, look
from dispatch.dispatching.service_watch import escalate_unacknowledged, suggest_swaps
from dispatch.ecmo.queries_requests import list_pressing
from dispatch.ecmo.service_alerting import press
from dispatch.ecmo.service_asking import sweep_drafts
from dispatch.ecmo.service_breakdown import reliefs
from dispatch.ecmo.service_drive import Drive, keep_drive, list_drives, lose_way
from dispatch.ecmo.service_running import keep_up, list_running
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.kernel.db import Session
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.kernel.turns import Turn, Work
from dispatch.receiving.queries_prealerts import list_astray
from dispatch.receiving.service_prealerts import escalate_prealerts, set_right
from dispatch.receiving.service_receptions import ask_signatures, tell_waits
from dispatch.units.service_position import make_partitions
from geo.travel import Question

EVERY_S: Final = 2.0
DRIVEN_EVERY: Final = timedelta(seconds=30)
UPKEEP_EVERY: Final = timedelta(hours=1)
_ACTOR: Final = system("deadlines")

log = structlog.get_logger("tarim.deadlines")


class Deadlines:
    """Looks every few seconds, if it is this process's turn. Each piece of work is a transaction of its own."""

    def __init__(
        self,
        parts: Parts,
        live: LiveRegion,
        digester: Digester,
        *,
        figures: Figures = PROPOSED,
        every_s: float = EVERY_S,
    ) -> None:
        self._parts, self._live, self._digester, self._figures = parts, live, digester, figures
        self._turn, self._every_s = Turn(parts.database, Work.DEADLINES), every_s
        self._looking, self._left = asyncio.Lock(), False
        self._seen: int | None = None
        self._kept_up_at: datetime | None = None
        self._driven_at: datetime | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block lasts."""
        try:
            async with repeating(self.look, self._every_s, "deadlines were not looked at"):
                yield
        finally:
            await self.leave()

    async def leave(self) -> None:
        """Let another process look from now on."""
        async with self._looking:
            self._left = True
            await self._turn.give_up()

    async def look(self) -> bool:
        """Look once; False when it is another process's turn, or nothing can be done now."""
        async with self._looking:
            return not self._left and await self._look()

    async def _look(self) -> bool:
        try:
            if not await self._turn.mine():
                self._seen = None
                return False
            await self._escalate()
            await self._prealert()
            await self._press()
            await self._drive()
            await self._follow()
            await self._keep_up()
        except TarimError as error:
            # The database or the roads are away: that is told elsewhere, and the next look comes.
            log.info("deadlines wait", code=error.code)
            return False
        return True

    async def _escalate(self) -> None:
        async with self._parts.database.write() as session:
            for one in await escalate_unacknowledged(self._act(session), figures=self._figures):
                log.warning("a crew does not answer", assignment=str(one.id), unit=str(one.unit_id))

    async def _prealert(self) -> None:
        """Tell hospitals of whom a vehicle was sent there with, and the dispatch centre of those who take no note."""
        async with self._parts.database.read() as session:
            astray = await list_astray(session, self._parts.settings.region)
        for patient_id in astray:
            async with self._parts.database.write() as session:
                await set_right(self._act(session), patient_id)
        async with self._parts.database.write() as session:
            for one in await escalate_prealerts(self._act(session)):
                log.warning("a hospital takes no note of a patient", prealert=str(one.id))
        async with self._parts.database.write() as session:
            for row in await tell_waits(self._act(session)):
                log.warning("a crew waits with its patient", reception=str(row.id))
        async with self._parts.database.write() as session:
            for row in await ask_signatures(self._act(session)):
                log.warning("nobody has signed for a patient", reception=str(row.id))

    async def _press(self) -> None:
        """Call the next ECMO physician, ask the next centre, and tell everybody when nobody answers in time."""
        async with self._parts.database.read() as session:
            pressing = await list_pressing(session, self._parts.settings.region)
        for request_id in pressing:
            async with self._parts.database.write() as session:
                if await press(self._act(session), request_id):
                    log.warning("an ECMO centre does not answer", request=str(request_id))

    async def _drive(self) -> None:
        """Ask the roads how long the vehicles of ECMO missions still need; and until when their circuits run."""
        now = self._parts.clock.now()
        if self._driven_at is not None and now - self._driven_at < DRIVEN_EVERY:
            return
        self._driven_at = now
        async with self._parts.database.read() as session:
            drives = await list_drives(session, self._parts.settings.region, now)
            running = await list_running(session, self._parts.settings.region)
        if drives:
            await self._drive_on(drives, now)
        for mission_id in running:
            async with self._parts.database.write() as session:
                await keep_up(self._act(session), mission_id)

    async def _drive_on(self, drives: Sequence[Drive], now: datetime) -> None:
        served, question = await self._live.ask(), Question(at=now, closures_at=now)
        fleet = await self._fleet(served) if any(one.stands for one in drives) else None
        for given in drives:
            one = given
            if fleet is not None and given.stands is not None:
                found = await asyncio.to_thread(reliefs, served.engine, fleet, given.stands)
                one = given.taken_over([relief.seconds for relief in found])
            told = [
                await asyncio.to_thread(served.engine.matrix, [start], [goal], question) for start, goal in one.ways
            ]
            times_ms = [int(way.time_ms[0, 0]) for way in told]
            async with self._parts.database.write() as session:
                if min(times_ms) < 0:
                    await lose_way(self._act(session), one)
                else:
                    await keep_drive(self._act(session), one, sum(times_ms) / 1_000 + one.stays_s)

    async def _fleet(self, served: Served) -> FleetNow:
        async with self._parts.database.read() as session:
            choosing = choosing_of(served, self._figures)
            return await look(session, served.name, self._parts.clock.now(), choosing)

    async def _follow(self) -> None:
        """Suggest swaps for units that were freed since the last look; who takes over the turn begins at the head."""
        async with self._parts.database.read() as session:
            if self._seen is None:
                head = await find_head(session)
                self._seen = 0 if head is None else head[0]
                return
            lines = await list_lines(session, after_seq=self._seen)
        freed = {unit_id for line in lines if (unit_id := freed_by(line.type, line.payload)) is not None}
        if freed:
            served = await self._live.ask()
            choosing = choosing_of(served, self._figures)
            async with self._parts.database.write() as session:
                act = self._act(session)
                async with act.together():
                    for unit_id in sorted(freed):
                        await suggest_swaps(act, served.engine, unit_id, choosing=choosing, figures=self._figures)
        if lines:
            self._seen = lines[-1].seq

    async def _keep_up(self) -> None:
        """Make the days ahead that positions are kept by."""
        now = self._parts.clock.now()
        if self._kept_up_at is not None and now - self._kept_up_at < UPKEEP_EVERY:
            return
        async with self._parts.database.write() as session:
            await make_partitions(session, self._parts.clock)
        async with self._parts.database.write() as session:
            if swept := await sweep_drafts(self._act(session)):
                log.info("empty drafts of ECMO requests are withdrawn", drafts=swept)
        self._kept_up_at = now

    def _act(self, session: Session) -> Act:
        parts = self._parts
        return Act(session, parts.clock, Context.begin(parts.clock, _ACTOR), self._digester, parts.settings.region)
