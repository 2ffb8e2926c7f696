"""Those who are to be called back: silent calls, calls cut off, callers who hung up before an answer."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting, told_of
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.calls.board import CALL_ID
from api.calls.schemas import AttemptIn, CallBackOut, CallBacksOut, MomentIn
from api.calls.telling import told_call_backs
from api.contract import contract
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.queries_calls import list_call_backs
from dispatch.incidents.service_callbacks import give_up_call_back, record_attempt

router = APIRouter(prefix="/call-backs", tags=["calls"])
_attempt, _nothing = Body(AttemptIn), Body(MomentIn)
CallBackId = Annotated[UUID, Path(description="The entry's id; not the call's.")]
Taker = Annotated[Principal, requires("calls.take")]
_EXAMPLE: Final = {
    "id": "0198c0de-0000-7000-8000-000000000301",
    "call_id": CALL_ID,
    "reason": "silent",
    "state": "waiting",
    "opened_at": "2026-11-22T04:00:40Z",
    "due_at": "2026-11-22T04:02:10Z",
    "attempts": 1,
    "last_attempt_at": "2026-11-22T04:01:10Z",
    "closed_at": None,
    "enough": False,
    "phone": "138****1234",
    "language": "",
    "t0": "2026-11-22T04:00:00Z",
}


@router.get(
    "",
    summary="Who is to be called back",
    description="The longest due first. An entry stays until somebody is reached, a person gives up, or the call finds "
    "its incident.",
    **contract(CallBacksOut, example={"call_backs": [_EXAMPLE]}),
)
async def listed(door: DoorkeeperDep, _actor: Annotated[Principal, requires("calls.read")]) -> Response:
    """List call-backs."""
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        told = await told_call_backs(session, region, await list_call_backs(session, region))
    return answer(CallBacksOut(told))


@router.post(
    "/{call_back_id}/attempts",
    summary="Note an attempt to call back",
    description="Who was reached is on the list no more; otherwise it is due again: after 1, 3, then every 10 minutes.",
    **contract(
        CallBackOut,
        body=AttemptIn,
        example=_EXAMPLE,
        body_examples={"nobody there": {"met": "no_answer"}},
        problems=[404, 409],
    ),
)
async def attempted(request: Request, door: DoorkeeperDep, actor: Taker, call_back_id: CallBackId) -> Response:
    """Note an attempt."""
    asked = await _attempt.of(request)
    async with acting(door, actor) as act:
        row = await record_attempt(act, call_back_id, asked.met, told_of(asked, actor))
        (told,) = await told_call_backs(act.session, act.region, [row])
    return answer(told)


@router.post(
    "/{call_back_id}/give-up",
    summary="Take somebody off the list whom nobody reached",
    description="A person decides it, however many attempts there were.",
    **contract(CallBackOut, body=MomentIn, example=_EXAMPLE, body_examples={"give up": {}}, problems=[404, 409]),
)
async def given_up(request: Request, door: DoorkeeperDep, actor: Taker, call_back_id: CallBackId) -> Response:
    """Give up."""
    await _nothing.of(request)
    async with acting(door, actor) as act:
        row = await give_up_call_back(act, call_back_id)
        (told,) = await told_call_backs(act.session, act.region, [row])
    return answer(told)
