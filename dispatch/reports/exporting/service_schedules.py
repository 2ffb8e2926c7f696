"""Which reports are made by themselves: switched on, changed, switched off, and what went wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.journal import append
from dispatch.reports.exporting.events import ScheduleSet
from dispatch.reports.exporting.states import Step
from dispatch.reports.exporting.tables import ReportSchedule

USUAL_TARGETS = "national_2025"
USUAL_LANGUAGE: Literal["zh", "en", "ug"] = "zh"


async def list_schedules(session: AsyncSession, region: str) -> dict[Step, ReportSchedule]:
    """Return what somebody has set, by step; what nobody has set is as the service's settings say."""
    asked = select(ReportSchedule).where(ReportSchedule.region == region)
    return {Step(one.step): one for one in (await session.scalars(asked)).all()}


def as_set(
    region: str, step: Step, found: ReportSchedule | None, usual: Sequence[str], since: datetime
) -> ReportSchedule:
    """Return how a step's reports are made: as somebody set it, else as the service's settings (`usual`) say.

    since: when the journal begins; what the settings ask for is made of every period since then.
    """
    if found is not None:
        return found
    return ReportSchedule(
        region=region, step=str(step), active=str(step) in usual, targets=USUAL_TARGETS, language=USUAL_LANGUAGE,
        since=since, changed_at=since, changed_by="", failed_at=None, failed_code=None,
    )  # fmt: skip


async def set_schedule(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    before: ReportSchedule,
    *,
    active: bool,
    targets: str,
    language: str,
) -> ReportSchedule:
    """Set how a step's reports are made, in place of `before` (`as_set`).

    Switched on, they begin with the period that goes on now; while they stay on, none is left out.
    """
    now = clock.now()
    since = before.since if before.active and active else now
    values = {
        "region": before.region, "step": before.step, "active": active, "targets": targets, "language": language,
        "since": since, "changed_at": now, "changed_by": str(context.actor), "failed_at": None, "failed_code": None,
    }  # fmt: skip
    made = insert(ReportSchedule).values(**values)
    await session.execute(made.on_conflict_do_update(index_elements=["region", "step"], set_=values))
    told = ScheduleSet(region=before.region, step=before.step, active=active, targets=targets, language=language)
    await append(session, clock, context, [told])
    return ReportSchedule(**values)


async def note_failure(session: AsyncSession, schedule: ReportSchedule, code: str | None, now: datetime) -> None:
    """Keep why the last try failed; None: it did not. What only the service's settings ask for is written down too."""
    failed = {"failed_code": code, "failed_at": None if code is None else now}
    if code is not None:
        columns = {column.key: getattr(schedule, column.key) for column in ReportSchedule.__table__.columns}
        await session.execute(insert(ReportSchedule).values(**{**columns, **failed}).on_conflict_do_nothing())
    wanted = update(ReportSchedule).where(
        ReportSchedule.region == schedule.region, ReportSchedule.step == schedule.step
    )
    await session.execute(wanted.values(**failed))
