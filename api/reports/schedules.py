"""Reports made by themselves: for each period that has ended one PDF and one workbook, in a folder and in a list.

    TARIM_HOME/reports/REGION/daily-20261126.pdf and .xlsx

A period is claimed, made and told of in one transaction. Of several processes one makes it (the key of the table); one
that dies gives the period free, and its files are written over by the next.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, cast
from zoneinfo import ZoneInfo

import structlog

from api.loops import repeating
from api.parts import Parts
from api.printing.render import Language
from api.reports.desk import Desk, Views
from api.reports.leaving import Asked, Form, View, take_out
from dispatch.kernel.actor import Context, system
from dispatch.kernel.errors import TarimError
from dispatch.reports.exporting.queries import began_at, made
from dispatch.reports.exporting.rules_periods import Period, ended
from dispatch.reports.exporting.service import claim, finish, new_report, tell_made
from dispatch.reports.exporting.service_schedules import as_set, list_schedules, note_failure
from dispatch.reports.exporting.states import Step
from dispatch.reports.exporting.tables import ReportSchedule
from dispatch.reports.rules_views import ZONE

EVERY_S: Final = 60.0
FORMS: Final = (Form.PDF, Form.XLSX)
_STRATA: Final = ("station", "priority", "ground", "hour")

log = structlog.get_logger("tarim.reports")


class Schedules:
    """Looks every minute which periods have ended without a report."""

    def __init__(self, parts: Parts, desk: Desk, *, every_s: float = EVERY_S) -> None:
        self._parts, self._desk, self._every_s = parts, desk, every_s

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block lasts."""
        async with repeating(self._looked, self._every_s, "reports were not looked at"):
            yield

    async def look(self) -> int:
        """Make what is due; tell how many reports. Raises TarimError, OSError, once the other steps were looked at."""
        count, failed = 0, None
        for schedule in await self._wanted():
            try:
                count += await self._made(schedule)
            except (TarimError, OSError) as error:
                failed = error
                await self._note(schedule, error.code if isinstance(error, TarimError) else "report.disk")
        if failed is not None:
            raise failed
        return count

    async def _wanted(self) -> list[ReportSchedule]:
        """How each step's reports are made, of those that are switched on."""
        parts = self._parts
        async with parts.database.read() as session:
            since = await began_at(session)
            if since is None:
                return []
            found = await list_schedules(session, parts.settings.region)
        told = [
            as_set(parts.settings.region, step, found.get(step), parts.settings.report_schedules, since)
            for step in Step
        ]
        return [one for one in told if one.active]

    async def _made(self, schedule: ReportSchedule) -> int:
        parts, step, count = self._parts, Step(schedule.step), 0
        async with parts.database.read() as session:
            known = await made(session, schedule.region, step, schedule.since)
        for period in ended(step, schedule.since, parts.clock.now()):
            if period[0] not in known:
                count += await self._make(schedule, period)
        if count and schedule.failed_code is not None:
            await self._note(schedule, None)
        return count

    async def _note(self, schedule: ReportSchedule, code: str | None) -> None:
        async with self._parts.database.write() as session:
            await note_failure(session, schedule, code, self._parts.clock.now())

    async def _looked(self) -> None:
        try:
            await self.look()
        except TarimError as error:
            # The database, the disk or the printing is away: the next look comes.
            log.warning("a scheduled report waits", code=error.code)

    async def _make(self, schedule: ReportSchedule, period: Period) -> bool:
        parts, region, step = self._parts, self._parts.settings.region, Step(schedule.step)
        report = new_report(parts.clock, region, step, period)
        views = await self._desk.until(period[1])
        async with parts.database.write() as session:
            if not await claim(session, report):
                return False
            for form in FORMS:
                written = await self._write(schedule, period, form, views, str(report.id))
                if form is FORMS[0]:
                    report.digest = hashlib.sha256(await asyncio.to_thread(written.read_bytes)).hexdigest()
            report.seq = views.seq
            await finish(session, report)
            context = Context.begin(parts.clock, system("schedules"))
            await tell_made(session, parts.clock, context, report)
        log.info("a report is made", step=str(step), begins=period[0].isoformat())
        return True

    async def _write(self, schedule: ReportSchedule, period: Period, form: Form, views: Views, name: str) -> Path:
        """Write a file aside and give it its name when it is whole; of one that fails nothing stays."""
        parts, region, step = self._parts, self._parts.settings.region, Step(schedule.step)
        target = file_of(parts.settings.home, region, step, period, form)
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        aside = target.with_name(f".{name}.{form}")
        asked = Asked(
            View.FIGURES, form, *period, strata=_STRATA, targets=schedule.targets,
            language=cast("Language", schedule.language), by=f"Tarim · {step}", organisation=region,
        )  # fmt: skip
        try:
            await take_out(aside, views, self._desk.definitions, asked, parts.clock.now())
            await asyncio.to_thread(aside.replace, target)
        finally:
            await asyncio.to_thread(aside.unlink, missing_ok=True)
        return target


def file_of(home: Path, region: str, step: Step, period: Period, form: Form) -> Path:
    """Where a report stands: named by its first day, Beijing time."""
    first = period[0].astimezone(ZoneInfo(ZONE))
    return home / "reports" / region / f"{step}-{first:%Y%m%d}.{form}"
