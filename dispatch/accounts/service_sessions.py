"""Logging in, being known, and the end of sessions. Nothing here commits.

A login is three steps, of which the edge makes two transactions with the slow hashing between them: `admit` counts the
try as a failure beforehand, so that a thousand tries at once cannot all slip through; `finish` opens the session, after
asking the database once more whether the account is still what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.events import SessionEnded, SessionOpened, SessionRefused
from dispatch.accounts.queries import (
    find_by_login_name,
    find_device,
    find_person_locked,
    find_session,
    list_sessions,
    load_tries,
    lock_person,
)
from dispatch.accounts.rules_passwords import normal_name
from dispatch.accounts.rules_permissions import Grant, Principal
from dispatch.accounts.rules_sessions import TOUCH_EVERY, Lifetimes, ends_at, new_token, token_hash
from dispatch.accounts.rules_throttle import NO_TRIES, Count, Tries, failed, succeeded, wait_s
from dispatch.accounts.states import DeviceKind, PersonState, SessionEnd
from dispatch.accounts.tables import Device, LoginSession, LoginTries, Person
from dispatch.kernel.actor import Actor, ActorKind, Context, system
from dispatch.kernel.clock import Clock
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import Invalid, Refused
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append

_LONGEST_TRIED: Final = 256


class TooManyTries(Refused):
    """Wrong passwords came before; wait `retry_after_s`, whole seconds."""

    def __init__(self, wait_s: float) -> None:
        self.retry_after_s = max(1, ceil(wait_s))
        told = f"Too many wrong passwords. The next try is looked at in {self.retry_after_s} s."
        super().__init__("login.wait", told, "Wait, then try once more.")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A try to log in that may be looked at. `stored` is the hash to check against, None for nobody."""

    keys: Mapping[Count, bytes]
    login_digest: str
    source_digest: str
    person_id: UUID | None
    stored: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened. `token` is told to its browser and to nobody else."""

    session: LoginSession
    token: str


async def admit(session: AsyncSession, clock: Clock, digester: Digester, login_name: str, source: str) -> Admitted:
    """Count a try to log in under this name from this source. Raises TooManyTries, before anything costly is done."""
    try:
        name = tried = normal_name(login_name)
    except Invalid:
        # No such name can exist; the rest goes on as for any other that does not.
        name, tried = "", login_name[:_LONGEST_TRIED].encode("utf-8", "replace").decode()
    login_digest, source_digest = digester.digest("login", tried), digester.digest("source", source)
    keys = {
        Count.PAIR: _key(login_digest, source_digest),
        Count.ACCOUNT: _key(login_digest),
        Count.SOURCE: _key(source_digest),
    }
    # Most refusals end here: one read, no lock.
    _must_not_wait(await load_tries(session, keys), clock.now())
    blank = [{"count": count, "key": keys[count], "failures": 0} for count in sorted(keys)]
    await session.execute(insert(LoginTries).on_conflict_do_nothing(), blank)
    tries = await load_tries(session, keys, lock=True)
    now = clock.now()
    _must_not_wait(tries, now)
    for count, key in keys.items():
        await _remember(session, count, key, failed(count, tries.get(count, NO_TRIES), now))
    person = await find_by_login_name(session, name) if name else None
    if person is None:
        return Admitted(keys, login_digest, source_digest, None, None)
    return Admitted(keys, login_digest, source_digest, person.id, person.password_hash)


async def finish(
    session: AsyncSession,
    clock: Clock,
    admitted: Admitted,
    lifetimes: Lifetimes,
    *,
    good: bool,
    replaces: bytes | None = None,
    fresh_hash: str | None = None,
) -> Opened | None:
    """Open a session if the password was `good` and the account still is; None tells a failed try, to be committed too.

    `replaces` is the hash of a token that the browser sent along: that session ends, and its token is never taken over.
    `fresh_hash` takes the stored hash's place, after a change of costs.
    """
    # Asked for nobody too: the time that a refusal takes must not tell whether there is such an account.
    person = await find_person_locked(session, admitted.person_id)
    tries = await load_tries(session, admitted.keys, lock=True)
    now = clock.now()
    if (
        not good
        or person is None
        or person.state != PersonState.ACTIVE
        # Changed while the old one was being hashed: what was proved is worth nothing now.
        or person.password_hash != admitted.stored
    ):
        await _tell_failure(session, clock, admitted, person, tries)
        return None
    await _settle(session, admitted, tries, now)
    if fresh_hash is not None:
        person.password_hash = fresh_hash
    ended = await _end_replaced(session, clock, replaces)
    token = new_token()
    row = LoginSession(
        id=new_id(clock),
        person_id=person.id,
        token_hash=token_hash(token),
        created_at=now,
        last_seen_at=now,
        expires_at=now + lifetimes.absolute,
    )
    session.add(row)
    await session.flush()
    told = SessionOpened(
        person_id=person.id,
        organisation=person.organisation,
        session_id=row.id,
        source_digest=admitted.source_digest,
        expires_at=row.expires_at,
    )
    actor = Actor(ActorKind.PERSON, str(person.id), person.organisation)
    await append(session, clock, Context.begin(clock, actor), [*ended, told])
    return Opened(row, token)


async def settle(session: AsyncSession, clock: Clock, admitted: Admitted) -> None:
    """Take back what `admit` counted, after the password was good where no session is opened (a change of it)."""
    await _settle(session, admitted, await load_tries(session, admitted.keys, lock=True), clock.now())


async def find_principal(
    session: AsyncSession, clock: Clock, hashed: bytes, lifetimes: Lifetimes
) -> tuple[Principal, LoginSession] | None:
    """Who goes by this session token, now; None where it has ended, run out, or never was."""
    found = await find_session(session, hashed)
    if found is None:
        return None
    row, known = found
    ends = ends_at(row.last_seen_at, row.expires_at, lifetimes)
    if ends <= clock.now():
        return None
    person = known.person
    return Principal(ActorKind.PERSON, person.id, person.organisation, known.grants, row.id, ends), row


async def find_device_principal(session: AsyncSession, hashed: bytes) -> tuple[Principal, Device] | None:
    """Which device goes by this token; None where it was revoked or never was."""
    row = await find_device(session, hashed)
    if row is None:
        return None
    grants = frozenset({Grant(DeviceKind(row.kind), row.organisation)})
    told = Principal(ActorKind.DEVICE, row.id, row.organisation, grants, row.id, None, row.region, row.call_sign)
    return told, row


async def touch(session: AsyncSession, clock: Clock, sessions: Collection[UUID], devices: Collection[UUID]) -> None:
    """Write down that these were used now, where that was last done a while ago."""
    now = clock.now()
    if sessions:
        chosen = LoginSession.id.in_(sessions) & (LoginSession.last_seen_at <= now - TOUCH_EVERY)
        await session.execute(
            update(LoginSession).where(chosen, LoginSession.ended_at.is_(None)).values(last_seen_at=now)
        )
    if devices:
        stale = Device.last_seen_at.is_(None) | (Device.last_seen_at <= now - TOUCH_EVERY)
        await session.execute(update(Device).where(Device.id.in_(devices), stale).values(last_seen_at=now))


async def end_sessions(
    session: AsyncSession,
    clock: Clock,
    person: Person,
    because: SessionEnd,
    *,
    only: UUID | None = None,
    keep: UUID | None = None,
) -> list[SessionEnded]:
    """End a person's sessions (or `only` one, or all but `keep`); return what the journal is to be told of it."""
    events: list[SessionEnded] = []
    for row in await list_sessions(session, person.id):
        if row.id != keep and only in (None, row.id):
            row.ended_at, row.ended_because = clock.now(), because
            events.append(
                SessionEnded(person_id=person.id, organisation=person.organisation, session_id=row.id, because=because)
            )
    await session.flush()
    return events


