"""Recommending for whoever asks: those who ask together share a look, a thread and a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from fastapi import Depends, Request

from api.deps import must_be_served
from api.dispatching.looking import Looking, Seen
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.queries_recommendation import Stored
from dispatch.dispatching.rules_candidates import Recommendation
from dispatch.dispatching.service_recommendation import Chosen, choose, keep_chosen
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import DatabaseUnavailable

MOST: Final = 16
"""So many share a round at most: nobody waits for a hundred others."""


class Recommended(NamedTuple):
    """An answer that is stored. k: how many of each organisation are shown where nobody says."""

    row: Stored
    made: Recommendation
    k: int


@dataclass(frozen=True, slots=True)
class _Asked:
    actor: Principal
    context: Context
    incident_id: UUID
    answer: asyncio.Future[Recommended]


@dataclass(slots=True)
class _Round:
    """Who is answered together, with what was chosen for each; what failed for one only is told already."""

    seen: Seen
    chosen: list[tuple[_Asked, Chosen]] = field(default_factory=list)


class Recommending:
    """Recommends in rounds, in this process. Made once, by the composition root; `app.state.recommending`.

    A round takes whoever waits when it begins: it looks once, at the fleet and at the incidents of all, chooses for one
    after the other in one thread, and stores all answers in one transaction, each in its asker's name. So nobody sees
    an older fleet than alone, and a hundred calls of one minute cost a few transactions. While one round is stored, the
    next one looks and chooses. Should a round not be stored though the database is there, each is stored by itself: one
    takes nothing from the others.
    """

    def __init__(self, parts: Parts, looking: Looking, digester: Digester) -> None:
        self._parts, self._looking, self._digester = parts, looking, digester
        self._waiting: list[_Asked] = []
        self._running: asyncio.Task[None] | None = None
        self._storing: asyncio.Task[None] | None = None

    async def ask(self, actor: Principal, incident_id: UUID) -> Recommended:
        """Recommend units for an incident in the actor's name; what is returned is committed.

        Raises ProblemError (`region.not_served`) for a device of another region, NotFound (`incident.not_found`,
        `organisation.not_found`, `region.not_found`), Refused (`recommendation.no_place`), Unavailable
        (`region.no_roads`), DatabaseUnavailable.
        """
        if actor.region:
            must_be_served(self._parts, actor.region)
        # Each asker has a future of its own: one who gives up takes nothing from the others.
        mine: asyncio.Future[Recommended] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Asked(actor, Context.begin(self._parts.clock, actor.actor), incident_id, mine))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await mine

    async def _run(self) -> None:
        """One round after the other, until nobody waits."""
        try:
            while self._waiting:
                await asyncio.sleep(0)  # who came with the first has had its turn
                asked, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                made = await self._chosen(asked)
                if self._storing is not None:
                    await asyncio.wait([self._storing])
                self._storing = asyncio.create_task(self._stored(made)) if made is not None else None
        finally:
            self._running = None
            left, self._waiting = self._waiting, []
            _tell_all(left, asyncio.CancelledError())  # nobody, unless the service ends

    async def _chosen(self, asked: Sequence[_Asked]) -> _Round | None:
        """Look and choose for all of them; None when that could be done for nobody."""
        try:
            seen = await self._looking.look([one.incident_id for one in asked])
            found = await asyncio.to_thread(_choose_each, seen, asked)
        except BaseException as error:
            _tell_all(asked, error)
            if isinstance(error, Exception):
                return None
            raise
        made = _Round(seen)
        for one, chosen in zip(asked, found, strict=True):
            if isinstance(chosen, Exception):
                _tell_all([one], chosen)
            else:
                made.chosen.append((one, chosen))
        return made if made.chosen else None

    async def _stored(self, made: _Round) -> None:
        """Store a round, and tell its askers."""
        try:
            await self._store(made.seen, made.chosen)
        except DatabaseUnavailable as error:
            _tell_all([one for one, _ in made.chosen], error)
        except Exception as error:  # noqa: BLE001 - told to whom it concerns
            if len(made.chosen) == 1:
                _tell_all([made.chosen[0][0]], error)
                return
            for pair in made.chosen:
                await self._stored(_Round(made.seen, [pair]))
        except BaseException as error:
            _tell_all([one for one, _ in made.chosen], error)
            raise

    async def _store(self, seen: Seen, chosen: Sequence[tuple[_Asked, Chosen]]) -> None:
        clock, region = self._parts.clock, self._parts.settings.region
        async with self._parts.database.write() as session:
            rows = await keep_chosen(
                [(Act(session, clock, one.context, self._digester, region), choice) for one, choice in chosen]
            )
        k = seen.fleet.choosing.figures.k
        for row, (one, choice) in zip(rows, chosen, strict=True):
            if not one.answer.done():
                one.answer.set_result(Recommended(row, choice.made, k))


def _choose_each(seen: Seen, asked: Sequence[_Asked]) -> list[Chosen | Exception]:
    found: list[Chosen | Exception] = []
    for one in asked:
        try:
            requester = seen.fleet.party(one.actor.organisation)
            found.append(choose(seen.served.engine, seen.fleet, seen.incidents.get(one.incident_id), requester))
        except Exception as error:  # noqa: BLE001 - told to who asked for it
            found.append(error)
    return found


def _tell_all(asked: Sequence[_Asked], error: BaseException) -> None:
    for one in asked:
        if one.answer.done():
            continue
        if isinstance(error, Exception):
            one.answer.set_exception(error)
        else:
            one.answer.cancel()


async def recommending_of(request: Request) -> Recommending:
    """Return who recommends in this process."""
    found: Recommending = request.app.state.recommending
    return found


RecommendingDep = Annotated[Recommending, Depends(recommending_of)]
