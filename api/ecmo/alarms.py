"""Alarms of a case's patient and circuit: told to both sides, acknowledged by name, each side for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.detections.routes import detections_out_for, seats_of
from api.detections.schemas import DETECTION, AcknowledgeIn, DetectionOut
from api.ecmo.access import READ, must_see
from api.ecmo.mission_access import Hand, MissionId, in_office, may_act, told_mission
from api.ecmo.schemas_missions import MissionOut
from dispatch.accounts.rules_permissions import TABLE, Principal
from dispatch.clinical.rules_circuit import CircuitSetting, Ends
from dispatch.ecmo.queries_missions import concerned_by, find_mission_of, get_mission
from dispatch.ecmo.service_circuit import patient_of
from dispatch.ecmo.service_way import set_limits, tell_unplugging
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.queries_patients import get_patient
from dispatch.kernel.db import Session
from dispatch.kernel.errors import NotFound
from dispatch.telemetry.detection.queries import Seat, get_detection, list_kept
from dispatch.telemetry.detection.service import acknowledge
from dispatch.telemetry.detection.states import DetectionKind, Side

router = APIRouter(tags=["ecmo"])
MOST: Final = 60
_REACHES_BACK: Final = timedelta(hours=24)
_acknowledge = Body(AcknowledgeIn)
_End = float | None


class OwnLimitsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of one signal, in its unit; null: no such end. No end at which it is critical can be taken away."""

    signal: Annotated[str, Meta(max_length=40, description="Of `limits` as they are told.")]
    warn_low: _End = None
    warn_high: _End = None
    critical_low: _End = None
    critical_high: _End = None


class CircuitIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a circuit is judged by from now on, in the place of what was set."""

    flow_set: Annotated[float, Meta(gt=0, le=10, description="L/min; null: the flow is held against nothing.")] | None
    sweep_set: Annotated[float, Meta(ge=0, le=30, description="L/min.")] | None
    limits: Annotated[list[OwnLimitsIn], Meta(max_length=20)] = msgspec.field(default_factory=list)


_circuit = Body(CircuitIn)


@dataclass(frozen=True, slots=True)
class Carried:
    """Whose alarms a case has. mission_id: the one under way."""

    patient_id: UUID | None
    mission_id: UUID | None


async def carried_of(session: Session, request: EcmoRequest) -> Carried:
    """Whose circuit a case is about: the record that its vehicle carries, else whom the request names."""
    mission = await find_mission_of(session, request.id)
    if mission is None:
        return Carried(request.patient_id, None)
    return Carried(await patient_of(session, mission), mission.id)


def own_seats(actor: Principal) -> frozenset[Seat]:
    """For whom somebody acknowledges: the side that he has in the dispatch core, else his hospital or centre."""
    seats = seats_of(actor)
    if seats:
        return seats
    return frozenset(
        (Side.HOSPITAL, grant.organisation)
        for grant in actor.grants
        if READ in TABLE[grant.role].any | TABLE[grant.role].own
    )


async def alarms_of(
    session: Session, region: str, patient_id: UUID, actor: Principal, now: datetime
) -> Sequence[DetectionOut]:
    """The alarms of a day of one patient, as somebody sees them: what goes on first, the gravest of it first."""
    patient = await get_patient(session, region, patient_id)
    rows = await list_kept(session, region, patient.incident_id, patient_id=patient_id)
    rows = [one for one in rows if one.kind == DetectionKind.ALARM and one.began_at > now - _REACHES_BACK]
    told = await detections_out_for(session, rows, own_seats(actor))
    return sorted(told, key=lambda one: one.acknowledged and one.ended_at is not None)[:MOST]


@router.post(
    "/ecmo/requests/{request_id}/alarms/{detection_id}/acknowledgements",
    summary="Acknowledge an alarm of a case's patient or circuit",
    description="By name, for one's own hospital or centre: the alarms of the other sides go on.",
    **contract(
        DetectionOut, body=AcknowledgeIn, example=DETECTION, problems=[404, 409],
        body_examples={"as it was looked at": {"version": 1}},
    ),
)  # fmt: skip
async def acknowledged(
    request: Request,
    door: DoorkeeperDep,
    actor: Hand,
    request_id: Annotated[UUID, Path(description="The request.")],
    detection_id: Annotated[UUID, Path(description="The alarm.")],
) -> Response:
    """Acknowledge."""
    asked = await _acknowledge.of(request)
    async with acting(door, actor) as act:
        row = await must_see(act.session, act.region, actor, request_id)
        seen = await get_detection(act.session, act.region, detection_id)
        carried = await carried_of(act.session, row)
        if seen.patient_id is None or seen.patient_id != carried.patient_id:
            raise NotFound("detection.not_found", "There is no such detection in this case.")
        kept = await acknowledge(act, detection_id, own_seats(actor), version=asked.version)
        (told,) = await detections_out_for(act.session, [kept], own_seats(actor))
    return answer(told)


@router.post(
    "/ecmo/missions/{mission_id}/circuit",
    summary="Set what a mission's circuit is judged by",
    description="By the mission's lead, an ECMO physician or the coordinator, by name. As the patient leaves, "
    "flow and sweep gas are set by themselves from what was measured.",
    **contract(
        MissionOut, body=CircuitIn, problems=[404, 409],
        body_examples={"a small patient": {"flow_set": 3.1, "sweep_set": 4.0, "limits": [
            {"signal": "ecmo_flow", "critical_low": 1.8}]}},
    ),
)  # fmt: skip
async def circuit(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Set limits."""
    body = await _circuit.of(request)
    await may_act(door.parts, actor, mission_id)
    limits = {
        one.signal: (Ends(one.warn_low, one.warn_high), Ends(one.critical_low, one.critical_high))
        for one in body.limits
    }
    async with acting(door, actor) as act:
        setting = CircuitSetting(flow_set=body.flow_set, sweep_set=body.sweep_set, limits=limits)
        row = await get_mission(act.session, act.region, mission_id)
        by_office = in_office(actor, await concerned_by(act.session, row))
        await set_limits(act, mission_id, setting, by_office=by_office)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/unplugging",
    summary="Say that the circuit is about to be unplugged",
    description="For a set time a loss of mains alarms nobody.",
    **contract(MissionOut, problems=[404, 409]),
)
async def unplugging(door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Tell it."""
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await tell_unplugging(act, mission_id)
    return await told_mission(door.parts, actor, mission_id)
