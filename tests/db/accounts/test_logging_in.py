"""Logging in against a real PostgreSQL: throttling, races, the end of sessions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from factories.patience import times
from factories.people import DIGESTER, PASSWORD, QUICK_HASH, clock, context, populate, quick_hasher
from sqlalchemy import func, select, text

from dispatch.accounts import service_people
from dispatch.accounts.queries import list_sessions
from dispatch.accounts.rules_sessions import Lifetimes, token_hash
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.accounts.service_sessions import (
    Admitted,
    Opened,
    TooManyTries,
    admit,
    find_principal,
    finish,
    log_out,
    touch,
)
from dispatch.accounts.service_upkeep import forget_tries
from dispatch.accounts.states import SessionEnd
from dispatch.accounts.tables import LoginSession
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.postgres.cluster import SERVICE_ROLE

pytestmark = pytest.mark.database
LIFETIMES = Lifetimes(timedelta(hours=13), timedelta(hours=1))
HOME, AWAY = "192.0.2.1", "198.51.100.9"


@dataclass
class House:
    """A service's way of logging in, over real transactions."""

    database: Database
    clock: ManualClock
    hasher: PasswordHasher
    people: dict[str, UUID]

    async def admit(self, name: str, source: str = HOME) -> Admitted:
        async with self.database.write() as session:
            return await admit(session, self.clock, DIGESTER, name, source)

    async def finish(self, admitted: Admitted, *, good: bool, replaces: bytes | None = None) -> Opened | None:
        async with self.database.write() as session:
            return await finish(session, self.clock, admitted, LIFETIMES, good=good, replaces=replaces)

    async def log_in(self, name: str, password: str = PASSWORD, source: str = HOME) -> Opened | None:
        admitted = await self.admit(name, source)
        return await self.finish(admitted, good=await self.hasher.verify(password, admitted.stored))

    async def known(self, token: str) -> bool:
        hashed = token_hash(token)
        assert hashed is not None
        async with self.database.read() as session:
            return await find_principal(session, self.clock, hashed, LIFETIMES) is not None

    async def lines(self, kind: str) -> list[JournalLine]:
        async with self.database.read() as session:
            return list(await session.scalars(select(JournalLine).where(JournalLine.type == kind)))


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    at = clock()
    hasher = quick_hasher()
    yield House(database, at, hasher, await populate(database, at))
    hasher.close()


async def test_a_session_is_opened_and_its_token_stored_hashed(house: House) -> None:
    opened = await house.log_in("Dispatcher")
    assert opened is not None
    assert await house.known(opened.token)
    async with house.database.read() as session:
        whole = " ".join(await session.scalars(text("SELECT login_sessions::text FROM login_sessions")))
        assert opened.token not in whole
    (line,) = await house.lines("session.opened")
    assert line.actor == f"person:{house.people['dispatcher']}"
    assert opened.token not in str(line.payload)
    assert HOME not in str(line.payload)


@pytest.mark.parametrize("name", ["dispatcher", "nobody at all", "nobody", "\ud800", "x" * 5_000])
async def test_a_wrong_password_and_no_such_name_are_alike(house: House, name: str) -> None:
    before = house.hasher.hashed
    assert await house.log_in(name, "not the password at all") is None
    assert house.hasher.hashed == before + 1, "as much work for a name that nobody has"
    (line,) = await house.lines("session.refused")
    assert line.payload["failures"] == 1
    assert (line.payload["person_id"] is not None) == (name == "dispatcher")


