"""Writing down what was measured by hand and what was done at a patient."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.charting.schemas import ENTRY, ENTRY_ID, ChartEntryOut, ChartFormsOut, ChartIn, ChartOut, entry_out, forms_out
from api.contract import contract
from api.incidents.access import must_reach
from api.names import names_of_actors
from api.patients.routes import PatientId, Reader, Writer
from dispatch.accounts.rules_permissions import Principal
from dispatch.charting.queries import find_entry, list_entries, words_of_entries
from dispatch.charting.rules import superseded
from dispatch.charting.service import Writing, chart, withdraw_entry
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.service_views import note_view
from dispatch.telemetry.detection.service_typed import judge_typed
from dispatch.units.queries import get_unit_by_id
from dispatch.units.rules_duty import in_force, reckon

router = APIRouter(tags=["charting"])
EntryId = Annotated[UUID, Path(description="The entry's `id`.")]
_body = Body(ChartIn)


@router.get(
    "/chart-forms",
    summary="What can be written down at a patient",
    description="Signals that a person measures, with their ranges, and treatments. Awaits a medical director.",
    dependencies=[requires("session.show")],
    **contract(ChartFormsOut),
)
async def forms() -> Response:
    """Give the lists."""
    return answer(forms_out())


@router.post(
    "/patients/{patient_id}/chart",
    summary="Write down values measured by hand, or a treatment",
    description="With its true time, also long after. It stands in the patient's trends at once, marked as entered by "
    "hand, and counts for NEWS2. An adult's value of the last ten minutes beyond a limit alarms at once "
    "(`typed.NAME`). The same `id` again changes nothing.",
    **contract(
        ChartEntryOut, body=ChartIn, status=201, example=ENTRY, problems=[404, 409],
        body_examples={
            "pressure": {"id": ENTRY_ID, "values": {"nibp_systolic": 98, "nibp_diastolic": 60}},
            "a drug": {"id": ENTRY_ID, "treatment": "adrenaline", "amount": 1},
        },
    ),
)  # fmt: skip
async def charted(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Write down."""
    asked = await _body.of(request)
    async with acting(door, actor) as act:
        await _must_write(act, actor, patient_id)
        if asked.unit_id is not None:
            await get_unit_by_id(act.session, act.region, asked.unit_id)
        tolerance_s = in_force(act.session.info).clock_tolerance_s
        at = reckon(asked.at, act.clock.now(), sent_at=asked.sent_at, tolerance_s=tolerance_s).at
        writing = Writing(asked.id, asked.charted(), at, asked.unit_id, asked.corrects)
        again = await find_entry(act.session, asked.id) is not None
        row = await chart(act, patient_id, writing)
        if row.measured and not again:
            await judge_typed(act, patient_id, row.measured, row.at, row.unit_id)
        told = await _told(act, patient_id, row.id)
    return answer(told, status=201)


@router.post(
    "/patients/{patient_id}/chart/{entry_id}/withdrawal",
    summary="Say that an entry was a mistake",
    description="It is kept, and counts no more. What it corrected counts again.",
    **contract(ChartEntryOut, example=ENTRY | {"counts": False}, problems=[404, 409]),
)
async def withdrawn(door: DoorkeeperDep, actor: Writer, patient_id: PatientId, entry_id: EntryId) -> Response:
    """Withdraw."""
    async with acting(door, actor) as act:
        await _must_write(act, actor, patient_id)
        row = await withdraw_entry(act, patient_id, entry_id)
        told = await _told(act, patient_id, row.id)
    return answer(told)


@router.get(
    "/patients/{patient_id}/chart",
    summary="All that was written down at a patient",
    description="With what was corrected or withdrawn since. It leaves a line in the journal.",
    **contract(ChartOut, example={"entries": [ENTRY]}, problems=[404]),
)
async def listed(door: DoorkeeperDep, actor: Reader, patient_id: PatientId) -> Response:
    """List entries."""
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, patient_id)
        await must_reach(act.session, act.region, actor, "patients.read", patient.incident_id)
        told = ChartOut(await _entries(act, patient_id))
        await note_view(act, PatientViewed(patient_id=patient_id, incident_id=patient.incident_id, whole=False))
    return answer(told)


async def _must_write(act: Act, actor: Principal, patient_id: UUID) -> None:
    patient = await get_patient(act.session, act.region, patient_id)
    await must_reach(act.session, act.region, actor, "patients.write", patient.incident_id)


async def _told(act: Act, patient_id: UUID, entry_id: UUID) -> ChartEntryOut:
    return next(one for one in await _entries(act, patient_id) if one.id == entry_id)


async def _entries(act: Act, patient_id: UUID) -> list[ChartEntryOut]:
    rows = await list_entries(act.session, patient_id)
    gone = superseded((row.id, row.corrects, row.withdrawn_at is not None) for row in rows)
    names = await names_of_actors(act.session, [name for row in rows for name in (row.actor, row.withdrawn_by)])
    words = await words_of_entries(act.session, rows)
    return [entry_out(row, names, gone, words) for row in rows]