async def log_out(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    person_id: UUID,
    because: SessionEnd,
    *,
    only: UUID | None = None,
    keep: UUID | None = None,
) -> list[UUID]:
    """End one's own sessions; return the ids of those ended, none if they had ended before. Raises NotFound."""
    person = await lock_person(session, person_id)
    events = await end_sessions(session, clock, person, because, only=only, keep=keep)
    if events:
        await append(session, clock, context, events)
    return [event.session_id for event in events]


async def _end_replaced(session: AsyncSession, clock: Clock, replaces: bytes | None) -> list[SessionEnded]:
    found = None if replaces is None else await find_session(session, replaces)
    if found is None:
        return []
    row, known = found
    return await end_sessions(session, clock, known.person, SessionEnd.REPLACED, only=row.id)


async def _tell_failure(
    session: AsyncSession, clock: Clock, admitted: Admitted, person: Person | None, tries: Mapping[Count, Tries]
) -> None:
    told = SessionRefused(
        login_digest=admitted.login_digest,
        source_digest=admitted.source_digest,
        person_id=admitted.person_id,
        state=None if person is None else PersonState(person.state),
        organisation=None if person is None else person.organisation,
        failures=tries.get(Count.PAIR, NO_TRIES).failures,
        wait_s=wait_s(tries, clock.now()),
    )
    await append(session, clock, Context.begin(clock, system("login")), [told])


async def _remember(session: AsyncSession, count: Count, key: bytes, tries: Tries) -> None:
    await session.execute(
        update(LoginTries)
        .where(LoginTries.count == count, LoginTries.key == key)
        .values(
            failures=tries.failures,
            last_failure_at=tries.last_failure_at,
            blocked_until=tries.blocked_until,
            succeeded_at=tries.succeeded_at,
        ),
        execution_options={"synchronize_session": False},
    )


async def _settle(session: AsyncSession, admitted: Admitted, tries: Mapping[Count, Tries], now: datetime) -> None:
    for count, key in admitted.keys.items():
        await _remember(session, count, key, succeeded(count, tries.get(count, NO_TRIES), now))


def _must_not_wait(tries: Mapping[Count, Tries], now: datetime) -> None:
    left_s = wait_s(tries, now)
    if left_s > 0:
        raise TooManyTries(left_s)


def _key(*digests: str) -> bytes:
    return hashlib.sha256(" ".join(digests).encode()).digest()
