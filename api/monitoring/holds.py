"""Holding what vehicles sent for an incident: it is not deleted, however old."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import answer
from api.contract import contract
from api.incidents.routes import IncidentId
from dispatch.accounts.rules_permissions import Principal
from dispatch.telemetry.service_retention import hold, lift

router = APIRouter(prefix="/incidents", tags=["monitoring"])
Holder = Annotated[Principal, requires("records.hold")]


class HoldOut(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an incident is held."""

    held: bool


@router.put(
    "/{incident_id}/hold",
    summary="Keep what vehicles sent for an incident",
    description="For a court or an inquiry: nothing of the runs of its vehicles, two hours before and after included, "
    "is deleted while the hold is on.",
    **contract(HoldOut, example={"held": True}, problems=[404, 409]),
)
async def held(door: DoorkeeperDep, actor: Holder, incident_id: IncidentId) -> Response:
    """Hold."""
    async with acting(door, actor) as act:
        await hold(act, incident_id)
    return answer(HoldOut(held=True))


@router.delete(
    "/{incident_id}/hold",
    summary="Let it be deleted in its time again",
    description="What is older than its kind is kept goes with the next sweeps.",
    **contract(HoldOut, example={"held": False}, problems=[404, 409]),
)
async def lifted(door: DoorkeeperDep, actor: Holder, incident_id: IncidentId) -> Response:
    """Lift a hold."""
    async with acting(door, actor) as act:
        await lift(act, incident_id)
    return answer(HoldOut(held=False))
