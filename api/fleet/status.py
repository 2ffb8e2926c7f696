"""What units do: reports of their status, and corrections."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, must_may
from api.bodies import Body, answer
from api.contract import contract
from api.fleet.examples import STATUS_TOLD
from api.fleet.reporting import STATUS, Reporter, UnitId, dispatchers, reported_unit, source_of
from api.fleet.schemas import StatusCorrectionIn, StatusIn, StatusToldOut
from api.fleet.telling import status_told
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.service_following import correct_unit_status, report_unit_status
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_duty import get_entry
from dispatch.units.service_status import StatusReport

router = APIRouter(tags=["units on duty"])

_status = Body(StatusIn)
_correction = Body(StatusCorrectionIn)


@router.post(
    "/fleet/{unit_id}/status",
    summary="Tell what a unit is doing",
    description=(
        "A dispatcher says it of every unit, also for an earlier time; a crew or a vehicle's device of its own. What "
        "a device reports is never lost: one that comes late, speaks of another run or cannot follow is kept, moves "
        "nothing, and `effect` says so. A dispatcher is refused instead. The unit's incident follows: arrival, the end "
        "of the run, breakdown."
    ),
    **contract(
        StatusToldOut,
        body=StatusIn,
        example=STATUS_TOLD,
        problems=[404, 409],
        body_examples={
            "a crew on its way": {"status": "en_route", "report_id": "0198c0de-0000-7000-8000-000000000105"},
            "heard on the radio, four minutes ago": {
                "status": "on_scene",
                "at": "2026-11-22T09:26:00Z",
                "source": "voice",
            },
            "out of service": {"status": "out_of_service", "reason": "decontamination", "version": 7},
        },
    ),
)
async def report(request: Request, door: DoorkeeperDep, actor: Reporter, unit_id: UnitId) -> Response:
    """Report a status."""
    asked = await _status.of(request)
    async with acting(door, actor) as act:
        _, dispatcher = await reported_unit(act.session, act.region, actor, unit_id)
        told = StatusReport(
            status=asked.status,
            source=source_of(asked.source, dispatcher=dispatcher),
            at=asked.at,
            sent_at=asked.sent_at,
            report_id=asked.report_id,
            run_id=asked.run_id,
            reason=asked.reason,
            expected_end_at=asked.expected_end_at,
        )
        outcome = await report_unit_status(act, unit_id, told, expected_version=asked.version)
        return answer(await status_told(act, unit_id, outcome))


@router.post(
    "/status-entries/{entry_id}/correction",
    summary="Correct a status entry",
    description="Its true time, its status, or both: T3 to T9, T11 and T12. The entry stays, the correction stands "
    "beside it; where it is the present status, that is corrected with it.",
    **contract(
        StatusToldOut,
        body=StatusCorrectionIn,
        example=STATUS_TOLD | {"effect": "correction"},
        problems=[404, 409],
        body_examples={"another time": {"at": "2026-11-22T09:24:00Z", "source": "voice"}},
    ),
)
async def correct(
    request: Request,
    door: DoorkeeperDep,
    actor: Annotated[Principal, dispatchers()],
    entry_id: Annotated[UUID, Path(description="The entry's id.")],
) -> Response:
    """Correct an entry."""
    asked = await _correction.of(request)
    async with acting(door, actor) as act:
        unit = await get_unit_by_id(act.session, act.region, (await get_entry(act.session, entry_id)).unit_id)
        must_may(actor, STATUS, unit.organisation)
        source = source_of(asked.source, dispatcher=True)
        outcome = await correct_unit_status(act, entry_id, at=asked.at, status=asked.status, source=source)
        return answer(await status_told(act, unit.id, outcome))
