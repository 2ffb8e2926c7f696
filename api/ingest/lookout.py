"""Sees to it that nobody is unwatched in silence: tells at which patients alarms are not looked for, and since when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from api.loops import repeating
from api.parts import Parts
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.telemetry.detection.queries_patients import list_places
from dispatch.telemetry.detection.queries_unlooked import Backlog, find_backlog, list_behind
from dispatch.telemetry.detection.rules_attending import Places
from dispatch.telemetry.detection.service_unlooked import catch_up, fall_behind
from dispatch.telemetry.rules_attachments import owner_at

LOOK_EVERY_S: Final = 2.0
BEHIND_AFTER: Final = timedelta(seconds=10)
"""What waits longer to be looked at is told: as long as most limits have to hold, so an alarm may be twice as late."""
_ACTOR: Final = system("detection")

log = structlog.get_logger("tarim.detection")


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A patient whose data were not looked at for alarms: since when, and how many frames."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    slot: int
    since: datetime
    frames: int


class Lookout:
    """Made once in each process, with the gateway; it asks the database, whoever it is that looks for alarms."""

    def __init__(
        self, parts: Parts, digester: Digester, *, after: timedelta = BEHIND_AFTER, every_s: float = LOOK_EVERY_S
    ) -> None:
        self._parts, self._digester, self._every_s = parts, digester, every_s
        self.after = after
        self.unwatched: Mapping[UUID, Unwatched] = {}
        """By patient."""
        self.backlog = Backlog(None, 0)
        self._told = True  # whoever was here before may have told something

    @property
    def since(self) -> datetime | None:
        """Since when what comes is not looked at in time; None: it is."""
        since = self.backlog.since
        return since if since is not None and self._parts.clock.now() - since >= self.after else None

    @property
    def waits_s(self) -> float:
        """For how long the oldest frame has waited to be looked at, in seconds."""
        since = self.backlog.since
        return 0.0 if since is None else max(0.0, round((self._parts.clock.now() - since).total_seconds(), 1))

    @property
    def problem(self) -> str:
        """In one sentence that detection does not follow; "" while it does."""
        since = self.since
        return "" if since is None else f"Alarms are not looked for in what vehicles sent since {since:%H:%M:%S} UTC."

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look while the block lasts."""
        async with repeating(self.look, self._every_s, "it was not looked at whether detection follows"):
            yield

    async def look(self) -> None:
        """Look once."""
        try:
            await self._look()
        except TarimError as error:
            log.info("it could not be looked at whether detection follows", code=error.code)

    async def _look(self) -> None:
        now = self._parts.clock.now()
        async with self._parts.database.read() as session:
            self.backlog = await find_backlog(session)
            since = self.since
            behind = [] if since is None else await list_behind(session, now - self.after)
            places = await list_places(session, {one.unit_id for one in behind}, now) if behind else Places()
        found: dict[UUID, Unwatched] = {}
        for one in behind:
            owner = owner_at(places.marks.get((one.unit_id, one.slot), ()), now)
            lying = None if owner is None else places.lying.get(owner)
            if lying is not None:
                found[lying.patient_id] = Unwatched(
                    lying.patient_id, lying.incident_id, one.unit_id, one.slot, one.since, one.frames
                )
        self.unwatched = found
        if since is not None:
            log.error("detection does not follow", since=since.isoformat(), frames=self.backlog.frames)
            await self._tell(since)
        elif self._told:
            await self._tell(None)

    async def _tell(self, since: datetime | None) -> None:
        parts, context = self._parts, Context.begin(self._parts.clock, _ACTOR)
        async with parts.database.write() as session:
            act = Act(session, parts.clock, context, self._digester, parts.settings.region)
            if since is None:
                await catch_up(act)
            else:
                await fall_behind(act, self.backlog, since)
        self._told = since is not None
