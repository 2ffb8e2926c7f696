"""Reports that were made by themselves: the list, and their files."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Path
from msgspec import Meta
from starlette.responses import FileResponse, Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.reports.asking import Reader
from api.reports.leaving import MEDIA, ZONES, Form
from api.reports.schedules import FORMS, file_of
from dispatch.kernel.errors import NotFound
from dispatch.reports.exporting.queries import get_report, list_reports
from dispatch.reports.exporting.states import Step
from dispatch.reports.exporting.tables import ScheduledReport

router = APIRouter(prefix="/reports", tags=["reports"])


class ScheduledOut(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a period."""

    id: UUID
    step: Step
    begins: Annotated[datetime, Meta(description="Beginning of the period.")]
    until: Annotated[datetime, Meta(description="Its end, left out of it.")]
    beijing: Annotated[str, Meta(description="The period in Beijing time, UTC+8.")]
    xinjiang: Annotated[str, Meta(description="The same in Xinjiang time, UTC+6.")]
    made_at: datetime
    seq: Annotated[int, Meta(description="The journal's last line in it.", examples=[48211])]
    digest: Annotated[str, Meta(description="SHA-256 of its PDF.")]
    forms: Annotated[list[str], Meta(description="Its files.", examples=[["pdf", "xlsx"]])]


class ScheduledListOut(msgspec.Struct, frozen=True, kw_only=True):
    """All reports, the newest period first."""

    schedules: Annotated[list[str], Meta(description="What is made by itself; empty: nothing is.")]
    reports: list[ScheduledOut]


_EXAMPLE: Final = {
    "schedules": ["daily"],
    "reports": [
        {
            "id": "0198c0de-0000-7000-8000-000000000a01", "step": "daily", "begins": "2026-11-25T16:00:00Z",
            "until": "2026-11-26T16:00:00Z", "beijing": "2026-11-26 00:00 – 2026-11-27 00:00 UTC+8",
            "xinjiang": "2026-11-25 22:00 – 2026-11-26 22:00 UTC+6", "made_at": "2026-11-26T16:30:12Z", "seq": 48211,
            "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "forms": ["pdf", "xlsx"],
        }
    ],
}  # fmt: skip


@router.get(
    "/scheduled",
    summary="Reports that were made by themselves",
    description="One for each day, week or month that has ended, as the setting `report_schedules` says; each once.",
    **contract(ScheduledListOut, example=_EXAMPLE),
)
async def scheduled(door: DoorkeeperDep, _actor: Reader) -> Response:
    """List them."""
    settings = door.parts.settings
    async with door.parts.database.read() as session:
        found = await list_reports(session, settings.region)
    return answer(ScheduledListOut(schedules=list(settings.report_schedules), reports=[_told(one) for one in found]))


@router.get(
    "/scheduled/{report_id}/{form}",
    summary="The file of such a report",
    description="As it was made; it holds figures, no patient data.",
    **contract(problems=(404,), media=(MEDIA[Form.PDF], MEDIA[Form.XLSX]), told="The file."),
)
async def scheduled_file(
    door: DoorkeeperDep,
    _actor: Reader,
    report_id: Annotated[UUID, Path(description="The report's id.")],
    form: Annotated[Literal["pdf", "xlsx"], Path(description="The file's form.")],
) -> Response:
    """Give one file."""
    settings = door.parts.settings
    async with door.parts.database.read() as session:
        found = await get_report(session, settings.region, report_id)
    period = (found.begins, found.until)
    path = file_of(settings.home, settings.region, Step(found.step), period, Form(form))
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("report.file_gone", "The file is no longer in its folder.", "Export the period anew.")
    return FileResponse(path, media_type=MEDIA[Form(form)], filename=path.name, headers={"Cache-Control": "no-store"})


def _told(one: ScheduledReport) -> ScheduledOut:
    return ScheduledOut(
        id=one.id, step=Step(one.step), begins=one.begins, until=one.until, beijing=_span(one, "beijing", 8),
        xinjiang=_span(one, "xinjiang", 6), made_at=one.made_at, seq=one.seq, digest=one.digest,
        forms=[str(form) for form in FORMS],
    )  # fmt: skip


def _span(one: ScheduledReport, zone: str, hours: int) -> str:
    begins, until = (at.astimezone(ZoneInfo(ZONES[zone])) for at in (one.begins, one.until))
    return f"{begins:%Y-%m-%d %H:%M} – {until:%Y-%m-%d %H:%M} UTC+{hours}"
