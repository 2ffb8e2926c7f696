"""What the dispatch centre is told of hospitals: pre-alerts that nobody there acknowledges, crews that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, requires
from api.bodies import answer
from api.contract import contract
from dispatch.accounts.rules_permissions import Principal
from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.states_incidents import Priority
from dispatch.receiving.queries_prealerts import Unanswered, list_unanswered
from dispatch.receiving.queries_receptions import Waiting, list_waiting

router = APIRouter(tags=["destinations"])
Reader = Annotated[Principal, requires("receiving.alarms")]


class ReceivingAlarmOut(msgspec.Struct, frozen=True):
    """Something that a hospital has not done in time. It is over when it is listed no more."""

    id: UUID
    kind: Annotated[
        Literal["prealert", "stretcher"],
        Meta(description="prealert: nobody there has acknowledged it; stretcher: a crew waits with its patient."),
    ]
    priority: Annotated[AlarmPriority, Meta(description="A pre-alert of a P1 is high, all else medium.")]
    since: Annotated[datetime, Meta(description="When the hospital was told, or the patient came.")]
    incident_id: UUID
    number: str
    hospital_id: UUID
    hospital_zh: str
    hospital_en: str
    hospital_ug: str
    call_sign: Annotated[str, Meta(description="Of the vehicle that waits; empty for a pre-alert.")]


class ReceivingAlarmsOut(msgspec.Struct, frozen=True):
    """All of the region, the oldest first."""

    alarms: list[ReceivingAlarmOut]


EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000701",
    "kind": "prealert",
    "priority": "high",
    "since": "2026-11-27T02:58:11Z",
    "incident_id": "0198c0de-0000-7000-8000-000000000201",
    "number": "2026-000123",
    "hospital_id": "0198c0de-0000-7000-8000-000000000101",
    "hospital_zh": "示例医院",
    "hospital_en": "Example Hospital",
    "hospital_ug": "",
    "call_sign": "",
}


@router.get(
    "/receiving/alarms",
    summary="What hospitals have not done in time",
    description="Pre-alerts that were escalated to the dispatch centre and that nobody of the hospital has "
    "acknowledged yet, and crews that wait with their patient for longer than is set (压床). For the "
    "dispatch centre and for supervisors, of both organisations.",
    **contract(ReceivingAlarmsOut, example={"alarms": [EXAMPLE]}),
)
async def alarms(door: DoorkeeperDep, _actor: Reader) -> Response:
    """List them."""
    async with door.parts.database.read() as session:
        region = door.parts.settings.region
        told = [_prealert(one) for one in await list_unanswered(session, region)]
        told += [_stretcher(one) for one in await list_waiting(session, region)]
    return answer(ReceivingAlarmsOut(told))


def _prealert(one: Unanswered) -> ReceivingAlarmOut:
    hospital = one.hospital
    return ReceivingAlarmOut(
        one.prealert.id, "prealert", AlarmPriority.HIGH if one.priority is Priority.P1 else AlarmPriority.MEDIUM,
        one.prealert.raised_at, one.incident_id, one.number, hospital.id, hospital.name_zh, hospital.name_en,
        hospital.name_ug, "",
    )  # fmt: skip


def _stretcher(one: Waiting) -> ReceivingAlarmOut:
    hospital = one.hospital
    return ReceivingAlarmOut(
        one.reception.id, "stretcher", AlarmPriority.MEDIUM, one.since, one.incident_id, one.number, hospital.id,
        hospital.name_zh, hospital.name_en, hospital.name_ug, one.call_sign,
    )  # fmt: skip
