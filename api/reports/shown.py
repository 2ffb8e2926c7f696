"""Every view of the page of figures as a file: course, hours, comparison, quality, what the union gains."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from pydantic import AwareDatetime
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.auth import DoorkeeperDep
from api.contract import contract
from api.reports.asking import DeskDep, PeriodDep, WhereQuery, kpis_of, strata_of, where_of
from api.reports.export import Asker, must_may, name_of, tell_left
from api.reports.figures import compared, heat_told, quality_told, trend_told
from api.reports.leaving import MEDIA, ZONES, Asked, Form, View, facts_of, print_tables, write_pages
from api.reports.routes import ByQuery, KpiQuery, with_names
from api.reports.shown_pages import compare_page, heat_page, quality_pages, trend_page, union_page
from api.reports.table_paper import told_given
from api.reports.union import union_told
from dispatch.kernel.errors import Invalid
from dispatch.kernel.ids import new_id
from dispatch.reports.exporting.events import ReportExported
from dispatch.reports.exporting.rules_tables import Language, about_page
from dispatch.reports.rules_definitions import Definitions

router = APIRouter(prefix="/reports", tags=["reports"])
_FORMS: Final = (Form.CSV, Form.XLSX, Form.PARQUET, Form.JSON, Form.PDF)


class Shown(StrEnum):
    """What of the page is taken out."""

    TREND = "trend"
    HEAT = "heat"
    COMPARE = "compare"
    QUALITY = "quality"
    UNION = "union"


@router.get(
    "/shown/{shown}",
    summary="Take out what the page shows",
    description="The course of a figure, its hours of the week, the comparison of two periods, the quality of the data "
    "or what the union gains, as CSV, XLSX, Parquet, JSON or PDF: the same numbers as the answers of that name, "
    "without patient data. It takes `reports.read`. Each leaves a line in the journal, and so does a refusal.",
    **contract(problems=(401, 403, 404), media=tuple(MEDIA[one] for one in _FORMS), told="The file."),
)
async def shown_out(  # noqa: PLR0913 - a view has as many sides
    *,
    door: DoorkeeperDep,
    desk: DeskDep,
    actor: Asker,
    period: PeriodDep,
    shown: Annotated[Shown, InPath(description="What is taken out.")],
    form: Annotated[Form, Query(alias="format", description="The file's form; not `geojson`.")],
    kpi: KpiQuery,
    by: ByQuery,
    where: WhereQuery,
    step: Annotated[Literal["day", "week", "month"], Query(description="Of a course: length of a period.")] = "day",
    measure: Annotated[
        Literal["share", "mean", "p50", "p90"], Query(description="Of a course: what is drawn.")
    ] = "p90",
    before_from: Annotated[AwareDatetime | None, Query(description="Of a comparison: the period before.")] = None,
    before_until: Annotated[AwareDatetime | None, Query(description="Its end, left out of it.")] = None,
    language: Annotated[Literal["zh", "en", "ug"], Query(description="Of names.")] = "zh",
    zone: Annotated[
        Literal["beijing", "xinjiang"], Query(description="Whose time moments are shown in: UTC+8 or UTC+6.")
    ] = "beijing",
    bom: Annotated[bool, Query(description="CSV with the mark of UTF-8 that older Excel needs.")] = False,
) -> Response:
    """Take it out."""
    await must_may(door, actor, shown, form, patient_data=False)
    known, cut = desk.definitions, where_of(where)
    named, strata = kpis_of(known, kpi), strata_of(by)
    if form is Form.GEOJSON:
        raise Invalid("report.form", "Only coverage is a map; this is a table.", "Ask for xlsx.")
    if shown in (Shown.TREND, Shown.HEAT) and len(kpi) != 1:
        raise Invalid("report.kpi", "A course and hours are of one figure.", "Name it with kpi.")
    views, now = await desk.views(), door.parts.clock.now()
    if shown is Shown.TREND:
        pages = [trend_page(await asyncio.to_thread(trend_told, views, known, period, kpi[0], step, measure, cut))]
    elif shown is Shown.HEAT:
        pages = [heat_page(await asyncio.to_thread(heat_told, views, known, period, kpi[0], cut))]
    elif shown is Shown.COMPARE:
        if before_from is None or before_until is None or before_from >= before_until:
            raise Invalid("report.period", "A comparison asks for `before_from` and `before_until`.")
        pair = ((before_from.astimezone(UTC), before_until.astimezone(UTC)), period)
        both = await asyncio.to_thread(compared, views, known, pair, named, strata, cut)
        pages = [compare_page(both, known, language)]
    elif shown is Shown.QUALITY:
        pages = quality_pages(await with_names(door, await asyncio.to_thread(quality_told, views, period)))
    else:
        pages = [union_page(await union_told(door, views, period))]
    asked = Asked(
        View.FIGURES, form, *period, kpis=named, strata=strata, where=cut, language=language, zone=ZONES[zone], bom=bom,
        by=await name_of(door, actor), organisation=actor.organisation,
    )  # fmt: skip
    name = asked.name().replace("figures", shown)
    empty = pages[0].rows.head(1).collect().is_empty()
    given = [("given", told_given(language))] if shown is Shown.UNION else []
    facts = [*given, *_looked_at(known, kpi, language), *facts_of(views, asked, now, empty=empty)]
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="tarim-report-"))
    try:
        if form is Form.PDF:
            await print_tables(folder / name, shown, replace(asked, made=pages, facts=facts), now, views.names)
        else:
            await asyncio.to_thread(write_pages, folder / name, [*pages, about_page(facts)], asked, now)
        told = ReportExported(
            export_id=new_id(door.parts.clock), view=shown, form=form, begins=period[0], until=period[1], reason=None
        )
        await tell_left(door, actor, told)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    return FileResponse(
        folder / name, media_type=MEDIA[form], filename=name, headers={"Cache-Control": "no-store"},
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )  # fmt: skip


def _looked_at(known: Definitions, kpi: Sequence[str], language: Language) -> list[tuple[str, str]]:
    """The name of the one figure that a page is of."""
    return [("figure", getattr(one, language)) for one in known.newest() if [one.id] == list(kpi)]