@pytest.mark.soak
async def test_ten_thousand_wrong_passwords(house: House) -> None:
    refused, tries = 0, times(300, 10_000)
    for _ in range(tries // 50):
        results = await asyncio.gather(*(one_try(house) for _ in range(50)))
        refused += sum(isinstance(result, TooManyTries) for result in results)
    assert house.hasher.hashed == 6, "five slips, and the one that began the wait"
    assert refused == tries - 6
    assert len(await house.lines("session.refused")) == 6, "no flood in the journal either"
    async with house.database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM login_tries")) == 3
    # The right person: from there after two seconds, whatever was tried meanwhile.
    with pytest.raises(TooManyTries) as told:
        await house.log_in("dispatcher")
    assert told.value.retry_after_s == 2
    house.clock.advance(timedelta(seconds=2))
    assert await house.log_in("dispatcher") is not None
    assert await house.log_in("dispatcher") is not None


async def one_try(house: House) -> Opened | TooManyTries | None:
    try:
        return await house.log_in("dispatcher", "not the password at all")
    except TooManyTries as error:
        return error


async def test_a_thousand_tries_at_once_do_not_slip_through_together(house: House) -> None:
    async def only_admit() -> bool:
        try:
            await house.admit("dispatcher")
        except TooManyTries:
            return False
        return True

    assert sum(await asyncio.gather(*(only_admit() for _ in range(200)))) == 6


async def test_strangers_do_not_keep_a_person_from_the_usual_place(house: House) -> None:
    assert await house.log_in("dispatcher", source=HOME) is not None
    for number in range(40):
        admitted = await house.admit("dispatcher", f"203.0.113.{number}") if number < 11 else None
        if admitted is not None:
            await house.finish(admitted, good=False)
    with pytest.raises(TooManyTries):
        await house.log_in("dispatcher", source=AWAY)
    assert await house.log_in("dispatcher", source=HOME) is not None
    house.clock.advance(timedelta(seconds=60))
    assert await house.log_in("dispatcher", source=AWAY) is not None, "elsewhere after a minute at most"


async def test_one_source_that_tries_many_names_waits(house: House) -> None:
    for number in range(31):
        assert await house.log_in(f"guess{number}", source=AWAY) is None
    with pytest.raises(TooManyTries):
        await house.log_in("supervisor", source=AWAY)
    assert await house.log_in("supervisor", source=HOME) is not None


async def test_old_counts_are_swept_up_and_known_places_kept(house: House) -> None:
    assert await house.log_in("dispatcher", source=HOME) is not None
    assert await house.log_in("nobody", source=AWAY) is None
    swept: list[int] = []
    for step in (timedelta(minutes=59), timedelta(minutes=1), timedelta(days=30)):
        house.clock.advance(step)
        async with house.database.write() as session:
            swept.append(await forget_tries(session, house.clock))
    assert swept == [0, 3, 3]


async def test_the_role_that_owns_nothing_has_all_rights_that_this_takes(house: House, database_url: str) -> None:
    async with Database(make_engine(database_url, role=SERVICE_ROLE)) as bounded:
        served = House(bounded, house.clock, house.hasher, house.people)
        assert await served.log_in("crew", "not the password at all") is None
        opened = await served.log_in("crew")
        assert opened is not None
        async with bounded.write() as session:
            assert await session.scalar(text("SELECT current_user")) == SERVICE_ROLE
            await service_people.revoke(session, house.clock, context(house.clock), house.people["crew"])
            await forget_tries(session, house.clock)
        assert not await served.known(opened.token)


async def test_two_logins_at_once_both_hold(house: House) -> None:
    first, second = await asyncio.gather(house.log_in("dispatcher"), house.log_in("dispatcher"))
    assert first is not None
    assert second is not None
    assert first.token != second.token
    async with house.database.read() as session:
        assert len(await list_sessions(session, house.people["dispatcher"])) == 2


@pytest.mark.parametrize("ending", ["revoke", "lock", "password"])
async def test_an_account_ended_while_its_password_is_hashed_opens_nothing(house: House, ending: str) -> None:
    admitted = await house.admit("dispatcher")
    good = await house.hasher.verify(PASSWORD, admitted.stored)
    assert good
    person = house.people["dispatcher"]
    async with house.database.write() as session:
        if ending == "password":
            fresh = QUICK_HASH[:-1] + ("A" if QUICK_HASH[-1] != "A" else "B")
            await service_people.set_password(session, house.clock, context(house.clock), person, fresh)
        else:
            work = service_people.revoke if ending == "revoke" else service_people.lock
            await work(session, house.clock, context(house.clock), person)
    assert await house.finish(admitted, good=good) is None
    async with house.database.read() as session:
        assert await list_sessions(session, person) == []


async def test_revoking_and_logging_in_race_and_no_session_survives(house: House) -> None:
    person = house.people["dispatcher"]
    admitted = [await house.admit("dispatcher") for _ in range(4)]

    async def revoke() -> None:
        async with house.database.write() as session:
            await service_people.revoke(session, house.clock, context(house.clock), person)

    opened = await asyncio.gather(*(house.finish(one, good=True) for one in admitted), revoke())
    assert len(opened) == 5
    async with house.database.read() as session:
        assert await list_sessions(session, person) == []
        ended = await session.scalar(
            select(func.count()).select_from(LoginSession).where(LoginSession.ended_because == "revoked")
        )
    assert ended == sum(one is not None for one in opened)


async def test_locked_is_told_like_a_wrong_password_and_unlocking_lets_in(house: House) -> None:
    person = house.people["crew"]
    async with house.database.write() as session:
        await service_people.lock(session, house.clock, context(house.clock), person)
    assert await house.log_in("crew") is None
    assert (await house.lines("session.refused"))[0].payload["state"] == "locked"
    async with house.database.write() as session:
        await service_people.unlock(session, house.clock, context(house.clock), person)
    assert await house.log_in("crew") is not None


async def test_a_new_login_ends_the_browsers_old_session(house: House) -> None:
    old = await house.log_in("dispatcher")
    assert old is not None
    admitted = await house.admit("supervisor")
    new = await house.finish(admitted, good=True, replaces=token_hash(old.token))
    assert new is not None
    assert new.token != old.token
    assert not await house.known(old.token)
    assert await house.known(new.token)
    (line,) = await house.lines("session.ended")
    assert (line.subject, line.payload["because"]) == (str(house.people["dispatcher"]), "replaced")


async def test_sessions_run_out_idle_and_at_the_latest(house: House) -> None:
    opened = await house.log_in("dispatcher")
    assert opened is not None
    house.clock.advance(timedelta(minutes=59))
    assert await house.known(opened.token)
    async with house.database.write() as session:
        await touch(session, house.clock, [opened.session.id], [])
    for _ in range(12):
        house.clock.advance(timedelta(minutes=59))
        assert await house.known(opened.token)
        async with house.database.write() as session:
            await touch(session, house.clock, [opened.session.id], [])
    house.clock.advance(timedelta(minutes=13))
    assert not await house.known(opened.token), "thirteen hours are over"
    other = await house.log_in("dispatcher")
    assert other is not None
    house.clock.advance(timedelta(hours=1))
    assert not await house.known(other.token), "an hour without use"


async def test_one_or_all_others_are_ended(house: House) -> None:
    person = house.people["dispatcher"]
    sessions = [opened for opened in [await house.log_in("dispatcher") for _ in range(3)] if opened]
    ids = [opened.session.id for opened in sessions]
    async with house.database.write() as session:
        at, why = context(house.clock), SessionEnd.CLOSED
        assert await log_out(session, house.clock, at, person, why, only=ids[0]) == [ids[0]]
        assert await log_out(session, house.clock, at, person, why, only=ids[0]) == []
        assert await log_out(session, house.clock, at, house.people["crew"], why, only=ids[1]) == [], "not one's own"
        assert await log_out(session, house.clock, at, person, why, keep=ids[2]) == [ids[1]]
    assert [await house.known(opened.token) for opened in sessions] == [False, False, True]
