"""What was found and is to be kept, once, whatever the database does meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import structlog

from api.parts import Parts
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.telemetry.detection.rules import Found
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.detection.service_unlooked import looked_at

_ACTOR: Final = system("detection")

log = structlog.get_logger("tarim.detection")


class Findings:
    """What one who looks has found. It is kept in one transaction with the note of what was looked at."""

    def __init__(self, parts: Parts, digester: Digester) -> None:
        self._parts, self._digester = parts, digester
        self._found: list[Found] = []
        self._done: list[int] = []
        self._lost = 0

    def add(self, found: Iterable[Found]) -> None:
        """Take what was found."""
        self._found += found

    def done(self, batch_ids: Collection[int], *, lost: int = 0) -> None:
        """Take which batches were looked at, and how many of their frames could not be."""
        self._done += batch_ids
        self._lost += lost

    async def keep(self) -> None:
        """Keep all of it. Raises DatabaseUnavailable and its like; then it is kept the next time, once."""
        found, done, lost = self._found, self._done, self._lost
        if not found and not done:
            return
        self._found, self._done, self._lost = [], [], 0
        try:
            await self._kept(found, done, lost)
        except TarimError:
            self._found, self._done, self._lost = [*found, *self._found], [*done, *self._done], lost + self._lost
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it is told of the one that causes it
            # One of them is the cause: the others are kept without it.
            for one in found:
                try:
                    await self._kept([one])
                except Exception:
                    log.exception("a detection is not kept", code=one.sign.code, unit=str(one.subject.unit_id))
            await self._kept([], done, lost)

    async def _kept(self, found: Sequence[Found], done: Collection[int] = (), lost: int = 0) -> None:
        parts, context = self._parts, Context.begin(self._parts.clock, _ACTOR)
        async with parts.database.write() as session:
            act = Act(session, parts.clock, context, self._digester, parts.settings.region)
            async with act.together():
                if found:
                    await keep_found(act, found)
                if done:
                    await looked_at(act, done, lost=lost)
