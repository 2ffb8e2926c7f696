"""Recommending units for an incident, reading what was recommended, and the way of an offer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep, PartsDep
from api.dispatching.access import Dispatcher, IncidentId, Reader, RecommendationId, must_see_all
from api.dispatching.examples import PATH, RECOMMENDATION
from api.dispatching.paths import path_of
from api.dispatching.recommending import RecommendingDep
from api.dispatching.schemas import PathOut
from api.dispatching.schemas_recommendation import MOST_SHOWN, RecommendationOut, RecommendIn
from api.dispatching.telling import recommendation_out
from dispatch.dispatching.queries_recommendation import get_recommendation, read_body
from dispatch.dispatching.rules_arrivals import Goal
from dispatch.incidents.queries_incidents import list_places
from dispatch.kernel.errors import NotFound, Refused
from dispatch.units.queries_fleet import get_duty_unit
from geo.points import GeoPoint

router = APIRouter(tags=["recommendations"])

_body = Body(RecommendIn)


@router.post(
    "/incidents/{incident_id}/recommendation",
    summary="Recommend units for an incident",
    description=(
        "Ranks every unit of both organisations by mobilisation and road time under the closures of now; what "
        "organisations lend to each other is kept to, for the asker's own. Nobody is hidden: a stale position, a "
        "missing ability or an estimate is marked, and every unit that is not offered has its reasons. Stored with all "
        "that was looked at. A person decides."
    ),
    **contract(
        RecommendationOut,
        body=RecommendIn,
        status=201,
        example=RECOMMENDATION,
        problems=[404, 409],
        body_examples={"as is set": {}, "five of each": {"k": 5}},
    ),
)
async def recommend(
    request: Request, recommending: RecommendingDep, actor: Dispatcher, incident_id: IncidentId
) -> Response:
    """Recommend units."""
    asked = await _body.of(request)
    row, made, k = await recommending.ask(actor, incident_id)
    told = answer(recommendation_out(row, made, asked.k or k), status=201)
    told.headers["Location"] = f"/api/recommendations/{row.id}"
    return told


@router.get(
    "/recommendations/{recommendation_id}",
    summary="A recommendation as it was made",
    description="With the first `k` of each organisation; without `k` all offers.",
    **contract(RecommendationOut, problems=[404], example=RECOMMENDATION),
)
async def recommended(
    parts: PartsDep,
    actor: Reader,
    recommendation_id: RecommendationId,
    k: Annotated[int | None, Query(ge=1, le=MOST_SHOWN, description="How many of each organisation.")] = None,
) -> Response:
    """Show a recommendation."""
    must_see_all(actor)
    async with parts.database.read() as session:
        row = await get_recommendation(session, parts.settings.region, recommendation_id)
    return answer(recommendation_out(row, read_body(row), k))


@router.get(
    "/recommendations/{recommendation_id}/path",
    summary="The way of an offer",
    description="From where the unit was reckoned to the incident, under the closures of now.",
    **contract(PathOut, problems=[404, 409], example=PATH),
)
async def path(
    live: LiveDep,
    parts: PartsDep,
    actor: Reader,
    recommendation_id: RecommendationId,
    unit_id: Annotated[UUID, Query(description="One of its units.")],
) -> Response:
    """Draw the way of an offer."""
    must_see_all(actor)
    served, region, now = await live.ask(), parts.settings.region, parts.clock.now()
    async with parts.database.read() as session:
        row = await get_recommendation(session, region, recommendation_id)
        unit = next((one for one in read_body(row).inputs.units if one.id == unit_id), None)
        if unit is None:
            raise NotFound("unit.not_found", "This unit was not looked at.")
        places = await list_places(session, row.incident_id)
        size = (await get_duty_unit(session, unit_id, now)).size
    there = next(place for place in places if place.version == row.place_version)
    if there.lat is None or there.lon is None:
        raise Refused("recommendation.no_place", "This incident has no place any more.")
    target = GeoPoint(lat=there.lat, lon=there.lon)
    return answer(await path_of(served, now, unit_id, size, Goal.SCENE, unit.point, target))
