"""What the two organisations gain from one network, and what it costs them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

import polars as pl
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.reports.asking import DeskDep, LimitQuery, OffsetQuery, Period, PeriodDep, Reader, as_of
from api.reports.behind import behind_union
from api.reports.desk import Views
from api.reports.schemas import UNION_EXAMPLE, UNION_ROWS_EXAMPLE, RowsOut, UnionOut
from dispatch.reports.queries_union import list_looked
from dispatch.reports.rules_period import within
from dispatch.reports.rules_union import Group, Kind, Looked, behind_gain, gains_of
from dispatch.reports.states import JOURNAL

router = APIRouter(prefix="/reports", tags=["reports"])
_PERIODS: Final = 4
"""Looks of so many periods stay beside a table."""
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


@router.get(
    "/union/rows",
    summary="The incidents behind what the union gains",
    description="Of one number of `GET /reports/union`, each with what was predicted: the largest gain or loss first, "
    "without one the newest. `value_s` is the gain; of losses, by how much it was later.",
    **contract(RowsOut, example=UNION_ROWS_EXAMPLE),
)
async def union_rows(
    desk: DeskDep,
    door: DoorkeeperDep,
    _actor: Reader,
    period: PeriodDep,
    which: Annotated[Kind, Query(description="With both predictions, or those that the other numbers count.")],
    group: Annotated[Group, Query(description="Of all, of one organisation's ground, or of one county.")] = "all",
    key: Annotated[str, Query(description="The group's key; empty: of none known.")] = "",
    limit: LimitQuery = 100,
    offset: OffsetQuery = 0,
) -> Response:
    """Tell the incidents behind a gain."""
    views = await desk.views()
    found = behind_gain((await _looked(door, views, period))[1], group, key, which)
    return answer(await asyncio.to_thread(behind_union, views, found, which, period, (offset, limit)))


async def union_told(door: Doorkeeper, views: Views, period: Period) -> UnionOut:
    """Return gains and losses of a period. Raises DatabaseUnavailable."""
    incidents, looked = await _looked(door, views, period)
    groups = await asyncio.to_thread(gains_of, looked)
    begins, until = period
    return UnionOut(
        as_of=as_of(views), begins=begins, until=until, incidents=incidents, looked=len(looked), given=GIVEN,
        groups=groups,
    )  # fmt: skip


async def _looked(door: Doorkeeper, views: Views, period: Period) -> tuple[int, list[Looked]]:
    """How many emergencies a period has, and their looks: read once for a table, so that rows fit their number."""
    reading = views.looked.get(period)
    if reading is None or (reading.done() and (reading.cancelled() or reading.exception() is not None)):
        while len(views.looked) >= _PERIODS:
            del views.looked[next(iter(views.looked))]
        reading = views.looked[period] = asyncio.create_task(_read(door, views, period))
    # Others may wait for the same: who goes away does not end it.
    return await asyncio.shield(reading)


async def _read(door: Doorkeeper, views: Views, period: Period) -> tuple[int, list[Looked]]:
    incidents = await asyncio.to_thread(_incidents, views, period)
    settings = door.parts.settings
    async with door.parts.database.read() as session:
        looked = await list_looked(
            session,
            settings.region,
            incidents,
            detour_factor=settings.detour_factor,
            speed_mps=settings.estimate_speed_mps,
            known=views.looks,
        )
    return len(incidents), looked


def _incidents(views: Views, period: Period) -> dict[str, dict[str, Any]]:
    rows = within(views.lazy()["incidents"], *period).filter(
        pl.col("exclusion").is_null(), pl.col("mark").cast(pl.String) == JOURNAL
    )
    wanted = rows.select(
        "incident_id", "at", "t3", "lat", "lon", pl.col("area_organisation", "county").cast(pl.String)
    ).rename({"county": "area"})
    return {row["incident_id"]: row for row in wanted.collect().iter_rows(named=True)}
