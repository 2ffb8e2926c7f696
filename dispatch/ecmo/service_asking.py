"""A request put before centres, joined, withdrawn, closed. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from dispatch.ecmo.events_requests import RequestAsked, RequestClosed, RequestJoined, RequestWithdrawn
from dispatch.ecmo.queries_requests import concerned_by, get_request, list_empty_drafts, list_offers
from dispatch.ecmo.rules_requests import MOST_CENTRES, check_askable, legal_day, spoken_number
from dispatch.ecmo.service_alerting import ask_in_turn, end_alerts, settle
from dispatch.ecmo.service_requests import bound, flush, must_be_open, refuse_twin, request_state
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_offers import BINDABLE, PENDING, OfferState, advance_offer
from dispatch.ecmo.states_requests import OPEN, RequestState, WithdrawalReason, advance_request
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoCounter, EcmoRequest
from dispatch.hospitals.queries import list_ecmo_centres
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, Invalid

EMPTY_FOR: Final = timedelta(hours=12)
"""As long as drafts of calls are kept; our own rule."""
OPEN_OFFERS: Final = PENDING | BINDABLE | {OfferState.UNANSWERED}


async def ask_centres(
    act: Act, request_id: UUID, hospital_ids: Sequence[UUID], *, at_once: bool, version: int | None = None
) -> EcmoRequest:
    """Put a request before centres, in this order or at once; further ones at any time until one is bound.

    Raises:
        NotFound: `ecmo_request.not_found`. Outdated: `ecmo_request.outdated`. Refused: `ecmo_request.unready`.
        Invalid: `ecmo_request.centre`. Conflict: `ecmo_request.transition`, `ecmo_request.duplicate`.
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        check_version("ecmo_request", version, row.version, request_state(row))
        must_be_open(row)
        if row.state == RequestState.BOUND:
            raise bound(row)
        place = row.hospital_id is not None or row.lat is not None or row.incident_id is not None
        check_askable(mode=row.mode, has_place=place)
        await refuse_twin(act, row, live=True)
        await _offer(act, row, hospital_ids)
        row.at_once = at_once
        if row.number is None:
            row.number, row.asked_at, row.asked_by = await _next_number(act), act.clock.now(), act.actor
        if row.state == RequestState.DRAFT:
            row.state = advance_request(RequestState.DRAFT, RequestState.ASKED)
        row.version += 1
        await flush(act)
        act.tell(
            RequestAsked(
                request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                mode=Mode(str(row.mode)), hospital_ids=tuple(hospital_ids), at_once=at_once,
            )
        )  # fmt: skip
        await ask_in_turn(act, row)
        await settle(act, row)
        return row


async def withdraw_request(act: Act, request_id: UUID, reason: WithdrawalReason, words: str = "") -> EcmoRequest:
    """Ask nothing any more. Raises NotFound, Conflict (`ecmo_request.transition`: over, or a mission is under way)."""
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        row.state = advance_request(RequestState(row.state), RequestState.WITHDRAWN)
        row.withdrawal = reason
        await _end(act, row)
        if words.strip():
            await keep_value(act, Owner.ECMO, row.id, PersonalKind.REASON, words, act.moment())
        concerned = await concerned_by(act.session, row.id)
        act.tell(RequestWithdrawn(request_id=row.id, region=row.region, concerned=concerned, reason=reason))
        return row


async def sweep_drafts(act: Act) -> int:
    """Withdraw drafts in which nothing was typed for half a day; return how many. What was typed stays."""
    empty = await list_empty_drafts(act.session, act.region, act.clock.now() - EMPTY_FOR)
    for request_id in empty:
        await withdraw_request(act, request_id, WithdrawalReason.MISTAKE)
    return len(empty)


