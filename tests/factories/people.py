"""Organisations and clearly invented people for tests, and the parts that an edge needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts import service_people
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.accounts.states import Role
from dispatch.kernel.actor import Context, system
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.digests import Digester
from dispatch.kernel.organisations import System

START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CIVIL, CORPS = "aksu-prefecture", "xpcc-1"
PASSWORD = "koshka sleeps under blue poplars"  # noqa: S105 - a test's own
DIGESTER = Digester(bytes(32))
QUICK = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
QUICK_HASH = QUICK.hash(PASSWORD)


def clock() -> ManualClock:
    """A clock at the start of the tests' day."""
    return ManualClock(START)


def quick_hasher(**options: int) -> PasswordHasher:
    """Hashes at once, with the real algorithm."""
    return PasswordHasher(QUICK, **options)


def context(at: Clock) -> Context:
    """What a test does by itself."""
    return Context.begin(at, system("test"))


async def make_organisations(session: AsyncSession, at: Clock) -> None:
    """One of each system."""
    for code, name, kind in ((CIVIL, "示例地区", System.CIVIL), (CORPS, "示例师", System.CORPS)):
        await service_people.add_organisation(
            session, at, context(at), code=code, name_zh=name, name_en="", system=kind
        )


async def make_person(
    session: AsyncSession,
    at: Clock,
    login_name: str,
    *roles: Role,
    organisation: str = CIVIL,
    also: Collection[Grant] = (),
    password_hash: str | None = QUICK_HASH,
) -> UUID:
    """A person with these roles in the organisation, who logs in with PASSWORD."""
    known = await service_people.add_person(
        session,
        at,
        context(at),
        DIGESTER,
        login_name=login_name,
        display_name=f"示例 {login_name}",
        organisation=organisation,
        grants=[*(Grant(role, organisation) for role in roles), *also],
        password_hash=password_hash,
    )
    return known.person.id


async def populate(database: Database, at: Clock) -> dict[str, UUID]:
    """Both organisations: one person per role in the first (named by it), an administrator ("other") in the second."""
    async with database.write() as session:
        await make_organisations(session, at)
        made = {str(role): await make_person(session, at, role, role) for role in Role}
        made["other"] = await make_person(session, at, "other", Role.ADMINISTRATOR, organisation=CORPS)
    return made
