"""A handover that nobody of the hospital signs is closed before a witness."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.accounts.witnessing import proved
from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.errors import problem
from api.incidents.access import must_reach
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_sessions import TooManyTries
from dispatch.incidents.queries_patients import get_patient
from dispatch.kernel.errors import Conflict
from dispatch.receiving.queries_inbound import list_inbound, list_own_hospitals
from dispatch.receiving.service_receptions import close_unsigned
from dispatch.receiving.states_emergency import Unsigned

router = APIRouter(tags=["destinations"])
Writer = Annotated[Principal, requires("patients.write")]
PatientId = Annotated[UUID, Path(description="The patient's id.")]


class UnsignedIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why nobody signs, and the witness, who proves to be there by name and password."""

    reason: Unsigned
    name: Annotated[str, Meta(max_length=64, description="The witness's login name; somebody else than who asks.")]
    password: Annotated[str, Meta(max_length=1_000)]


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
_unsigned = Body(UnsignedIn)


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
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        patient = await get_patient(session, region, patient_id)
        await must_reach(session, region, actor, "patients.write", patient.incident_id)
        hospitals = {one.id for one in await list_own_hospitals(session, region, None)}
        inbound = next(iter(await list_inbound(session, region, hospitals, patient_id)), None)
    if inbound is None:
        raise Conflict("reception.none", "This patient is not at a hospital.")
    try:
        witness = await proved(request, door, asked.name, asked.password)
    except TooManyTries as error:
        wait = {"Retry-After": str(error.retry_after_s)}
        return problem(429, error.code, error.message, request.url.path, hint=error.hint, headers=wait)
    async with acting(door, actor) as act:
        row = await close_unsigned(act, patient_id, inbound.hospital_id, asked.reason, str(witness.actor))
        told = UnsignedOut(patient_id, row.hospital_id, asked.reason)
    return answer(told, status=201)
