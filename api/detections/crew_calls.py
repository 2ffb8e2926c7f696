"""What a crew calls the dispatch centre for by a button: danger, a second vehicle, police, fire brigade, breakdown."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.detections.routes import detections_out
from api.detections.schemas import DETECTION, DetectionOut
from api.dispatching.access import AssignmentId
from api.fleet.reporting import Reporter, reported_unit
from api.fleet.when import Happened, Sent
from dispatch.clinical.states import AlarmPriority
from dispatch.dispatching.queries import get_assignment
from dispatch.dispatching.service_breakdown import meet_at_vehicle
from dispatch.kernel.errors import Conflict
from dispatch.telemetry.detection.queries import find_newest
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.detection.states import CREW
from dispatch.units.rules_duty import in_force, reckon

router = APIRouter(tags=["detections"])


class CrewCall(StrEnum):
    """What is called for."""

    DANGER = "danger"
    """遇险: the crew itself is threatened."""
    SECOND_UNIT = "second_unit"
    POLICE = "police"
    """110."""
    FIRE = "fire"
    """119."""
    BREAKDOWN = "breakdown"
    """车辆故障: the vehicle cannot go on; nobody is on board but the crew."""
    BREAKDOWN_ABOARD = "breakdown_aboard"
    """The same with a patient on board, who needs another vehicle where this one stands."""


class CrewCallIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One call; the same again while it goes on changes nothing."""

    call: CrewCall
    over: Annotated[bool, Meta(description="It is not needed any more.")] = False
    at: Happened = None
    sent_at: Sent = None


_HIGH: Final = frozenset({CrewCall.DANGER, CrewCall.BREAKDOWN_ABOARD})
_call = Body(CrewCallIn)
_EXAMPLE: Final = DETECTION | {
    "code": "crew.danger", "priority": "high", "slot": None, "patient_id": None, "signal": None, "unit": None,
    "value": None, "bound": None, "assignment_id": "0198c0de-0000-7000-8000-000000000301",
}  # fmt: skip


@router.post(
    "/assignments/{assignment_id}/crew-calls",
    summary="Call the dispatch centre from on board",
    description="An alarm at every dispatcher's, latched until somebody there acknowledges it by name: danger, and a "
    "breakdown with a patient on board, are high, the others medium. A breakdown does not end the run by itself. With "
    "a patient on board the incident's place becomes where the vehicle stands (`place_source` `vehicle`), if that is "
    "known and no other vehicle has yet to do with the scene. The same call again while it goes on changes nothing; "
    "`over` ends it (`crew.not_called`: there was nothing to end).",
    **contract(
        DetectionOut,
        body=CrewCallIn,
        status=201,
        example=_EXAMPLE,
        problems=[404, 409],
        body_examples={"danger": {"call": "danger"}, "a second vehicle": {"call": "second_unit"}},
    ),
)
async def called(request: Request, door: DoorkeeperDep, actor: Reporter, assignment_id: AssignmentId) -> Response:
    """Call."""
    asked = await _call.of(request)
    async with acting(door, actor) as act:
        run = await get_assignment(act.session, act.region, assignment_id)
        await reported_unit(act.session, act.region, actor, run.unit_id)
        tolerance_s = in_force(act.session.info).clock_tolerance_s
        at = reckon(asked.at, act.clock.now(), sent_at=asked.sent_at, tolerance_s=tolerance_s).at
        priority = AlarmPriority.HIGH if asked.call in _HIGH else AlarmPriority.MEDIUM
        subject = Subject(run.unit_id, 0, run.incident_id, assignment_id=run.id)
        found = Found(subject, Sign(f"{CREW}{asked.call}", at, at, priority, over=asked.over))
        before = await find_newest(act.session, found)
        if asked.call is CrewCall.BREAKDOWN_ABOARD and not asked.over and (before is None or before.ended_at):
            await meet_at_vehicle(act, run)
        await keep_found(act, [found])
        row = await find_newest(act.session, found)
        if row is None:  # only what was called for can be over
            raise Conflict("crew.not_called", "This crew has not called for that.", "Nothing needs ending.")
        (told,) = await detections_out(act.session, [row], actor)
    return answer(told, status=201)
