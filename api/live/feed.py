"""The feed of one process: reads new lines once for all clients, and tells them when there is something to be sent."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog

from api.dispatching.arrivals import Arrivals
from api.live.latest import Values
from api.live.listening import listen
from api.live.log import Boards, Log, Page
from api.live.protocol import Beat, Client, Need
from api.live.reading import PAGE, Board, Head, News, OtherJournal, Reader, boards_of
from api.live.shared import Shared
from api.live.sight import Sight, is_bound_to_a_unit
from api.live.topics import Topic
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.errors import DatabaseUnavailable, TarimError, Unavailable
from dispatch.kernel.journal import CHANNEL

POLL_S: Final = 1.0
"""The journal is looked at so often even if nothing is heard."""
GATHER_S: Final = 0.04
"""After a look this long nothing is read, so that many changes make few messages."""
BEAT_S: Final = 1.0
MOVED_S: Final = 0.15
"""Positions that come to this process are looked at together, so often at most; those of others once a beat."""
FRESH_S: Final = 3.0
"""If the journal could not be looked at for longer, ticks say so."""
_PATIENCE_S: Final = 15.0
_STOP_S: Final = 3.0
_RETRY_S: Final = 0.5

log = structlog.get_logger("tarim.live")


@dataclass(eq=False, slots=True)
class Seat:
    """A client that is served, and how it is told that there is something for it."""

    actor: Principal
    client: Client
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    drained: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """What all clients of a process share. `app.state.feed`, made by the composition root.

    forget: makes the end of sessions, devices and people felt (`Doorkeeper.forget`). boards: see `boards_of`.
    """

    def __init__(
        self,
        parts: Parts,
        forget: Callable[[Collection[UUID]], Awaitable[None]],
        arrivals: Arrivals,
        boards: Mapping[Topic, Board] | None = None,
    ) -> None:
        self._parts, self._forget = parts, forget
        self.reader = Reader(parts, arrivals, boards_of() if boards is None else boards)
        self.log, self.values, self.beat = Log(), Values(), Beat()
        self._seats: set[Seat] = set()
        self._attended, self._heard = asyncio.Event(), asyncio.Event()
        self._head = Head(0, b"")
        self._looked_s = -FRESH_S
        self._stopping, self._stirred = asyncio.Event(), asyncio.Event()
        self._moved: set[UUID] = set()
        self.begun = asyncio.Event()
        self._boards: Shared[Boards] = Shared(self._read_boards)
        self._pages: Shared[Page] = Shared(self.reader.page)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block lasts. Nothing is read while nobody listens."""
        works = (self._follow(), self._keep_time(), self._look_for_values())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            # A look under way is let come to its end: cut off, it would leave its connection in pieces.
            self._stopping.set()
            for waited in (self._heard, self._attended, self._stirred):
                waited.set()
            _, late = await asyncio.wait(tasks, timeout=_STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            await self._boards.close()
            await self._pages.close()

    @asynccontextmanager
    async def seated(self, actor: Principal, sight: Sight) -> AsyncIterator[Seat]:
        """Serve a client while the block lasts."""
        seat = Seat(actor, Client(sight, self.log, self.values, self.beat))
        self._seats.add(seat)
        self._attended.set()
        try:
            yield seat
        finally:
            self._seats.discard(seat)
            if not self._seats:
                self._attended.clear()

    @property
    def clients(self) -> int:
        """How many are served."""
        return len(self._seats)

    @property
    def is_fresh(self) -> bool:
        """Whether the journal was looked at lately."""
        return time.monotonic() - self._looked_s < FRESH_S

    async def boards(self, need: Need) -> Boards:
        """Return all boards, as they stood after `need.seq` or later. Raises DatabaseUnavailable, OtherJournal."""
        least = max(need.seq, self.log.start)
        found = await self._boards.ask(self.log.epoch, lambda boards: boards.seq >= least)
        if found is None:
            raise OtherJournal
        return found

    async def page(self, need: Need) -> Page:
        """Return the lines after `need.seq`. Raises DatabaseUnavailable, OtherJournal when there are none."""
        # Pages begin at round numbers, so that many who resume near one another share them.
        found = await self._pages.ask(need.seq // PAGE * PAGE, lambda page: page.last > need.seq)
        if found is None:
            raise OtherJournal
        return found

    async def check(self, need: Need) -> tuple[str, str] | None:
        """Tell why nobody can resume after a line; None: one can."""
        found = await self.reader.mark(need.seq)
        if found is None:
            return "live.ahead", f"The journal has no line {need.seq} (any more): the boards are sent anew."
        if need.mark and need.mark != found:
            return "live.other_journal", f"Line {need.seq} is another one now: the boards are sent anew."
        return None

    async def _read_boards(self, _epoch: int) -> Boards:
        try:
            found = await self.reader.boards(self.values.positions.version)
        except TarimError:
            raise
        except Exception as error:
            log.exception("the boards could not be read")
            raise Unavailable("live.boards", "The boards cannot be read now.", "Tell the operator.") from error
        self._heard.set()  # what the boards know already is to be told
        return found

    async def _follow(self) -> None:
        while await self._wanted():
            hearing = asyncio.create_task(listen(self._parts.database, CHANNEL, self._heard.set))
            try:
                while self._seats and not self._stopping.is_set():
                    await self._followed()
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)
            if not self._seats:  # somebody may have come meanwhile, and goes on where it was
                self.log.end()
                self.begun.clear()

    async def _wanted(self) -> bool:
        """Wait until somebody is served; False: the end."""
        await self._attended.wait()
        return not self._stopping.is_set()

    async def _pause(self, seconds: float) -> None:
        """Wait, but for the end no longer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _followed(self) -> None:
        """Look once, and wait for the next look."""
        self._heard.clear()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                more = await self._look()
        except (DatabaseUnavailable, TimeoutError) as error:
            log.info("the journal cannot be followed", error=type(error).__name__)
            with contextlib.suppress(TarimError):
                await self._parts.revive()
            await self._pause(_RETRY_S)
        except Exception:  # whatever it was, the next look may go well
            log.exception("the journal could not be followed")
            await self._pause(_RETRY_S)
        else:
            if more is not None:
                await self._pause(0 if more else GATHER_S)
            if not more and not self._stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await self._heard.wait()

    async def _look(self) -> bool | None:
        """Read what came; None when nothing did, True when there is more."""
        if not self.log.begun:
            self._begin(await self.reader.head())
            return None
        try:
            news = await self._news()
        except OtherJournal:
            log.warning("the journal is another one", last_seq=self._head.seq)
            self._begin(await self.reader.head())
            return None
        self._looked_s = time.monotonic()
        if news is None:
            return None
        self.log.append(news.batch)
        self._head = news.head
        for seat in self._seats:
            bound = is_bound_to_a_unit(seat.actor)
            if bound and (news.fleet_anew or seat.actor.id in news.signed):
                seat.client.look_again()
        self._wake()
        if news.ended:
            await self._forget(news.ended)
        return news.more

    async def _news(self) -> News | None:
        try:
            return await self.reader.news(self._head)
        except TarimError:
            raise
        except Exception:  # one row that cannot be told must not silence all the others
            log.exception("rows of the boards could not be read")
            return await self.reader.news(self._head, with_rows=False)

    def _begin(self, head: Head) -> None:
        self._head, self._looked_s = head, time.monotonic()
        self.log.begin(head.seq, head.mark)
        self.begun.set()
        self._wake()

    async def _keep_time(self) -> None:
        while await self._wanted():
            if not self.begun.is_set():
                # Who comes first, after nobody listened, is not told of a stall: the first look is on its way.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.begun.wait(), BEAT_S)
            self.beat.strike(self._parts.clock.now(), fresh=self.is_fresh)
            self._wake()
            if self.begun.is_set():
                await self._pause(BEAT_S)

    def moved(self, unit_ids: Iterable[UUID]) -> None:
        """Learn that units have newer positions, which are committed."""
        if self._seats:
            self._moved.update(unit_ids)
            self._stirred.set()

    async def _look_for_values(self) -> None:
        due_s = 0.0
        while await self._wanted():
            whole = time.monotonic() >= due_s
            due_s = time.monotonic() + BEAT_S if whole else due_s
            self._stirred.clear()
            if self.is_fresh and (whole or self._moved):
                moved, self._moved = self._moved, set()
                wanted = frozenset[Topic]().union(*(seat.client.view.topics for seat in self._seats))
                try:
                    async with asyncio.timeout(_PATIENCE_S):
                        if await self._found_values(wanted, None if whole else moved):
                            self._wake()
                except (DatabaseUnavailable, TimeoutError):
                    pass  # ticks tell it
                except Exception:
                    log.exception("newest values could not be read")
            await self._pause(min(MOVED_S, BEAT_S))
            left_s = 0.0 if self._moved else max(due_s - time.monotonic(), 0.0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._stirred.wait()

    async def _found_values(self, wanted: Collection[Topic], moved: Collection[UUID] | None) -> bool:
        """Read what somebody wants, positions before the arrivals that follow from them; tell whether any is new.

        moved: only positions, of these units; None: all.
        """
        values, found = self.values, False
        if Topic.UNITS in wanted:
            found = values.positions.take(await self.reader.positions(moved), all_of_them=moved is None)
        if Topic.ASSIGNMENTS in wanted and moved is None:
            found |= values.arrivals.take(await self.reader.arrivals())
        return found

    def _wake(self) -> None:
        for seat in self._seats:
            seat.wake.set()
