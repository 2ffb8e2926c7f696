"""Every question to the tables of accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.rules_throttle import Count, Tries
from dispatch.accounts.states import PersonState, Role
from dispatch.accounts.tables import (
    Device,
    LoginSession,
    LoginTries,
    Organisation,
    Person,
    PersonName,
    PersonRole,
    PersonSettings,
)
from dispatch.kernel.errors import NotFound

ERASED = "—"
"""What stands for a name that was erased."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person with the current names and all roles."""

    person: Person
    login_name: str
    display_name: str
    grants: frozenset[Grant]


async def list_organisations(session: AsyncSession) -> Sequence[Organisation]:
    """All organisations, by code."""
    return (await session.scalars(select(Organisation).order_by(Organisation.code))).all()


async def find_organisation(session: AsyncSession, code: str) -> Organisation | None:
    """One organisation."""
    return None if "\0" in code else await session.get(Organisation, code)


async def get_organisation(session: AsyncSession, code: str) -> Organisation:
    """One organisation. Raises NotFound (`organisation.not_found`)."""
    found = await find_organisation(session, code)
    if found is None:
        raise NotFound("organisation.not_found", "There is no such organisation.", "List them, or add it first.")
    return found


async def list_people(session: AsyncSession, organisations: Collection[str] | None = None) -> list[KnownPerson]:
    """The people of these organisations (None: of all), those of revoked accounts too, by id."""
    chosen = select(Person, PersonName).join(PersonName, PersonName.person_id == Person.id)
    chosen = chosen.where(PersonName.superseded_at.is_(None)).order_by(Person.id)
    if organisations is not None:
        chosen = chosen.where(Person.organisation.in_(organisations))
    rows = (await session.execute(chosen)).all()
    grants = await _grants(session, [person.id for person, _ in rows])
    return [_known(person, name, grants.get(person.id, frozenset())) for person, name in rows]


async def get_person(session: AsyncSession, person_id: UUID) -> KnownPerson:
    """One person. Raises NotFound (`person.not_found`)."""
    found = (
        await session.execute(
            select(Person, PersonName)
            .join(PersonName, PersonName.person_id == Person.id)
            .where(Person.id == person_id, PersonName.superseded_at.is_(None))
        )
    ).one_or_none()
    if found is None:
        raise _nobody()
    person, name = found
    return _known(person, name, (await _grants(session, [person_id])).get(person_id, frozenset()))


