"""Where a call leads: to an incident, to another service, and to what the same number asked before."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import IdempotencyKey, acting, told_of
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.calls.board import CALL_ROW_EXAMPLE, CallRow
from api.calls.routes import CallId
from api.calls.schemas import (
    HISTORY_EXAMPLE,
    LINK_EXAMPLE,
    TRANSFER_EXAMPLE,
    HistoryOut,
    LinkIn,
    NumberIn,
    TransferIn,
    TransferOut,
)
from api.calls.telling import rows_of, told_row, transfer_out
from api.contract import contract
from api.incidents.board import incident_row
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.queries_board import list_board_incidents
from dispatch.incidents.queries_calls import list_calls_of_number
from dispatch.incidents.rules_texts import personal_text
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_calls import Transfer, transfer_call
from dispatch.incidents.service_links import link_call, unlink_call
from dispatch.incidents.states_calls import Outcome
from dispatch.incidents.states_incidents import LinkKind
from dispatch.incidents.states_patients import PersonalKind

router = APIRouter(prefix="/calls", tags=["calls"])
_link, _transfer, _number = Body(LinkIn), Body(TransferIn), Body(NumberIn)
Taker = Annotated[Principal, requires("calls.take")]
_POLICE: Final = {"kind": "joined", "agency": "110", "their_reference": "110-0042"}


@router.post(
    "/{call_id}/link",
    summary="Say that a call is about an incident",
    description="The incident's T0 becomes the earliest of its calls'. A caller who cancels cancels nothing: a "
    "dispatcher does.",
    **contract(
        CallRow,
        body=LinkIn,
        example=CALL_ROW_EXAMPLE,
        body_examples={"where is the ambulance": LINK_EXAMPLE},
        problems=[404, 409],
    ),
)
async def linked(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Link a call."""
    asked = await _link.of(request)
    async with acting(door, actor) as act:
        await link_call(act, call_id, asked.incident_id, LinkKind(asked.kind))
    return answer(await told_row(door, call_id))


@router.delete(
    "/{call_id}/link",
    summary="Undo a link",
    description="The call has no outcome again; an incident left without calls keeps its T0.",
    **contract(CallRow, example=CALL_ROW_EXAMPLE, problems=[404, 409]),
)
async def unlinked(door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Unlink a call."""
    async with acting(door, actor) as act:
        await unlink_call(act, call_id)
    return answer(await told_row(door, call_id))


@router.post(
    "/{call_id}/transfers",
    summary="Record that a call was passed on, or another service joined",
    description="110 police, 119 fire and rescue, 122 traffic police, or another prefecture's 120, with their number "
    "of the case. A call of an incident keeps its outcome.",
    **contract(
        TransferOut,
        body=TransferIn,
        status=201,
        example=TRANSFER_EXAMPLE,
        body_examples={"police joined": _POLICE},
        problems=[404, 409],
    ),
)
async def transferred(
    request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId, idempotency_key: IdempotencyKey = None
) -> Response:
    """Record a transfer."""
    asked = await _transfer.of(request)
    given = Transfer(
        Outcome(asked.kind),
        asked.agency,
        asked.prefecture,
        asked.their_reference,
        told_of(asked, actor) or Told(),
    )
    async with acting(door, actor) as act:
        row = await transfer_call(act, call_id, given, key=idempotency_key)
        told = transfer_out(row)
    return answer(told, status=201)


@router.post(
    "/history",
    summary="Earlier calls from a number",
    description="The newest 50, and the incidents that they belong to. Numbers that were erased are not found.",
    **contract(
        HistoryOut, body=NumberIn, example=HISTORY_EXAMPLE, body_examples={"a number": {"phone": "13812341234"}}
    ),
)
async def history(request: Request, door: DoorkeeperDep, _actor: Taker) -> Response:
    """Look up a number."""
    phone = personal_text(PersonalKind.PHONE, (await _number.of(request)).phone)
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        ids = await list_calls_of_number(session, region, door.digester.digest(PersonalKind.PHONE, phone))
        calls = await rows_of(session, region, ids)
        incidents = await list_board_incidents(session, region, {one.incident_id for one in calls if one.incident_id})
    return answer(HistoryOut(calls, [incident_row(one) for one in incidents]))
