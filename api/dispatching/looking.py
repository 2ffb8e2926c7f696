"""Looking at the roads and the fleet for who chooses a unit: those who ask together share one look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request

from api.dispatching.arrivals import Arrivals
from api.dispatching.choosing import choosing_of
from api.parts import Parts
from api.regions.gate import Gate
from api.regions.live import LiveRegion, Served
from dispatch.dispatching.queries_wanted import IncidentNow, list_incidents_now
from dispatch.dispatching.rules_policy import Figures
from dispatch.dispatching.service_look import FleetNow, look


class Seen(NamedTuple):
    """The served roads, the fleet on them, and the incidents that were asked about; all of one moment."""

    served: Served
    fleet: FleetNow
    incidents: Mapping[UUID, IncidentNow]


class Looking:
    """Looks for whoever asks, always after the question came. Made once, by the composition root; `app.state.looking`.

    What a hundred calls of one minute ask about is the same fleet: it is read, and made into candidates, once for all
    that wait together.
    """

    def __init__(self, parts: Parts, live: LiveRegion, arrivals: Arrivals, figures: Figures) -> None:
        self._parts, self._live, self._arrivals, self._figures = parts, live, arrivals, figures
        self._gate = Gate(self.look)

    async def ask(self) -> tuple[Served, FleetNow]:
        """Return the served roads and the fleet on them; who asks now shares the look. Raises as `look`."""
        seen = await self._gate.ask()
        return seen.served, seen.fleet

    async def look(self, incidents: Iterable[UUID] = ()) -> Seen:
        """Look now, at these incidents too; those that are not there are left out.

        Raises DatabaseUnavailable, NotFound (`region.not_found`), Unavailable (`region.no_roads`).
        """
        served = await self._live.ask()
        choosing, under_way = choosing_of(served, self._figures), self._arrivals.roads(served)
        async with self._parts.database.read() as session:
            now = self._parts.clock.now()
            fleet = await look(session, served.name, now, choosing, under_way=under_way)
            return Seen(served, fleet, await list_incidents_now(session, served.name, incidents))


async def looking_of(request: Request) -> Looking:
    """Return who looks in this process."""
    found: Looking = request.app.state.looking
    return found


LookingDep = Annotated[Looking, Depends(looking_of)]
