"""The WebSockets that are open in this process, and their end when who opened them may no longer be here.

`OpenSockets` only remembers and chooses; `watch` asks the database. Revocations in this process close at once, those
made elsewhere within `CHECK_EVERY_S`. While the database does not answer, what is open stays open: a dispatcher must
not go blind because of it, and nothing new can be read meanwhile anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import structlog

from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.errors import DatabaseUnavailable

CHECK_EVERY_S: Final = 2.0
CLOSE_CODE: Final = 4401
"""WebSocket close code (RFC 6455: 4000–4999 are the application's): log in again."""
_CLOSE_TIMEOUT_S: Final = 1.0

T = TypeVar("T")

log = structlog.get_logger("tarim.sockets")


async def first_ended(*works: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Do all of it at once until the first has ended, however it did; the others are broken off by then."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return done.pop()


class Closable(Protocol):
    """A WebSocket, as far as this matters."""

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close it."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenSocket:
    """One open WebSocket and who opened it."""

    principal: Principal
    socket: Closable


class OpenSockets:
    """Who holds which socket. Pure: it closes nothing itself."""

    def __init__(self) -> None:
        self._open: dict[UUID, set[OpenSocket]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    def add(self, principal: Principal, socket: Closable) -> OpenSocket:
        """Remember a socket; give what is returned to `remove`."""
        opened = OpenSocket(principal, socket)
        self._open.setdefault(principal.credential, set()).add(opened)
        return opened

    def remove(self, opened: OpenSocket) -> None:
        """Forget a socket; nothing happens if it was forgotten before."""
        held = self._open.get(opened.principal.credential, set())
        held.discard(opened)
        if not held:
            self._open.pop(opened.principal.credential, None)

    def credentials(self, kind: ActorKind) -> frozenset[UUID]:
        """The sessions (PERSON) or devices (DEVICE) that hold a socket open."""
        return frozenset(
            credential for credential, held in self._open.items() if any(one.principal.kind is kind for one in held)
        )

    def take_ended(self, alive: Collection[UUID], asked: Collection[UUID]) -> list[OpenSocket]:
        """Forget and return the sockets of those who were `asked` about and are not `alive`.

        Who came after the question was asked is in neither, and stays.
        """
        return self.take(frozenset(asked) - frozenset(alive))

    def take(self, ids: Collection[UUID]) -> list[OpenSocket]:
        """Forget and return the sockets of these sessions, devices or people."""
        wanted = frozenset(ids)
        gone = [
            one
            for held in self._open.values()
            for one in held
            if one.principal.credential in wanted or one.principal.id in wanted
        ]
        for one in gone:
            self.remove(one)
        return gone


async def close_all(sockets: Collection[OpenSocket], reason: str = "session.none") -> None:
    """Close sockets, all at once; one that hangs or is gone already holds up nobody."""

    async def close(one: OpenSocket) -> None:
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await one.socket.close(CLOSE_CODE, reason)
        except (TimeoutError, RuntimeError, OSError) as error:
            log.info("socket would not close", error=type(error).__name__)

    await asyncio.gather(*(close(one) for one in sockets))


async def watch(
    sockets: OpenSockets,
    alive: Callable[[frozenset[UUID], frozenset[UUID]], Awaitable[frozenset[UUID]]],
    *,
    every_s: float = CHECK_EVERY_S,
) -> None:
    """Until cancelled: ask which sessions and devices are still good, and close the sockets of the others."""
    while True:
        await asyncio.sleep(every_s)
        sessions, devices = sockets.credentials(ActorKind.PERSON), sockets.credentials(ActorKind.DEVICE)
        if not sessions and not devices:
            continue
        try:
            good = await alive(sessions, devices)
        except DatabaseUnavailable as error:
            log.warning("open sockets could not be checked", code=error.code)
            continue
        await close_all(sockets.take_ended(good, sessions | devices))
