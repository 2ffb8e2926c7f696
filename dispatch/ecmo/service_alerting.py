"""Centres are asked in their turn, their physicians called in theirs, and everybody told what it comes to.

Nothing here commits. The request is locked by whoever calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.ecmo.events_requests import (
    CallEscalated,
    CentreAsked,
    CentreUnanswered,
    PhysicianCalled,
    RequestCameTo,
)
from dispatch.ecmo.queries_alerting import list_alerts, list_on_call
from dispatch.ecmo.queries_requests import concerned_by, get_request, list_offers
from dispatch.ecmo.rules_alerting import OnCall, come_to, is_due, next_called, patience_of
from dispatch.ecmo.states_offers import OfferState, advance_offer
from dispatch.ecmo.states_requests import RequestState, advance_request
from dispatch.ecmo.tables_alerting import EcmoAlert
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.service import Act

_UNDECIDED: Final = frozenset({OfferState.ASKED, OfferState.SEEN})
_TAKEN: Final = frozenset({OfferState.ACCEPTED, OfferState.CONDITIONAL, OfferState.BOUND})


async def ask_in_turn(act: Act, row: EcmoRequest) -> None:
    """Ask those whose turn it is: all where they are asked at once, else the next when nobody else is to answer."""
    offers = await list_offers(act.session, [row.id])
    waiting = [one for one in offers if one.state == OfferState.WAITING]
    if row.at_once:
        for one in waiting:
            await _ask(act, row, one)
    elif waiting and not any(one.state in _UNDECIDED or one.state in _TAKEN for one in offers):
        await _ask(act, row, waiting[0])


async def settle(act: Act, row: EcmoRequest) -> None:
    """Bring the request to what all answers come to, and say so."""
    offers = await list_offers(act.session, [row.id])
    state = come_to(OfferState(one.state) for one in offers)
    if state == row.state:
        return
    row.state = advance_request(RequestState(row.state), state)
    row.version += 1
    if state is not RequestState.ASKED and row.decided_at is None:
        row.decided_at = act.clock.now()
    await act.session.flush()
    if state is not RequestState.BOUND:
        concerned = await concerned_by(act.session, row.id)
        act.tell(RequestCameTo(request_id=row.id, region=row.region, concerned=concerned, state=state))


async def press(act: Act, request_id: UUID) -> bool:
    """Do what time has brought to a request: call the next physician, ask the next centre, wait no longer.

    Return whether anything was due. Raises NotFound (`ecmo_request.not_found`).
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        patience, now = patience_of(row.mode), act.clock.now()
        pressed = False
        for offer in await list_offers(act.session, [row.id]):
            if offer.state not in _UNDECIDED or offer.asked_at is None:
                continue
            if is_due(offer.asked_at, patience.answer, now):
                # Its version stays: whoever decides a second later has looked at the same case.
                offer.state = advance_offer(OfferState(offer.state), OfferState.UNANSWERED)
                await act.session.flush()
                concerned = await concerned_by(act.session, row.id)
                act.tell(
                    CentreUnanswered(
                        request_id=row.id, region=row.region, concerned=concerned, offer_id=offer.id,
                        hospital_id=offer.hospital_id,
                    )
                )  # fmt: skip
                pressed = True
            elif offer.state == OfferState.ASKED:
                pressed |= await _escalate(act, row, offer, now)
        pressed |= await _ask_next(act, row, now)
        if pressed:
            await settle(act, row)
        return pressed


async def end_alerts(act: Act, offers: Sequence[EcmoOffer], *, seen: bool = False) -> None:
    """Nobody is called any more for these offers; seen: somebody has the case open."""
    now = act.clock.now()
    for alert in await list_alerts(act.session, [one.id for one in offers]):
        if seen and alert.seen_at is None:
            alert.seen_at = max(now, alert.raised_at)
        if alert.ended_at is None:
            alert.ended_at = max(now, alert.raised_at)
    await act.session.flush()


async def _ask_next(act: Act, row: EcmoRequest, now: datetime) -> bool:
    """Ask the next centre when the ones before have said nothing for long enough, or will not take the patient."""
    offers = await list_offers(act.session, [row.id])
    waiting = [one for one in offers if one.state == OfferState.WAITING]
    silent = [one.asked_at for one in offers if one.state in _UNDECIDED and one.asked_at is not None]
    patience = patience_of(row.mode)
    if not waiting or any(one.state in _TAKEN for one in offers):
        return False
    if any(not is_due(at, patience.next_centre, now) for at in silent):
        return False
    await _ask(act, row, waiting[0])
    return True


async def _ask(act: Act, row: EcmoRequest, offer: EcmoOffer) -> None:
    offer.state = advance_offer(OfferState(offer.state), OfferState.ASKED)
    offer.asked_at = act.clock.now()
    offer.seen_at = offer.seen_by = None
    offer.version += 1
    await act.session.flush()
    concerned = await concerned_by(act.session, row.id)
    act.tell(
        CentreAsked(
            request_id=row.id, region=row.region, concerned=concerned, offer_id=offer.id, hospital_id=offer.hospital_id
        )
    )
    if not await _call_next(act, row, offer):
        act.tell(_escalated(row, offer, concerned, exhausted=True))


async def _call_next(act: Act, row: EcmoRequest, offer: EcmoOffer) -> bool:
    """Call the next of the roster; return whether anybody was left."""
    now = act.clock.now()
    on_call = [OnCall(one.person_id, one.place) for one in await list_on_call(act.session, [offer.hospital_id], now)]
    called = {
        one.person_id
        for one in await list_alerts(act.session, [offer.id])
        if offer.asked_at is not None and one.raised_at >= offer.asked_at
    }
    chosen = next_called(on_call, called)
    concerned = await concerned_by(act.session, row.id)
    for one in chosen:
        act.session.add(
            EcmoAlert(
                id=act.new_id(), offer_id=offer.id, person_id=one.person_id, place=one.place, raised_at=now,
                seen_at=None, escalated_at=None, ended_at=None,
            )
        )  # fmt: skip
        act.tell(
            PhysicianCalled(
                request_id=row.id, region=row.region, concerned=concerned, offer_id=offer.id,
                hospital_id=offer.hospital_id, person_id=one.person_id, place=one.place,
            )
        )  # fmt: skip
    await act.session.flush()
    return bool(chosen)


async def _escalate(act: Act, row: EcmoRequest, offer: EcmoOffer, now: datetime) -> bool:
    """Call the next where nobody who was called has opened the case in time; once for each who was called."""
    after = patience_of(row.mode).escalate
    alerts = [one for one in await list_alerts(act.session, [offer.id]) if one.ended_at is None]
    late = [one for one in alerts if one.escalated_at is None]
    if not late or any(not is_due(one.raised_at, after, now) for one in late):
        return False
    for one in late:
        one.escalated_at = now
    await act.session.flush()
    left = await _call_next(act, row, offer)
    act.tell(_escalated(row, offer, await concerned_by(act.session, row.id), exhausted=not left))
    return True


def _escalated(row: EcmoRequest, offer: EcmoOffer, concerned: tuple[str, ...], *, exhausted: bool) -> CallEscalated:
    return CallEscalated(
        request_id=row.id, region=row.region, concerned=concerned, offer_id=offer.id, hospital_id=offer.hospital_id,
        exhausted=exhausted,
    )  # fmt: skip
