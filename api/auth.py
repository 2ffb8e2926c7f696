"""Who is asking, and whether they may: what handlers write into their signatures.

    async def listed(actor: Annotated[Principal, requires("people.read")]) -> Response: ...
    async def served(actor: Annotated[Principal, requires("live.read")], websocket: WebSocket) -> None: ...

A session's cookie or a device's bearer token is looked up at most every `CACHED_S` per process, so that a revocation
made anywhere bites within that time; one made in this process bites at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any, Final, NoReturn
from uuid import UUID

from fastapi import Depends
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection

from api.cookies import session_token
from api.errors import ProblemError
from api.parts import Parts
from api.sockets import Closable, OpenSockets, close_all, watch
from dispatch.accounts.queries import live_devices, live_sessions
from dispatch.accounts.rules_permissions import PERMISSION_NAMES, Principal, may, organisations_where
from dispatch.accounts.rules_sessions import DEVICE_PREFIX, TOUCH_EVERY, Lifetimes, ends_at, token_hash
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.accounts.service_sessions import find_device_principal, find_principal, touch
from dispatch.kernel.actor import ActorKind, Context
from dispatch.kernel.digests import Digester

CACHED_S: Final = 3.0
MOST_CACHED: Final = 10_000
_POLICY_VIOLATION: Final = 1008
OPERATOR: Final = Principal(ActorKind.SYSTEM, UUID(int=0), "", frozenset(), UUID(int=0), None, name="operator")
"""Whoever sits at the machine itself, where `TARIM_LOGINS` is off: the service then listens on loopback only."""
OPERATOR_MAY: Final = frozenset({"roads.read", "closures.read", "closures.write", "fleet.read"})
"""Roads, closures and what stands where: no person, patient, call or account."""


class Doorkeeper:
    """Knows who is who, in this process. Made once, by the composition root; `app.state.doorkeeper`."""

    def __init__(
        self,
        parts: Parts,
        *,
        hasher: PasswordHasher | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.parts = parts
        self.hasher = hasher or PasswordHasher()
        self.digester = Digester.of_home(parts.settings.home)
        self.sockets = OpenSockets()
        self.lifetimes = Lifetimes(
            timedelta(seconds=parts.settings.session_s), timedelta(seconds=parts.settings.session_idle_s)
        )
        self._monotonic = monotonic
        self._asking: dict[bytes, asyncio.Future[Principal | None]] = {}
        self._cache: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()

    @asynccontextmanager
    async def on_duty(self) -> AsyncIterator[None]:
        """Watch over open sockets while the block lasts; then close them, and the hashing threads."""
        watching = asyncio.create_task(watch(self.sockets, self.still_good))
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await asyncio.gather(*self._asking.values(), return_exceptions=True)
            self.hasher.close()

    async def principal(self, connection: HTTPConnection) -> Principal | None:
        """Who is asking; None when nobody who is known. A bearer token goes before a cookie."""
        header = connection.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            return await self._of_token(token.strip(), DEVICE_PREFIX) if scheme.lower() == "bearer" else None
        token_sent = session_token(connection)
        return None if token_sent is None else await self._of_token(token_sent, "")

    async def forget(self, ids: Collection[UUID]) -> None:
        """Make the end of these sessions, devices or people felt here at once: nothing cached, no socket open."""
        wanted = frozenset(ids)
        self._asking.clear()  # what was asked before may not know it yet
        for key, (known, _) in list(self._cache.items()):
            if known.credential in wanted or known.id in wanted:
                del self._cache[key]
        await close_all(self.sockets.take(wanted))

    @asynccontextmanager
    async def holding(self, principal: Principal, socket: Closable) -> AsyncIterator[None]:
        """Keep a WebSocket on the list of those that are closed when its session or device ends."""
        opened = self.sockets.add(principal, socket)
        try:
            yield
        finally:
            self.sockets.remove(opened)

    async def still_good(self, sessions: frozenset[UUID], devices: frozenset[UUID]) -> frozenset[UUID]:
        """Which of these sessions and devices still hold. An open socket counts as use of its session."""
        database, clock = self.parts.database, self.parts.clock
        async with database.read() as session:
            rows = await live_sessions(session, sessions) if sessions else ()
            found = await live_devices(session, devices) if devices else frozenset()
        now = clock.now()
        good = {row.id: row for row in rows if ends_at(row.last_seen_at, row.expires_at, self.lifetimes) > now}
        idle = [row.id for row in good.values() if now - row.last_seen_at >= TOUCH_EVERY]
        if idle or found:
            async with database.write() as session:
                await touch(session, clock, idle, found)
        return frozenset(good) | found

    async def _of_token(self, token: str, prefix: str) -> Principal | None:
        hashed = token_hash(token, prefix)
        if hashed is None:
            return None
        # Taken before the question is asked: an answer is as old as its question.
        at, now = self._monotonic(), self.parts.clock.now()
        held = self._cache.get(hashed)
        if held is not None:
            known, since = held
            if at - since < CACHED_S and (known.expires_at is None or now < known.expires_at):
                return known
        found = await self._looked_up(hashed, prefix)
        if found is None:
            self._cache.pop(hashed, None)
            return None
        self._cache[hashed] = (found, at)
        self._cache.move_to_end(hashed)
        while len(self._cache) > MOST_CACHED:
            self._cache.popitem(last=False)
        return found

    async def _looked_up(self, hashed: bytes, prefix: str) -> Principal | None:
        """Ask the database; who asks about the same token meanwhile waits for the same answer."""
        asking = self._asking.get(hashed)
        if asking is None:
            asking = asyncio.ensure_future(self._device(hashed) if prefix else self._person(hashed))
            self._asking[hashed] = asking
            asking.add_done_callback(lambda done: self._answered(hashed, done))
        # An asker who gives up must not take the answer away from the others.
        return await asyncio.shield(asking)

    def _answered(self, hashed: bytes, done: asyncio.Future[Principal | None]) -> None:
        if self._asking.get(hashed) is done:
            del self._asking[hashed]
        if not done.cancelled():
            done.exception()  # taken note of, even if every asker has gone

    async def _person(self, hashed: bytes) -> Principal | None:
        async with self.parts.database.read() as session:
            found = await find_principal(session, self.parts.clock, hashed, self.lifetimes)
        if found is None:
            return None
        principal, row = found
        if self.parts.clock.now() - row.last_seen_at >= TOUCH_EVERY:
            async with self.parts.database.write() as session:
                await touch(session, self.parts.clock, [row.id], [])
        return principal

    async def _device(self, hashed: bytes) -> Principal | None:
        async with self.parts.database.read() as session:
            found = await find_device_principal(session, hashed)
        if found is None:
            return None
        principal, row = found
        if row.last_seen_at is None or self.parts.clock.now() - row.last_seen_at >= TOUCH_EVERY:
            async with self.parts.database.write() as session:
                await touch(session, self.parts.clock, [], [row.id])
        return principal


def doorkeeper_of(connection: HTTPConnection) -> Doorkeeper:
    """Return this process's doorkeeper."""
    found: Doorkeeper = connection.app.state.doorkeeper
    return found


