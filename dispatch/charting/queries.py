"""What is written down at patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.charting.rules import OTHER
from dispatch.charting.tables import ChartEntry
from dispatch.incidents.queries_patients import list_merged_into
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.errors import NotFound


async def find_entry(session: AsyncSession, entry_id: UUID, *, lock: bool = False) -> ChartEntry | None:
    """One entry, as it is now; None: there is none."""
    query = select(ChartEntry).where(ChartEntry.id == entry_id).execution_options(populate_existing=True)
    found: ChartEntry | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def get_entry(session: AsyncSession, patient_id: UUID, entry_id: UUID) -> ChartEntry:
    """One entry of a patient, or of a record that was merged into that one, locked.

    Raises NotFound (`chart.not_found`).
    """
    found = await find_entry(session, entry_id, lock=True)
    if found is None or found.patient_id not in await _ids(session, patient_id):
        raise NotFound("chart.not_found", "There is no such entry of this patient.")
    return found


async def is_corrected(session: AsyncSession, entry_id: UUID) -> bool:
    """Whether another entry stands in the place of this one."""
    query = select(ChartEntry.id).where(ChartEntry.corrects == entry_id, ChartEntry.withdrawn_at.is_(None))
    return await session.scalar(query) is not None


async def list_entries(session: AsyncSession, patient_id: UUID) -> Sequence[ChartEntry]:
    """All that was ever written down at a patient, with that of records merged into it, by true time."""
    query = select(ChartEntry).where(ChartEntry.patient_id.in_(await _ids(session, patient_id)))
    return (await session.scalars(query.order_by(ChartEntry.at, ChartEntry.entered_at, ChartEntry.id))).all()


async def words_of_entries(session: AsyncSession, entries: Sequence[ChartEntry]) -> Mapping[UUID, str]:
    """The words of the orders that no list has, by entry: those that were not erased."""
    values = await current_values(session, [one.id for one in entries if one.treatment == OTHER])
    return {
        owner: one.value
        for (owner, kind), one in values.items()
        if kind is PersonalKind.MESSAGE and one.value is not None
    }


async def list_measured(
    session: AsyncSession, patient_id: UUID, from_at: datetime, until_at: datetime
) -> Sequence[ChartEntry]:
    """The values measured by hand between two true times that count: not withdrawn, nor corrected by others."""
    later = aliased(ChartEntry)
    corrected = exists().where(later.corrects == ChartEntry.id, later.withdrawn_at.is_(None))
    query = select(ChartEntry).where(
        ChartEntry.patient_id.in_(await _ids(session, patient_id)), ChartEntry.measured.is_not(None),
        ChartEntry.at >= from_at, ChartEntry.at < until_at, ChartEntry.withdrawn_at.is_(None), ~corrected,
    )  # fmt: skip
    return (await session.scalars(query.order_by(ChartEntry.at, ChartEntry.id))).all()


async def _ids(session: AsyncSession, patient_id: UUID) -> list[UUID]:
    return [patient_id, *(row.id for row in await list_merged_into(session, patient_id))]
