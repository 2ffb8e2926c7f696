"""What the two organisations gain from one network, and what it costs them."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import polars as pl
from fastapi import APIRouter
from starlette.responses import Response

from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.reports.asking import DeskDep, Period, PeriodDep, Reader, as_of
from api.reports.desk import Views
from api.reports.schemas import UNION_EXAMPLE, UnionOut
from dispatch.reports.queries_union import list_looked
from dispatch.reports.rules_period import within
from dispatch.reports.rules_union import gains_of
from dispatch.reports.states import JOURNAL

router = APIRouter(prefix="/reports", tags=["reports"])
GIVEN: Final = (
    "Both times are predictions of the same moment, given the state that the union itself produced. The difference is "
    "no cause, and says nothing of a world without the union. Losses are estimated in a straight line."
)


@router.get(
    "/union",
    summary="What the union gains",
    description="For each emergency the predicted time of the best own unit minus that of the best of both, from the "
    "same stored look, by the organisation whose ground it is and by county; intervals by a bootstrap over days. "
    "Losses: own units that were away helping and would have been sooner. At most 20,000 emergencies.",
    **contract(UnionOut, example=UNION_EXAMPLE),
)
async def union(desk: DeskDep, door: DoorkeeperDep, _actor: Reader, period: PeriodDep) -> Response:
    """Tell gains and losses."""
    return answer(await union_told(door, await desk.views(), period))


async def union_told(door: Doorkeeper, views: Views, period: Period) -> UnionOut:
    """Return gains and losses of a period. Raises DatabaseUnavailable."""
    incidents = await asyncio.to_thread(_incidents, views, period)
    settings = door.parts.settings
    async with door.parts.database.read() as session:
        looked = await list_looked(
            session,
            settings.region,
            incidents,
            detour_factor=settings.detour_factor,
            speed_mps=settings.estimate_speed_mps,
        )
    groups = await asyncio.to_thread(gains_of, looked)
    begins, until = period
    return UnionOut(
        as_of=as_of(views), begins=begins, until=until, incidents=len(incidents), looked=len(looked), given=GIVEN,
        groups=groups,
    )  # fmt: skip


def _incidents(views: Views, period: Period) -> dict[str, dict[str, Any]]:
    rows = within(views.lazy()["incidents"], *period).filter(
        pl.col("exclusion").is_null(), pl.col("mark").cast(pl.String) == JOURNAL
    )
    wanted = rows.select(
        "incident_id", "at", "t3", "lat", "lon", pl.col("area_organisation", "county").cast(pl.String)
    ).rename({"county": "area"})
    return {row["incident_id"]: row for row in wanted.collect().iter_rows(named=True)}
