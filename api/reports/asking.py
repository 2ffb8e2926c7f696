"""What the questions for figures have in common: the period, the strata, and the desk that answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from pydantic import AwareDatetime
from starlette.requests import HTTPConnection

from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.reports.desk import Desk, Views
from api.reports.schemas import AsOf
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.errors import Invalid, NotFound
from dispatch.reports.rules_definitions import Definitions
from dispatch.reports.rules_views import STRATA, ZONE

Reader = Annotated[Principal, requires("reports.read")]
LONGEST: Final = timedelta(days=3_660)
_ZONE: Final = ZoneInfo(ZONE)


async def _desk(connection: HTTPConnection) -> Desk:
    found: Desk = connection.app.state.reports
    return found


DeskDep = Annotated[Desk, Depends(_desk)]
FromQuery = Annotated[
    AwareDatetime | None,
    Query(alias="from", description="Beginning of the period; without it today, 00:00 Beijing time."),
]
UntilQuery = Annotated[AwareDatetime | None, Query(description="Its end, left out of it; without it the end of today.")]
WhereQuery = Annotated[
    list[str],
    Query(
        default_factory=list,
        description="Only these strata, each `name:key` (`ground:rural`); more than one must all hold.",
    ),
]
LimitQuery = Annotated[int, Query(ge=1, le=1_000, description="At most so many rows.")]
OffsetQuery = Annotated[int, Query(ge=0, le=10_000_000, description="Leave out so many of the first.")]
Period = tuple[datetime, datetime]


async def _period(door: DoorkeeperDep, begins: FromQuery = None, until: UntilQuery = None) -> Period:
    return period_of(door, begins, until)


def period_of(door: Doorkeeper, begins: datetime | None, until: datetime | None) -> Period:
    """Read a period; without its ends those of today. Raises Invalid (`report.period`)."""
    today = door.parts.clock.now().astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        first = (begins or today).astimezone(UTC)
        last = (until or today + timedelta(days=1)).astimezone(UTC)
    except OverflowError:
        raise Invalid("report.period", "The period lies outside the calendar.") from None
    if not timedelta(0) < last - first <= LONGEST:
        raise Invalid("report.period", "The period must end after it begins, and at most ten years after.")
    return first, last


PeriodDep = Annotated[Period, Depends(_period)]


async def _pair(
    period: PeriodDep,
    at: Annotated[
        AwareDatetime | None, Query(description="The moment that parts before from after; within the period.")
    ] = None,
    before_from: Annotated[AwareDatetime | None, Query(description="Beginning of the period before.")] = None,
    before_until: Annotated[AwareDatetime | None, Query(description="Its end, left out of it.")] = None,
) -> tuple[Period, Period]:
    begins, until = period
    if at is not None and begins < at < until and before_from is None and before_until is None:
        return (begins, at.astimezone(UTC)), (at.astimezone(UTC), until)
    if at is not None:
        raise Invalid("report.period", "The moment that parts before from after lies outside the period.")
    if before_from is None or before_until is None:
        raise Invalid("report.period", "A comparison asks for `at`, or for `before_from` and `before_until`.")
    if not timedelta(0) < before_until - before_from <= LONGEST:
        raise Invalid("report.period", "The period before must end after it begins, and at most ten years after.")
    return (before_from.astimezone(UTC), before_until.astimezone(UTC)), period


PairDep = Annotated[tuple[Period, Period], Depends(_pair)]
"""Two periods that are compared: before, after."""


def strata_of(named: list[str]) -> list[str]:
    """Check names of strata. Raises Invalid (`report.stratum`)."""
    if unknown := sorted(set(named) - set(STRATA)):
        raise Invalid("report.stratum", f"There is no stratum {', '.join(unknown)}; there are {', '.join(STRATA)}.")
    return list(dict.fromkeys(named))


def where_of(told: list[str]) -> dict[str, str]:
    """Read `name:key`. Raises Invalid (`report.stratum`)."""
    where = {}
    for one in told:
        name, colon, key = one.partition(":")
        if not colon:
            raise Invalid("report.stratum", f"{one!r} is not NAME:KEY.", "Write it as ground:rural.")
        where[name] = key
    strata_of(list(where))
    return where


def kpis_of(definitions: Definitions, named: list[str]) -> list[str] | None:
    """Check ids of figures; None: all. Raises NotFound (`report.kpi`)."""
    known = {one.id for one in definitions.kpi}
    if unknown := sorted(set(named) - known):
        raise NotFound(
            "report.kpi", f"There is no figure {', '.join(unknown)}.", "GET /api/reports/definitions names all."
        )
    return named or None


def as_of(views: Views) -> AsOf:
    """What an answer is of."""
    return AsOf(at=views.as_of, seq=views.seq, imports=list(views.imports))
