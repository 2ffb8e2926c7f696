"""What is ready for a patient that is brought, ticked by name."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.er.receiving import Receiver, must_bring, receiving_out
from api.er.schemas_receiving import RECEIVING_EXAMPLE, ReceivingOut
from dispatch.receiving.service_preparation import tick

router = APIRouter()
PatientId = Annotated[UUID, Path(description="The patient's id.")]


class TickIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something is ready, or is not."""

    item: Annotated[str, Meta(max_length=64, description="One of the patient's `preparations`.")]
    ready: bool = True


_tick = Body(TickIn)


@router.post(
    "/patients/{patient_id}/preparation",
    summary="Say that something is ready for a patient",
    description="By name, for the asker's hospital. Said again it changes nothing; `ready: false` takes it back.",
    **contract(
        ReceivingOut, body=TickIn, example=RECEIVING_EXAMPLE, problems=[404],
        body_examples={"the catheter laboratory": {"item": "cath_lab"}},
    ),
)  # fmt: skip
async def ticked(request: Request, door: DoorkeeperDep, actor: Receiver, patient_id: PatientId) -> Response:
    """Tick."""
    asked = await _tick.of(request)
    hospital_id = await must_bring(door, actor, patient_id)
    async with acting(door, actor) as act:
        await tick(act, patient_id, hospital_id, asked.item, ready=asked.ready)
    return answer(await receiving_out(door, actor))
