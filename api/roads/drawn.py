"""What a map draws of roads beside its tiles: closed stretches, the stretch under the pointer, areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
import numpy as np
import shapely
from fastapi import APIRouter, Query
from msgspec import Meta
from numpy.typing import NDArray
from pydantic import AwareDatetime
from starlette.responses import Response

from api.auth import requires
from api.bodies import answer
from api.contract import GEO_JSON, contract
from api.deps import LiveDep, PartsDep
from api.errors import ProblemError
from api.roads.asking import metres, place_in_region
from dispatch.roads.queries import as_closure, list_closures, list_zones
from dispatch.roads.tables import ClosureRow
from geo.network.attributes import RoadClass
from geo.network.model import RoadNetwork
from geo.points import GeoPoint
from geo.zones import ZoneKind

router = APIRouter(tags=["map"])

UNDER_M: Final = 250.0
"""A road further than this from the pointer is not meant."""
_MOST_STRETCHES: Final = 4_000
_SIMPLIFY_DEG: Final = 0.00002


class ClosedOut(msgspec.Struct, frozen=True):
    """Which closure a line belongs to; the rest stands in `GET /api/closures`."""

    id: UUID
    speed_factor: Annotated[float, Meta(description="0 is closed, more is slowed to that share.")]
    active: Annotated[bool, Meta(description="In force now; else it begins later.")]
    complete: Annotated[bool, Meta(description="False where it closes more than is drawn.")]


class ClosedFeatureOut(msgspec.Struct, frozen=True, tag_field="type", tag="Feature"):
    """GeoJSON Feature: MultiLineString of [lon, lat] in WGS-84."""

    geometry: dict[str, Any]
    properties: ClosedOut


class ClosedRoadsOut(msgspec.Struct, frozen=True, tag_field="type", tag="FeatureCollection"):
    """GeoJSON FeatureCollection, a feature for each closure that touches a road."""

    features: list[ClosedFeatureOut]


class StretchOut(msgspec.Struct, frozen=True):
    """A stretch of road between two junctions. `edges` and `network_version` close it, in both directions."""

    edges: Annotated[list[int], Meta(examples=[[4711, 4712]])]
    network_version: int
    name: Annotated[str, Meta(description="Its own name; empty where it has none.", examples=["英阿瓦提路"])]
    name_zh: str
    name_en: str
    name_ug: str
    ref: Annotated[str, Meta(examples=["G314"])]
    road_class: Annotated[str, Meta(examples=["primary"])]
    away_m: Annotated[float, Meta(description="From the place asked for, metres.")]
    line: Annotated[list[tuple[float, float]], Meta(description="lon, lat in WGS-84, from end to end.")]


class ZoneOut(msgspec.Struct, frozen=True):
    """What an area is."""

    id: str
    kind: ZoneKind
    name_zh: str
    name_en: str
    name_ug: str
    organisation: Annotated[str, Meta(description="Whose it is, for kind `organisation`; else empty.")]


class ZoneFeatureOut(msgspec.Struct, frozen=True, tag_field="type", tag="Feature"):
    """GeoJSON Feature: Polygon or MultiPolygon of [lon, lat] in WGS-84."""

    geometry: dict[str, Any]
    properties: ZoneOut


class ZonesOut(msgspec.Struct, frozen=True, tag_field="type", tag="FeatureCollection"):
    """GeoJSON FeatureCollection of the region's areas."""

    features: list[ZoneFeatureOut]


@router.get(
    "/closures/roads",
    summary="The stretches that closures touch",
    description="GeoJSON, to be drawn: closures and slow-downs that are in force or begin later. With `at` those that "
    "were in force at that moment, as it was known then, on the network of now.",
    dependencies=[requires("closures.read")],
    **contract(ClosedRoadsOut, media=(GEO_JSON,), problems=[404]),
)
async def closed_roads(
    live: LiveDep,
    parts: PartsDep,
    at: Annotated[AwareDatetime | None, Query(description="A moment, ISO 8601 with zone; left out: now.")] = None,
) -> Response:
    """Draw closures."""
    served = await live.ask()
    moment = at or parts.clock.now()
    async with parts.database.read() as session:
        rows = await list_closures(session, parts.settings.region, include_lifted=at is not None)
    features = []
    for row in rows:
        if row.stale_network or _over(row, moment) or (at is not None and not _held(row, moment)):
            continue
        edges = served.engine.edges_closed(as_closure(row))
        shapes = np.unique(served.network.edge_shape[edges])
        if len(shapes) == 0:
            continue
        told = ClosedOut(row.id, row.speed_factor, row.active_from <= moment, len(shapes) <= _MOST_STRETCHES)
        features.append(ClosedFeatureOut(_lines(served.network, shapes[:_MOST_STRETCHES]), told))
    return answer(ClosedRoadsOut(features), media_type=GEO_JSON)


