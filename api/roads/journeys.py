"""Matrix, route and isochrone: work of more than a moment, done in a thread."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any, Final

import numpy as np
import shapely
from fastapi import APIRouter, Query, Request
from numpy.typing import NDArray
from starlette.responses import Response

from api.auth import requires
from api.bodies import Body, answer
from api.contract import GEO_JSON, contract
from api.deps import LiveDep, PartsDep
from api.errors import ProblemError
from api.parts import Parts
from api.regions.live import Served
from api.roads.asking import (
    degrees_of,
    many_in_region,
    metres,
    place_in_region,
    point_of,
    question_of,
    roads_of,
    standing_warnings,
)
from api.roads.schemas import (
    MAX_MATRIX_CELLS,
    AreaFeatureOut,
    AreaOut,
    IsochroneIn,
    IsochroneOut,
    LineOut,
    MatrixIn,
    MatrixOut,
    PlaceIn,
    ProfileName,
    RouteFeatureOut,
    RouteIn,
    RouteOut,
    StepOut,
)
from geo.datum import Datum
from geo.points import GeoPoint
from geo.travel import Route, Step

router = APIRouter(tags=["road times"], dependencies=[requires("roads.read")])

_matrix_body = Body(MatrixIn)
_route_body = Body(RouteIn)
_isochrone_body = Body(IsochroneIn)
_HERE: Final = {"lat": 41.1712, "lon": 80.2618}
_THERE: Final = {"lat": 40.5484, "lon": 81.2805}
_ROADS: Final = {"region": "aksu", "schematic": True, "network_version": 1, "overlay_version": 0}
Latitude = Annotated[float, Query(description="Degrees north.", examples=[41.17])]
Longitude = Annotated[float, Query(description="Degrees east.", examples=[80.26])]
DatumName = Annotated[Datum, Query(description="What the coordinates are given in.")]
HourOfWeek = Annotated[int | None, Query(ge=0, le=167, description="Hour of the week; without it free flow.")]


@router.post(
    "/matrix",
    summary="Times from every origin to every target",
    description="Seconds and metres by road, rows are origins. null: unreachable by road. At most 1,000,000 cells.",
    **contract(
        MatrixOut, body=MatrixIn, problems=[404],
        body_examples={"two to one": {"origins": [_HERE, _THERE], "targets": [_HERE]}},
        example={
            "eta_s": [[0.0], [7421.3]], "distance_m": [[0.0], [126411.0]], "off_road_origin_m": [11.0, 3.2],
            "off_road_target_m": [11.0], "roads": _ROADS, "warnings": [],
        },
    ),
)  # fmt: skip
async def matrix(request: Request, live: LiveDep, parts: PartsDep) -> Response:
    """Compute a matrix."""
    asked = await _matrix_body.of(request)
    if len(asked.origins) * len(asked.targets) > MAX_MATRIX_CELLS:
        raise ProblemError(
            "request.invalid",
            f"{len(asked.origins)} × {len(asked.targets)} is more than {MAX_MATRIX_CELLS:,} cells.",
            "Ask in parts.",
        )
    served = await live.ask()
    return await asyncio.to_thread(_matrix, asked, served, parts)


@router.post(
    "/route",
    summary="The quickest way",
    description="Way, length, time, streets and turns. `Accept: application/geo+json` gives a GeoJSON Feature.",
    **contract(
        RouteOut, body=RouteIn, others={GEO_JSON: RouteFeatureOut}, problems=[404],
        body_examples={"to the regiment town": {"origin": _HERE, "target": _THERE}},
    ),
)  # fmt: skip
async def route(request: Request, live: LiveDep, parts: PartsDep) -> Response:
    """Find a way."""
    asked = await _route_body.of(request)
    return await _routed(asked, await live.ask(), parts, geojson=GEO_JSON in request.headers.get("accept", ""))


@router.get(
    "/route",
    summary="The quickest way, by address",
    description="As POST. `format=geojson` gives a GeoJSON Feature.",
    **contract(RouteOut, others={GEO_JSON: RouteFeatureOut}, problems=[404]),
)
async def route_between(  # noqa: PLR0913, PLR0917 - each parameter of the address
    request: Request,
    live: LiveDep,
    parts: PartsDep,
    from_lat: Latitude,
    from_lon: Longitude,
    to_lat: Latitude,
    to_lon: Longitude,
    profile: Annotated[ProfileName, Query(description="Which rules bind.")] = "emergency",
    hour: HourOfWeek = None,
    datum: DatumName = Datum.WGS84,
    format: Annotated[str, Query(pattern="^(json|geojson)$", description="The answer's form.")] = "json",  # noqa: A002 - the parameter's public name
) -> Response:
    """Find a way."""
    asked = RouteIn(
        origin=PlaceIn(from_lat, from_lon), target=PlaceIn(to_lat, to_lon), profile=profile, hour=hour, datum=datum
    )
    geojson = format == "geojson" or GEO_JSON in request.headers.get("accept", "")
    return await _routed(asked, await live.ask(), parts, geojson=geojson)


@router.post(
    "/isochrone",
    summary="Areas within reach",
    description="GeoJSON: for each limit in minutes the area that can be reached from the place.",
    **contract(
        IsochroneOut, body=IsochroneIn, media=(GEO_JSON,), problems=[404],
        body_examples={"ten and twenty minutes": {"origin": _HERE, "minutes": [10, 20]}},
    ),
)  # fmt: skip
async def isochrone(request: Request, live: LiveDep, parts: PartsDep) -> Response:
    """Draw areas."""
    asked = await _isochrone_body.of(request)
    return await asyncio.to_thread(_isochrone, asked, await live.ask(), parts)


@router.get(
    "/isochrone",
    summary="Areas within reach, by address",
    description="As POST; `minutes` may be repeated.",
    **contract(IsochroneOut, media=(GEO_JSON,), problems=[404]),
)
async def isochrone_around(
    live: LiveDep,
    parts: PartsDep,
    lat: Latitude,
    lon: Longitude,
    minutes: Annotated[list[float], Query(min_length=1, max_length=8, description="Minutes.", examples=[[10, 20]])],
    profile: Annotated[ProfileName, Query(description="Which rules bind.")] = "emergency",
    hour: HourOfWeek = None,
    datum: DatumName = Datum.WGS84,
) -> Response:
    """Draw areas."""
    if not all(0 < limit <= 600 for limit in minutes):
        raise ProblemError("request.invalid", "Minutes are more than 0 and at most 600.")
    asked = IsochroneIn(origin=PlaceIn(lat, lon), minutes=minutes, profile=profile, hour=hour, datum=datum)
    return await asyncio.to_thread(_isochrone, asked, await live.ask(), parts)


def _matrix(asked: MatrixIn, served: Served, parts: Parts) -> Response:
    warnings = standing_warnings(served)
    question = question_of(asked, served, parts.clock)
    sides: list[list[GeoPoint]] = []
    for path, given in (("origins", asked.origins), ("targets", asked.targets)):
        lat, lon = degrees_of(given, asked.datum, path)
        many_in_region(lat, lon, partial("{}[{}]".format, path), served.network, warnings)
        sides.append([GeoPoint(lat=y, lon=x) for y, x in zip(lat.tolist(), lon.tolist(), strict=True)])
    found = served.engine.matrix(sides[0], sides[1], question)
    lost = found.time_ms < 0
    sided = np.flatnonzero(found.one_side.any(axis=0)).tolist()
    if sided:
        named = ", ".join(f"targets[{column}]" for column in sided)
        warnings.append(
            f"From some origins only one carriageway can be reached of: {named}. Their times are to that one."
        )
    return answer(
        MatrixOut(
            eta_s=_cells(found.time_ms / 1000.0, lost),
            distance_m=_cells(np.round(found.distance_m, 1), lost),
            off_road_origin_m=[metres(value) for value in found.off_road_origin_m.tolist()],
            off_road_target_m=[metres(value) for value in found.off_road_target_m.tolist()],
            roads=roads_of(served),
            warnings=warnings,
        )
    )


def _cells(values: NDArray[np.float64], lost: NDArray[np.bool_]) -> list[list[float | None]]:
    cells = values.astype(object)
    cells[lost] = None
    rows: list[list[float | None]] = cells.tolist()
    return rows


async def _routed(asked: RouteIn, served: Served, parts: Parts, *, geojson: bool) -> Response:
    warnings = standing_warnings(served)
    origin, target = point_of(asked.origin, asked.datum), point_of(asked.target, asked.datum)
    for point in (origin, target):
        place_in_region(point, served.network, served.name, warnings)
    question = question_of(asked, served, parts.clock)
    found = await asyncio.to_thread(served.engine.route, origin, target, question)
    told = route_out(found, served, warnings)
    if not geojson:
        return answer(told)
    return answer(RouteFeatureOut(geometry=told.geometry, properties=told), media_type=GEO_JSON)


def route_out(found: Route, served: Served, warnings: list[str]) -> RouteOut:
    """Tell a route."""
    travel = found.travel
    return RouteOut(
        eta_s=travel.eta_s,
        distance_m=metres(travel.distance_m),
        source=travel.source.value,
        reasons=[reason.value for reason in travel.reasons],
        off_road_origin_m=metres(travel.off_road_origin_m),
        off_road_target_m=metres(travel.off_road_target_m),
        steps=[step_out(step) for step in found.steps],
        geometry=LineOut(np.round(found.line, 7).tolist()) if len(found.line) >= 2 else None,
        roads=roads_of(served),
        warnings=warnings,
    )


def step_out(step: Step) -> StepOut:
    """Tell a stretch."""
    return StepOut(
        turn=step.turn.value,
        name=step.street.name,
        name_zh=step.street.zh,
        name_en=step.street.en,
        name_ug=step.street.ug,
        ref=step.street.ref,
        length_m=round(step.length_m, 1),
        time_s=round(step.time_s, 3),
        begins_at=step.begins_at,
    )


def _isochrone(asked: IsochroneIn, served: Served, parts: Parts) -> Response:
    warnings = standing_warnings(served)
    origin = point_of(asked.origin, asked.datum)
    place_in_region(origin, served.network, served.name, warnings)
    limits_s = sorted({minutes * 60.0 for minutes in asked.minutes})
    found = served.engine.isochrone(origin, limits_s, question_of(asked, served, parts.clock))
    features = [
        AreaFeatureOut(
            geometry=_geometry(item.area), properties=AreaOut(item.limit_s / 60.0, round(item.reached_road_m, 1))
        )
        for item in found
    ]
    return answer(IsochroneOut(features=features, roads=roads_of(served), warnings=warnings), media_type=GEO_JSON)


def _geometry(area: shapely.MultiPolygon) -> dict[str, Any]:
    geometry: dict[str, Any] = shapely.geometry.mapping(shapely.set_precision(area, 1e-6))
    if geometry["type"] == "Polygon":
        return {"type": "MultiPolygon", "coordinates": [geometry["coordinates"]]}
    return geometry
