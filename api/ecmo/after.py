"""A transfer once it is over, over HTTP: its course and times, what became of the patient, its report."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.ecmo.access import ASSESS, COORDINATE, READ, REQUEST, must_see
from api.ecmo.mission_access import Hand, MissionId, must_act
from api.ecmo.schemas_after import AFTER, AfterOut, EcmoOutcomeIn
from api.ecmo.telling_after import after_out
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.queries_requests import concerned_by as sides_of
from dispatch.ecmo.queries_requests import get_request
from dispatch.ecmo.service_after import enter_outcome
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.kernel.db import Session

router = APIRouter(prefix="/ecmo", tags=["ecmo"])
Reader = Annotated[Principal, requires(READ)]
_outcome = Body(EcmoOutcomeIn)


@router.get(
    "/requests/{request_id}/after",
    summary="A transfer as it was",
    description="Its course from the request on, the times between its marks beside their targets, team and kit that "
    "it had, and what became of the patient.",
    **contract(AfterOut, example=AFTER, problems=[404]),
)
async def told(
    door: DoorkeeperDep, actor: Reader, request_id: Annotated[UUID, Path(description="The request.")]
) -> Response:
    """Tell a transfer."""
    async with door.parts.database.read() as session:
        row = await must_see(session, door.parts.settings.region, actor, request_id)
        return answer(await _told(session, actor, row, door))


@router.post(
    "/missions/{mission_id}/outcomes",
    summary="Enter what became of the patient",
    description="At 24 hours and at discharge, by name. A further entry of the same moment corrects the one before, "
    "which stays.",
    **contract(
        AfterOut, body=EcmoOutcomeIn, example=AFTER, status=201, problems=[404, 409],
        body_examples={"alive, weaned": {"moment": "h24", "outcome": "off_circuit"}},
    ),
)  # fmt: skip
async def entered(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Enter an outcome."""
    body = await _outcome.of(request)
    async with acting(door, actor) as act:
        mission = await get_mission(act.session, act.region, mission_id)
        must_act(actor, await concerned_by(act.session, mission))
        await enter_outcome(act, mission_id, body.moment, body.outcome, body.at)
    async with door.parts.database.read() as session:
        row = await get_request(session, door.parts.settings.region, mission.request_id)
        return answer(await _told(session, actor, row, door), status=201)


async def _told(session: Session, actor: Principal, row: EcmoRequest, door: Doorkeeper) -> AfterOut:
    sides = await sides_of(session, row.id)
    acts = any(may(actor, one, side) for one in (COORDINATE, ASSESS, REQUEST) for side in sides)
    return await after_out(session, row, door.parts.clock.now(), may_act=acts)
