"""Which reports are made by themselves: looked at, switched on, changed, switched off."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, begin, requires
from api.bodies import Body, answer
from api.contract import contract
from api.names import names_of_actors
from api.parts import Parts
from api.reports.asking import DeskDep, Reader
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.errors import NotFound
from dispatch.reports.exporting.queries import began_at
from dispatch.reports.exporting.rules_periods import SETTLES, coming
from dispatch.reports.exporting.service_schedules import as_set, list_schedules, set_schedule
from dispatch.reports.exporting.states import Step
from dispatch.reports.exporting.tables import ReportSchedule

router = APIRouter(prefix="/reports/schedules", tags=["reports"])
Setter = Annotated[Principal, requires("reports.schedule")]


class ScheduleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How reports of a step are made from now on."""

    active: Annotated[bool, Meta(description="Whether they are made at all.")]
    targets: Annotated[str, Meta(max_length=64, description="The target set.", examples=["national_2025"])]
    language: Annotated[Literal["zh", "en", "ug"], Meta(description="Of paper and of names.")]


class ScheduleOut(msgspec.Struct, frozen=True, kw_only=True):
    """How reports of a step are made, and when the next one is due."""

    step: Step
    active: bool
    targets: str
    language: str
    begins: Annotated[datetime, Meta(description="Beginning of the next report's period.")]
    until: Annotated[datetime, Meta(description="Its end, left out of it.")]
    due_at: Annotated[datetime, Meta(description="It is made from then on: what is entered late has its time.")]
    changed_at: Annotated[datetime | None, Meta(description="Null: as the service's settings say.")]
    changed_by: Annotated[str | None, Meta(description="Who set it, by name.")]
    failed_at: Annotated[datetime | None, Meta(description="When the last try failed; null: it did not.")]
    failed_code: Annotated[str | None, Meta(description="Why; it is tried again every minute.")]


class SchedulesOut(msgspec.Struct, frozen=True, kw_only=True):
    """Day, week and month."""

    schedules: list[ScheduleOut]


_body = Body(ScheduleIn)
_SET: Final = {"active": True, "targets": "national_2025", "language": "zh"}
_EXAMPLE: Final = {
    "step": "daily", **_SET, "begins": "2026-11-25T16:00:00Z", "until": "2026-11-26T16:00:00Z",
    "due_at": "2026-11-26T16:30:00Z", "changed_at": "2026-11-22T04:00:00Z", "changed_by": "示例值班长",
    "failed_at": None, "failed_code": None,
}  # fmt: skip


@router.get(
    "",
    summary="Which reports are made by themselves",
    description="For day, week and month of Beijing time: whether, how, when next, and why the last try failed.",
    **contract(SchedulesOut, example={"schedules": [_EXAMPLE]}),
)
async def listed(door: DoorkeeperDep, _actor: Reader) -> Response:
    """List them."""
    found = await _found(door.parts)
    return answer(SchedulesOut(schedules=await _told(door.parts, found)))


@router.put(
    "/{step}",
    summary="Set how reports are made by themselves",
    description="Switched on, they begin with the period that goes on; each period has one report, also across "
    "restarts. It counts from the next minute on, in every process.",
    **contract(ScheduleOut, body=ScheduleIn, problems=(404,), example=_EXAMPLE, body_examples={"daily": _SET}),
)
async def changed(
    request: Request,
    door: DoorkeeperDep,
    desk: DeskDep,
    actor: Setter,
    step: Annotated[Step, Path(description="How long a period is.")],
) -> Response:
    """Set one."""
    asked = await _body.of(request)
    if asked.targets not in desk.definitions.sets:
        raise NotFound("report.targets", f"There is no target set {asked.targets}.", "GET /api/reports/definitions.")
    parts = door.parts
    before = (await _found(parts))[step]
    async with parts.database.write() as session:
        row = await set_schedule(
            session, parts.clock, begin(door, actor), before, active=asked.active, targets=asked.targets,
            language=asked.language,
        )  # fmt: skip
    (told,) = await _told(parts, {step: row})
    return answer(told)


async def _found(parts: Parts) -> dict[Step, ReportSchedule]:
    settings = parts.settings
    async with parts.database.read() as session:
        since = await began_at(session) or parts.clock.now()
        found = await list_schedules(session, settings.region)
    return {step: as_set(settings.region, step, found.get(step), settings.report_schedules, since) for step in Step}


async def _told(parts: Parts, rows: dict[Step, ReportSchedule]) -> list[ScheduleOut]:
    now = parts.clock.now()
    async with parts.database.read() as session:
        names = await names_of_actors(session, (row.changed_by for row in rows.values() if row.changed_by))
    told = []
    for step, row in rows.items():
        begins, until = coming(step, now)
        told.append(
            ScheduleOut(
                step=step, active=row.active, targets=row.targets, language=row.language, begins=begins, until=until,
                due_at=until + SETTLES, changed_at=row.changed_at if row.changed_by else None,
                changed_by=names.get(row.changed_by), failed_at=row.failed_at, failed_code=row.failed_code,
            )
        )  # fmt: skip
    return told
