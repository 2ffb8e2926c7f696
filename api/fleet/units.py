"""Units on duty: all of them, and one with its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.auth import requires
from api.bodies import answer
from api.contract import contract
from api.deps import PartsDep
from api.errors import FieldError, ProblemError
from api.fleet.board import rows
from api.fleet.examples import FLEET_ROW
from api.fleet.reporting import UnitId
from api.fleet.schemas import FleetOut, UnitHistoryOut
from api.fleet.telling import crew_names, duty_out, entry_out, run_out, unit_now
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_crew import list_duties
from dispatch.units.queries_duty import list_entries, list_runs

router = APIRouter(prefix="/fleet", tags=["units on duty"])

Reader = Annotated[Principal, requires("fleet.read")]
From = Annotated[datetime | None, Query(alias="from", description="ISO 8601 with zone; without it the last 24 hours.")]
Until = Annotated[datetime | None, Query(description="ISO 8601 with zone, left out itself; without it now.")]
_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=31)


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
    description="As it stands, who is on board, and what was told of it from `from` until `until`, at most 31 days: "
    "statuses, duties and timed runs in all their versions.",
    **contract(UnitHistoryOut, problems=[404]),
)
async def unit(parts: PartsDep, actor: Reader, unit_id: UnitId, from_at: From = None, until: Until = None) -> Response:
    """Show a unit."""
    region, now = parts.settings.region, parts.clock.now()
    begin_at, end_at = span_of(from_at, until, now)
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


def span_of(from_at: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the period asked for. Raises ProblemError (`request.invalid`)."""
    for name, moment in (("from", from_at), ("until", until)):
        if moment is not None and moment.tzinfo is None:
            raise ProblemError(
                "request.invalid", f"`{name}` has no zone.", fields=[FieldError(f"query.{name}", "no zone")]
            )
    end_at = until or (from_at + _DAY if from_at is not None else now + timedelta(seconds=1))
    begin_at = from_at or end_at - _DAY
    if not begin_at < end_at <= begin_at + _LONGEST:
        raise ProblemError(
            "request.invalid", "The period ends after it begins, and is at most 31 days long.",
            fields=[FieldError("query.until", "not within 31 days after from")],
        )  # fmt: skip
    return begin_at, end_at
