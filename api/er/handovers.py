"""Handing a patient over at the hospital: here, off the crew's stretcher, signed by name."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import LateIn, acting, told_of
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.er.receiving import Receiver, must_bring, receiving_out
from api.er.schemas_receiving import RECEIVING_EXAMPLE, ReceivingOut
from dispatch.receiving.service_receptions import sign_reception, tell_here, tell_off_stretcher

router = APIRouter()
PatientId = Annotated[UUID, Path(description="The patient's id.")]


class HandoverStep(StrEnum):
    """What is told of a patient at the hospital."""

    ARRIVED = "arrived"
    OFF_STRETCHER = "off_stretcher"


class HandoverStepIn(LateIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step."""

    step: HandoverStep


class SignatureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The signature of who is logged in."""

    detaches: Annotated[
        bool, Meta(description="Whether the vehicle's places that carry the patient's data are detached. Asked always.")
    ]


_step, _sign = Body(HandoverStepIn), Body(SignatureIn)


@router.post(
    "/patients/{patient_id}/handover/steps",
    summary="Say that a patient is here, or off the crew's stretcher",
    description="By name. Where the crew told its arrival (T9) that counts; where nobody did, who takes the patient "
    "off the stretcher tells it with that. Said again it changes nothing.",
    **contract(
        ReceivingOut, body=HandoverStepIn, example=RECEIVING_EXAMPLE, problems=[404, 409],
        body_examples={"off the stretcher": {"step": "off_stretcher"}},
    ),
)  # fmt: skip
async def stepped(request: Request, door: DoorkeeperDep, actor: Receiver, patient_id: PatientId) -> Response:
    """Take a step."""
    asked = await _step.of(request)
    hospital_id = await must_bring(door, actor, patient_id)
    take = tell_here if asked.step is HandoverStep.ARRIVED else tell_off_stretcher
    async with acting(door, actor) as act:
        await take(act, patient_id, hospital_id, told_of(asked, actor))
    return answer(await receiving_out(door, actor))


@router.post(
    "/patients/{patient_id}/handover/signature",
    summary="Sign for a patient",
    description="By name; who was first counts. Once all whom the run brought are handed over this is its T10, unless "
    "the crew told one. `detaches` ends that the vehicle's monitor counts as this patient's.",
    **contract(
        ReceivingOut, body=SignatureIn, example=RECEIVING_EXAMPLE, problems=[404, 409],
        body_examples={"the monitor goes with the crew": {"detaches": True}},
    ),
)  # fmt: skip
async def signed(request: Request, door: DoorkeeperDep, actor: Receiver, patient_id: PatientId) -> Response:
    """Sign."""
    asked = await _sign.of(request)
    hospital_id = await must_bring(door, actor, patient_id)
    async with acting(door, actor) as act:
        await sign_reception(act, patient_id, hospital_id, detaches=asked.detaches)
    return answer(await receiving_out(door, actor))
