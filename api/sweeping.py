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
from dispatch.incidents.service import forget_keys
from dispatch.incidents.service_drafts import forget_drafts
from dispatch.kernel.errors import TarimError

EVERY_S: Final = 300.0
KEYS_KEPT: Final = timedelta(days=7)
"""Nobody repeats a request after a week."""

log = structlog.get_logger("tarim.sweeping")


class Sweeping:
    """Sweeps every few minutes. Each process does: to delete what another has deleted changes nothing."""

    def __init__(self, parts: Parts, *, every_s: float = EVERY_S) -> None:
        self._parts = parts
        self._every_s = every_s

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
        if drafts or keys or tries:
            log.info("swept", drafts=drafts, keys=keys, tries=tries)

    async def _swept(self) -> None:
        try:
            await self.sweep()
        except TarimError as error:
            if not error.code.startswith("database."):  # that is told elsewhere
                log.warning("nothing was swept", code=error.code)
