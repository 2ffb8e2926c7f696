"""Erasing personal values by law: one route for whatever the request is about."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, must_may_everywhere, requires
from api.bodies import Body, answer
from api.calls.schemas import Phone, Reference
from api.contract import contract
from dispatch.accounts.rules_permissions import Principal
from dispatch.handover.service_erasing import Erasure, erase
from dispatch.incidents.states_patients import ErasureBasis, ErasureTarget

router = APIRouter(tags=["erasures"])
ERASE: Final = "personal.erase"


class ErasureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be erased, and why."""

    target: Annotated[
        ErasureTarget,
        Meta(
            description="incident: its place, notes, patients and calls. closure: the words of its reason, on handover "
            "sheets too. handover: the notes of a shift. ecmo_request: its names, words and files. phone: a number "
            "wherever it is kept."
        ),
    ]
    id: Annotated[UUID | None, Meta(description="Of what is erased; of all but a phone.")] = None
    phone: Annotated[Phone, Meta(description="The number; of target `phone` only, and kept nowhere.")] = ""
    basis: ErasureBasis
    reference: Annotated[Reference, Meta(description="The file of the request, without a name or a number in it.")]


class ErasureOut(msgspec.Struct, frozen=True):
    """What was erased."""

    id: UUID
    target: ErasureTarget
    target_id: UUID | None
    basis: ErasureBasis
    reference: str
    values: Annotated[int, Meta(description="Texts that were still there; 0 the second time.")]


_erasure = Body(ErasureIn)
_EXAMPLE: Final = {
    "id": "0198c0de-0000-7000-8000-000000000901",
    "target": "incident",
    "target_id": "0198c0de-0000-7000-8000-000000000201",
    "basis": "request",
    "reference": "PIPL-2026-17",
    "values": 6,
}


@router.post(
    "/erasures",
    summary="Erase personal values by law",
    description=(
        "Names, numbers, addresses, notes and other free words go for good, in all versions. Rows, times, codes, "
        "salted digests and the journal stay, so the chain still verifies. The record tells that they were erased, "
        "when, by whom and on what ground."
    ),
    **contract(
        ErasureOut,
        body=ErasureIn,
        example=_EXAMPLE,
        problems=[404, 409],
        body_examples={
            "an incident": {
                "target": "incident",
                "id": "0198c0de-0000-7000-8000-000000000201",
                "basis": "request",
                "reference": "PIPL-2026-17",
            },
            "a number": {"target": "phone", "phone": "13812341234", "basis": "court", "reference": "2026-88"},
        },
    ),
)
async def erased(request: Request, door: DoorkeeperDep, actor: Annotated[Principal, requires(ERASE)]) -> Response:
    """Erase."""
    must_may_everywhere(actor, ERASE)
    asked = await _erasure.of(request)
    async with acting(door, actor) as act:
        done = await erase(act, Erasure(asked.target, asked.basis, asked.reference, asked.id, asked.phone))
    return answer(ErasureOut(done.erasure_id, done.target, done.target_id, done.basis, done.reference, done.values))
