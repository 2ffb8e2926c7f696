"""Reports taken out over HTTP: any view in any form, without patient data unless that is asked for with its reason."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.auth import Doorkeeper, DoorkeeperDep, begin, not_allowed, requires
from api.contract import contract
from api.names import names_of_actors
from api.reports.asking import DeskDep, PeriodDep, WhereQuery, kpis_of, strata_of, where_of
from api.reports.coverage import (
    BasisQuery,
    CapabilityQuery,
    CountQuery,
    CoverageDep,
    HourQuery,
    MinutesQuery,
    asked_of,
)
from api.reports.coverage_pages import covered
from api.reports.coverage_told import map_told
from api.reports.leaving import COVERS, MEDIA, ZONES, Asked, Form, View, take_out
from api.reports.routes import USUAL, ByQuery, KpiQuery, TargetsQuery
from dispatch.accounts.rules_permissions import Principal, may, organisations_where
from dispatch.incidents.states_patients import ExportReason
from dispatch.kernel.errors import Invalid, NotFound
from dispatch.kernel.events import Event
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.reports.exporting.events import ReportExported, ReportWithheld

router = APIRouter(prefix="/reports", tags=["reports"])
READ: Final = "reports.read"
PATIENTS: Final = "records.export"
Asker = Annotated[Principal, requires("session.show")]


@router.get(
    "/export",
    summary="Take a report out",
    description="Figures, or the records behind them, as CSV, XLSX, Parquet, JSON or (figures, coverage) PDF; the "
    "figures are those of `/api/reports/figures`. It takes `reports.read`. Records come without patient data: each "
    "case moved to the full hour of its T0, places to 0.01°, ages to ten years, no numbers. With `patient_data` it "
    "takes `records.export` in every organisation and a `reason`, and each row carries a watermark. Each export leaves "
    "a line in the journal, and so does a refusal. `coverage` is of this moment, from `basis` and `hour`, as "
    "`/api/reports/coverage` tells it; the period is that of its incidents; as `geojson` it is the map; "
    "`coverage_hours` and `coverage_siting` are its other answers. `nemsis` "
    "and `ws542` name fields by NEMSIS v3.5 and by our own groups after WS 542-2017; no conformance is claimed.",
    **contract(problems=(401, 403, 404), media=tuple(MEDIA.values()), told="The file."),
)
async def export(  # noqa: PLR0913 - a view has as many sides
    *,
    door: DoorkeeperDep,
    desk: DeskDep,
    coverage: CoverageDep,
    actor: Asker,
    period: PeriodDep,
    form: Annotated[Form, Query(alias="format", description="The file's form; `pdf` for figures and coverage only.")],
    view: Annotated[View, Query(description="Figures, or records.")] = View.FIGURES,
    kpi: KpiQuery,
    by: ByQuery,
    where: WhereQuery,
    targets: TargetsQuery = USUAL,
    language: Annotated[Literal["zh", "en", "ug"], Query(description="Of names and of paper.")] = "zh",
    zone: Annotated[
        Literal["beijing", "xinjiang"], Query(description="Whose time moments are shown in: UTC+8 or UTC+6.")
    ] = "beijing",
    bom: Annotated[bool, Query(description="CSV with the mark of UTF-8 that older Excel needs.")] = False,
    basis: BasisQuery = "units",
    hour: HourQuery = None,
    capability: CapabilityQuery = None,
    minutes: MinutesQuery = 15,
    count: CountQuery = 5,
    patient_data: Annotated[bool, Query(description="Exact times, places, ages, numbers and ids.")] = False,
    reason: Annotated[ExportReason | None, Query(description="Why patient data are taken out.")] = None,
) -> Response:
    """Take a report out."""
    known = desk.definitions
    named, strata, cut = kpis_of(known, kpi), strata_of(by), where_of(where)
    if targets not in known.sets:
        raise NotFound("report.targets", f"There is no target set {targets}; there are {', '.join(known.sets)}.")
    covers = view in COVERS
    if form is Form.PDF and view is not View.FIGURES and not covers:
        raise Invalid("report.form", "Records are not printed; they come as a table.", "Ask for xlsx.")
    if form is Form.GEOJSON and view is not View.COVERAGE:
        raise Invalid("report.form", "Only coverage is a map; records come as a table.", "Ask for xlsx.")
    searched = asked_of(basis, hour, capability)
    await must_may(door, actor, view, form, patient_data=patient_data)
    if patient_data and reason is None:
        raise Invalid("report.reason", "Patient data leave for a reason only.", "Give one: care, archive, quality …")
    now = door.parts.clock.now()
    by_name = await name_of(door, actor)
    mark = f"{by_name} {now:%Y-%m-%dT%H:%MZ} {reason}" if patient_data else ""
    asked = Asked(
        view, form, *period, kpis=named, strata=strata, where=cut, targets=targets, language=language,
        zone=ZONES[zone], bom=bom, patient_data=patient_data, mark=mark, by=by_name, organisation=actor.organisation,
    )  # fmt: skip
    if covers and form is not Form.GEOJSON:
        pages, facts = await covered(coverage, view, period, searched, (minutes, count), language)
        asked = replace(asked, made=pages, facts=facts)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="tarim-report-"))
    try:
        if form is Form.GEOJSON:
            drawn = await coverage.told(("map", searched), period, lambda scene: map_told(scene, searched))
            await asyncio.to_thread((folder / asked.name()).write_bytes, drawn)
        else:
            await take_out(folder / asked.name(), await desk.views(), known, asked, now)
        told = ReportExported(
            export_id=new_id(door.parts.clock), view=view, form=form, begins=period[0], until=period[1],
            reason=reason if patient_data else None,
        )  # fmt: skip
        await tell_left(door, actor, told)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    forget = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    headers = {"Cache-Control": "no-store"}
    return FileResponse(
        folder / asked.name(), media_type=MEDIA[form], filename=asked.name(), background=forget, headers=headers
    )


async def must_may(door: Doorkeeper, actor: Principal, view: str, form: Form, *, patient_data: bool) -> None:
    """Refuse who lacks the right, and leave a line of that. Raises ProblemError (`permission.refused`)."""
    missing = ""
    if not may(actor, READ):
        missing = READ
    elif patient_data and organisations_where(actor, PATIENTS) is not None:
        missing = PATIENTS
    if missing:
        told = ReportWithheld(export_id=new_id(door.parts.clock), view=view, form=form, patient_data=patient_data)
        await tell_left(door, actor, told)
        raise not_allowed(missing)


async def tell_left(door: Doorkeeper, actor: Principal, told: Event) -> None:
    """Leave a line in the journal."""
    async with door.parts.database.write() as session:
        await append(session, door.parts.clock, begin(door, actor), [told])


async def name_of(door: Doorkeeper, actor: Principal) -> str:
    """Who asks, by name."""
    async with door.parts.database.read() as session:
        names = await names_of_actors(session, [str(actor.actor)])
    return names.get(str(actor.actor), str(actor.actor))
