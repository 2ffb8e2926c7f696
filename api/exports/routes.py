"""A patient's run, taken out of Tarim."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from api.auth import DoorkeeperDep
from api.contract import contract
from api.errors import FieldError, ProblemError
from api.exports.access import Asked, Exporter, exported
from api.exports.aecg import aecg
from api.exports.fhir import fhir
from api.exports.sheet import ecg_sheet, run_sheet
from api.exports.wfdb import records_of, wfdb
from api.names import names_of_actors
from api.patients.routes import PatientId
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.states_patients import ExportForm, ExportReason, Sex
from dispatch.kernel.errors import NotFound
from dispatch.telemetry.states import Kind

router = APIRouter(tags=["exports"])
ReasonQuery = Annotated[
    ExportReason,
    Query(
        description="For what: `care` it goes on elsewhere, `archive` into the patient's record, `quality` the run is "
        "looked at again, `patient` asked for by the patient, `law` by law."
    ),
]
FHIR: Final = "application/fhir+json"
AECG: Final = "application/xml"
ZIP: Final = "application/zip"
PDF: Final = "application/pdf"
LONGEST_ECG: Final = timedelta(minutes=2)
LanguageQuery = Annotated[Asked, Query(description="What the words of the document are in.")]
_WHO: Final = (
    "For supervisors, the hospital that the patient is brought to, and the crew that has the incident; names are told "
    "in whole. It leaves a line in the journal with its reason, and so does a refusal. Without `from` and `until` all "
    "that was measured at the patient; never what was measured at another one in the same vehicle."
)


@router.get(
    "/patients/{patient_id}/export/fhir",
    summary="A patient's run as a FHIR R4B Bundle",
    description="Patient, Encounter (FLD), ServiceRequest, a Task for each vehicle with T3 to T12, Locations, "
    "Observations of all values (LOINC, MDC, UCUM) and of the ECG (SampledData, ten seconds each). " + _WHO,
    **contract(problems=[404], media=(FHIR,), told="A Bundle of the type collection."),
)
async def as_fhir(
    door: DoorkeeperDep, actor: Exporter, patient_id: PatientId, reason: ReasonQuery, span: SpanQuery
) -> Response:
    """Export as FHIR."""
    run = await exported(door, actor, patient_id, ExportForm.FHIR, reason, span)
    return _streamed(fhir(run, door.parts.clock.now()), FHIR, f"{run.incident.number}-{run.patient.ordinal}.json")


@router.get(
    "/patients/{patient_id}/export/aecg",
    summary="A patient's ECG as HL7 aECG",
    description="One series for each time without a gap; a lead that was off stands in no series while it was. The "
    "subject is named by ids alone. " + _WHO,
    **contract(problems=[404], media=(AECG,), told="An AnnotatedECG document."),
)
async def as_aecg(
    door: DoorkeeperDep, actor: Exporter, patient_id: PatientId, reason: ReasonQuery, span: SpanQuery
) -> Response:
    """Export as aECG."""
    run = await exported(door, actor, patient_id, ExportForm.AECG, reason, span)
    if not await run.source.has(Kind.ECG):
        raise no_ecg()
    made = aecg(run.source, patient_id, Sex(run.patient.sex), run.patient.age_years)
    return _streamed(made, AECG, f"{run.incident.number}-{run.patient.ordinal}.xml")


@router.get(
    "/patients/{patient_id}/export/wfdb",
    summary="A patient's ECG as WFDB records",
    description="A zip file with `ecg1.hea` and `ecg1.dat` (format 16), and so on where rate or gain changed. What was "
    "not received, or not measured because a lead was off, is -32768, which WFDB reads as missing. " + _WHO,
    **contract(problems=[404], media=(ZIP,), told="A zip file."),
)
async def as_wfdb(
    door: DoorkeeperDep, actor: Exporter, patient_id: PatientId, reason: ReasonQuery, span: SpanQuery
) -> Response:
    """Export as WFDB."""
    run = await exported(door, actor, patient_id, ExportForm.WFDB, reason, span)
    records = await records_of(run.source)
    if not records:
        raise no_ecg()
    notes = [f"incident {run.incident.number} patient {run.patient.ordinal}", "times are UTC"]
    made = wfdb(run.source, records, door.parts.clock.now(), notes)
    return _streamed(made, ZIP, f"{run.incident.number}-{run.patient.ordinal}.zip")


@router.get(
    "/patients/{patient_id}/export/pdf",
    summary="A patient's run on paper",
    description="A4, PDF/A-2u: times T0 to T12, crew, vital signs, NEWS2, treatments, trends, alarms, lines to sign; "
    "ten seconds of the ECG at 25 mm/s and 10 mm/mV for the first one, each shock and each alarm of high priority, six "
    "at most. " + _WHO,
    **contract(problems=[404], media=(PDF,), told="The document."),
)
async def as_pdf(
    door: DoorkeeperDep, actor: Exporter, patient_id: PatientId, reason: ReasonQuery, span: SpanQuery,
    language: LanguageQuery = Asked.ZH,
) -> Response:  # fmt: skip
    """Print a run."""
    run = await exported(door, actor, patient_id, ExportForm.PDF, reason, span)
    made = await run_sheet(run, await _name(door, actor), reason, language.value, door.parts.clock.now())
    return _whole(made, f"{run.incident.number}-{run.patient.ordinal}.pdf")


@router.get(
    "/patients/{patient_id}/export/ecg",
    summary="A patient's ECG on paper",
    description="A4 across, ten seconds a page, 25 mm/s and 10 mm/mV when printed at 100 %; three rows of four "
    "leads and lead II. At most two minutes, named by both ends. " + _WHO,
    **contract(problems=[404], media=(PDF,), told="The document."),
)
async def as_ecg(
    door: DoorkeeperDep, actor: Exporter, patient_id: PatientId, reason: ReasonQuery, span: SpanQuery,
    language: LanguageQuery = Asked.ZH,
) -> Response:  # fmt: skip
    """Print an ECG."""
    if span is None or span[1] - span[0] > LONGEST_ECG:
        told = "name both ends, at most two minutes apart"
        raise ProblemError(
            "request.invalid", f"The request cannot be taken: query.until: {told}.",
            fields=[FieldError("query.until", told)],
        )  # fmt: skip
    run = await exported(door, actor, patient_id, ExportForm.ECG_PDF, reason, span)
    if not await run.source.has(Kind.ECG):
        raise no_ecg()
    made = await ecg_sheet(run, await _name(door, actor), reason, language.value, door.parts.clock.now())
    return _whole(made, f"{run.incident.number}-{run.patient.ordinal}-ecg.pdf")


async def _name(door: DoorkeeperDep, actor: Principal) -> str:
    who = str(actor.actor)
    async with door.parts.database.read() as session:
        return (await names_of_actors(session, [who])).get(who, "")


def _whole(made: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, media_type=PDF, headers=headers)


def no_ecg() -> NotFound:
    """There is nothing to draw."""
    return NotFound("export.no_ecg", "No ECG of this patient was received in this time.", "Choose another time.")


def _streamed(made: AsyncIterator[bytes], media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(made, media_type=media_type, headers=headers)
