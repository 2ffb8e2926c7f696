"""Orders: sending and diverting units, taking orders back, calling units off, explaining a choice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import IdempotencyKey, acting
from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep
from api.dispatching.access import AssignmentId, Dispatcher, IncidentId
from api.dispatching.board import AssignmentRow
from api.dispatching.choosing import choosing_of, party_of
from api.dispatching.examples import ASSIGNMENT_ROW
from api.dispatching.schemas import CallOffIn, ExplainIn, OrderIn
from api.dispatching.telling import row_now
from api.figures import figures_of
from api.fleet.reporting import source_of
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.service_assignment import Order, assign, divert, explain_override
from dispatch.dispatching.service_calling_off import cancel, stand_down, undo
from dispatch.dispatching.service_recommendation import arrives_s
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.service import Act

router = APIRouter(tags=["assignments"])

_order = Body(OrderIn)
_call_off = Body(CallOffIn)
_explain = Body(ExplainIn)


@router.post(
    "/incidents/{incident_id}/assignments",
    summary="Send a unit",
    description=(
        "T3. A unit has one incident at a time: who comes second gets 409 with who has it (`current`). Another than "
        "the recommended first owes a reason, which may follow. With `divert` a unit is taken from a less urgent "
        "incident, which then waits at the head of its priority; never with a patient on board, at a scene or within "
        "three minutes of one. A unit that its organisation does not lend needs the reason `agreed_with_owner`."
    ),
    **contract(
        AssignmentRow,
        body=OrderIn,
        status=201,
        example=ASSIGNMENT_ROW,
        problems=[404, 409],
        body_examples={
            "the first choice": {
                "unit_id": "0198c0de-0000-7000-8000-000000000101",
                "recommendation_id": "0198c0de-0000-7000-8000-000000000402",
                "status_version": 7,
            },
            "another, with the reason": {
                "unit_id": "0198c0de-0000-7000-8000-000000000101",
                "recommendation_id": "0198c0de-0000-7000-8000-000000000402",
                "reason": "road",
            },
        },
    ),
)
async def send(
    request: Request,
    live: LiveDep,
    door: DoorkeeperDep,
    actor: Dispatcher,
    incident_id: IncidentId,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Send a unit."""
    asked = await _order.of(request)
    order = Order(
        unit_id=asked.unit_id,
        recommendation_id=asked.recommendation_id,
        reason=asked.reason,
        words=asked.words,
        status_version=asked.status_version,
        at=asked.at,
        source=source_of(asked.source, dispatcher=True),
    )
    figures = figures_of(door.parts.settings)
    try:
        async with acting(door, actor) as act:
            requester = await party_of(act.session, actor)
            if asked.divert:
                served = await live.ask()
                left_s = await arrives_s(act, served.engine, order.unit_id, choosing=choosing_of(served, figures))
                made = await divert(
                    act, incident_id, order, arrives_s=left_s, requester=requester, key=idempotency_key, figures=figures
                )
            else:
                made = await assign(act, incident_id, order, requester=requester, key=idempotency_key)
            told = answer(await row_now(act, made.id, figures), status=201)
    except UnitTaken as taken:
        raise await _with_name(door, taken) from None
    told.headers["Location"] = f"/api/assignments/{made.id}"
    return told


@router.post(
    "/assignments/{assignment_id}/undo",
    summary="Take an order back",
    description="A slip of the hand, within seconds and before the crew is on its way. T3 stays in the record.",
    **contract(AssignmentRow, example=ASSIGNMENT_ROW, problems=[404, 409]),
)
async def take_back(door: DoorkeeperDep, actor: Dispatcher, assignment_id: AssignmentId) -> Response:
    """Undo an order."""
    figures = figures_of(door.parts.settings)
    return await _done(door, actor, lambda act: undo(act, assignment_id, figures=figures))


@router.post(
    "/assignments/{assignment_id}/cancel",
    summary="Call a unit off that is not needed",
    description="The unit is free again. An incident without a unit waits again.",
    **contract(
        AssignmentRow,
        body=CallOffIn,
        example=ASSIGNMENT_ROW,
        problems=[404, 409],
        body_examples={"as seen": {"version": 1}},
    ),
)
async def call_off(request: Request, door: DoorkeeperDep, actor: Dispatcher, assignment_id: AssignmentId) -> Response:
    """Cancel an assignment."""
    asked = await _call_off.of(request)
    return await _done(door, actor, lambda act: cancel(act, assignment_id, expected_version=asked.version))


@router.post(
    "/assignments/{assignment_id}/stand-down",
    summary="Call a unit off that is still needed",
    description="Its incident waits at once at the head of its priority, with its first T0 and an alarm.",
    **contract(
        AssignmentRow,
        body=CallOffIn,
        example=ASSIGNMENT_ROW,
        problems=[404, 409],
        body_examples={"as seen": {"version": 1}},
    ),
)
async def down(request: Request, door: DoorkeeperDep, actor: Dispatcher, assignment_id: AssignmentId) -> Response:
    """Stand a unit down."""
    asked = await _call_off.of(request)
    return await _done(door, actor, lambda act: stand_down(act, assignment_id, expected_version=asked.version))


@router.post(
    "/assignments/{assignment_id}/explain",
    summary="Say why another unit was sent",
    description="The reason that an overridden first choice owes; it can be given anew. Words become a note.",
    **contract(
        AssignmentRow,
        body=ExplainIn,
        example=ASSIGNMENT_ROW,
        problems=[404, 409],
        body_examples={"a reason": {"reason": "road"}},
    ),
)
async def explain(request: Request, door: DoorkeeperDep, actor: Dispatcher, assignment_id: AssignmentId) -> Response:
    """Explain a choice."""
    asked = await _explain.of(request)
    return await _done(door, actor, lambda act: explain_override(act, assignment_id, asked.reason, asked.words))


async def _done(door: Doorkeeper, actor: Principal, step: Callable[[Act], Awaitable[Assignment]]) -> Response:
    async with acting(door, actor) as act:
        return answer(await row_now(act, (await step(act)).id, figures_of(door.parts.settings)))


async def _with_name(door: Doorkeeper, taken: UnitTaken) -> UnitTaken:
    """The same refusal, with the name of who has the unit."""
    current = taken.current or {}
    async with door.parts.database.read() as session:
        names = await names_of_actors(session, [str(current.get("actor"))])
    return UnitTaken(taken.message, current | {"actor_name": names.get(str(current.get("actor")))})
