"""What physicians of a centre do: open a case, decide it; and conditions that are ticked. Nothing here commits."""

from __future__ import annotations

from uuid import UUID

from dispatch.ecmo.events_requests import CaseSeen, CentreDecided, ConditionTicked
from dispatch.ecmo.queries_requests import (
    concerned_by,
    find_condition,
    get_offer,
    get_request,
    list_conditions,
    list_offers,
)
from dispatch.ecmo.rules_requests import Decided
from dispatch.ecmo.service_alerting import ask_in_turn, end_alerts, settle
from dispatch.ecmo.service_requests import bound, request_state
from dispatch.ecmo.states_offers import OFFER_OF, OfferState, advance_offer
from dispatch.ecmo.states_requests import LIVE, RequestState
from dispatch.ecmo.tables_offers import EcmoCondition, EcmoDecision, EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, NotFound


async def see_case(act: Act, request_id: UUID, hospital_id: UUID) -> EcmoOffer:
    """Somebody of a centre has the case open, by name: nobody else is called. Who was first counts.

    Raises NotFound (`ecmo_request.not_found`, `ecmo_offer.not_found`).
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        offer = await _offer_of(act, row, hospital_id)
        if offer.seen_at is None:
            offer.seen_at, offer.seen_by = act.clock.now(), act.actor
            if offer.state == OfferState.ASKED:
                offer.state = advance_offer(OfferState.ASKED, OfferState.SEEN)
            await end_alerts(act, [offer], seen=True)
            act.tell(
                CaseSeen(
                    request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                    offer_id=offer.id, hospital_id=hospital_id,
                )
            )  # fmt: skip
        return offer


async def decide(act: Act, request_id: UUID, hospital_id: UUID, decided: Decided, *, version: int) -> EcmoOffer:
    """Decide for a centre, by name; the newest decision of a centre counts until one is bound.

    version: of the offer as it was looked at, so that of two who decide at the same moment the second is told.

    Raises:
        NotFound: `ecmo_request.not_found`, `ecmo_offer.not_found`. Invalid: `ecmo_decision.*`, `text.*`.
        Outdated: `ecmo_offer.outdated`. Conflict: `ecmo_request.over`, `ecmo_request.bound`, `ecmo_offer.transition`.
    """
    now = act.clock.now()
    decided.check(now)
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        if row.state == RequestState.BOUND:
            raise bound(row)
        if row.state not in LIVE:
            raise Conflict("ecmo_request.over", "This request is over.", current=request_state(row))
        offer = await _offer_of(act, row, hospital_id)
        check_version("ecmo_offer", version, offer.version, offer_state(offer))
        offer.state = advance_offer(OfferState(offer.state), OFFER_OF[decided.decision])
        offer.version += 1
        offer.decided_at, offer.decided_by, offer.cannulation_at = now, act.actor, decided.cannulation_at
        if offer.seen_at is None:
            offer.seen_at, offer.seen_by = now, act.actor
        made = EcmoDecision(
            id=act.new_id(), offer_id=offer.id, decision=decided.decision, reason=decided.reason,
            cannulation_at=decided.cannulation_at, at=now, actor=act.actor,
        )  # fmt: skip
        act.session.add(made)
        await act.session.flush()
        if decided.words.strip():
            await keep_value(act, Owner.ECMO, made.id, PersonalKind.NOTE, decided.words, act.moment())
        await _keep_conditions(act, made, decided)
        await end_alerts(act, [offer], seen=True)
        act.tell(
            CentreDecided(
                request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                offer_id=offer.id, hospital_id=hospital_id, decision_id=made.id, decision=decided.decision,
                reason=decided.reason, cannulation_at=decided.cannulation_at, conditions=len(decided.conditions),
            )
        )  # fmt: skip
        await ask_in_turn(act, row)
        await settle(act, row)
        return offer


async def tick_condition(act: Act, condition_id: UUID, *, ticked: bool) -> EcmoOffer:
    """Say by name that a condition is met, or is not any more. The same again changes nothing.

    Raises NotFound (`ecmo_condition.not_found`), Conflict (`ecmo_condition.past`: it was decided otherwise since, or
    another centre is bound).
    """
    async with act.together():
        condition, decision = await find_condition(act.session, condition_id)
        request_id = (await get_offer(act.session, decision.offer_id)).request_id
        row = await get_request(act.session, act.region, request_id, lock=True)
        condition, decision = await find_condition(act.session, condition_id)
        offer = await get_offer(act.session, decision.offer_id)
        if offer.state != OfferState.CONDITIONAL or offer.decided_at != decision.at:
            raise Conflict("ecmo_condition.past", "This condition does not count any more.", current=offer_state(offer))
        if ticked is (condition.ticked_at is not None):
            return offer
        condition.ticked_at = act.clock.now() if ticked else None
        condition.ticked_by = act.actor if ticked else None
        offer.version += 1
        await act.session.flush()
        left = sum(one.ticked_at is None for one in await list_conditions(act.session, [decision.id]))
        act.tell(
            ConditionTicked(
                request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                offer_id=offer.id, condition_id=condition.id, ticked=ticked, left=left,
            )
        )  # fmt: skip
        return offer


def offer_state(offer: EcmoOffer) -> dict[str, object]:
    """What an offer is now, as plain JSON: told to who is refused."""
    return {
        "id": str(offer.id),
        "request_id": str(offer.request_id),
        "hospital_id": str(offer.hospital_id),
        "state": offer.state,
        "version": offer.version,
        "decided_by": offer.decided_by,
        "decided_at": None if offer.decided_at is None else offer.decided_at.isoformat(),
    }


async def _offer_of(act: Act, row: EcmoRequest, hospital_id: UUID) -> EcmoOffer:
    for one in await list_offers(act.session, [row.id]):
        if one.hospital_id == hospital_id and one.state != OfferState.WAITING:
            return one
    raise NotFound("ecmo_offer.not_found", "This centre was not asked.")


async def _keep_conditions(act: Act, made: EcmoDecision, decided: Decided) -> None:
    for ordinal, words in enumerate(decided.conditions, start=1):
        condition = EcmoCondition(id=act.new_id(), decision_id=made.id, ordinal=ordinal, ticked_at=None, ticked_by=None)
        act.session.add(condition)
        await act.session.flush()
        await keep_value(act, Owner.ECMO, condition.id, PersonalKind.NOTE, words, act.moment())
