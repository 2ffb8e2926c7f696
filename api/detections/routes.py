"""What was found at one's own patients and vehicles, who has seen it, and NEWS2."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LookoutDep
from api.detections.schemas import (
    DETECTION,
    SCORE,
    UNWATCHED,
    AcknowledgeIn,
    DetectionOut,
    DetectionsOut,
    ScoreOut,
    detection_out,
    unwatched_out,
)
from api.incidents.access import must_reach, reach_of
from api.ingest.lookout import Unwatched
from api.names import names_of_actors
from api.patients.routes import PatientId
from api.patients.routes import Reader as PatientReader
from dispatch.accounts.rules_permissions import TABLE, Principal
from dispatch.accounts.states import Role
from dispatch.clinical.rules_news2 import TABLE as NEWS2_TABLE
from dispatch.incidents.queries_patients import get_patient
from dispatch.kernel.db import Session
from dispatch.receiving.queries_access import list_reached
from dispatch.telemetry.detection.queries import Seat, get_detection, list_acknowledgements, list_kept, list_open
from dispatch.telemetry.detection.queries_patients import score_of
from dispatch.telemetry.detection.service import acknowledge
from dispatch.telemetry.detection.states import Side
from dispatch.telemetry.detection.tables import Detection

router = APIRouter(tags=["detections"])
_READ: Final = "alarms.read"
_ACKNOWLEDGE: Final = "alarms.acknowledge"
SIDES: Final = {Role.CREW: Side.CREW, Role.EMERGENCY_DOCTOR: Side.HOSPITAL}
Reader = Annotated[Principal, requires(_READ)]
Acknowledger = Annotated[Principal, requires(_ACKNOWLEDGE)]
DetectionId = Annotated[UUID, Path(description="The detection's `id`.")]
IncidentQuery = Annotated[UUID | None, Query(description="All that was found in this incident, over or not.")]
PatientQuery = Annotated[UUID | None, Query(description="All that was found at this patient, over or not.")]
_body = Body(AcknowledgeIn)


def seats_of(actor: Principal) -> frozenset[Seat]:
    """The sides for which somebody acknowledges; a hospital's doctors each for their own."""
    sides = [
        (SIDES.get(Role(grant.role), Side.DISPATCH), grant.organisation)
        for grant in actor.grants
        if _ACKNOWLEDGE in TABLE[grant.role].any
    ]
    return frozenset((side, organisation if side is Side.HOSPITAL else "") for side, organisation in sides)


@router.get(
    "/detections",
    summary="Alarms, and statuses offered to crews",
    description="Without a question: what goes on now at incidents that one reaches and that are not over, and alarms "
    "that ended before one's own side acknowledged them (they latch). Limits and NEWS2 are for adults only and await a "
    "medical director.",
    **contract(DetectionsOut, problems=[404], example={"detections": [DETECTION], "unwatched": [UNWATCHED]}),
)
async def listed(
    lookout: LookoutDep,
    door: DoorkeeperDep,
    actor: Reader,
    incident_id: IncidentQuery = None,
    patient_id: PatientQuery = None,
) -> Response:
    """List detections."""
    region, unwatched = door.parts.settings.region, list[Unwatched]()
    async with door.parts.database.read() as session:
        if patient_id is not None:
            incident_id = (await get_patient(session, region, patient_id)).incident_id
        if incident_id is not None:
            await must_reach(session, region, actor, _READ, incident_id)
            rows = await list_kept(session, region, incident_id, patient_id=patient_id)
        else:
            reach = reach_of(actor, _READ)
            reached = None if reach is None else await list_reached(session, region, reach)
            rows = await list_open(session, region, seats_of(actor), incident_ids=reached)
            unwatched = [one for one in lookout.unwatched.values() if reached is None or one.incident_id in reached]
        told = await detections_out(session, rows, actor)
    return answer(DetectionsOut(detections=told, unwatched=[unwatched_out(one) for one in unwatched]))


@router.post(
    "/detections/{detection_id}/acknowledgements",
    summary="Acknowledge an alarm, or put an offer aside",
    description="By name, for one's own side: crew, dispatch centre, or one's hospital. The alarms of the other sides "
    "go on. An alarm that ends and comes again after that is a new one.",
    **contract(
        DetectionOut, body=AcknowledgeIn, example=DETECTION, problems=[404, 409],
        body_examples={"as it was looked at": {"version": 1}},
    ),
)  # fmt: skip
async def acknowledged(
    request: Request, door: DoorkeeperDep, actor: Acknowledger, detection_id: DetectionId
) -> Response:
    """Acknowledge."""
    asked = await _body.of(request)
    async with acting(door, actor) as act:
        seen = await get_detection(act.session, act.region, detection_id)
        await must_reach(act.session, act.region, actor, _ACKNOWLEDGE, seen.incident_id)
        row = await acknowledge(act, detection_id, seats_of(actor), version=asked.version)
        (told,) = await detections_out(act.session, [row], actor)
    return answer(told)


@router.get(
    "/patients/{patient_id}/news2",
    summary="NEWS2 of a patient on board",
    description="Of what was measured last while the patient was attached, and what the crew typed. Where something is "
    "missing or too old, the lowest and the highest that the score can be. For adults only: else the reason why there "
    "is none.",
    **contract(ScoreOut, problems=[404], example=SCORE),
)
async def scored(door: DoorkeeperDep, actor: PatientReader, patient_id: PatientId) -> Response:
    """Score."""
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        patient = await get_patient(session, region, patient_id)
        await must_reach(session, region, actor, "patients.read", patient.incident_id)
        now = door.parts.clock.now()
        score = await score_of(session, region, patient, now)
    known = score.known
    return answer(
        ScoreOut(
            patient_id=patient_id,
            at=now,
            none=score.none,
            low=None if known is None else known.low,
            high=None if known is None else known.high,
            level=None if known is None else known.level,
            points={} if known is None else {str(name): points for name, points in known.points.items()},
            missing=[] if known is None else list(known.missing),
            left_out=sorted(score.left_out),
            version=NEWS2_TABLE.version,
            signed_off=bool(NEWS2_TABLE.signed_off_by),
        )
    )


async def detections_out(session: Session, rows: Sequence[Detection], actor: Principal) -> list[DetectionOut]:
    """Tell detections to somebody, with the names of who acknowledged them."""
    return await detections_out_for(session, rows, seats_of(actor))


async def detections_out_for(
    session: Session, rows: Sequence[Detection], seats: Collection[Seat]
) -> list[DetectionOut]:
    """Tell detections to somebody of these sides, with the names of who acknowledged them."""
    by = await list_acknowledgements(session, [row.id for row in rows])
    names = await names_of_actors(session, [one.actor for told in by.values() for one in told])
    return [detection_out(row, by.get(row.id, ()), names, seats) for row in rows]
