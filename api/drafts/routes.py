"""The draft of a call: saved as it is typed, shown, thrown away, taken over by another seat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.calls.routes import CallId, Taker
from api.contract import contract
from api.drafts.schemas import (
    BODY_EXAMPLE,
    DRAFT_EXAMPLE,
    HEAD_EXAMPLE,
    DraftBody,
    DraftHeadOut,
    DraftIn,
    DraftOut,
    DraftsOut,
    TakeOverIn,
)
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.events_calls import CallViewed
from dispatch.incidents.queries_drafts import get_draft, list_drafts
from dispatch.incidents.rules_drafts import LONGEST_SEAT, dropped
from dispatch.incidents.service_drafts import discard_draft, save_draft, take_over_draft
from dispatch.incidents.service_views import note_view
from dispatch.incidents.tables_drafts import CallDraft
from dispatch.kernel.errors import Conflict

router = APIRouter(tags=["drafts"])
_draft, _take_over = Body(DraftIn), Body(TakeOverIn)


@router.get(
    "/drafts",
    summary="Who is typing for which call",
    description="Without what is typed. `dropped` ones wait for another seat.",
    **contract(DraftsOut, example={"drafts": [HEAD_EXAMPLE]}),
)
async def listed(door: DoorkeeperDep, _actor: Annotated[Principal, requires("calls.read")]) -> Response:
    """List drafts."""
    async with door.parts.database.read() as session:
        rows = await list_drafts(session, door.parts.settings.region)
        names = await names_of_actors(session, [row.holder for row in rows])
    return answer(DraftsOut([_head(door, row, names) for row in rows]))


@router.get(
    "/calls/{call_id}/draft",
    summary="What was typed for a call",
    description="Whoever does not hold it leaves a line in the journal that they looked.",
    **contract(DraftOut, example=DRAFT_EXAMPLE, problems=[404]),
)
async def shown(door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Show a draft."""
    async with acting(door, actor) as act:
        row = await get_draft(act.session, act.region, call_id)
        if row.holder != act.actor:
            await note_view(act, CallViewed(call_id=call_id))
    return answer(await _told(door, call_id))


@router.put(
    "/calls/{call_id}/draft",
    summary="Save what was typed",
    description="As a whole, as often as something changes, and every five seconds to say that the seat is there. 409 "
    "`draft.held`: `current` tells who has it; `draft.over`: the call has its outcome, go on with the incident.",
    **contract(
        DraftOut,
        body=DraftIn,
        example=DRAFT_EXAMPLE,
        body_examples={"begun": {"seat": "01", "version": 0, "body": BODY_EXAMPLE}},
        problems=[404, 409],
    ),
)
async def saved(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Save a draft."""
    asked = await _draft.of(request)
    body = msgspec.to_builtins(asked.body)
    try:
        async with acting(door, actor) as act:
            await save_draft(act, call_id, asked.seat, body, expected_version=asked.version)
    except Conflict as refusal:
        raise await _named(door, refusal) from None
    return answer(await _told(door, call_id))


@router.delete(
    "/calls/{call_id}/draft",
    summary="Throw away what was typed",
    description="By the seat that holds it, or once that seat has dropped. Opening the incident, linking the call or "
    "giving it an outcome does it too.",
    **contract(status=204, problems=[404, 409], told="It is gone."),
)
async def discarded(
    door: DoorkeeperDep,
    actor: Taker,
    call_id: CallId,
    seat: Annotated[str, Query(description="The seat's name.", min_length=1, max_length=LONGEST_SEAT)],
) -> Response:
    """Discard a draft."""
    try:
        async with acting(door, actor) as act:
            await discard_draft(act, call_id, seat)
    except Conflict as refusal:
        raise await _named(door, refusal) from None
    return Response(status_code=204)


@router.post(
    "/calls/{call_id}/draft/take-over",
    summary="Go on with another seat's draft",
    description="Once that seat was not heard of for 15 s; `anyway` also before. One's own follows to another seat.",
    **contract(
        DraftOut,
        body=TakeOverIn,
        example=DRAFT_EXAMPLE,
        body_examples={"a seat that dropped": {"seat": "02"}},
        problems=[404, 409],
    ),
)
async def taken_over(request: Request, door: DoorkeeperDep, actor: Taker, call_id: CallId) -> Response:
    """Take over a draft."""
    asked = await _take_over.of(request)
    try:
        async with acting(door, actor) as act:
            await take_over_draft(act, call_id, asked.seat, anyway=asked.anyway)
    except Conflict as refusal:
        raise await _named(door, refusal) from None
    return answer(await _told(door, call_id))


async def _told(door: Doorkeeper, call_id: UUID) -> DraftOut:
    async with door.parts.database.read() as session:
        row = await get_draft(session, door.parts.settings.region, call_id)
        names = await names_of_actors(session, [row.holder])
    return DraftOut(_head(door, row, names), msgspec.convert(row.body, DraftBody))


def _head(door: Doorkeeper, row: CallDraft, names: Mapping[str, str]) -> DraftHeadOut:
    return DraftHeadOut(
        call_id=row.call_id,
        version=row.version,
        holder=row.holder,
        holder_name=names.get(row.holder),
        seat=row.seat,
        started_at=row.started_at,
        saved_at=row.saved_at,
        heard_at=row.heard_at,
        dropped=dropped(row.heard_at, door.parts.clock.now()),
    )


async def _named(door: Doorkeeper, refusal: Conflict) -> Conflict:
    """The same refusal with the name of who has it."""
    holder = (refusal.current or {}).get("holder")
    if isinstance(holder, str):
        async with door.parts.database.read() as session:
            names = await names_of_actors(session, [holder])
        refusal.current = {**(refusal.current or {}), "holder_name": names.get(holder)}
    return refusal
