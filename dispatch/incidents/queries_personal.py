"""Every question to the personal values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.incidents.tables_calls import IncidentCall
from dispatch.incidents.tables_incidents import Note
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import Owner, PersonalValue, RequestKey
from dispatch.kernel.alone_known import Family
from dispatch.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Erased:
    """Something was erased by law."""

    at: datetime
    by: str
    basis: ErasureBasis


async def list_erasures(session: AsyncSession, incident_id: UUID) -> list[Erased]:
    """When values of an incident, its notes, patients or calls were erased, by whom and on what ground; each once."""
    calls = select(IncidentCall.call_id).where(IncidentCall.incident_id == incident_id)
    of_calls = (PersonalValue.owner == Owner.CALL) & PersonalValue.owner_id.in_(calls)
    rows = await session.execute(
        select(PersonalValue.erased_at, PersonalValue.erased_by, PersonalValue.erasure_basis)
        .where(PersonalValue.erased_at.is_not(None), or_(of_incident(incident_id), of_calls))
        .distinct()
        .order_by(PersonalValue.erased_at)
    )
    return [Erased(at, by, ErasureBasis(basis)) for at, by, basis in rows if at is not None and by and basis]


_NEWEST: Final = (
    select(PersonalValue)
    .where(PersonalValue.owner_id == bindparam("owner_id"), PersonalValue.kind == bindparam("kind"))
    .order_by(PersonalValue.version.desc())
    .limit(1)
)


_VALUES: Final = Family(PersonalValue, "owner_id")


async def find_value(session: AsyncSession, owner_id: UUID, kind: PersonalKind) -> PersonalValue | None:
    """The newest version of a value, erased or not; None where there never was one."""
    known = _VALUES.known(session, owner_id)
    if known is not None:
        return max((one for one in known if one.kind == kind), key=lambda one: one.version, default=None)
    found: PersonalValue | None = await session.scalar(_NEWEST, {"owner_id": owner_id, "kind": kind})
    return found


async def current_values(
    session: AsyncSession, owner_ids: Iterable[UUID]
) -> Mapping[tuple[UUID, PersonalKind], PersonalValue]:
    """The newest versions of all values of many records, by record and kind."""
    found = await session.scalars(
        select(PersonalValue)
        .where(PersonalValue.owner_id.in_(list(owner_ids)))
        .ext(distinct_on(PersonalValue.owner_id, PersonalValue.kind))
        .order_by(PersonalValue.owner_id, PersonalValue.kind, PersonalValue.version.desc())
    )
    return {(row.owner_id, PersonalKind(row.kind)): row for row in found}


async def list_versions(session: AsyncSession, owner_id: UUID, kind: PersonalKind) -> Sequence[PersonalValue]:
    """All versions of a value, the first first."""
    return (
        await session.scalars(
            select(PersonalValue)
            .where(PersonalValue.owner_id == owner_id, PersonalValue.kind == kind)
            .order_by(PersonalValue.version)
        )
    ).all()


async def get_value(session: AsyncSession, region: str, value_id: UUID) -> PersonalValue:
    """One version of a value. Raises NotFound (`personal.not_found`)."""
    found = await session.scalar(
        select(PersonalValue).where(PersonalValue.region == region, PersonalValue.id == value_id)
    )
    if found is None:
        raise NotFound("personal.not_found", "There is no such value in this region.")
    return found


async def list_texts(session: AsyncSession, value_ids: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    """The texts of these versions by their ids; what was erased is left out."""
    wanted = PersonalValue.id.in_([one for one in value_ids if one is not None])
    found = await session.execute(
        select(PersonalValue.id, PersonalValue.value).where(wanted, PersonalValue.value.is_not(None))
    )
    return {row.id: row.value for row in found}


async def lock_values(session: AsyncSession, region: str, which: ColumnElement[bool]) -> Sequence[PersonalValue]:
    """Values that are still there, locked, in the order of their ids."""
    return (
        await session.scalars(
            select(PersonalValue)
            .where(PersonalValue.region == region, PersonalValue.value.is_not(None), which)
            .order_by(PersonalValue.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()


def of_owner(owner: Owner, owner_id: UUID) -> ColumnElement[bool]:
    """What belongs to one record."""
    return (PersonalValue.owner == owner) & (PersonalValue.owner_id == owner_id)


def of_incident(incident_id: UUID) -> ColumnElement[bool]:
    """What belongs to an incident: its own values, its notes' and its patients'. Not its calls'."""
    notes = select(Note.id).where(Note.incident_id == incident_id)
    patients = select(Patient.id).where(Patient.incident_id == incident_id)
    return or_(
        of_owner(Owner.INCIDENT, incident_id),
        (PersonalValue.owner == Owner.NOTE) & PersonalValue.owner_id.in_(notes),
        (PersonalValue.owner == Owner.PATIENT) & PersonalValue.owner_id.in_(patients),
    )


async def get_key(session: AsyncSession, region: str, scope: str, actor: str, key: str) -> RequestKey:
    """An idempotency key that is there."""
    return (
        await session.scalars(
            select(RequestKey).where(
                RequestKey.region == region,
                RequestKey.scope == scope,
                RequestKey.actor == actor,
                RequestKey.key == key,
            )
        )
    ).one()
