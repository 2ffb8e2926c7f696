"""What becomes of an incident: its priority, its end, its cancelling."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import acting, told_of
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.incidents.access import must_reach, reach_of_role
from api.incidents.board import INCIDENT_ROW_EXAMPLE, IncidentRow
from api.incidents.routes import IncidentId, Writer
from api.incidents.schemas import CancelIn, CloseIn, PriorityIn
from api.incidents.telling import told_row
from dispatch.accounts.queries_duty import list_on_duty
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.states import Role
from dispatch.dispatching.service_calling_off import cancel_incident_and_units
from dispatch.incidents.rules_priority import OnDuty
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import change_priority
from dispatch.incidents.service_progress import close_incident
from dispatch.receiving.queries_access import is_reached

router = APIRouter(prefix="/incidents", tags=["incidents"])
_priority, _close, _cancel = Body(PriorityIn), Body(CloseIn), Body(CancelIn)


@router.post(
    "/{incident_id}/priority",
    summary="Say how urgent it is after all",
    description="Whoever reaches the incident raises it. Lowering takes an emergency doctor and a reason; where no "
    "doctor who reaches the incident is on duty, the supervisor on duty. `GET /duty` says who is.",
    **contract(
        IncidentRow,
        body=PriorityIn,
        example=INCIDENT_ROW_EXAMPLE,
        body_examples={"raised": {"priority": "P1"}, "lowered": {"priority": "P3", "reason": "talks, no pain now"}},
        problems=[404, 409],
    ),
)
async def prioritised(
    request: Request,
    door: DoorkeeperDep,
    actor: Annotated[Principal, requires("priorities.write")],
    incident_id: IncidentId,
) -> Response:
    """Change a priority."""
    asked = await _priority.of(request)
    async with acting(door, actor) as act:
        await must_reach(act.session, act.region, actor, "priorities.write", incident_id)
        await change_priority(
            act,
            incident_id,
            asked.priority,
            on_duty=await _on_duty(act, actor, incident_id),
            reason=asked.reason or None,
            expected_version=asked.version,
            told=told_of(asked, actor),
        )
    return answer(await told_row(door, incident_id))


@router.post(
    "/{incident_id}/close",
    summary="Close an incident",
    description="When somebody was there and every patient has an outcome; where nobody was found, that is one.",
    **contract(
        IncidentRow,
        body=CloseIn,
        example=INCIDENT_ROW_EXAMPLE,
        body_examples={"now": {}},
        problems=[404, 409],
    ),
)
async def closed(request: Request, door: DoorkeeperDep, actor: Writer, incident_id: IncidentId) -> Response:
    """Close an incident."""
    asked = await _close.of(request)
    async with acting(door, actor) as act:
        await close_incident(act, incident_id, expected_version=asked.version, told=told_of(asked, actor))
    return answer(await told_row(door, incident_id))


@router.post(
    "/{incident_id}/cancel",
    summary="Cancel an incident and call off its units",
    description="As long as nobody was there. The calls of a duplicate go over to the other incident.",
    **contract(
        IncidentRow,
        body=CancelIn,
        example=INCIDENT_ROW_EXAMPLE,
        body_examples={"the caller needs nobody": {"reason": "caller_cancelled"}},
        problems=[404, 409],
    ),
)
async def cancelled(request: Request, door: DoorkeeperDep, actor: Writer, incident_id: IncidentId) -> Response:
    """Cancel an incident."""
    asked = await _cancel.of(request)
    async with acting(door, actor) as act:
        await cancel_incident_and_units(
            act,
            incident_id,
            asked.reason,
            duplicate_of=asked.duplicate_of,
            expected_version=asked.version,
            told=told_of(asked, actor),
        )
    return answer(await told_row(door, incident_id))


async def _on_duty(act: Act, actor: Principal, incident_id: UUID) -> OnDuty:
    """Whether who acts is the shift's supervisor, and how many doctors on duty reach the incident."""
    present = await list_on_duty(act.session, act.clock.now(), (Role.EMERGENCY_DOCTOR, Role.SUPERVISOR))
    clinicians = 0
    for organisation in sorted({one.organisation for one in present if one.role is Role.EMERGENCY_DOCTOR}):
        reach = reach_of_role(Role.EMERGENCY_DOCTOR, organisation, "priorities.write")
        clinicians += reach is None or await is_reached(act.session, act.region, incident_id, reach)
    supervisor = any(one.person_id == actor.id and one.role is Role.SUPERVISOR for one in present)
    return OnDuty(supervisor=supervisor, clinicians=clinicians)
