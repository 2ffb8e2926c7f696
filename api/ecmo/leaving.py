"""A mission's report on paper and the registry of transfers, taken out: without patient data unless with a reason."""

from __future__ import annotations

import asyncio
import io
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.auth import Doorkeeper, DoorkeeperDep, begin, not_allowed, requires
from api.contract import contract
from api.ecmo.access import READ
from api.ecmo.mission_access import MissionId, may_see
from api.ecmo.paper import mission_sheet
from api.ecmo.telling_after import after_out
from api.ecmo.transfers import transfers_of
from api.exports.access import EXPORT, Asked
from api.names import names_of_actors
from api.reports.asking import PeriodDep
from dispatch.accounts.rules_permissions import Principal, may, organisations_where
from dispatch.ecmo.events_after import EcmoExported, EcmoWithheld
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.queries_requests import get_request
from dispatch.ecmo.rules_registry import registry
from dispatch.incidents.states_patients import ExportReason
from dispatch.kernel.errors import NotFound
from dispatch.kernel.events import Event
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.kernel.writing.files import write_csv
from dispatch.kernel.writing.sheets import Page

router = APIRouter(prefix="/ecmo", tags=["ecmo"])
Reader = Annotated[Principal, requires(READ)]
ReasonQuery = Annotated[
    ExportReason | None, Query(description="Why patient data are taken out; left out: they are not in it.")
]
PDF, CSV = "application/pdf", "text/csv"
_ZONE: Final = {"beijing": "Asia/Shanghai", "xinjiang": "Asia/Urumqi"}
_RIGHT: Final = (
    "Without `reason` it holds no patient data; with it it takes `records.export` too. Each leaves a line in the "
    "journal, and so does a refusal."
)


@router.get(
    "/missions/{mission_id}/report",
    summary="A mission's report on paper",
    description="A4, PDF/A-2u: the times beside their targets, the course, adverse events, team, kit and oxygen, what "
    "became of the patient, lines to sign. " + _RIGHT,
    **contract(problems=[404], media=(PDF,), told="The document."),
)
async def report(
    door: DoorkeeperDep, actor: Reader, mission_id: MissionId, reason: ReasonQuery = None,
    language: Annotated[Asked, Query(description="What the words of the document are in.")] = Asked.ZH,
) -> Response:  # fmt: skip
    """Print a mission."""
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        mission = await get_mission(session, region, mission_id)
        sides = await concerned_by(session, mission)
        if not may_see(actor, sides):
            raise NotFound("ecmo_mission.not_found", "There is no such mission in this region.")
        row = await get_request(session, region, mission.request_id)
    allowed = any(may(actor, EXPORT, one) for one in sides)
    told = EcmoExported(
        export_id=new_id(door.parts.clock), region=region, form="pdf", mission_id=mission_id, begins=None, until=None,
        reason=reason,
    )  # fmt: skip
    await _noted(door, actor, told, allowed=allowed or reason is None)
    async with door.parts.database.read() as session:
        after = await after_out(session, row, door.parts.clock.now(), may_act=False)
        name = (await names_of_actors(session, [str(actor.actor)])).get(str(actor.actor), "")
        made = await mission_sheet(session, row, after, name, reason, language.value)
    headers = {"Content-Disposition": f'inline; filename="{row.number}.pdf"', "Cache-Control": "no-store"}
    return Response(made, media_type=PDF, headers=headers)


@router.get(
    "/registry",
    summary="The registry of transfers of a period",
    description="CSV, one row for each request that was put before a centre: groups of fields in the manner of ELSO's "
    "(run, patient, pre_ecmo, transport, cannulation, times, complications, outcome); no conformance is claimed. "
    "Without patient data each transfer is moved to the full hour of its request, ages are cut to ten years, numbers "
    "become counters. What begins as a formula gets a `'` before it. " + _RIGHT,
    **contract(media=(CSV,), told="The table."),
)
async def registered(
    door: DoorkeeperDep, actor: Reader, period: PeriodDep, reason: ReasonQuery = None,
    zone: Annotated[Literal["beijing", "xinjiang"], Query(description="Whose time moments are shown in.")] = "beijing",
    *, bom: Annotated[bool, Query(description="With the mark of UTF-8 that older Excel needs.")] = False,
) -> Response:  # fmt: skip
    """Export the registry."""
    region, now = door.parts.settings.region, door.parts.clock.now()
    seen, whole = organisations_where(actor, READ), organisations_where(actor, EXPORT)
    told = EcmoExported(
        export_id=new_id(door.parts.clock), region=region, form="csv", mission_id=None, begins=period[0],
        until=period[1], reason=reason,
    )  # fmt: skip
    # Only the rows that the actor may take out with patient data would be in it: all that he sees, or it is refused.
    allowed = whole is None or (seen is not None and seen <= whole)
    await _noted(door, actor, told, allowed=allowed or reason is None)
    async with door.parts.database.read() as session:
        name = (await names_of_actors(session, [str(actor.actor)])).get(str(actor.actor), "")
        rows = await transfers_of(session, region, *period, seen)
    mark = "" if reason is None else f"{name} {now:%Y-%m-%dT%H:%MZ} {reason}"
    made = io.BytesIO()
    await asyncio.to_thread(write_csv, made, Page("registry", registry(rows, mark)), zone=_ZONE[zone], bom=bom)
    headers = {"Content-Disposition": 'attachment; filename="ecmo-registry.csv"', "Cache-Control": "no-store"}
    return Response(made.getvalue(), media_type=CSV, headers=headers)


async def _noted(door: Doorkeeper, actor: Principal, told: EcmoExported, *, allowed: bool) -> None:
    """Leave a line that it leaves, or that it was refused. Raises ProblemError (`permission.refused`)."""
    withheld = EcmoWithheld(
        export_id=told.export_id, region=told.region, form=told.form, mission_id=told.mission_id
    )  # fmt: skip
    event: Event = told if allowed else withheld
    async with door.parts.database.write() as session:
        await append(session, door.parts.clock, begin(door, actor), [event])
    if not allowed:
        raise not_allowed(EXPORT)
