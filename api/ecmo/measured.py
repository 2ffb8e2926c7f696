"""What is measured of a case's patient and circuit on board, for both sides and whoever coordinates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, requires
from api.bodies import answer
from api.contract import contract
from api.ecmo.access import READ, must_see
from api.er.schemas import MeasuredOut, measured_out
from api.er.vitals import TRENDED, Vitals
from dispatch.accounts.rules_permissions import Principal
from dispatch.ecmo.rules_circuit import CIRCUIT, SIGNED_OFF_BY, SOURCE, VERSION, Ends

router = APIRouter(prefix="/ecmo/requests", tags=["ecmo"])
Reader = Annotated[Principal, requires(READ)]


class EndsOut(msgspec.Struct, frozen=True):
    """Both ends in the signal's unit; null: no such end."""

    low: float | None
    high: float | None


class CircuitLimitsOut(msgspec.Struct, frozen=True):
    """Of one signal. `ecmo_drop` is the pressure before less that after the membrane."""

    signal: str
    expected: EndsOut
    warn: EndsOut
    critical: EndsOut
    inclusive: Annotated[bool, Meta(description="The limit itself counts already.")]


class CaseMeasuredOut(msgspec.Struct, frozen=True):
    """What is measured of a case now."""

    at: datetime
    patient_id: Annotated[UUID | None, Meta(description="Null: the dispatch core has no record of him.")]
    measured: MeasuredOut | None
    limits: list[CircuitLimitsOut]
    limits_version: str
    limits_source: str
    needs_sign_off: Annotated[bool, Meta(description="Needs sign-off by a medical director.")]


@router.get(
    "/{request_id}/measured",
    summary="What is measured on board of a case's patient and circuit",
    description="Newest values and trends of an hour, with the limits that are drawn beside them. The limits raise no "
    "alarm by themselves.",
    **contract(CaseMeasuredOut, problems=[404]),
)
async def measured(
    request: Request, door: DoorkeeperDep, actor: Reader, request_id: Annotated[UUID, Path(description="The request.")]
) -> Response:
    """Tell what is measured."""
    now = door.parts.clock.now()
    vitals: Vitals = request.app.state.vitals
    async with door.parts.database.read() as session:
        row = await must_see(session, door.parts.settings.region, actor, request_id)
        known = None if row.patient_id is None else await vitals.of(session, row.patient_id, now)
    told = None if known is None else measured_out(known, now, TRENDED)
    limits = [
        CircuitLimitsOut(name, _ends(one.expected), _ends(one.warn), _ends(one.critical), one.inclusive)
        for name, one in CIRCUIT.items()
    ]
    return answer(CaseMeasuredOut(now, row.patient_id, told, limits, VERSION, SOURCE, needs_sign_off=not SIGNED_OFF_BY))


def _ends(one: Ends) -> EndsOut:
    return EndsOut(one.low, one.high)
