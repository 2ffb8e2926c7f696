"""Who is on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.states import PersonState, Role
from dispatch.accounts.tables import Duty, Person, PersonName, PersonRole


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody on duty. name: None where it was erased."""

    person_id: UUID
    name: str | None
    role: Role
    organisation: str
    began_at: datetime
    until_at: datetime


async def list_on_duty(session: AsyncSession, now: datetime, roles: Sequence[Role] = tuple(Role)) -> list[Present]:
    """Who is on duty now in one of these roles, still holds it, and may log in; the longest first."""
    rows = await session.execute(
        select(Duty, PersonName.display_name)
        .join(Person, Person.id == Duty.person_id)
        .join(
            PersonRole,
            (PersonRole.person_id == Duty.person_id)
            & (PersonRole.role == Duty.role)
            & (PersonRole.organisation == Duty.organisation),
        )
        .join(PersonName, (PersonName.person_id == Person.id) & PersonName.superseded_at.is_(None))
        .where(
            Duty.ended_at.is_(None),
            Duty.until_at > now,
            Duty.role.in_(roles),
            Person.state == PersonState.ACTIVE,
        )
        .order_by(Duty.began_at, Duty.id)
    )
    return [
        Present(duty.person_id, name, Role(duty.role), duty.organisation, duty.began_at, duty.until_at)
        for duty, name in rows
    ]


async def find_open_duty(session: AsyncSession, person_id: UUID, role: Role) -> Duty | None:
    """The duty that this person has not signed off from, run out or not; locked."""
    found: Duty | None = await session.scalar(
        select(Duty).where(Duty.person_id == person_id, Duty.role == role, Duty.ended_at.is_(None)).with_for_update()
    )
    return found
