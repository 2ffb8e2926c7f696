"""Taking a period for its report: who comes first makes it, everybody else is told that it is taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.reports.exporting.events import ReportMade
from dispatch.reports.exporting.states import Step
from dispatch.reports.exporting.tables import ScheduledReport


async def claim(session: AsyncSession, report: ScheduledReport) -> bool:
    """Take a period in this transaction; False when its report is there already.

    Who competes waits until this transaction ends: if it fails, the period is free again.
    """
    columns = {column.key: getattr(report, column.key) for column in ScheduledReport.__table__.columns}
    asked = insert(ScheduledReport).values(**columns).on_conflict_do_nothing().returning(ScheduledReport.id)
    return await session.scalar(asked) is not None


async def finish(session: AsyncSession, report: ScheduledReport) -> None:
    """Write down what a claimed report is of, before its transaction ends."""
    wanted = update(ScheduledReport).where(ScheduledReport.id == report.id)
    await session.execute(wanted.values(seq=report.seq, digest=report.digest))


async def tell_made(session: AsyncSession, clock: Clock, context: Context, report: ScheduledReport) -> None:
    """Leave a line in the journal that a report was made."""
    told = ReportMade(
        report_id=report.id, region=report.region, step=report.step, begins=report.begins, until=report.until,
        digest=report.digest,
    )  # fmt: skip
    await append(session, clock, context, [told])


def new_report(clock: Clock, region: str, step: Step, period: tuple[datetime, datetime]) -> ScheduledReport:
    """Begin a report; seq and digest are told when it is finished."""
    begins, until = period
    return ScheduledReport(
        id=new_id(clock), region=region, step=str(step), begins=begins, until=until, made_at=clock.now(), seq=0,
        digest="",
    )  # fmt: skip
