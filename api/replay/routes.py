"""Past hours of the region: how it stood at a moment, and how units moved in a span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from api.auth import DoorkeeperDep, must_may_everywhere, requires
from api.bodies import answer
from api.contract import contract
from api.replay.schemas import (
    REPLAY_EXAMPLE,
    SPAN_EXAMPLE,
    HappenedOut,
    ReplayOut,
    SpanOut,
    TrackOut,
)
from api.replay.telling import told_then
from dispatch.accounts.rules_permissions import Principal
from dispatch.audit.queries import list_between
from dispatch.kernel.errors import Invalid
from dispatch.units.queries_replay import list_tracks

router = APIRouter(prefix="/replay", tags=["replay"])
Reader = Annotated[Principal, requires("incidents.read")]
LONGEST_TRACK: Final = timedelta(hours=1)
MOST_HAPPENED: Final = 2_000
_HAPPENED: Final = (
    "incident.opened",
    "incident.priority_changed",
    "incident.state_changed",
    "incident.cancelled",
    "assignment.made",
    "assignment.ended",
    "unit.status_changed",
)


@router.get(
    "",
    summary="The region at a past moment",
    description="Open incidents, all units with their positions, and who had what: as it was known at that moment, so "
    "that what was entered or corrected later is not in it. Made of what is kept anyway.",
    **contract(ReplayOut, example=REPLAY_EXAMPLE),
)
async def shown(
    door: DoorkeeperDep,
    actor: Reader,
    at: Annotated[AwareDatetime, Query(description="The moment, ISO 8601 with zone; not in the future.")],
) -> Response:
    """Show a past moment."""
    _must_see_all(actor)
    region, moment = door.parts.settings.region, _past(at, door.parts.clock.now(), "at")
    async with door.parts.database.read() as session:
        told = await told_then(session, region, moment)
    return answer(told)


@router.get(
    "/track",
    summary="How units moved in a span",
    description="Their positions by true time, of each `every_s` seconds the last, and what changed the boards: to "
    "play an hour smoothly.",
    **contract(SpanOut, example=SPAN_EXAMPLE),
)
async def track(
    door: DoorkeeperDep,
    actor: Reader,
    begins: Annotated[AwareDatetime, Query(alias="from", description="Beginning of the span, ISO 8601 with zone.")],
    until: Annotated[AwareDatetime, Query(description="Its end, left out of it; at most 1 hour after `from`.")],
    every_s: Annotated[int, Query(ge=1, le=60, description="At most one position per unit in so many seconds.")] = 5,
) -> Response:
    """Tell a span."""
    _must_see_all(actor)
    region, now = door.parts.settings.region, door.parts.clock.now()
    start, end = _past(begins, now, "from"), until.astimezone(UTC)
    if not timedelta(0) < end - start <= LONGEST_TRACK:
        raise Invalid("replay.span", "The span must end after it begins, and at most 1 hour after.")
    async with door.parts.database.read() as session:
        tracks = await list_tracks(session, region, start, end, every_s=every_s)
        happened = await list_between(session, _HAPPENED, start, end, most=MOST_HAPPENED)
    told = [
        TrackOut(
            unit_id,
            [
                (round((one.at - start).total_seconds(), 3), one.lat, one.lon, one.heading_deg, one.speed_mps)
                for one in points
            ],
        )
        for unit_id, points in tracks.items()
    ]
    return answer(SpanOut(told, [HappenedOut(line.recorded_at, line.type, line.subject) for line in happened]))


def _must_see_all(actor: Principal) -> None:
    must_may_everywhere(actor, "incidents.read")
    must_may_everywhere(actor, "fleet.read")


def _past(at: datetime, now: datetime, name: str) -> datetime:
    try:
        moment = at.astimezone(UTC)
    except OverflowError:
        raise Invalid("replay.moment", f"`{name}` lies outside the calendar.") from None
    if moment > now:
        raise Invalid("replay.moment", f"`{name}` lies in the future: it is {now.isoformat()} now.")
    return moment
