"""Every question to who is on call and who was called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.states import PersonState
from dispatch.accounts.tables import Person
from dispatch.ecmo.tables_alerting import EcmoAlert, EcmoOnCall
from dispatch.kernel.errors import NotFound


async def list_on_call(
    session: AsyncSession, hospital_ids: Collection[UUID], at: datetime, *, until: datetime | None = None
) -> Sequence[EcmoOnCall]:
    """Who is on call at a time, or at any time from then `until` another; in the order of calling.

    Whose account does not hold any more is left out: nobody answers there.
    """
    wanted = (
        select(EcmoOnCall)
        .join(Person, Person.id == EcmoOnCall.person_id)
        .where(
            EcmoOnCall.hospital_id.in_(hospital_ids), EcmoOnCall.withdrawn_at.is_(None), EcmoOnCall.until_at > at,
            EcmoOnCall.from_at <= (until or at), Person.state == PersonState.ACTIVE,
        )
    )  # fmt: skip
    ordered = wanted.order_by(EcmoOnCall.hospital_id, EcmoOnCall.from_at, EcmoOnCall.place, EcmoOnCall.id)
    return (await session.scalars(ordered, execution_options={"populate_existing": True})).all()


async def get_on_call(session: AsyncSession, region: str, on_call_id: UUID) -> EcmoOnCall:
    """One entry, locked. Raises NotFound (`ecmo_on_call.not_found`)."""
    found: EcmoOnCall | None = await session.scalar(
        select(EcmoOnCall).where(EcmoOnCall.id == on_call_id, EcmoOnCall.region == region).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound("ecmo_on_call.not_found", "Nobody is entered so in the roster.")
    return found


async def list_alerts(session: AsyncSession, offer_ids: Iterable[UUID]) -> Sequence[EcmoAlert]:
    """Who was called for offers, the first first."""
    wanted = select(EcmoAlert).where(EcmoAlert.offer_id.in_(list(offer_ids)))
    ordered = wanted.order_by(EcmoAlert.raised_at, EcmoAlert.place, EcmoAlert.id)
    return (await session.scalars(ordered, execution_options={"populate_existing": True})).all()