async def display_names(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """The present display names of these people; who is unknown or erased is left out."""
    wanted = (
        select(Person.id, PersonName.display_name)
        .join(PersonName, PersonName.person_id == Person.id)
        .where(Person.id.in_(ids), PersonName.superseded_at.is_(None), PersonName.display_name.is_not(None))
    )
    return {row.id: row.display_name for row in await session.execute(wanted)}


async def device_names(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """What these devices go by: the call sign of a vehicle's, the kind of another."""
    rows = await session.execute(select(Device.id, Device.call_sign, Device.kind).where(Device.id.in_(ids)))
    return {row.id: row.call_sign or row.kind for row in rows}


async def find_person_locked(session: AsyncSession, person_id: UUID | None) -> Person | None:
    """One person's row, freshly read and held until the transaction ends. For None the same is asked, in vain."""
    wanted = Person.id == (person_id or UUID(int=0))
    return await session.scalar(
        select(Person).where(wanted).with_for_update().execution_options(populate_existing=True)
    )


async def lock_person(session: AsyncSession, person_id: UUID) -> Person:
    """As `find_person_locked`. Raises NotFound (`person.not_found`)."""
    found = await find_person_locked(session, person_id)
    if found is None:
        raise _nobody()
    return found


async def find_by_login_name(session: AsyncSession, login_name: str) -> Person | None:
    """The person who logs in by this name (in its normal form), in whatever state."""
    return await session.scalar(
        select(Person)
        .join(PersonName, PersonName.person_id == Person.id)
        .where(PersonName.login_name == login_name, PersonName.superseded_at.is_(None))
    )


async def find_session(session: AsyncSession, token_hash: bytes) -> tuple[LoginSession, KnownPerson] | None:
    """The session not yet ended that goes by this token, with its person, if active; its times are not looked at."""
    found = await session.scalar(
        select(LoginSession)
        .join(Person, Person.id == LoginSession.person_id)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.ended_at.is_(None),
            Person.state == PersonState.ACTIVE,
        )
    )
    return None if found is None else (found, await get_person(session, found.person_id))


async def list_sessions(session: AsyncSession, person_id: UUID) -> Sequence[LoginSession]:
    """A person's sessions that were not ended, oldest first; some may have run out."""
    return (
        await session.scalars(
            select(LoginSession)
            .where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
            .order_by(LoginSession.id)
        )
    ).all()


async def find_settings(session: AsyncSession, person_id: UUID) -> PersonSettings | None:
    """How that person likes the screen; None: nothing was ever saved."""
    return await session.get(PersonSettings, person_id, populate_existing=True)


async def list_devices(
    session: AsyncSession, region: str, organisations: Collection[str] | None = None, *, revoked: bool = False
) -> Sequence[Device]:
    """The region's devices of these organisations (None: of all), with `revoked` also those, oldest first."""
    chosen = select(Device).where(Device.region == region).order_by(Device.id)
    if organisations is not None:
        chosen = chosen.where(Device.organisation.in_(organisations))
    if not revoked:
        chosen = chosen.where(Device.revoked_at.is_(None))
    return (await session.scalars(chosen)).all()


async def get_device(session: AsyncSession, device_id: UUID) -> Device:
    """One device, held until the transaction ends where it writes. Raises NotFound (`device.not_found`)."""
    found = await session.get(Device, device_id)
    if found is None:
        raise NotFound("device.not_found", "There is no such device.")
    return found


async def find_device(session: AsyncSession, token_hash: bytes) -> Device | None:
    """The device that goes by this token, unless revoked."""
    return await session.scalar(select(Device).where(Device.token_hash == token_hash, Device.revoked_at.is_(None)))


async def live_sessions(session: AsyncSession, ids: Collection[UUID]) -> Sequence[LoginSession]:
    """Which of these sessions were not ended, and whose people are active; their times are not looked at."""
    chosen = select(LoginSession).join(Person, Person.id == LoginSession.person_id)
    chosen = chosen.where(LoginSession.id.in_(ids), LoginSession.ended_at.is_(None), Person.state == PersonState.ACTIVE)
    return (await session.scalars(chosen)).all()


async def live_devices(session: AsyncSession, ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these devices were not revoked."""
    chosen = select(Device.id).where(Device.id.in_(ids), Device.revoked_at.is_(None))
    return frozenset((await session.scalars(chosen)).all())


async def load_tries(session: AsyncSession, keys: Mapping[Count, bytes], *, lock: bool = False) -> dict[Count, Tries]:
    """What is remembered under these keys; with `lock` held until the transaction ends, always in one order."""
    wanted = tuple_(LoginTries.count, LoginTries.key).in_([(str(count), key) for count, key in keys.items()])
    chosen = select(LoginTries).where(wanted).order_by(LoginTries.count).execution_options(populate_existing=True)
    rows = await session.scalars(chosen.with_for_update() if lock else chosen)
    return {
        Count(row.count): Tries(row.failures, row.last_failure_at, row.blocked_until, row.succeeded_at) for row in rows
    }


async def _grants(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, frozenset[Grant]]:
    found: dict[UUID, set[Grant]] = {}
    for row in await session.scalars(select(PersonRole).where(PersonRole.person_id.in_(ids))):
        found.setdefault(row.person_id, set()).add(Grant(Role(row.role), row.organisation))
    return {person_id: frozenset(grants) for person_id, grants in found.items()}


def _known(person: Person, name: PersonName, grants: frozenset[Grant]) -> KnownPerson:
    return KnownPerson(person, name.login_name or ERASED, name.display_name or ERASED, grants)


def _nobody() -> NotFound:
    return NotFound("person.not_found", "There is no such person.")