@router.get(
    "/roads/at",
    summary="The stretch of road at a place",
    description="The nearest stretch between two junctions, to be closed or named; at most 250 m away.",
    dependencies=[requires("roads.read")],
    **contract(StretchOut, problems=[404]),
)
async def stretch_at(
    live: LiveDep,
    lat: Annotated[float, Query(description="Degrees north, WGS-84.", examples=[41.17])],
    lon: Annotated[float, Query(description="Degrees east, WGS-84.", examples=[80.26])],
) -> Response:
    """Name the stretch at a place."""
    served = await live.ask()
    place_in_region(GeoPoint(lat=lat, lon=lon), served.network, served.name, [])
    found = served.engine.snapper.near(lat, lon, UNDER_M)
    if len(found.shape) == 0:
        raise ProblemError("place.not_found", "No road lies within 250 m of this place.", "Point at a road.")
    network, shape = served.network, int(found.shape[0])
    pair = (int(network.shape_edge_forward[shape]), int(network.shape_edge_backward[shape]))
    edges = [edge for edge in pair if edge >= 0]
    street = network.edge_street(edges[0])
    line = [(round(float(x), 7), round(float(y), 7)) for x, y in network.edge_line(edges[0])]
    return answer(
        StretchOut(
            edges=edges, network_version=served.network_version, name=street.name, name_zh=street.zh,
            name_en=street.en, name_ug=street.ug, ref=street.ref,
            road_class=RoadClass(int(network.edge_class[edges[0]])).name.lower(),
            away_m=metres(float(found.distance_m[0])) or 0.0, line=line,
        )
    )  # fmt: skip


@router.get(
    "/zones",
    summary="Areas of the region",
    description="GeoJSON: built-up areas, counties, and the areas of organisations.",
    dependencies=[requires("roads.read")],
    **contract(ZonesOut, media=(GEO_JSON,), problems=[404]),
)
async def zones(parts: PartsDep) -> Response:
    """Draw areas."""
    async with parts.database.read() as session:
        found = await list_zones(session, parts.settings.region)
    features = [
        ZoneFeatureOut(
            shapely.geometry.mapping(zone.polygon),
            ZoneOut(zone.id, zone.kind, zone.names.spoken("zh"), zone.names.en, zone.names.ug, zone.organisation),
        )
        for zone in found
    ]
    return answer(ZonesOut(features), media_type=GEO_JSON)


def _over(row: ClosureRow, moment: datetime) -> bool:
    ends = [end for end in (row.active_until, row.lifted_at) if end is not None]
    return any(end <= moment for end in ends)


def _held(row: ClosureRow, moment: datetime) -> bool:
    return row.created_at <= moment and row.active_from <= moment


def _lines(network: RoadNetwork, shapes: NDArray[np.int32]) -> dict[str, Any]:
    lines = shapely.line_merge(shapely.multilinestrings(list(_drawn(network, shapes))))
    told: dict[str, Any] = shapely.geometry.mapping(shapely.simplify(lines, _SIMPLIFY_DEG))
    if told["type"] == "LineString":
        return {"type": "MultiLineString", "coordinates": [told["coordinates"]]}
    return told


def _drawn(network: RoadNetwork, shapes: NDArray[np.int32]) -> Iterable[shapely.LineString]:
    for shape in shapes.tolist():
        edge = max(int(network.shape_edge_forward[shape]), int(network.shape_edge_backward[shape]))
        yield shapely.LineString(network.edge_line(edge))
