"""Looks at what patients' monitors sent, and keeps what it finds; nothing is asked of the database for a frame."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from api.ingest.findings import Findings
from api.parts import Parts
from dispatch.kernel.digests import Digester
from dispatch.telemetry.detection.queries import list_running
from dispatch.telemetry.detection.queries_circuits import list_heard
from dispatch.telemetry.detection.queries_patients import list_places
from dispatch.telemetry.detection.queries_unlooked import arrival_of, list_kept_before
from dispatch.telemetry.detection.rules import Found
from dispatch.telemetry.detection.rules_attending import Attending
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_payloads import Attached, Detached

_STRETCH: Final = 100
_UNITS: Final = 100
"""Of so many vehicles together what came before is read: 1,000 of them send some 150 MB in half a minute."""
_WHOLE: Final = timedelta(seconds=30)
"""So much of what came before the first look at a vehicle is gone through: what must hold may have held already."""
_SELDOM: Final = timedelta(minutes=15)
"""As old as most values of NEWS2 may be."""

log = structlog.get_logger("tarim.detection")


class Attendance:
    """Follows the patients of all vehicles whose frames it is handed."""

    def __init__(self, parts: Parts, digester: Digester) -> None:
        self._parts = parts
        self._attending = Attending()
        self._places_known = self._heard = False
        self.findings = Findings(parts, digester)

    async def learn(self, now: datetime) -> None:
        """Ask once for all vehicles whose places are whose; what ends by that, and what time brings."""
        units = self._attending.units
        self._places_known = True
        if units:
            async with self._parts.database.read() as session:
                places = await list_places(session, units, now)
            self.findings.add(await asyncio.to_thread(self._attending.learn, places, now))

    async def hear(self, now: datetime) -> None:
        """Follow, once, the circuits that ran before this began: of those that fell silent since nothing comes.

        It is for when all that is kept was looked at.
        """
        if self._heard:
            return
        async with self._parts.database.read() as session:
            heard = await list_heard(session)
        new = self._attending.unknown(one.unit_id for one in heard)
        if new:
            await self._meet(new, now, now)
        for one in heard:
            self.findings.add(self._attending.hear((one.unit_id, one.slot, one.patient_id), one.at, now))
        self._heard = True

    async def look(self, arrivals: Sequence[Arrival], at: datetime) -> int:
        """Look at frames that were committed, each once, in their order; at: none is newer. Return how many failed."""
        if any(isinstance(one.payload, Attached | Detached) for one in arrivals):
            self._places_known = False
        new = self._attending.unknown(one.unit_id for one in arrivals)
        if new:
            await self._meet(new, min(one.received_at for one in arrivals), at)
        elif not self._places_known:
            await self.learn(at)
        # Samples are gone through outside of the loop, which meanwhile does other things, a few at a time: a thread
        # that never pauses takes half of its time from it.
        failed, now = 0, self._parts.clock.now()
        joined = self._attending.joined(arrivals)
        for begin in range(0, len(joined), _STRETCH):
            found, bad = await asyncio.to_thread(self._seen, joined[begin : begin + _STRETCH], now)
            self.findings.add(found)
            failed += bad
            await asyncio.sleep(0)
        return failed

    async def _meet(self, new: Collection[UUID], before: datetime, at: datetime) -> None:
        """Learn what goes on already at vehicles that are new here, and go through what came just before."""
        async with self._parts.database.read() as session:
            rows = await list_running(session, new)
        running = [((row.unit_id, row.slot, row.patient_id), row.code) for row in rows if row.patient_id and row.slot]
        self._attending.resume(new, running)
        await self.learn(at)
        units = sorted(new)
        for begin in range(0, len(units), _UNITS):
            some = units[begin : begin + _UNITS]
            async with self._parts.database.read() as session:
                kept = await list_kept_before(session, some, before, whole=_WHOLE, seldom=_SELDOM)
            if kept:
                await asyncio.to_thread(self._gone_through, kept, some)

    def _gone_through(self, kept: Sequence[tuple[object, ...]], new: Collection[UUID]) -> None:
        earlier: list[Arrival] = []
        for row in kept:
            try:
                earlier.append(arrival_of(row))
            except ValueError:
                log.exception("a frame was not looked at", unit=str(row[0]))
        self._attending.remember(new, self._attending.joined(earlier))

    def _seen(self, arrivals: Sequence[Arrival], now: datetime) -> tuple[list[Found], int]:
        found: list[Found] = []
        failed = 0
        for one in arrivals:
            try:
                found += self._attending.see(one, now)
            except Exception:
                failed += 1
                log.exception("a frame was not looked at", unit=str(one.unit_id))
        return found, failed
