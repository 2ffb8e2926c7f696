"""A simulated day on the services themselves, as fast as they can: the clock is moved by hand.

Many actions share a transaction, each under a savepoint of its own, so that one that is refused leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.journal import write_waiting
from dispatch.simulation.rules_actions import Action
from dispatch.simulation.rules_news import News, Refused
from dispatch.simulation.service_acting import carry_out
from dispatch.simulation.service_stage import Stage
from dispatch.units.service_position import MAX_FIXES

BATCH: Final = 100
"""Actions in one transaction. More gain little, and a crash loses more."""


class FastWorld:
    """Carries actions out at once, and moves the clock on when nothing is left to be heard. Used as a block."""

    def __init__(self, stage: Stage, database: Database, clock: ManualClock, *, batch: int = BATCH) -> None:
        self.stage = stage
        self.refused: Counter[str] = Counter()
        self.done = 0
        self._database, self._clock, self._batch = database, clock, batch
        self._heard: list[News] = []
        self._block = AsyncExitStack()
        self._session: Any = None
        self._pending = 0

    async def do(self, actions: Sequence[Action], now: datetime) -> None:
        """See `World.do`."""
        del now
        session = await self._opened()
        for action in actions:
            heard = await carry_out(self.stage, session, action)
            self.refused.update(f"{type(one.action).__name__} {one.code}" for one in heard if isinstance(one, Refused))
            self._heard += heard
            self.done += 1
            self._pending += 1
        if len(self.stage.fixes) >= MAX_FIXES:
            await self.stage.write_fixes(session)
        if self._pending >= self._batch:
            await self._commit()

    async def wait(self, until: datetime) -> tuple[datetime, Sequence[News]]:
        """See `World.wait`."""
        if not self._heard:
            self._clock.jump_to(max(until, self._clock.now()))
        heard, self._heard = self._heard, []
        return self._clock.now(), heard

    def hear(self, news: Sequence[News]) -> None:
        """Let the people of this world hear something else."""
        self._heard += news

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self.stage.write_fixes(await self._opened())
            await self._commit()
        await self._block.__aexit__(kind, error, trace)

    async def _opened(self) -> Any:  # noqa: ANN401 - a session, whose type is the domain's own
        if self._session is None:
            self._session = await self._block.enter_async_context(self._database.alone())
        return self._session

    async def _commit(self) -> None:
        await write_waiting(self._session)
        await self._session.commit()
        self._pending = 0
