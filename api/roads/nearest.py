"""Nearest vehicles by road: the hot path. No thread hop, one decode, one encode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.auth import requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep, PartsDep
from api.parts import Parts
from api.regions.live import FleetUnit, Served
from api.regions.sizes import Size
from api.roads.asking import (
    Degrees,
    datum_warning,
    degrees_of,
    many_in_region,
    metres,
    place_in_region,
    point_of,
    question_of,
    roads_of,
    standing_warnings,
)
from api.roads.merging import merged
from api.roads.schemas import AS_IT_IS, MAX_K, NearestIn, NearestOut, PlaceIn, PlaceOut, ProfileName, RankedOut, UnitIn
from geo.datum import Datum
from geo.points import GeoPoint
from geo.travel import Question, Ranked

router = APIRouter(tags=["road times"], dependencies=[requires("roads.read")])

_body = Body(NearestIn)
_ROWS: Final = [str(row) for row in range(100_000)]
_EXAMPLE_IN = {
    "target": {"lat": 41.1712, "lon": 80.2618},
    "k": 2,
    "units": [{"id": "120-03", "lat": 41.1653, "lon": 80.2701}, {"id": "兵团-07", "lat": 41.1502, "lon": 80.2411}],
}
_EXAMPLE_OUT = {
    "target": {"lat": 41.1712, "lon": 80.2618},
    "results": [
        {
            "id": "0198c0de-0000-7000-8000-000000000003",
            "call_sign": "阿克苏120-03",
            "type": "als",
            "organisation": "阿克苏地区120急救指挥中心（示例）",
            "system": "civil",
            "lat": 41.1653,
            "lon": 80.2701,
            "eta_s": 143.207,
            "distance_m": 1284.4,
            "straight_m": 951.7,
            "source": "road",
            "reasons": [],
            "pinned": False,
            "off_road_origin_m": 4.2,
            "off_road_target_m": 11.0,
        }
    ],
    "roads": {"region": "aksu", "schematic": True, "network_version": 1, "overlay_version": 3},
    "warnings": [],
}


@router.post(
    "/nearest",
    summary="Nearest vehicles by road time",
    description=(
        "Ranks vehicles by the time they need by road to a place. Give the vehicles with their positions in `units` "
        "(at most 5,000), or leave it out to compare the region's own. Road answers come first, in order of `eta_s` "
        "(seconds); estimates rank behind every road answer; `pinned` ones need a person's judgement. "
        "Closures in force are taken into account."
    ),
    **contract(
        NearestOut, body=NearestIn, example=_EXAMPLE_OUT, body_examples={"vehicles in the body": _EXAMPLE_IN},
        problems=[404],
    ),
)  # fmt: skip
async def nearest(request: Request) -> Response:
    """Rank vehicles for a place."""
    asked = await _body.of(request)
    state = request.app.state
    return answer(ranked(asked, await state.live.ask(), state.parts))


@router.get(
    "/nearest",
    summary="Nearest of the region's own vehicles",
    description="As POST, for the region's own vehicles: the k soonest at a place, with call sign and organisation.",
    **contract(NearestOut, example=_EXAMPLE_OUT, problems=[404]),
)
async def nearest_own(
    live: LiveDep,
    parts: PartsDep,
    lat: Annotated[float, Query(description="Degrees north.", examples=[41.17])],
    lon: Annotated[float, Query(description="Degrees east.", examples=[80.26])],
    k: Annotated[int, Query(ge=1, le=MAX_K, description="How many are wanted.")] = 5,
    profile: Annotated[ProfileName, Query(description="Which rules bind.")] = "emergency",
    hour: Annotated[int | None, Query(ge=0, le=167, description="Hour of the week; without it free flow.")] = None,
    datum: Annotated[Datum, Query(description="What the coordinates are given in.")] = Datum.WGS84,
) -> Response:
    """Rank the region's own vehicles for a place."""
    asked = NearestIn(target=PlaceIn(lat, lon), k=k, profile=profile, hour=hour, datum=datum)
    return answer(ranked(asked, await live.ask(), parts))


def ranked(asked: NearestIn, served: Served, parts: Parts) -> NearestOut:
    """Answer. Raises BadCoordinates and ProblemError as the checks do."""
    warnings = standing_warnings(served)
    target = point_of(asked.target, asked.datum)
    place_in_region(target, served.network, served.name, warnings)
    question = question_of(asked, served, parts.clock)
    own: tuple[FleetUnit, ...] | None = None
    if isinstance(asked.units, list):
        lat, lon = degrees_of(asked.units, asked.datum, "units")
        given = asked.units
        many_in_region(lat, lon, lambda row: given[row].id, served.network, warnings)
        units: Sequence[UnitIn | FleetUnit] = given
    else:
        own, lat, lon = served.fleet.units, served.fleet.lat, served.fleet.lon
        units = own
    if not units:
        warnings.append("There are no vehicles to compare.")
        found: tuple[Ranked, ...] = ()
    elif own is None or asked.vehicle != AS_IT_IS:
        fleet = served.engine.fleet(lat, lon, question)
        # By row, so that two vehicles of one name in a request stay two.
        found = served.engine.nearest_of(_ROWS[: len(units)], fleet, target, asked.k, question).ranked
    else:
        found = _by_own_size(served, target, asked.k, question)
    if found:
        warnings.extend(filter(None, [datum_warning(target, served, found[0].travel.off_road_target_m)]))
    return NearestOut(
        target=PlaceOut(target.lat, target.lon),
        results=[_told(item, units, lat, lon) for item in found],
        roads=roads_of(served),
        warnings=warnings,
    )


def _by_own_size(served: Served, target: GeoPoint, k: int, question: Question) -> tuple[Ranked, ...]:
    """Rank the region's own vehicles, each on the roads that are open to its size."""
    rows_of: dict[Size, list[int]] = {}
    for row, size in enumerate(served.fleet.sizes):
        rows_of.setdefault(served.sizes.of(size), []).append(row)
    rankings = []
    for (height_cm, width_cm, weight_kg), rows in rows_of.items():
        profile = replace(question.profile, height_cm=height_cm, width_cm=width_cm, weight_kg=weight_kg)
        sized = replace(question, profile=profile)
        fleet = served.engine.fleet(served.fleet.lat[rows], served.fleet.lon[rows], sized)
        rankings.append(served.engine.nearest_of([_ROWS[row] for row in rows], fleet, target, k, sized).ranked)
    return rankings[0] if len(rankings) == 1 else merged(rankings, k)


def _told(item: Ranked, units: Sequence[UnitIn | FleetUnit], lat: Degrees, lon: Degrees) -> RankedOut:
    row = int(item.id)
    unit = units[row]
    own = unit if isinstance(unit, FleetUnit) else None
    travel = item.travel
    return RankedOut(
        id=unit.id,
        call_sign=own.call_sign if own else None,
        type=own.type if own else None,
        organisation=own.organisation if own else None,
        system=own.system if own else None,
        lat=float(lat[row]),
        lon=float(lon[row]),
        eta_s=travel.eta_s,
        distance_m=metres(travel.distance_m),
        straight_m=round(item.straight_m, 1),
        source=travel.source.value,
        reasons=[reason.value for reason in travel.reasons],
        pinned=item.pinned,
        off_road_origin_m=metres(travel.off_road_origin_m),
        off_road_target_m=metres(travel.off_road_target_m),
    )
