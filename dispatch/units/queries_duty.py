"""Questions about the status of units, its history, and timed runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.kernel.alone_known import know_row, known_row
from dispatch.kernel.errors import NotFound
from dispatch.units.rules_status import Standing
from dispatch.units.states_duty import OutReason, UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitRun, UnitStatusEntry, UnitStatusRow

_FRESH = {"populate_existing": True}


async def lock_unit(session: AsyncSession, unit_id: UUID) -> Unit:
    """One unit, locked until the transaction ends: whoever changes its status, crew, kit, run or assignment holds this.

    Foreign keys on the unit, and positions, do not wait for it. Raises NotFound (`unit.not_found`).
    """
    unit = known_row(session, Unit, unit_id)
    if unit is None:
        unit = (await lock_units(session, (unit_id,)))[0]
        know_row(session, unit_id, unit)
    return unit


async def lock_units(session: AsyncSession, unit_ids: Sequence[UUID]) -> list[Unit]:
    """Several units, locked in the order of their ids, as everybody locks them; returned in the order asked for.

    Raises NotFound (`unit.not_found`).
    """
    found = await session.scalars(
        select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.id).with_for_update(key_share=True),
        execution_options=_FRESH,
    )
    units = {unit.id: unit for unit in found}
    for unit_id in unit_ids:
        if unit_id not in units:
            raise NotFound("unit.not_found", f"There is no unit {unit_id}.")
    return [units[unit_id] for unit_id in unit_ids]


async def find_status(session: AsyncSession, unit_id: UUID) -> UnitStatusRow | None:
    """The present status, read afresh; None while nobody ever told one."""
    row = known_row(session, UnitStatusRow, unit_id)
    if row is None:
        row = await session.scalar(
            select(UnitStatusRow).where(UnitStatusRow.unit_id == unit_id), execution_options=_FRESH
        )
        know_row(session, unit_id, row)
    return row


async def find_report(session: AsyncSession, unit_id: UUID, report_id: UUID) -> UnitStatusEntry | None:
    """The entry made of a report that a device numbered, if it came before."""
    return (
        await session.scalars(
            select(UnitStatusEntry).where(UnitStatusEntry.unit_id == unit_id, UnitStatusEntry.report_id == report_id)
        )
    ).one_or_none()


async def get_entry(session: AsyncSession, entry_id: UUID) -> UnitStatusEntry:
    """One entry. Raises NotFound (`unit.entry_not_found`)."""
    entry = await session.get(UnitStatusEntry, entry_id)
    if entry is None:
        raise NotFound("unit.entry_not_found", f"There is no status entry {entry_id}.")
    return entry


async def find_correction(session: AsyncSession, entry_id: UUID) -> UnitStatusEntry | None:
    """The entry that corrects this one, if any."""
    return (await session.scalars(select(UnitStatusEntry).where(UnitStatusEntry.corrects == entry_id))).one_or_none()


async def list_entries(
    session: AsyncSession,
    unit_id: UUID,
    *,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    run_id: UUID | None = None,
    all_versions: bool = False,
) -> Sequence[UnitStatusEntry]:
    """What was told of a unit, by true time; with `all_versions` also what was corrected since."""
    query = select(UnitStatusEntry).where(UnitStatusEntry.unit_id == unit_id)
    if from_at is not None:
        query = query.where(UnitStatusEntry.at >= from_at)
    if until_at is not None:
        query = query.where(UnitStatusEntry.at < until_at)
    if run_id is not None:
        query = query.where(UnitStatusEntry.run_id == run_id)
    if not all_versions:
        later = aliased(UnitStatusEntry)
        query = query.where(~select(later.id).where(later.corrects == UnitStatusEntry.id).exists())
    return (await session.scalars(query.order_by(UnitStatusEntry.at, UnitStatusEntry.id))).all()


def standing_of(row: UnitStatusRow | None) -> Standing:
    """A status as rules take it; no row means unknown."""
    if row is None:
        return Standing()
    reason = OutReason(row.reason) if row.reason else None
    return Standing(UnitStatus(row.status), row.since, row.run_id, reason, row.expected_end_at)


async def get_run(session: AsyncSession, run_id: UUID) -> UnitRun:
    """One timed run, read afresh. Raises NotFound (`run.not_found`)."""
    run = await find_run(session, run_id)
    if run is None:
        raise NotFound("run.not_found", f"There is no timed run {run_id}.")
    return run


async def find_run(session: AsyncSession, run_id: UUID) -> UnitRun | None:
    """One timed run, read afresh."""
    run = known_row(session, UnitRun, run_id)
    if run is None:
        run = await session.scalar(select(UnitRun).where(UnitRun.id == run_id), execution_options=_FRESH)
        know_row(session, run_id, run)
    return run


async def list_runs(
    session: AsyncSession, *, unit_id: UUID | None = None, from_at: datetime, until_at: datetime
) -> Sequence[UnitRun]:
    """The timed runs of a unit or of all that touch a period, by their beginning."""
    query = select(UnitRun).where(UnitRun.from_at < until_at, UnitRun.until_at > from_at)
    if unit_id is not None:
        query = query.where(UnitRun.unit_id == unit_id)
    return (await session.scalars(query.order_by(UnitRun.from_at, UnitRun.id))).all()
