"""Reading of reports that were made by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.kernel.journal_table import JournalLine
from dispatch.reports.exporting.states import Step
from dispatch.reports.exporting.tables import ScheduledReport


async def list_reports(session: AsyncSession, region: str, *, most: int = 400) -> Sequence[ScheduledReport]:
    """Return a region's reports, the newest period first."""
    asked = select(ScheduledReport).where(ScheduledReport.region == region)
    return (await session.scalars(asked.order_by(ScheduledReport.until.desc(), ScheduledReport.step).limit(most))).all()


async def get_report(session: AsyncSession, region: str, report_id: UUID) -> ScheduledReport:
    """Return one. Raises NotFound (`report.not_found`)."""
    found = await session.get(ScheduledReport, report_id)
    if found is None or found.region != region:
        raise NotFound("report.not_found", "There is no such report.", "GET /api/reports/scheduled lists all.")
    return found


async def made(session: AsyncSession, region: str, step: Step, since: datetime) -> frozenset[datetime]:
    """Return the beginnings of periods whose report is there, of those that end after a moment."""
    asked = select(ScheduledReport.begins).where(
        ScheduledReport.region == region, ScheduledReport.step == step, ScheduledReport.until > since
    )
    return frozenset((await session.scalars(asked)).all())


async def began_at(session: AsyncSession) -> datetime | None:
    """Return when the journal begins; None while it is empty."""
    first: datetime | None = await session.scalar(select(func.min(JournalLine.recorded_at)).where(JournalLine.seq <= 1))
    return first
