"""Handover sheets: what stands on one now, signed by the one who leaves, then by the one who comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.accounts.witnessing import proved
from api.acting import IdempotencyKey, acting
from api.auth import Doorkeeper, DoorkeeperDep, must_may_everywhere, not_allowed, requires
from api.bodies import Body, answer
from api.contract import contract
from api.erasures.schemas import erased_out
from api.errors import ProblemError, problem
from api.handover.schemas import (
    HANDOVER_EXAMPLE,
    ROW_EXAMPLE,
    SHEET_EXAMPLE,
    HandoverIn,
    HandoverOut,
    HandoverRow,
    HandoversOut,
    SheetIncidentOut,
    SheetOut,
    SignatureOut,
    SignIn,
)
from api.spans import SpanQuery
from dispatch.accounts.queries import display_names
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_sessions import TooManyTries
from dispatch.handover.queries import draw_sheet, get_handover, list_handovers, list_places, read_sheet
from dispatch.handover.service import make_handover, sign_handover
from dispatch.handover.states import HandoverState, Sheet
from dispatch.handover.tables import Handover
from dispatch.incidents.queries_personal import Erased
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Session

router = APIRouter(prefix="/handovers", tags=["handovers"])
HandoverId = Annotated[UUID, Path(description="The sheet's id.")]
Reader = Annotated[Principal, requires("handovers.read")]
Signer = Annotated[Principal, requires("handovers.sign")]
_made, _signed = Body(HandoverIn), Body(SignIn)


@router.get(
    "/draft",
    summary="What stands on a handover sheet now",
    description="Open incidents, units out of service, closures in force and call-backs, all of one moment. Nothing is "
    "kept.",
    **contract(SheetOut, example=SHEET_EXAMPLE),
)
async def draft(door: DoorkeeperDep, actor: Reader) -> Response:
    """Draw a sheet."""
    must_may_everywhere(actor, "handovers.read")
    async with door.parts.database.read() as session:
        sheet = await draw_sheet(session, door.parts.settings.region, door.parts.clock.now())
        return answer(await _sheet(session, sheet))


@router.get(
    "",
    summary="Handover sheets",
    description="The newest first; with `from` and `until` those of that span.",
    **contract(HandoversOut, example={"handovers": [ROW_EXAMPLE]}),
)
async def listed(door: DoorkeeperDep, actor: Reader, span: SpanQuery) -> Response:
    """List sheets."""
    must_may_everywhere(actor, "handovers.read")
    async with door.parts.database.read() as session:
        rows = await list_handovers(session, door.parts.settings.region, span)
        names = await _names(session, rows)
    return answer(HandoversOut([_row(row, names) for row in rows]))


@router.post(
    "",
    summary="Make a handover sheet and sign it as the one who leaves",
    description="The service draws it at one moment and keeps it. The one who comes signs the same sheet within 30 "
    "minutes.",
    **contract(
        HandoverOut,
        body=HandoverIn,
        status=201,
        example=HANDOVER_EXAMPLE,
        body_examples={"with a note": {"notes": "G3012 K812 有雾"}},
        problems=[409],
    ),
)
async def made(
    request: Request, door: DoorkeeperDep, actor: Signer, idempotency_key: IdempotencyKey = None
) -> Response:
    """Make a sheet."""
    must_may_everywhere(actor, "handovers.sign")
    if actor.kind is not ActorKind.PERSON:
        raise not_allowed("handovers.sign")
    asked = await _made.of(request)
    async with door.parts.database.read() as session:
        sheet = await draw_sheet(session, door.parts.settings.region, door.parts.clock.now())
    async with acting(door, actor) as act:
        handover_id = (await make_handover(act, sheet, asked.notes, actor.id, key=idempotency_key)).id
    told = answer(await _told(door, handover_id), status=201)
    told.headers["Location"] = f"/api/handovers/{handover_id}"
    return told


@router.get(
    "/{handover_id}",
    summary="A handover sheet as it was signed",
    description="Its content is that of the moment at which it was made. Places in words are shown as everywhere.",
    **contract(HandoverOut, example=HANDOVER_EXAMPLE, problems=[404]),
)
async def shown(door: DoorkeeperDep, actor: Reader, handover_id: HandoverId) -> Response:
    """Show a sheet."""
    must_may_everywhere(actor, "handovers.read")
    return answer(await _told(door, handover_id))


@router.post(
    "/{handover_id}/sign",
    summary="Sign a handover sheet as the one who comes",
    description="From one's own seat with an empty body; or at the seat of the one who leaves, with name and password. "
    "No session is opened by that.",
    **contract(
        HandoverOut,
        body=SignIn,
        example=HANDOVER_EXAMPLE,
        body_examples={
            "from one's own seat": {},
            "at the other's seat": {"name": "wang.fang", "password": "four words nobody guesses"},
        },
        problems=[403, 404, 409, 429],
    ),
)
async def signed(request: Request, door: DoorkeeperDep, actor: Signer, handover_id: HandoverId) -> Response:
    """Sign a sheet."""
    must_may_everywhere(actor, "handovers.sign")
    asked = await _signed.of(request)
    if (asked.name is None) != (asked.password is None):
        raise ProblemError("request.invalid", "Name and password go together.")
    if asked.name is None or asked.password is None:
        async with acting(door, actor) as act:
            await sign_handover(act, handover_id, actor.id, own_seat=True)
        return answer(await _told(door, handover_id))
    try:
        coming = await proved(request, door, asked.name, asked.password)
        must_may_everywhere(coming, "handovers.sign")
    except TooManyTries as error:
        wait = {"Retry-After": str(error.retry_after_s)}
        return problem(429, error.code, error.message, request.url.path, hint=error.hint, headers=wait)
    async with acting(door, coming) as act:
        await sign_handover(act, handover_id, coming.id, own_seat=False)
    return answer(await _told(door, handover_id))


async def _told(door: Doorkeeper, handover_id: UUID) -> HandoverOut:
    async with door.parts.database.read() as session:
        row = await get_handover(session, door.parts.settings.region, handover_id)
        names = await _names(session, [row])
        erased = await erased_out(session, _erased(row))
        sheet = await _sheet(session, read_sheet(row))
        return HandoverOut(_row(row, names), sheet, row.notes, row.digest, erased[0] if erased else None)


def _erased(row: Handover) -> list[Erased]:
    if row.erased_at is None or row.erased_by is None or row.erasure_basis is None:
        return []
    return [Erased(row.erased_at, row.erased_by, ErasureBasis(row.erasure_basis))]


async def _names(session: Session, rows: Sequence[Handover]) -> Mapping[UUID, str]:
    ids = {key for row in rows for key in (row.leaving_id, row.coming_id) if key is not None}
    return await display_names(session, ids)


def _row(row: Handover, names: Mapping[UUID, str]) -> HandoverRow:
    coming = None
    if row.coming_id is not None and row.signed_at is not None:
        coming = SignatureOut(row.coming_id, names.get(row.coming_id), row.signed_at)
    leaving = SignatureOut(row.leaving_id, names.get(row.leaving_id), row.made_at)
    return HandoverRow(row.id, HandoverState(row.state), leaving, coming, row.own_seat)


async def _sheet(session: Session, sheet: Sheet) -> SheetOut:
    places = await list_places(session, sheet)
    incidents = []
    for one in sheet.incidents:
        words, over = places.get(one.id, ("", True))
        incidents.append(SheetIncidentOut(one, masked(PersonalKind.ADDRESS, words) if over else words))
    return SheetOut(sheet.at, incidents, list(sheet.units_out), list(sheet.closures), list(sheet.call_backs))