async def close_request(act: Act, request_id: UUID) -> EcmoRequest:
    """Close a request that no centre takes: advice was followed, or the patient is treated otherwise.

    Raises NotFound, Conflict (`ecmo_request.transition`, `ecmo_request.bound`: its mission ends it).
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        if row.state == RequestState.BOUND:
            raise bound(row)
        row.state = advance_request(RequestState(row.state), RequestState.CLOSED)
        await _end(act, row)
        concerned = await concerned_by(act.session, row.id)
        act.tell(RequestClosed(request_id=row.id, region=row.region, concerned=concerned))
        return row


async def join_request(act: Act, request_id: UUID, into_id: UUID) -> EcmoRequest:
    """Say that a request is for the same patient as another, which goes on for both. Its values are shown there.

    Raises NotFound, Invalid (`ecmo_request.itself`), Conflict (`ecmo_request.transition`: this one is accepted, bound
    or over; `ecmo_request.not_live`: the other is over).
    """
    if request_id == into_id:
        raise Invalid("ecmo_request.itself", "A request cannot be joined into itself.")
    async with act.together():
        rows = {
            one: await get_request(act.session, act.region, one, lock=True) for one in sorted((request_id, into_id))
        }
        row, into = rows[request_id], rows[into_id]
        if into.state not in OPEN:
            raise Conflict("ecmo_request.not_live", "The other request is over.", current=request_state(into))
        row.state = advance_request(RequestState(row.state), RequestState.JOINED)
        row.joined_into = into.id
        await _end(act, row)
        into.version += 1
        await act.session.flush()
        concerned = {*await concerned_by(act.session, row.id), *await concerned_by(act.session, into.id)}
        act.tell(
            RequestJoined(request_id=row.id, region=row.region, concerned=tuple(sorted(concerned)), into_id=into.id)
        )
        return into


async def _offer(act: Act, row: EcmoRequest, hospital_ids: Sequence[UUID]) -> None:
    """Put centres in line: new ones behind those that are there, released ones anew."""
    centres = {one.id for one in await list_ecmo_centres(act.session, act.region)}
    strange = [one for one in hospital_ids if one not in centres]
    if not hospital_ids or strange or len(set(hospital_ids)) != len(hospital_ids) or len(hospital_ids) > MOST_CENTRES:
        raise Invalid("ecmo_request.centre", f"Name 1 to {MOST_CENTRES} different ECMO centres.")
    present = {one.hospital_id: one for one in await list_offers(act.session, [row.id])}
    place = max((one.place for one in present.values()), default=0)
    for hospital_id in hospital_ids:
        offer = present.get(hospital_id)
        if offer is None or offer.state == OfferState.RELEASED:
            place += 1
        if offer is None:
            act.session.add(
                EcmoOffer(
                    id=act.new_id(), request_id=row.id, hospital_id=hospital_id, place=place,
                    state=OfferState.WAITING, version=1, asked_at=None, seen_at=None, seen_by=None, decided_at=None,
                    decided_by=None, cannulation_at=None, bound_at=None, bound_by=None,
                )
            )  # fmt: skip
        elif offer.state == OfferState.RELEASED:
            offer.state = advance_offer(OfferState.RELEASED, OfferState.WAITING)
            offer.place, offer.asked_at, offer.cannulation_at = place, None, None
            offer.bound_at = offer.bound_by = None
            offer.version += 1
    await act.session.flush()


async def _end(act: Act, row: EcmoRequest) -> None:
    """It is over: nobody is called any more, and no acceptance stands."""
    row.ended_at, row.ended_by = act.clock.now(), act.actor
    row.version += 1
    await release(act, row, OPEN_OFFERS)


async def release(act: Act, row: EcmoRequest, states: frozenset[OfferState]) -> None:
    """Release the offers that stand so; what was advised or declined stays as it was said."""
    offers = [one for one in await list_offers(act.session, [row.id]) if one.state in states]
    await end_alerts(act, offers)
    for one in offers:
        one.state = advance_offer(OfferState(one.state), OfferState.RELEASED)
        one.version += 1
    await act.session.flush()


async def _next_number(act: Act) -> str:
    """The next spoken number of the day; the counter's row stays locked until the transaction ends."""
    day = legal_day(act.clock.now())
    count = await act.session.scalar(
        insert(EcmoCounter)
        .values(region=act.region, day=day, last=1)
        .on_conflict_do_update(
            index_elements=[EcmoCounter.region, EcmoCounter.day], set_={"last": EcmoCounter.last + 1}
        )
        .returning(func.coalesce(EcmoCounter.last, 0))
    )
    return spoken_number(day, int(count or 0))
