"""Figures of a period: definitions, values beside targets, course over time, comparison, and the rows behind them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final, Literal

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.names import names_of_actors
from api.reports.asking import (
    DeskDep,
    LimitQuery,
    OffsetQuery,
    PairDep,
    PeriodDep,
    Reader,
    WhereQuery,
    kpis_of,
    strata_of,
    where_of,
)
from api.reports.behind import Fault, Wanted, behind_fault, behind_figure
from api.reports.figures import compared, figures_told, heat_told, quality_told, spread_told, trend_told
from api.reports.schemas import (
    COMPARE_EXAMPLE,
    DISTRIBUTION_EXAMPLE,
    FIGURES_EXAMPLE,
    HEAT_EXAMPLE,
    QUALITY_EXAMPLE,
    ROWS_EXAMPLE,
    TREND_EXAMPLE,
    CompareOut,
    CourseOut,
    DefinitionsOut,
    DistributionOut,
    HeatOut,
    QualityOut,
    ReportOut,
    RowsOut,
)
from dispatch.kernel.errors import NotFound
from dispatch.reports.rules_quality import CHECKS, OUT
from dispatch.reports.rules_views import STRATA

router = APIRouter(prefix="/reports", tags=["reports"])
KpiQuery = Annotated[list[str], Query(default_factory=list, description="Ids of figures; none: all.")]
ByQuery = Annotated[
    list[str],
    Query(default_factory=list, description="Strata to split by, such as `ground`; none: all together only."),
]
TargetsQuery = Annotated[str, Query(description="The target set that figures stand beside; never more than one.")]
USUAL: Final = "national_2025"


@router.get(
    "/definitions",
    summary="What each figure means",
    description="Every definition with its formula, rules, source and version, the clocks that can be chosen, and the "
    "target sets. Nothing here is signed by a medical director where `awaits` says so.",
    **contract(DefinitionsOut),
)
async def definitions(desk: DeskDep, _actor: Reader) -> Response:
    """Tell the definitions."""
    known = desk.definitions
    return answer(
        DefinitionsOut(
            awaits=known.awaits, strata=list(STRATA), clocks=known.clocks, kpis=list(known.kpi), target_sets=known.sets
        )
    )


@router.get(
    "/figures",
    summary="Figures of a period",
    description="All or some figures, of all together and by strata, beside one target set. Without `from` and `until` "
    "today, live: `as_of` says until when. A figure whose definition changed within the period comes in parts.",
    **contract(ReportOut, example=FIGURES_EXAMPLE, problems=(404,)),
)
async def figures(
    desk: DeskDep,
    _actor: Reader,
    period: PeriodDep,
    kpi: KpiQuery,
    by: ByQuery,
    where: WhereQuery,
    targets: TargetsQuery = USUAL,
) -> Response:
    """Tell the figures."""
    known = desk.definitions
    named, strata, cut = kpis_of(known, kpi), strata_of(by), where_of(where)
    if targets not in known.sets:
        raise NotFound("report.targets", f"There is no target set {targets}; there are {', '.join(known.sets)}.")
    views = await desk.views()
    return answer(await asyncio.to_thread(figures_told, views, known, period, named, strata, cut, targets))


@router.get(
    "/trend",
    summary="A figure over time",
    description="By day, week (from Monday) or month of Beijing time, with the limits of statistical process control "
    "and the periods that lie outside them, or are the eighth in a row on one side.",
    **contract(CourseOut, example=TREND_EXAMPLE, problems=(404,)),
)
async def trend(
    desk: DeskDep,
    _actor: Reader,
    period: PeriodDep,
    where: WhereQuery,
    kpi: Annotated[str, Query(description="Id of a figure.")],
    step: Annotated[Literal["day", "week", "month"], Query(description="Length of a period.")] = "day",
    measure: Annotated[
        Literal["share", "mean", "p50", "p90"],
        Query(description="What is drawn; figures without a target have no share."),
    ] = "p90",
) -> Response:
    """Tell the course of a figure."""
    known, cut = desk.definitions, where_of(where)
    kpis_of(known, [kpi])
    views = await desk.views()
    return answer(await asyncio.to_thread(trend_told, views, known, period, kpi, step, measure, cut))


@router.get(
    "/distribution",
    summary="How long it took how often",
    description="The values of an interval in steps of one width that fits them; beyond 32 steps one holds the rest. A "
    "figure that is a share has no values: its steps are empty. Of a period over a change of the definition the later "
    "part is told, as `begins` says.",
    **contract(DistributionOut, example=DISTRIBUTION_EXAMPLE, problems=(404,)),
)
async def distribution(
    desk: DeskDep,
    _actor: Reader,
    period: PeriodDep,
    kpi: Annotated[str, Query(description="Id of a figure.")],
    where: WhereQuery,
) -> Response:
    """Tell how the values of a figure spread."""
    known, cut = desk.definitions, where_of(where)
    kpis_of(known, [kpi])
    views = await desk.views()
    return answer(await asyncio.to_thread(spread_told, views, known, period, kpi, cut))


@router.get(
    "/heat",
    summary="A figure by weekday and hour",
    description="Each hour of each day of the week, Beijing time, of all such hours of the period; 1 is Monday. "
    "An hour in which nothing happened is not told, and of fewer than five rows only their number.",
    **contract(HeatOut, example=HEAT_EXAMPLE, problems=(404,)),
)
async def heat(
    desk: DeskDep,
    _actor: Reader,
    period: PeriodDep,
    kpi: Annotated[str, Query(description="Id of a figure.")],
    where: WhereQuery,
) -> Response:
    """Tell a figure by weekday and hour."""
    known, cut = desk.definitions, where_of(where)
    kpis_of(known, [kpi])
    views = await desk.views()
    return answer(await asyncio.to_thread(heat_told, views, known, period, kpi, cut))


@router.get(
    "/compare",
    summary="Two periods, or before and after a day",
    description="The same figures by today's definitions: from `from` up to `at` and from `at` up to `until`, or from "
    "`before_from` up to `before_until` and from `from` up to `until`. A difference is no cause: what else changed is "
    "not known here.",
    **contract(CompareOut, example=COMPARE_EXAMPLE, problems=(404,)),
)
async def compare(
    desk: DeskDep, _actor: Reader, periods: PairDep, kpi: KpiQuery, by: ByQuery, where: WhereQuery
) -> Response:
    """Compare two periods."""
    known = desk.definitions
    named, strata, cut = kpis_of(known, kpi), strata_of(by), where_of(where)
    views = await desk.views()
    return answer(await asyncio.to_thread(compared, views, known, periods, named, strata, cut))


@router.get(
    "/rows",
    summary="The rows behind a figure",
    description="Ids, times and values of a figure, the slowest first, to open their records.",
    **contract(RowsOut, example=ROWS_EXAMPLE, problems=(404,)),
)
async def rows(  # noqa: PLR0913 - a question has as many sides
    *,
    desk: DeskDep,
    _actor: Reader,
    period: PeriodDep,
    where: WhereQuery,
    kpi: Annotated[str, Query(description="Id of a figure.")],
    which: Annotated[
        Literal["all", "missed", "missing", "impossible"], Query(description="All, or only those of a kind.")
    ] = "all",
    from_s: Annotated[int | None, Query(description="Only those that took as long or longer, seconds.")] = None,
    until_s: Annotated[int | None, Query(description="Only those that took less, seconds.")] = None,
    today: Annotated[
        bool, Query(description="By today's definition whatever the period, as `GET /reports/compare` tells figures.")
    ] = False,
    limit: LimitQuery = 100,
    offset: OffsetQuery = 0,
) -> Response:
    """Tell the rows behind a figure."""
    known, cut = desk.definitions.today() if today else desk.definitions, where_of(where)
    kpis_of(known, [kpi])
    views = await desk.views()
    wanted = Wanted(kpi, which, cut, from_s, until_s)
    return answer(await asyncio.to_thread(behind_figure, views, known, period, wanted, (offset, limit)))


@router.get(
    "/quality",
    summary="Quality of the data",
    description="What is missing, impossible, out of order, corrected or told two ways, and what was left out of "
    "figures and by whom: each by station, with how many it could have been.",
    **contract(QualityOut, example=QUALITY_EXAMPLE),
)
async def quality(door: DoorkeeperDep, desk: DeskDep, _actor: Reader, period: PeriodDep) -> Response:
    """Tell the quality of the data."""
    return answer(await with_names(door, await asyncio.to_thread(quality_told, await desk.views(), period)))


async def with_names(door: Doorkeeper, told: QualityOut) -> QualityOut:
    """The same with the names of those who left something out."""
    async with door.parts.database.read() as session:
        people = await names_of_actors(session, [one.classed_by for one in told.exclusions])
    return msgspec.structs.replace(told, people=people)


@router.get(
    "/quality/rows",
    summary="The rows behind a fault",
    description="Ids and times of the rows that a check finds fault with, or that were left out for a reason, the "
    "newest first.",
    **contract(RowsOut, example=ROWS_EXAMPLE, problems=(404,)),
)
async def quality_rows(
    desk: DeskDep,
    _actor: Reader,
    period: PeriodDep,
    code: Annotated[
        str,
        Query(
            description="Of a finding, such as `runs.missing_t7`; of an exclusion `out_` and its reason, such as "
            "`incidents.out_cancelled`."
        ),
    ],
    station: Annotated[str | None, Query(description="Of this station only; empty: of none known.")] = None,
    classed_by: Annotated[
        str | None, Query(description="Of an exclusion: only what this one left out; empty: what the rule did.")
    ] = None,
    limit: LimitQuery = 100,
    offset: OffsetQuery = 0,
) -> Response:
    """Tell the rows behind a fault."""
    if code not in CHECKS and code not in OUT:
        raise NotFound("report.check", f"There is no check {code}.", "GET /api/reports/quality names all.")
    views = await desk.views()
    fault = Fault(code, station, classed_by)
    return answer(await asyncio.to_thread(behind_fault, views, fault, period, (offset, limit)))
