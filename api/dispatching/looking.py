"""Looking at the roads and the fleet for who chooses a unit: those who ask together share one look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final

from fastapi import Depends, Request

from api.dispatching.arrivals import Arrivals
from api.dispatching.choosing import choosing_of
from api.parts import Parts
from api.regions.gate import Gate
from api.regions.live import LiveRegion, Served
from dispatch.dispatching.rules_policy import Figures
from dispatch.dispatching.service_look import FleetNow, look

WAITS_S: Final = 0.25
"""So long at most the next look waits for those who choose by the one before."""


class Looking:
    """Looks for whoever asks, always after the question came. Made once, by the composition root; `app.state.looking`.

    What a hundred calls of one minute ask about is the same fleet: it is read, and made into candidates, once for all
    that wait together. While some choose by a look, whoever comes waits for them and shares the next: under load a look
    costs more than a choice, and one for each that comes would make all of them late.
    """

    def __init__(self, parts: Parts, live: LiveRegion, arrivals: Arrivals, figures: Figures) -> None:
        self._parts, self._live, self._arrivals, self._figures = parts, live, arrivals, figures
        self._gate = Gate(self._look, self._chosen)
        self._choosing: set[asyncio.Future[None]] = set()

    async def ask(self) -> tuple[Served, FleetNow]:
        """Return the served roads, and the fleet on them.

        Raises DatabaseUnavailable, NotFound (`region.not_found`), Unavailable (`region.no_roads`).
        """
        return await self._gate.ask()

    @asynccontextmanager
    async def choosing(self) -> AsyncIterator[tuple[Served, FleetNow]]:
        """`ask`, and choose by it while the block lasts; raises as that does."""
        found = await self.ask()
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._choosing.add(mine)
        try:
            yield found
        finally:
            self._choosing.discard(mine)
            mine.set_result(None)

    async def _chosen(self) -> None:
        if self._choosing:
            await asyncio.wait(self._choosing, timeout=WAITS_S)

    async def _look(self) -> tuple[Served, FleetNow]:
        served = await self._live.ask()
        choosing, under_way = choosing_of(served, self._figures), self._arrivals.roads(served)
        async with self._parts.database.read() as session:
            now = self._parts.clock.now()
            return served, await look(session, served.name, now, choosing, under_way=under_way)


def looking_of(request: Request) -> Looking:
    """Return who looks in this process."""
    found: Looking = request.app.state.looking
    return found


LookingDep = Annotated[Looking, Depends(looking_of)]
