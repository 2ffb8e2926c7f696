"""Questions about who and what is on board."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.alone_known import Family
from dispatch.kernel.errors import NotFound
from dispatch.units.tables_crew import CrewDuty, UnitKit

_FRESH = {"populate_existing": True}
_DUTIES = Family(CrewDuty, "unit_id")
_HOLDS = CrewDuty.voided_at.is_(None)


async def list_on_board(session: AsyncSession, unit_id: UUID, *, at: datetime | None = None) -> Sequence[CrewDuty]:
    """Who is on board now, or was `at` a moment, by seat."""
    query = select(CrewDuty).where(CrewDuty.unit_id == unit_id, _HOLDS)
    if at is not None:
        query = query.where(CrewDuty.from_at <= at, or_(CrewDuty.until_at.is_(None), CrewDuty.until_at > at))
        return (await session.scalars(query.order_by(CrewDuty.seat), execution_options=_FRESH)).all()
    known = _DUTIES.known(session, unit_id)
    if known is not None:
        now = [one for one in known if one.until_at is None and one.voided_at is None]
        return sorted(now, key=lambda one: one.seat)
    query = query.where(CrewDuty.until_at.is_(None)).order_by(CrewDuty.seat)
    found = (await session.scalars(query, execution_options=_FRESH)).all()
    # Who has gone comes on board of nothing any more by that duty.
    _DUTIES.know(session, unit_id, found)
    return found


async def find_on_duty(session: AsyncSession, person_id: UUID) -> CrewDuty | None:
    """The duty that a person is on now."""
    query = select(CrewDuty).where(CrewDuty.person_id == person_id, _HOLDS, CrewDuty.until_at.is_(None))
    return (await session.scalars(query, execution_options=_FRESH)).one_or_none()


async def get_duty(session: AsyncSession, duty_id: UUID) -> CrewDuty:
    """One duty, read afresh. Raises NotFound (`crew.duty_not_found`)."""
    query = select(CrewDuty).where(CrewDuty.id == duty_id)
    duty = (await session.scalars(query, execution_options=_FRESH)).one_or_none()
    if duty is None:
        raise NotFound("crew.duty_not_found", f"There is no duty {duty_id}.")
    return duty


async def list_duties(
    session: AsyncSession,
    *,
    from_at: datetime,
    until_at: datetime,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    all_versions: bool = False,
) -> Sequence[CrewDuty]:
    """The duties of a unit, a person or all that touch a period; with `all_versions` also what was corrected since."""
    query = select(CrewDuty).where(
        CrewDuty.from_at < until_at, or_(CrewDuty.until_at.is_(None), CrewDuty.until_at > from_at)
    )
    if unit_id is not None:
        query = query.where(CrewDuty.unit_id == unit_id)
    if person_id is not None:
        query = query.where(CrewDuty.person_id == person_id)
    if not all_versions:
        query = query.where(_HOLDS)
    return (await session.scalars(query.order_by(CrewDuty.from_at, CrewDuty.id))).all()


async def list_carriers(session: AsyncSession, kit: str, unit_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of some units that have a kind of kit on board now, as was said last."""
    query = select(UnitKit.unit_id).where(UnitKit.kit == kit, UnitKit.unit_id.in_(unit_ids), UnitKit.until_at.is_(None))
    return frozenset(await session.scalars(query))


async def list_kit(session: AsyncSession, unit_id: UUID) -> Sequence[UnitKit]:
    """The kit on board now, by code."""
    query = select(UnitKit).where(UnitKit.unit_id == unit_id, UnitKit.until_at.is_(None)).order_by(UnitKit.kit)
    return (await session.scalars(query, execution_options=_FRESH)).all()