async def _doorkeeper(connection: HTTPConnection) -> Doorkeeper:
    """The same as a dependency: one that is not asynchronous costs each request a turn in a thread."""
    return doorkeeper_of(connection)


async def current_actor(connection: HTTPConnection) -> Principal:
    """Return who is asking. Raises ProblemError (`session.none`), for a WebSocket WebSocketException."""
    found = await doorkeeper_of(connection).principal(connection)
    if found is None:
        _refuse(connection, ProblemError("session.none", "Nobody is logged in here.", "Log in: POST /api/session."))
    return found


DoorkeeperDep = Annotated[Doorkeeper, Depends(_doorkeeper)]
CurrentActor = Annotated[Principal, Depends(current_actor)]
"""Whoever is logged in. By itself it guards no route: say with `requires` what it takes."""

_asked: dict[object, str] = {}
OR: Final = " | "
"""Between permissions of which one is enough."""


@functools.cache
def _requirement(*enough: str) -> Any:  # noqa: ANN401 - FastAPI's Depends has no type of its own
    for permission in enough:
        if permission not in PERMISSION_NAMES:
            raise ValueError(f"there is no permission {permission}")
    asked = OR.join(enough)

    async def check(connection: HTTPConnection) -> Principal:
        door = doorkeeper_of(connection)
        if OPERATOR_MAY.intersection(enough) and not door.parts.settings.asks_logins:
            return await door.principal(connection) or OPERATOR
        actor = await current_actor(connection)
        if not any(may(actor, permission) for permission in enough):
            _refuse(connection, not_allowed(asked))
        return actor

    _asked[check] = asked
    return Depends(check)


def requires(permission: str, *or_else: str) -> Any:  # noqa: ANN401 - as above
    """What gives a handler its actor, who may do this somewhere; where, the handler asks with `must_may`.

    With several permissions one of them is enough. Refuses with 401 (`session.none`) and 403 (`permission.refused`).
    Raises ValueError for an unknown permission.
    """
    return _requirement(permission, *or_else)


async def _open_to_all() -> None:
    """Ask nothing."""


_asked[_open_to_all] = ""
ANYONE: Final = Depends(_open_to_all)
"""For the few routes that need no login: `dependencies=[ANYONE]`."""


def permission_asked(call: object) -> str | None:
    """What a dependency asks: a permission (several where one is enough: "a | b"), "" when it says that anyone may.

    None when it is about something else.
    """
    return _asked.get(call)


def must_may(actor: Principal, permission: str, organisation: str) -> None:
    """Refuse what the actor may not do in this organisation. Raises ProblemError (`permission.refused`)."""
    if not may(actor, permission, organisation):
        raise not_allowed(permission)


def must_may_anywhere(actor: Principal, permission: str) -> None:
    """Refuse what the actor may do nowhere at all. Raises ProblemError (`permission.refused`)."""
    if not may(actor, permission):
        raise not_allowed(permission)


def must_may_everywhere(actor: Principal, permission: str) -> None:
    """Refuse what the actor may not do in every organisation. Raises ProblemError (`permission.refused`)."""
    if organisations_where(actor, permission) is not None:
        raise not_allowed(permission)


def must_be_vehicle(actor: Principal, region: str, call_sign: str) -> None:
    """Refuse a device that speaks for another vehicle than its own. Raises ProblemError (`device.other_vehicle`)."""
    if (actor.region, actor.call_sign) != (region, call_sign) or not call_sign:
        raise ProblemError("device.other_vehicle", "This device belongs to another vehicle.", "Use its own token.")


def not_allowed(permission: str) -> ProblemError:
    """The refusal of a permission that the actor does not have."""
    return ProblemError("permission.refused", f"This takes the permission {permission}.", "Ask an administrator.")


def begin(doorkeeper: Doorkeeper, actor: Principal) -> Context:
    """Begin what a request does, in the actor's name."""
    return Context.begin(doorkeeper.parts.clock, actor.actor)


def _refuse(connection: HTTPConnection, refusal: ProblemError) -> NoReturn:
    if connection.scope["type"] == "websocket":
        raise WebSocketException(_POLICY_VIOLATION, refusal.code)
    raise refusal
