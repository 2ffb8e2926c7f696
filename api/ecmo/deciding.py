"""What ECMO centres answer, and which answer is bound."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, must_may, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep
from api.ecmo.access import ASSESS, COORDINATE, READ, REQUEST, must_ask, must_see
from api.ecmo.examples import CASE
from api.ecmo.requests import RequestId, told_case
from api.ecmo.schemas_case import CaseOut
from api.ecmo.schemas_requests import CENTRE_ID, OFFER_ID, BindIn, ConditionTickIn, DecideIn, SeenIn
from dispatch.accounts.rules_permissions import Principal
from dispatch.ecmo.queries_requests import find_condition, get_offer
from dispatch.ecmo.rules_requests import Decided
from dispatch.ecmo.service_binding import bind_offer
from dispatch.ecmo.service_deciding import decide, see_case, tick_condition
from dispatch.hospitals.queries import get_hospital

router = APIRouter(tags=["ecmo"])
Physician = Annotated[Principal, requires(ASSESS)]
Reader = Annotated[Principal, requires(READ)]
Binder = Annotated[Principal, requires(REQUEST, COORDINATE)]
_seen, _decided, _ticked, _bound = Body(SeenIn), Body(DecideIn), Body(ConditionTickIn), Body(BindIn)


@router.post(
    "/ecmo/requests/{request_id}/seen",
    summary="Have a case open, for a centre",
    description="By name: from then on nobody else of the centre is called. Who was first counts.",
    **contract(CaseOut, body=SeenIn, example=CASE, problems=[404], body_examples={"mine": {"hospital_id": CENTRE_ID}}),
)
async def seen(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: Physician, request_id: RequestId
) -> Response:
    """Open a case."""
    asked = await _seen.of(request)
    async with acting(door, actor) as act:
        row = await must_see(act.session, act.region, actor, request_id)
        must_may(actor, ASSESS, (await get_hospital(act.session, act.region, asked.hospital_id)).organisation)
        await see_case(act, request_id, asked.hospital_id)
        told = await told_case(act, live, actor, row)
    return answer(told)


@router.post(
    "/ecmo/requests/{request_id}/decisions",
    summary="Decide a request for a centre",
    description="Accept, accept with conditions, advise, or decline with a reason; by name and time. The centre's "
    "newest decision counts until one is bound; a late one counts too. `version` is the offer's: of two who decide at "
    "the same moment the second is refused with 409 `ecmo_offer.outdated`, and `current` tells what was decided.",
    **contract(
        CaseOut, body=DecideIn, status=201, example=CASE, problems=[404, 409],
        body_examples={
            "accept": {
                "hospital_id": CENTRE_ID, "version": 2, "decision": "accept", "cannulation_at": "2026-11-27T13:20:00Z"
            },
            "with conditions": {
                "hospital_id": CENTRE_ID, "version": 2, "decision": "conditional",
                "cannulation_at": "2026-11-27T13:20:00Z", "conditions": ["示例:头颅 CT 无出血"],
            },
            "advise": {
                "hospital_id": CENTRE_ID, "version": 2, "decision": "advise", "words": "示例:先俯卧,两小时后再评"
            },
            "decline": {"hospital_id": CENTRE_ID, "version": 2, "decision": "decline", "reason": "no_console"},
        },
    ),
)  # fmt: skip
async def decided(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: Physician, request_id: RequestId
) -> Response:
    """Decide."""
    asked = await _decided.of(request)
    made = Decided(asked.decision, asked.cannulation_at, asked.reason, asked.words, tuple(asked.conditions))
    async with acting(door, actor) as act:
        row = await must_see(act.session, act.region, actor, request_id)
        must_may(actor, ASSESS, (await get_hospital(act.session, act.region, asked.hospital_id)).organisation)
        await decide(act, request_id, asked.hospital_id, made, version=asked.version)
        told = await told_case(act, live, actor, row)
    return answer(told, status=201)


@router.post(
    "/ecmo/conditions/{condition_id}",
    summary="Tick a condition of an acceptance, or take the tick back",
    description="By name and time. Every side of the case may; the acceptance binds when all are ticked.",
    **contract(
        CaseOut, body=ConditionTickIn, example=CASE, problems=[404, 409], body_examples={"met": {"ticked": True}}
    ),
)
async def ticked(
    request: Request,
    door: DoorkeeperDep,
    live: LiveDep,
    actor: Reader,
    condition_id: Annotated[UUID, Path(description="The condition's id.")],
) -> Response:
    """Tick a condition."""
    asked = await _ticked.of(request)
    async with acting(door, actor) as act:
        _, decision = await find_condition(act.session, condition_id)
        offer = await get_offer(act.session, decision.offer_id)
        row = await must_see(act.session, act.region, actor, offer.request_id)
        await tick_condition(act, condition_id, ticked=asked.ticked)
        told = await told_case(act, live, actor, row)
    return answer(told)


@router.post(
    "/ecmo/requests/{request_id}/bind",
    summary="Bind an acceptance",
    description="By name: by whoever asked, or the coordinator. The other centres are released and told, advice stays, "
    "and the mission begins. 409 `ecmo_request.bound`: another one was bound first; `ecmo_offer.conditions`: a "
    "condition is not ticked yet.",
    **contract(
        CaseOut, body=BindIn, status=201, example=CASE, problems=[404, 409],
        body_examples={"this one": {"offer_id": OFFER_ID, "version": 3}},
    ),
)  # fmt: skip
async def bound(request: Request, door: DoorkeeperDep, live: LiveDep, actor: Binder, request_id: RequestId) -> Response:
    """Bind."""
    asked = await _bound.of(request)
    async with acting(door, actor) as act:
        row = await must_ask(act.session, act.region, actor, request_id, COORDINATE)
        await bind_offer(act, request_id, asked.offer_id, version=asked.version)
        told = await told_case(act, live, actor, row)
    return answer(told, status=201)
