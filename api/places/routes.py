"""From words to places, and from a place to words."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query
from msgspec import Meta
from starlette.responses import Response

from api.bodies import answer
from api.contract import contract
from api.deps import LiveDep
from api.errors import FieldError, ProblemError
from api.roads.asking import place_in_region
from api.roads.schemas import PlaceOut
from geo.datum import Datum, to_wgs84
from geo.places.hits import PlaceHit
from geo.points import GeoPoint

router = APIRouter(prefix="/places", tags=["places"])

LanguageName = Literal["zh", "en", "ug"]
Language = Annotated[LanguageName, Query(description="Language of the labels.")]


class HitOut(msgspec.Struct, frozen=True):
    """A place that may be meant."""

    label: str
    kind: Annotated[str, Meta(description="street, road, crossing, kilometre_post, coordinates, town, company, …")]
    lat: Annotated[float, Meta(description="Degrees north, WGS-84.")]
    lon: Annotated[float, Meta(description="Degrees east, WGS-84.")]
    score: Annotated[float, Meta(description="1 is certain; more than 0.")]
    matched: Annotated[str, Meta(description="How it was found: name, pinyin, initials, crossing, post, …")]
    detail: str
    warning: Annotated[str, Meta(description="Why to look twice; empty if there is no reason.")]
    place_id: Annotated[str, Meta(description="Id of one of the region's own places; else empty.")]
    towards: Annotated[PlaceOut, Meta(description="A place further along in the direction asked for.")] | None


class HitsOut(msgspec.Struct, frozen=True):
    """Places, the likeliest first."""

    results: list[HitOut]


class DescriptionOut(msgspec.Struct, frozen=True):
    """A place in words. Distances are straight, metres; null where nothing is near."""

    text: Annotated[str, Meta(examples=["阿克苏市，英阿瓦提路，塔南路路口以东 120 米"])]
    street: str
    street_m: float | None
    cross_street: str
    crossing: PlaceOut | None
    crossing_m: float | None
    direction: str
    place: str
    place_m: float | None
    warnings: list[str]


@router.get(
    "",
    summary="Search places",
    description=(
        "Streets, crossings (塔南路与英阿瓦提路), kilometre posts (G314 K1005+300), towns, regiments and companies "
        "(10团5连, 十团五连), own places and coordinates; by characters, pinyin, initials or Latin."
    ),
    **contract(HitsOut, problems=[404]),
)
async def search(
    live: LiveDep,
    q: Annotated[str, Query(min_length=1, max_length=200, description="What was said.", examples=["十团五连"])],
    limit: Annotated[int, Query(ge=1, le=50, description="At most so many.")] = 10,
    language: Language = "zh",
    near_lat: Annotated[float | None, Query(description="Prefer places near here: degrees north.")] = None,
    near_lon: Annotated[float | None, Query(description="And degrees east.")] = None,
) -> Response:
    """Search."""
    if (near_lat is None) != (near_lon is None):
        raise ProblemError(
            "request.invalid",
            "Give both near_lat and near_lon.",
            fields=[FieldError("query.near_lat", "one is missing")],
        )
    near = GeoPoint(lat=near_lat, lon=near_lon) if near_lat is not None and near_lon is not None else None
    gazetteer = await live.gazetteer(await live.ask())
    hits = await asyncio.to_thread(gazetteer.search, q, language=language, limit=limit, near=near)
    return answer(HitsOut([hit_out(hit) for hit in hits]))


@router.get(
    "/describe",
    summary="A place in words",
    description="Street, nearest crossing with distance and direction, nearest town: to read back to the caller.",
    **contract(DescriptionOut, problems=[404]),
)
async def describe(
    live: LiveDep,
    lat: Annotated[float, Query(description="Degrees north.", examples=[41.17])],
    lon: Annotated[float, Query(description="Degrees east.", examples=[80.26])],
    language: Language = "zh",
    datum: Annotated[Datum, Query(description="What the coordinates are given in.")] = Datum.WGS84,
) -> Response:
    """Describe a place."""
    warnings: list[str] = []
    served = await live.ask()
    point = to_wgs84(lat, lon, datum)
    place_in_region(point, served.network, served.name, warnings)
    gazetteer = await live.gazetteer(served)
    found = await asyncio.to_thread(gazetteer.describe, point, language)
    return answer(
        DescriptionOut(
            text=found.text,
            street=found.street,
            street_m=found.street_m,
            cross_street=found.cross_street,
            crossing=None if found.crossing is None else PlaceOut(found.crossing.lat, found.crossing.lon),
            crossing_m=found.crossing_m,
            direction=found.direction,
            place=found.place,
            place_m=found.place_m,
            warnings=warnings,
        )
    )


def hit_out(hit: PlaceHit) -> HitOut:
    """Tell a place found."""
    return HitOut(
        label=hit.label,
        kind=hit.kind,
        lat=hit.point.lat,
        lon=hit.point.lon,
        score=hit.score,
        matched=hit.matched,
        detail=hit.detail,
        warning=hit.warning,
        place_id=hit.place_id,
        towards=None if hit.towards is None else PlaceOut(hit.towards.lat, hit.towards.lon),
    )
