"""A handover that nobody of the hospital signs is closed before a witness."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.accounts.witnessing import proved
from api.acting import LateIn, acting, told_of
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.errors import problem
from api.incidents.access import must_reach
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_sessions import TooManyTries
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.errors import Conflict
from dispatch.receiving.queries_inbound import list_inbound, list_own_hospitals
from dispatch.receiving.queries_receptions import find_witnessed
from dispatch.receiving.service_receptions import close_unsigned, close_witnessed
from dispatch.receiving.states_emergency import Unsigned

router = APIRouter(tags=["destinations"])
Writer = Annotated[Principal, requires("patients.write")]
PatientId = Annotated[UUID, Path(description="The patient's id.")]


class UnsignedIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why nobody signs, and the witness, who proves to be there by name and password."""

    reason: Unsigned
    name: Annotated[str, Meta(max_length=64, description="The witness's login name; somebody else than who asks.")]
    password: Annotated[str, Meta(max_length=1_000)]


class WitnessedIn(LateIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why nobody signs, and who saw it."""

    reason: Unsigned
    witness: Annotated[str, Meta(min_length=1, max_length=LIMITS[PersonalKind.WITNESS], description="The name.")]


class UnsignedOut(msgspec.Struct, frozen=True):
    """A handover closed without a signature."""

    patient_id: UUID
    hospital_id: UUID
    reason: Unsigned


EXAMPLE: Final[dict[str, Any]] = {
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "hospital_id": "0198c0de-0000-7000-8000-000000000101",
    "reason": "nobody_came",
}
_unsigned, _witnessed = Body(UnsignedIn), Body(WitnessedIn)


@router.post(
    "/patients/{patient_id}/handover/unsigned",
    summary="Close a handover that nobody signs",
    description="By the crew, the dispatch centre or the hospital, before a witness: another person, who proves by "
    "name and password to be there. No session is opened by that. With the last patient of the run this is its T10, "
    "unless the crew told one.",
    **contract(
        UnsignedOut, body=UnsignedIn, status=201, example=EXAMPLE, problems=[404, 409, 429],
        body_examples={
            "nobody came": {"reason": "nobody_came", "name": "wang.fang", "password": "four words nobody guesses"}
        },
    ),
)  # fmt: skip
async def unsigned(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Close it."""
    asked = await _unsigned.of(request)
    hospital_id = await _brought_to(door, actor, patient_id)
    try:
        witness = await proved(request, door, asked.name, asked.password)
    except TooManyTries as error:
        wait = {"Retry-After": str(error.retry_after_s)}
        return problem(429, error.code, error.message, request.url.path, hint=error.hint, headers=wait)
    async with acting(door, actor) as act:
        row = await close_unsigned(act, patient_id, hospital_id, asked.reason, str(witness.actor))
        told = UnsignedOut(patient_id, row.hospital_id, asked.reason)
    return answer(told, status=201)


@router.post(
    "/patients/{patient_id}/handover/witnessed",
    summary="Close a handover that nobody signs, before somebody without an account",
    description="The witness gives a name and draws a signature on the crew's phone, which is sent as a picture of the "
    "patient (`/api/patients/PATIENT/pictures`, kind `signature`). Both are erased with the patient's values. With its "
    "true time, also long after; told twice it is kept once. With the last patient of the run this is its T10, unless "
    "the crew told one.",
    **contract(
        UnsignedOut, body=WitnessedIn, status=201, example=EXAMPLE, problems=[404, 409],
        body_examples={"a guard": {"reason": "nobody_came", "witness": "示例保安"}},
    ),
)  # fmt: skip
async def witnessed(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Close it."""
    asked = await _witnessed.of(request)
    hospital_id = await _brought_to(door, actor, patient_id)
    async with acting(door, actor) as act:
        told = told_of(asked, actor)
        row = await close_witnessed(act, patient_id, hospital_id, asked.reason, asked.witness, told)
        found = UnsignedOut(patient_id, row.hospital_id, asked.reason)
    return answer(found, status=201)


async def _brought_to(door: Doorkeeper, actor: Principal, patient_id: UUID) -> UUID:
    """The hospital to which a patient of the actor's is brought. Raises Conflict (`reception.none`)."""
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        patient = await get_patient(session, region, patient_id)
        await must_reach(session, region, actor, "patients.write", patient.incident_id)
        hospitals = {one.id for one in await list_own_hospitals(session, region, None)}
        inbound = next(iter(await list_inbound(session, region, hospitals, patient_id)), None)
        known = inbound or await find_witnessed(session, patient_id)
    if known is None:
        raise Conflict("reception.none", "This patient is not at a hospital.")
    return known.hospital_id
