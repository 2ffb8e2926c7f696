"""Patients: recorded, named, given an outcome, merged."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import IdempotencyKey, acting, told_of
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.incidents.access import must_reach
from api.incidents.routes import IncidentId
from api.patients.schemas import (
    HOSPITAL_ID,
    PATIENT_EXAMPLE,
    PATIENT_ID,
    PATIENT_ROW_EXAMPLE,
    MergeIn,
    OutcomeIn,
    PatientChangesIn,
    PatientIn,
    PatientOut,
    PatientOutcomeIn,
    PatientRow,
)
from api.patients.telling import told_patient, told_row
from dispatch.accounts.rules_permissions import Principal
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import (
    add_patient,
    describe_patient,
    merge_patients,
    set_patient_outcome,
    unmerge_patient,
)
from dispatch.incidents.service_views import note_view
from dispatch.incidents.tables_patients import Patient

router = APIRouter(tags=["patients"])
PatientId = Annotated[UUID, Path(description="The patient's id.")]
Reader = Annotated[Principal, requires("patients.read")]
Writer = Annotated[Principal, requires("patients.write")]
_new, _changes, _outcome, _merge = Body(PatientIn), Body(PatientChangesIn), Body(PatientOutcomeIn), Body(MergeIn)
_TRANSPORTED: Final = {"outcome": {"outcome": "transported", "destination_id": HOSPITAL_ID}}


@router.post(
    "/incidents/{incident_id}/patients",
    summary="Record a person found at an incident",
    description="Without a name a placeholder stands. On a closed incident only together with an outcome.",
    **contract(
        PatientRow,
        body=PatientIn,
        status=201,
        example=PATIENT_ROW_EXAMPLE,
        body_examples={
            "unknown man": {"sex": "male"},
            "known": {"name": "张三（示例）", "sex": "male", "age_years": 57},
        },
        problems=[404, 409],
    ),
)
async def added(
    request: Request,
    door: DoorkeeperDep,
    actor: Writer,
    incident_id: IncidentId,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Record a patient."""
    asked = await _new.of(request)
    async with acting(door, actor) as act:
        await must_reach(act.session, act.region, actor, "patients.write", incident_id)
        patient = await add_patient(
            act,
            incident_id,
            names=asked.names(),
            sex=asked.sex,
            age_years=asked.age_years,
            outcome=None if asked.outcome is None else await _known(act, asked.outcome),
            told=told_of(asked, actor),
            key=idempotency_key,
        )
        patient_id = patient.id
    told = await _told(door, patient_id, status=201)
    told.headers["Location"] = f"/api/patients/{patient_id}"
    return told


@router.get(
    "/patients/{patient_id}",
    summary="One patient",
    description="With the units that looked after them and all versions of the outcome. Names and numbers are masked "
    "unless `whole`. Either way it leaves a line in the journal.",
    **contract(PatientOut, example=PATIENT_EXAMPLE, problems=[404]),
)
async def shown(
    door: DoorkeeperDep,
    actor: Reader,
    patient_id: PatientId,
    whole: Annotated[bool, Query(description="Names, numbers and address in whole.")] = False,
) -> Response:
    """Show a patient."""
    async with acting(door, actor) as act:
        patient = await _reached(act, actor, "patients.read", patient_id)
        told = await told_patient(act.session, act.region, patient, whole=whole)
        await note_view(act, PatientViewed(patient_id=patient_id, incident_id=patient.incident_id, whole=whole))
    return answer(told)


@router.patch(
    "/patients/{patient_id}",
    summary="Add or correct what is known of a patient",
    description="Also after the incident. What is empty stays; earlier values are kept in the history.",
    **contract(
        PatientRow,
        body=PatientChangesIn,
        example=PATIENT_ROW_EXAMPLE,
        body_examples={"a name": {"version": 1, "name": "张三（示例）", "age_years": 57}},
        problems=[404, 409],
    ),
)
async def described(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Describe a patient."""
    asked = await _changes.of(request)
    async with acting(door, actor) as act:
        await _reached(act, actor, "patients.write", patient_id)
        await describe_patient(
            act,
            patient_id,
            names=asked.names(),
            sex=asked.sex,
            age_years=asked.age_years,
            expected_version=asked.version,
            told=told_of(asked, actor),
        )
    return await _told(door, patient_id)


@router.post(
    "/patients/{patient_id}/outcome",
    summary="Say what came of a patient",
    description="A transport names its destination; a refusal its proof, a signature or a witness; who is handed on, "
    "to whom. Another outcome after the first is a correction, and needs a reason.",
    **contract(
        PatientRow,
        body=PatientOutcomeIn,
        example=PATIENT_ROW_EXAMPLE,
        body_examples={
            "transported": _TRANSPORTED,
            "refused": {"outcome": {"outcome": "refused", "proof": "witness", "witness": "李四（示例）"}},
        },
        problems=[404, 409],
    ),
)
async def settled(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Set an outcome."""
    asked = await _outcome.of(request)
    async with acting(door, actor) as act:
        await _reached(act, actor, "patients.write", patient_id)
        await set_patient_outcome(
            act,
            patient_id,
            await _known(act, asked.outcome),
            reason=asked.reason or None,
            expected_version=asked.version,
            told=told_of(asked, actor),
        )
    return await _told(door, patient_id)


@router.post(
    "/patients/{patient_id}/merge",
    summary="Say that two records are one person",
    description="`into` stands for both from now on. Neither record is changed or lost.",
    **contract(
        PatientRow,
        body=MergeIn,
        example=PATIENT_ROW_EXAMPLE,
        body_examples={"the same person": {"into": PATIENT_ID}},
        problems=[404, 409],
        told="The record that stands for both.",
    ),
)
async def merged(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Merge two records."""
    asked = await _merge.of(request)
    async with acting(door, actor) as act:
        for one in (patient_id, asked.into):
            await _reached(act, actor, "patients.write", one)
        await merge_patients(act, asked.into, patient_id)
    return await _told(door, asked.into)


@router.delete(
    "/patients/{patient_id}/merge",
    summary="Undo a merge that was wrong",
    description="The record stands for itself again.",
    **contract(PatientRow, example=PATIENT_ROW_EXAMPLE, problems=[404, 409]),
)
async def unmerged(door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Undo a merge."""
    async with acting(door, actor) as act:
        await _reached(act, actor, "patients.write", patient_id)
        await unmerge_patient(act, patient_id)
    return await _told(door, patient_id)


async def _reached(act: Act, actor: Principal, permission: str, patient_id: UUID) -> Patient:
    """The patient, of an incident that the actor reaches. Raises NotFound, ProblemError (`permission.refused`)."""
    patient = await get_patient(act.session, act.region, patient_id)
    await must_reach(act.session, act.region, actor, permission, patient.incident_id)
    return patient


async def _told(door: Doorkeeper, patient_id: UUID, *, status: int = 200) -> Response:
    """A patient's row as it stands after what was done is committed."""
    async with door.parts.database.read() as session:
        return answer(await told_row(session, door.parts.settings.region, patient_id), status=status)


async def _known(act: Act, outcome: OutcomeIn) -> OutcomeGiven:
    """The outcome, its hospital being one of the region's. Raises NotFound (`hospital.not_found`)."""
    if outcome.destination_id is not None:
        await get_hospital(act.session, act.region, outcome.destination_id)
    return outcome.given()
