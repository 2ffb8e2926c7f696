"""Calls: the board, one call, and what is done with it."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import IdempotencyKey, acting, told_of
from api.auth import DoorkeeperDep, must_may_anywhere, requires
from api.bodies import Body, answer
from api.calls.board import CALL_ROW_EXAMPLE, CallRow, call_row
from api.calls.schemas import (
    CALL_EXAMPLE,
    CALLS_EXAMPLE,
    EVENT_EXAMPLE,
    CallChangesIn,
    CallEventIn,
    CallIn,
    CallOut,
    CallOutcomeIn,
    CallsOut,
    MomentIn,
)
from api.calls.telling import told_call, told_row
from api.contract import contract
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.events_calls import CallViewed
from dispatch.incidents.queries_board import MOST_ON_BOARD, list_board_calls
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_calls import NewCall, answer_call, decide_outcome, describe_call, end_call, open_call
from dispatch.incidents.service_exchange import ExchangeReport, record_exchange_event
from dispatch.incidents.service_views import note_view

router = APIRouter(prefix="/calls", tags=["calls"])
CallId = Annotated[UUID, Path(description="The call's id.")]
Reader = Annotated[Principal, requires("calls.read")]
Taker = Annotated[Principal, requires("calls.take")]
_event, _new, _changes, _moment, _outcome = (
    Body(CallEventIn),
    Body(CallIn),
    Body(CallChangesIn),
    Body(MomentIn),
    Body(CallOutcomeIn),
)
NOW: Final = {"now": {}, "told over the radio": {"at": "2026-11-22T12:00:00+08:00", "source": "voice"}}


@router.post(
    "/events",
    summary="What the telephone exchange reports",
    description="Once per event, in any order, late or twice: a call is what all its events add up to in the order of "
    "their own times. The same `event_id` with the same content changes nothing. For devices of kind `exchange`.",
    **contract(
        CallRow,
        body=CallEventIn,
        example=CALL_ROW_EXAMPLE,
        body_examples={"a ringing": EVENT_EXAMPLE},
        problems=[404, 409],
        told="The call as it stands with it, its number masked.",
    ),
)
async def report(
    request: Request, door: DoorkeeperDep, actor: Annotated[Principal, requires("calls.report")]
) -> Response:
    """Take in an event."""
    told = await _event.of(request)
    place = told.position
    position = None if place is None else PlaceGiven(place.lat, place.lon, place.datum, accuracy_m=place.accuracy_m)
    async with acting(door, actor) as act:
        call = await record_exchange_event(
            act,
            ExchangeReport(
                told.event_id, told.call_ref, told.signal, told.at, told.phone, told.language, told.recording, position
            ),
        )
    return answer(await told_row(door, call.id))


@router.get(
    "",
    summary="The board of calls",
    description="Under way, without an outcome, or to be called back. With `from` and `until`: all of that span of T0.",
    **contract(CallsOut, example=CALLS_EXAMPLE),
)
async def listed(door: DoorkeeperDep, _actor: Reader, span: SpanQuery) -> Response:
    """List calls."""
    async with door.parts.database.read() as session:
        found = await list_board_calls(session, door.parts.settings.region, span=span)
    return answer(CallsOut([call_row(one) for one in found], len(found) == MOST_ON_BOARD))


@router.post(
    "",
    summary="Record a call taken without telephony",
    description="`at` is the moment that intake opened: T0, and T1 unless `answered_at` tells it apart, as from paper. "
    "Reports count it as not measured.",
    **contract(
        CallRow,
        body=CallIn,
        status=201,
        example=CALL_ROW_EXAMPLE,
        body_examples={
            "a call": {"phone": "13812341234", "language": "zh"},
            "from paper": {
                "at": "2026-11-22T04:10:00Z",
                "answered_at": "2026-11-22T04:10:09Z",
                "source": "paper",
            },
            "nothing known yet": {},
        },
        problems=[409],
    ),
)
async def opened(
    request: Request, door: DoorkeeperDep, actor: Taker, idempotency_key: IdempotencyKey = None
) -> Response:
    """Open a call."""
    asked = await _new.of(request)
    told_at = told_of(asked, actor) or Told()
    new = NewCall(asked.phone, asked.caller, asked.language, asked.recording, told_at, asked.answered_at)
    async with acting(door, actor) as act:
        call = await open_call(act, new, key=idempotency_key)
    told = answer(await told_row(door, call.id), status=201)
    told.headers["Location"] = f"/api/calls/{call.id}"
    return told


@router.get(
    "/{call_id}",
    summary="One call",
    description="With all that was reported of it. Number and name are masked; `whole` takes `calls.take`, and leaves "
    "a line in the journal.",
    **contract(CallOut, example=CALL_EXAMPLE, problems=[404]),
)
async def shown(
    door: DoorkeeperDep,
    actor: Reader,
    call_id: CallId,
    whole: Annotated[bool, Query(description="Number, name and recording in whole.")] = False,
) -> Response:
    """Show a call."""
    if whole:
        must_may_anywhere(actor, "calls.take")
    async with acting(door, actor) as act:
        call = await get_call(act.session, act.region, call_id)
        told = await told_call(act.session, call, whole=whole)
        if whole:
            await note_view(act, CallViewed(call_id=call_id))
    return answer(told)


@router.patch(
    "/{call_id}",
    summary="Add or correct what is known of a caller",
    description="What is empty stays. Earlier values are kept in the history.",
    **contract(
        CallRow,
        body=CallChangesIn,
        example=CALL_ROW_EXAMPLE,
        body_examples={"a name": {"caller": "王芳（示例）", "version": 3}},
        problems=[404, 409],
    ),
)
async def described(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Describe a caller."""
    asked = await _changes.of(request)
    async with acting(door, actor) as act:
        await describe_call(
            act,
            call_id,
            phone=asked.phone,
            caller=asked.caller,
            language=asked.language,
            expected_version=asked.version,
            told=told_of(asked, actor),
        )
    return answer(await told_row(door, call_id))


@router.post(
    "/{call_id}/answer",
    summary="Take a ringing call",
    description="On the screen. Where the exchange reports the answering too, its time goes before this one.",
    **contract(CallRow, body=MomentIn, example=CALL_ROW_EXAMPLE, body_examples=NOW, problems=[404, 409]),
)
async def answered(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Answer a call."""
    asked = await _moment.of(request)
    async with acting(door, actor) as act:
        await answer_call(act, call_id, told_of(asked, actor))
    return answer(await told_row(door, call_id))


@router.post(
    "/{call_id}/end",
    summary="End a call taken without telephony",
    description="Calls of the exchange end when the exchange says so.",
    **contract(CallRow, body=MomentIn, example=CALL_ROW_EXAMPLE, body_examples=NOW, problems=[404, 409]),
)
async def ended(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """End a call."""
    asked = await _moment.of(request)
    async with acting(door, actor) as act:
        await end_call(act, call_id, told_of(asked, actor))
    return answer(await told_row(door, call_id))


@router.post(
    "/{call_id}/outcome",
    summary="Say what came of a call that belongs to no incident",
    description="A silent call, or one cut off, goes on the call-back list, due at once.",
    **contract(
        CallRow,
        body=CallOutcomeIn,
        example=CALL_ROW_EXAMPLE,
        body_examples={"silent": {"outcome": "silent"}},
        problems=[404, 409],
    ),
)
async def decided(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Decide an outcome."""
    asked = await _outcome.of(request)
    async with acting(door, actor) as act:
        await decide_outcome(act, call_id, asked.outcome)
    return answer(await told_row(door, call_id))
