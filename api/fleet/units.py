"""Units on duty: all of them, and one with its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.auth import requires
from api.bodies import answer
from api.contract import contract
from api.deps import PartsDep
from api.fleet.board import rows
from api.fleet.examples import FLEET_ROW
from api.fleet.reporting import UnitId
from api.fleet.schemas import FleetOut, UnitHistoryOut
from api.fleet.telling import crew_names, duty_out, entry_out, run_out, unit_now
from api.names import names_of_actors
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_crew import list_duties
from dispatch.units.queries_duty import list_entries, list_runs

router = APIRouter(prefix="/fleet", tags=["units on duty"])

Reader = Annotated[Principal, requires("fleet.read")]
_DAY: Final = timedelta(days=1)


@router.get(
    "",
    summary="Units on duty",
    description="Every unit of both organisations, available or not, with the reasons. A position out of date is "
    "marked and takes no unit off.",
    **contract(FleetOut, problems=[404], example={"units": [FLEET_ROW], "at": "2026-11-22T09:30:04Z"}),
)
async def fleet(parts: PartsDep, _actor: Reader) -> Response:
    """List units on duty."""
    now = parts.clock.now()
    async with parts.database.read() as session:
        return answer(FleetOut(await rows(session, parts.settings.region, now), now))


@router.get(
    "/{unit_id}",
    summary="One unit with its history",
    description="As it stands, who is on board, and what was told of it from `from` until `until` (without them in the "
    "last 24 hours): statuses, duties and timed runs in all their versions.",
    **contract(UnitHistoryOut, problems=[404]),
)
async def unit(parts: PartsDep, actor: Reader, unit_id: UnitId, span: SpanQuery) -> Response:
    """Show a unit."""
    region, now = parts.settings.region, parts.clock.now()
    begin_at, end_at = span_of(span, now)
    async with parts.database.read() as session:
        await get_unit_by_id(session, region, unit_id)
        entries = await list_entries(session, unit_id, from_at=begin_at, until_at=end_at, all_versions=True)
        duties = await list_duties(session, from_at=begin_at, until_at=end_at, unit_id=unit_id, all_versions=True)
        runs = await list_runs(session, unit_id=unit_id, from_at=begin_at, until_at=end_at)
        present = [duty for duty in duties if duty.until_at is None and duty.voided_at is None]
        people = await crew_names(session, actor, duties)
        actors = await names_of_actors(session, (row.actor for row in entries)) if may(actor, "crews.sign") else {}
        told = UnitHistoryOut(
            unit=await unit_now(session, region, now, unit_id),
            crew=[duty_out(duty, people) for duty in sorted(present, key=lambda duty: duty.seat)],
            from_at=begin_at,
            until_at=end_at,
            statuses=[entry_out(row, actors) for row in entries],
            duties=[duty_out(duty, people) for duty in duties],
            runs=[run_out(run) for run in runs],
        )
    return answer(told)


def span_of(asked: tuple[datetime, datetime] | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the span asked for, or the last 24 hours."""
    # What was told this very moment is part of it.
    return asked or (now - _DAY, now + timedelta(seconds=1))
