"""What cover a choice takes away, asked for one offer at a time."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query
from msgspec import Meta
from starlette.responses import Response

from api.bodies import answer
from api.contract import contract
from api.deps import PartsDep
from api.dispatching.access import Reader, RecommendationId, must_see_all
from api.dispatching.looking import LookingDep
from api.fleet.board import NamesOut
from dispatch.dispatching.queries_recommendation import get_recommendation, offer_of
from dispatch.dispatching.rules_cover import Cover
from dispatch.dispatching.service_cover import CoverTold, cover_of
from dispatch.kernel.errors import NotFound
from dispatch.kernel.organisations import System

router = APIRouter(tags=["recommendations"])


class StationCoverOut(msgspec.Struct, frozen=True):
    """A station before the unit goes, and after. Seconds: mobilisation and road of the soonest free unit."""

    station_id: UUID
    code: Annotated[str, Meta(description="The id by which files name it.", examples=["ST-1"])]
    names: NamesOut
    system: System
    lat: float
    lon: float
    free_before: Annotated[int, Meta(description="Free units that belong to it.")]
    free_after: int
    kept: Annotated[int, Meta(description="So many it keeps for itself by what its organisation lends.")]
    thin: Annotated[bool, Meta(description="Its last free unit goes, or fewer are left than it keeps.")]
    before_s: Annotated[float | None, Meta(description="Until the soonest is there now; null: nobody would come.")]
    after_s: Annotated[float | None, Meta(description="The same once the unit has gone.")]
    by: Annotated[str | None, Meta(description="The call sign of who would come then.", examples=["阿-12"])]


class CoverOut(msgspec.Struct, frozen=True):
    """What sending one unit takes away: its own station first, then others that would wait a minute longer or more."""

    unit_id: UUID
    at: Annotated[datetime, Meta(description="When the fleet was looked at: now, not when it was recommended.")]
    stations: list[StationCoverOut]


_EXAMPLE: Final = {
    "unit_id": "0198c0de-0000-7000-8000-000000000101",
    "at": "2026-11-22T09:31:01Z",
    "stations": [
        {
            "station_id": "0198c0de-0000-7000-8000-000000000301",
            "code": "ST-1",
            "names": {"zh": "健康路站", "en": "Jiankang Road", "ug": ""},
            "system": "civil",
            "lat": 41.17,
            "lon": 80.26,
            "free_before": 1,
            "free_after": 0,
            "kept": 0,
            "thin": True,
            "before_s": 90.0,
            "after_s": 402.5,
            "by": "阿-12",
        }
    ],
}


@router.get(
    "/recommendations/{recommendation_id}/cover",
    summary="What cover an offer takes away",
    description="How many free units its station keeps, and how much longer the soonest other one needs to it and to "
    "the stations around, under the closures of now. The fleet is looked at anew. A person decides what it is worth.",
    **contract(CoverOut, problems=[404, 409], example=_EXAMPLE),
)
async def cover(
    looking: LookingDep,
    parts: PartsDep,
    actor: Reader,
    recommendation_id: RecommendationId,
    unit_id: Annotated[UUID, Query(description="One of its offers.")],
) -> Response:
    """Tell what an offer takes away."""
    must_see_all(actor)
    async with parts.database.read() as session:
        row = await get_recommendation(session, parts.settings.region, recommendation_id)
    if offer_of(row, unit_id)[0] is None:
        raise NotFound("unit.not_found", "This unit was not offered.")
    served, fleet = await looking.ask()
    told = await asyncio.to_thread(cover_of, served.engine, fleet, unit_id)
    return answer(CoverOut(unit_id, fleet.at, [station_out(one, told) for one in told.cover]))


def station_out(one: Cover, told: CoverTold) -> StationCoverOut:
    """A station as it is told."""
    there = told.of_station[one.station_id]
    return StationCoverOut(
        station_id=one.station_id,
        code=there.station_code,
        names=NamesOut(there.station_zh, there.station_en, there.station_ug),
        system=System(there.system),
        lat=there.station_point.lat,
        lon=there.station_point.lon,
        free_before=one.free_before,
        free_after=one.free_after,
        kept=one.kept,
        thin=one.thin,
        before_s=None if one.before_s is None else round(one.before_s, 1),
        after_s=None if one.after_s is None else round(one.after_s, 1),
        by=None if one.by is None else told.units[one.by].call_sign,
    )
