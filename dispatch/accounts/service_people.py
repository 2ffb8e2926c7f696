"""What is done to organisations and people. Nothing here commits; passwords are hashed by the caller beforehand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.events import (
    NamesErased,
    OrganisationAdded,
    PasswordChanged,
    PersonAdded,
    PersonLocked,
    PersonRevoked,
    PersonUnlocked,
    RoleGranted,
    RoleWithdrawn,
)
from dispatch.accounts.queries import KnownPerson, get_organisation, get_person, lock_person
from dispatch.accounts.rules_passwords import normal_name
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_sessions import Admitted, end_sessions, settle
from dispatch.accounts.states import PersonState, Role, SessionEnd, advance
from dispatch.accounts.tables import Organisation, Person, PersonName, PersonRole, PersonSettings
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.events import Event
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.kernel.organisations import System
from dispatch.kernel.texts import text_fault

MAX_DISPLAY_NAME: Final = 200
MAX_CODE: Final = 64


async def add_organisation(
    session: AsyncSession, clock: Clock, context: Context, *, code: str, name_zh: str, name_en: str, system: System
) -> Organisation:
    """Add an organisation. Raises Invalid (`organisation.*`), Conflict (`organisation.exists`)."""
    for field, value in (("code", code), ("name_zh", name_zh)):
        if not value.strip() or text_fault(value, MAX_CODE if field == "code" else MAX_DISPLAY_NAME):
            raise Invalid("organisation.invalid", f"The organisation's {field} is empty, too long or broken.")
    if text_fault(name_en, MAX_DISPLAY_NAME):
        raise Invalid("organisation.invalid", "The organisation's name_en is too long or broken.")
    row = Organisation(code=code, name_zh=name_zh, name_en=name_en, system=system, created_at=clock.now())
    await _insert(session, Conflict("organisation.exists", "There is an organisation with this code already."), row)
    await append(session, clock, context, [OrganisationAdded(organisation=code, system=system)])
    return row


async def add_person(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    digester: Digester,
    *,
    login_name: str,
    display_name: str,
    organisation: str,
    grants: Collection[Grant],
    password_hash: str | None,
) -> KnownPerson:
    """Add a person; without a password nobody can log in as them yet.

    Raises Invalid (`person.login_name`, `person.display_name`, `person.roles`), NotFound (`organisation.not_found`),
    Conflict (`person.name_taken`).
    """
    name, now, person_id = normal_name(login_name), clock.now(), new_id(clock)
    shown = display_name.strip()
    if not shown or text_fault(shown, MAX_DISPLAY_NAME):
        raise Invalid("person.display_name", f"A display name is 1 to {MAX_DISPLAY_NAME} characters.")
    await _check_grants(session, {organisation} | {grant.organisation for grant in grants}, grants)
    session.add(
        Person(
            id=person_id,
            organisation=organisation,
            state=PersonState.ACTIVE,
            password_hash=password_hash,
            password_set_at=now if password_hash else None,
            created_at=now,
        )
    )
    await session.flush()
    named = PersonName(person_id=person_id, version=1, login_name=name, display_name=shown, recorded_at=now)
    await _insert(session, Conflict("person.name_taken", "This login name is taken.", "Choose another."), named)
    session.add_all(_role(person_id, grant, clock) for grant in set(grants))
    await session.flush()
    told = PersonAdded(
        person_id=person_id,
        organisation=organisation,
        login_digest=digester.digest("login", name),
        roles=tuple(sorted(f"{grant.role}@{grant.organisation}" for grant in set(grants))),
    )
    await append(session, clock, context, [told])
    return await get_person(session, person_id)


async def set_roles(
    session: AsyncSession, clock: Clock, context: Context, person_id: UUID, grants: Collection[Grant]
) -> KnownPerson:
    """Give a person exactly these roles. Raises NotFound, Invalid (`person.roles`), Conflict (`person.state`)."""
    person = await lock_person(session, person_id)
    _must_live(person)
    await _check_grants(session, {grant.organisation for grant in grants}, grants)
    present, wanted = (await get_person(session, person_id)).grants, frozenset(grants)
    events: list[Event] = []
    for grant in sorted(present - wanted, key=str):
        row = await session.get(PersonRole, (person_id, grant.role, grant.organisation))
        await session.delete(row)
        events.append(RoleWithdrawn(person_id=person_id, organisation=grant.organisation, role=Role(grant.role)))
    for grant in sorted(wanted - present, key=str):
        session.add(_role(person_id, grant, clock))
        events.append(RoleGranted(person_id=person_id, organisation=grant.organisation, role=Role(grant.role)))
    await session.flush()
    if events:
        await append(session, clock, context, events)
    return await get_person(session, person_id)


async def set_password(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    person_id: UUID,
    password_hash: str,
    *,
    keep: UUID | None = None,
    proved: Admitted | None = None,
) -> int:
    """Set a person's password and end all sessions but `keep`; return how many ended.

    `proved` is how its owner proved the present one. Raises NotFound (`person.not_found`), Conflict (`person.state`,
    revoked; `password.changed`, by somebody else since it was proved).
    """
    person = await lock_person(session, person_id)
    _must_live(person)
    if proved is not None and person.password_hash != proved.stored:
        raise Conflict("password.changed", "The password was changed meanwhile.", "Log in again.")
    if proved is not None:
        await settle(session, clock, proved)
    person.password_hash, person.password_set_at = password_hash, clock.now()
    ended = await end_sessions(session, clock, person, SessionEnd.PASSWORD, keep=keep)
    told = PasswordChanged(
        person_id=person_id,
        organisation=person.organisation,
        by_owner=context.actor.id == str(person_id),
        sessions_ended=len(ended),
    )
    await append(session, clock, context, [*ended, told])
    return len(ended)


async def lock(session: AsyncSession, clock: Clock, context: Context, person_id: UUID) -> None:
    """Keep a person out for a time. Raises NotFound, Conflict (`person.state`)."""
    person = await lock_person(session, person_id)
    person.state = advance(PersonState(person.state), PersonState.LOCKED)
    ended = await end_sessions(session, clock, person, SessionEnd.LOCKED)
    told = PersonLocked(person_id=person_id, organisation=person.organisation, sessions_ended=len(ended))
    await append(session, clock, context, [*ended, told])


async def unlock(session: AsyncSession, clock: Clock, context: Context, person_id: UUID) -> None:
    """Let a locked person in again. Raises NotFound, Conflict (`person.state`)."""
    person = await lock_person(session, person_id)
    person.state = advance(PersonState(person.state), PersonState.ACTIVE)
    await append(session, clock, context, [PersonUnlocked(person_id=person_id, organisation=person.organisation)])


async def revoke(session: AsyncSession, clock: Clock, context: Context, person_id: UUID) -> None:
    """End an account for good, with its sessions and its password. Raises NotFound, Conflict (`person.state`)."""
    person = await lock_person(session, person_id)
    person.state = advance(PersonState(person.state), PersonState.REVOKED)
    person.revoked_at, person.password_hash, person.password_set_at = clock.now(), None, None
    ended = await end_sessions(session, clock, person, SessionEnd.REVOKED)
    told = PersonRevoked(person_id=person_id, organisation=person.organisation, sessions_ended=len(ended))
    await append(session, clock, context, [*ended, told])


async def erase_names(session: AsyncSession, clock: Clock, context: Context, person_id: UUID) -> None:
    """Erase all names of a revoked person, as law may demand, and their settings; the id and the journal stay.

    Raises NotFound, Conflict (`person.state`, not revoked).
    """
    person = await lock_person(session, person_id)
    if person.state != PersonState.REVOKED:
        raise Conflict("person.state", "Only the names of a revoked account can be erased.", "Revoke it first.")
    done = await session.execute(
        update(PersonName)
        .where(PersonName.person_id == person_id, PersonName.erased_at.is_(None))
        .values(login_name=None, display_name=None, erased_at=clock.now())
        .returning(PersonName.version)
    )
    versions = len(done.all())
    await session.execute(delete(PersonSettings).where(PersonSettings.person_id == person_id))
    if versions:
        told = NamesErased(person_id=person_id, organisation=person.organisation, versions=versions)
        await append(session, clock, context, [told])


async def _check_grants(session: AsyncSession, codes: Collection[str], grants: Collection[Grant]) -> None:
    for grant in grants:
        if not isinstance(grant.role, Role):
            raise Invalid("person.roles", f"{grant.role} is no role of a person.")
    for code in codes:
        await get_organisation(session, code)


async def _insert(session: AsyncSession, taken: Conflict, row: Organisation | PersonName) -> None:
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if isinstance(getattr(error.orig, "__cause__", None), asyncpg.UniqueViolationError):
            # Without the cause: it repeats the value.
            raise taken from None
        raise


def _must_live(person: Person) -> None:
    if person.state == PersonState.REVOKED:
        raise Conflict("person.state", "This account is revoked.")


def _role(person_id: UUID, grant: Grant, clock: Clock) -> PersonRole:
    return PersonRole(person_id=person_id, role=grant.role, organisation=grant.organisation, granted_at=clock.now())
