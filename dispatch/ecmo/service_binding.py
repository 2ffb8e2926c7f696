"""One acceptance is bound by name, and its mission begins; the mission's end ends the request. Never commits."""

from __future__ import annotations

from uuid import UUID

from dispatch.ecmo.events_requests import OfferBound, RequestClosed, RequestReopened
from dispatch.ecmo.queries_requests import (
    concerned_by,
    get_request,
    list_conditions,
    list_decisions,
    list_offers,
)
from dispatch.ecmo.service_asking import OPEN_OFFERS, release
from dispatch.ecmo.service_deciding import offer_state
from dispatch.ecmo.service_missions import begin
from dispatch.ecmo.service_requests import bound, request_state
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.states_offers import OfferState, advance_offer
from dispatch.ecmo.states_requests import RequestState, advance_request
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, NotFound, Refused


async def bind_offer(act: Act, request_id: UUID, offer_id: UUID, *, version: int) -> EcmoMission:
    """Choose an acceptance. All others are released; what was advised stays. version: of the offer.

    Raises:
        NotFound: `ecmo_request.not_found`, `ecmo_offer.not_found`. Outdated: `ecmo_offer.outdated`.
        Conflict: `ecmo_request.bound`, `ecmo_request.transition`, `ecmo_offer.transition`.
        Refused: `ecmo_offer.conditions`, a condition is not ticked.
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        if row.state == RequestState.BOUND:
            raise bound(row)
        offers = {one.id: one for one in await list_offers(act.session, [row.id])}
        if offer_id not in offers:
            raise NotFound("ecmo_offer.not_found", "There is no such offer of an ECMO centre.")
        offer = offers[offer_id]
        check_version("ecmo_offer", version, offer.version, offer_state(offer))
        if offer.state == OfferState.CONDITIONAL:
            newest = (await list_decisions(act.session, [offer.id]))[-1]
            if any(one.ticked_at is None for one in await list_conditions(act.session, [newest.id])):
                raise Refused(
                    "ecmo_offer.conditions", "A condition of this acceptance is not ticked.", "Tick what is met first."
                )
        concerned = await concerned_by(act.session, row.id)
        offer.state = advance_offer(OfferState(offer.state), OfferState.BOUND)
        offer.bound_at, offer.bound_by = act.clock.now(), act.actor
        offer.version += 1
        await act.session.flush()
        await release(act, row, OPEN_OFFERS)
        row.state = advance_request(RequestState(row.state), RequestState.BOUND)
        row.version += 1
        await act.session.flush()
        mission = await begin(act, row, offer, concerned)
        act.tell(
            OfferBound(
                request_id=row.id, region=row.region, concerned=concerned, offer_id=offer.id,
                hospital_id=offer.hospital_id, mission_id=mission.id,
            )
        )  # fmt: skip
        return mission


async def follow_mission(act: Act, mission: EcmoMission) -> None:
    """End the request with its mission, or open it anew if nobody comes. The mission is locked.

    Raises Conflict (`ecmo_request.transition`).
    """
    state = MissionState(mission.state)
    if state is MissionState.STOOD_DOWN:
        await reopen_bound(act, mission)
    elif state in MISSION_OVER:
        await close_bound(act, mission)


async def close_bound(act: Act, mission: EcmoMission) -> EcmoRequest:
    """The mission has ended with its patient handed over, or dead: the request is closed. The mission is locked.

    Raises Conflict (`ecmo_request.transition`).
    """
    async with act.together():
        row = await _of(act, mission)
        row.state = advance_request(RequestState(row.state), RequestState.CLOSED)
        row.ended_at, row.ended_by = act.clock.now(), act.actor
        row.version += 1
        await act.session.flush()
        concerned = await concerned_by(act.session, row.id)
        act.tell(RequestClosed(request_id=row.id, region=row.region, concerned=concerned))
        return row


async def reopen_bound(act: Act, mission: EcmoMission) -> EcmoRequest:
    """The mission was stood down: nobody comes, everybody is told, and centres can be asked anew.

    The mission is locked, and stood down already. Raises Conflict (`ecmo_request.transition`).
    """
    async with act.together():
        row = await _of(act, mission)
        row.state = advance_request(RequestState(row.state), RequestState.UNANSWERED)
        row.version += 1
        await release(act, row, frozenset({OfferState.BOUND}))
        concerned = await concerned_by(act.session, row.id)
        act.tell(RequestReopened(request_id=row.id, region=row.region, concerned=concerned, mission_id=mission.id))
        return row


async def _of(act: Act, mission: EcmoMission) -> EcmoRequest:
    row = await get_request(act.session, act.region, mission.request_id, lock=True)
    if row.state != RequestState.BOUND:
        raise Conflict("ecmo_request.transition", "This request is not bound.", current=request_state(row))
    return row
