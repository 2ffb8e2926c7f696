"""Orders, with their free words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_patients import list_merged_into
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_personal import Owner, PersonalValue
from dispatch.kernel.errors import NotFound
from dispatch.orders.tables import Order


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order. words: what the doctor added; reason_words: what the crew did; erased: some of them, by law."""

    order: Order
    words: str | None
    reason_words: str | None
    erased: bool


async def find_order(session: AsyncSession, order_id: UUID, *, lock: bool = False) -> Order | None:
    """One order, as it is now; None: there is none."""
    query = select(Order).where(Order.id == order_id).execution_options(populate_existing=True)
    found: Order | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def get_order(session: AsyncSession, region: str, order_id: UUID) -> Order:
    """One order. Lock it by `find_order` before changing it. Raises NotFound (`order.not_found`)."""
    query = select(Order).join(Incident, Incident.id == Order.incident_id)
    found = await session.scalar(query.where(Incident.region == region, Order.id == order_id))
    if found is None:
        raise NotFound("order.not_found", "There is no such order in this region.")
    return found


async def list_orders(session: AsyncSession, incident_id: UUID, patient_id: UUID | None = None) -> list[Ordered]:
    """The orders of an incident, or those of one of its patients, by true time."""
    query = select(Order).where(Order.incident_id == incident_id)
    if patient_id is not None:
        merged = [row.id for row in await list_merged_into(session, patient_id)]
        query = query.where(Order.patient_id.in_([patient_id, *merged]))
    rows = await session.scalars(
        query.order_by(Order.at, Order.entered_at, Order.id), execution_options={"populate_existing": True}
    )
    return await _with_words(session, rows.all())


async def ordered(session: AsyncSession, order: Order) -> Ordered:
    """An order with its words."""
    return (await _with_words(session, [order]))[0]


def words_of(*, incident_id: UUID | None = None, patient_id: UUID | None = None) -> ColumnElement[bool]:
    """The free words of all orders of an incident, or of a patient, among the personal values."""
    mine = Order.incident_id == incident_id if patient_id is None else Order.patient_id == patient_id
    return (PersonalValue.owner == Owner.ORDER) & PersonalValue.owner_id.in_(select(Order.id).where(mine))


async def _with_words(session: AsyncSession, rows: Sequence[Order]) -> list[Ordered]:
    values = await current_values(session, [row.id for row in rows])
    found: list[Ordered] = []
    for row in rows:
        said, why = values.get((row.id, PersonalKind.MESSAGE)), values.get((row.id, PersonalKind.REASON))
        texts = [None if one is None else one.value for one in (said, why)]
        erased = any(one is not None and one.value is None for one in (said, why))
        found.append(Ordered(row, texts[0], texts[1], erased))
    return found
