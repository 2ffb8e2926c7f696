"""What is swept up now and then: drafts that nobody goes on with, old idempotency keys, counts of wrong passwords."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from api.loops import repeating
from api.parts import Parts
from dispatch.accounts.service_upkeep import forget_tries
from dispatch.dispatching.queries_held import list_held_times
from dispatch.incidents.service import forget_keys
from dispatch.incidents.service_drafts import forget_drafts
from dispatch.kernel.errors import TarimError
from dispatch.pictures.service import forget_pictures
from dispatch.telemetry.queries_retention import list_held
from dispatch.telemetry.service_retention import drop_days, forget_day
from dispatch.telemetry.states import Kind

EVERY_S: Final = 300.0
KEYS_KEPT: Final = timedelta(days=7)
"""Nobody repeats a request after a week."""
MOST_DAYS: Final = 50
"""Days of one kind that are gone through at once."""

log = structlog.get_logger("tarim.sweeping")


class Sweeping:
    """Sweeps every few minutes. Each process does: to delete what another has deleted changes nothing."""

    def __init__(self, parts: Parts, *, every_s: float = EVERY_S) -> None:
        self._parts = parts
        self._every_s = every_s
        self._kept = {Kind[name.upper()]: days for name, days in parts.settings.telemetry_days.items()}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block lasts."""
        async with repeating(self._swept, self._every_s, "nothing was swept"):
            yield

    async def sweep(self) -> None:
        """Sweep once."""
        parts = self._parts
        async with parts.database.write() as session:
            drafts = await forget_drafts(session, parts.clock)
            keys = await forget_keys(session, parts.settings.region, parts.clock.now() - KEYS_KEPT)
            tries = await forget_tries(session, parts.clock)
            kept = timedelta(days=self._kept[Kind.IMAGE])
            pictures = await forget_pictures(session, parts.clock.now() - kept)
        await self._forget_frames()
        if drafts or keys or tries or pictures:
            log.info("swept", drafts=drafts, keys=keys, tries=tries, pictures=pictures)

    async def _forget_frames(self) -> None:
        """What vehicles sent and was kept long enough, a day of one kind in each transaction."""
        parts = self._parts
        for _ in range(MOST_DAYS):
            async with parts.database.write() as session:
                held = await list_held_times(session, await list_held(session), parts.clock.now())
                gone = await forget_day(session, parts.clock, self._kept, held)
            if gone is None:
                break
            log.info("frames of vehicles are deleted", kind=gone[0].name, day=str(gone[1]), rows=gone[2])
        async with parts.database.write() as session:
            await drop_days(session, self._kept)

    async def _swept(self) -> None:
        try:
            await self.sweep()
        except TarimError as error:
            if not error.code.startswith("database."):  # that is told elsewhere
                log.warning("nothing was swept", code=error.code)
