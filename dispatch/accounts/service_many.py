"""Many people at once, without passwords: crews whose devices speak for them. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.events import PersonAdded
from dispatch.accounts.queries import get_organisation
from dispatch.accounts.rules_passwords import normal_name
from dispatch.accounts.states import PersonState, Role
from dispatch.accounts.tables import Person, PersonName, PersonRole
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import Conflict
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody with one role in their own organisation."""

    login_name: str
    display_name: str
    organisation: str
    role: Role


async def add_people(
    session: AsyncSession, clock: Clock, context: Context, digester: Digester, people: Sequence[NewPerson]
) -> dict[str, UUID]:
    """Add people in a few statements; return their ids by login name. All or none.

    Raises Invalid (`person.login_name`), NotFound (`organisation.not_found`), Conflict (`person.name_taken`).
    """
    for code in sorted({one.organisation for one in people}):
        await get_organisation(session, code)
    now = clock.now()
    named = [(new_id(clock), normal_name(one.login_name), one) for one in people]
    if not named:
        return {}
    try:
        async with session.begin_nested():
            await session.execute(
                insert(Person),
                [
                    {"id": made, "organisation": one.organisation, "state": PersonState.ACTIVE, "created_at": now}
                    for made, _, one in named
                ],
            )
            await session.execute(
                insert(PersonName),
                [
                    {
                        "person_id": made, "version": 1, "login_name": login, "display_name": one.display_name,
                        "recorded_at": now,
                    }
                    for made, login, one in named
                ],
            )  # fmt: skip
            await session.execute(
                insert(PersonRole),
                [
                    {"person_id": made, "role": one.role, "organisation": one.organisation, "granted_at": now}
                    for made, _, one in named
                ],
            )
    except IntegrityError as error:
        if isinstance(getattr(error.orig, "__cause__", None), asyncpg.UniqueViolationError):
            # Without the cause: it repeats the value.
            raise Conflict("person.name_taken", "One of these login names is taken.", "Choose others.") from None
        raise
    told = [
        PersonAdded(
            person_id=made, organisation=one.organisation, login_digest=digester.digest("login", login),
            roles=(f"{one.role}@{one.organisation}",),
        )
        for made, login, one in named
    ]  # fmt: skip
    await append(session, clock, context, told)
    return {login: made for made, login, _ in named}
