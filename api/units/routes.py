"""Stations and units of the served region, to read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.responses import Response

from api.bodies import answer
from api.contract import contract
from api.deps import PartsDep
from dispatch.kernel.organisations import System
from dispatch.units.queries import list_stations, list_units
from dispatch.units.states import PositionSource, UnitType

router = APIRouter(tags=["vehicles and stations"])

SystemName = Annotated[System, Meta(description="civil: 地方. corps: 兵团.")]


class StationOut(msgspec.Struct, frozen=True):
    """Where vehicles stand. `id` is the code by which files name it."""

    id: str
    name_zh: str
    name_en: str
    name_ug: str
    organisation: str
    system: SystemName
    address: str
    phone: str
    lat: Annotated[float, Meta(description="Degrees north, WGS-84.")]
    lon: Annotated[float, Meta(description="Degrees east, WGS-84.")]


class StationsOut(msgspec.Struct, frozen=True):
    """Stations by id."""

    stations: list[StationOut]


class UnitOut(msgspec.Struct, frozen=True):
    """A vehicle with its crew. Sizes are those it is routed by: stated, or proposed for its type."""

    id: str
    call_sign: str
    type: UnitType
    special: Annotated[str, Meta(description="What a special vehicle is for: ecmo, neonatal, …; else empty.")]
    organisation: str
    system: SystemName
    station: Annotated[str, Meta(description="Id of its station.")]
    capabilities: Annotated[list[str], Meta(description="Letters: B A E N O G R P.")]
    plate: str
    height_cm: int
    width_cm: int
    weight_kg: int
    size_source: Annotated[str, Meta(description="`stated`, or where a missing size was taken from.")]
    lat: Annotated[float, Meta(description="Degrees north, WGS-84.")]
    lon: Annotated[float, Meta(description="Degrees east, WGS-84.")]
    position_source: Annotated[PositionSource, Meta(description="Its last known place, or its station's.")]
    position_at: datetime | None


class UnitsOut(msgspec.Struct, frozen=True):
    """Units by call sign."""

    units: list[UnitOut]


@router.get(
    "/stations",
    summary="Stations",
    description="The stations of both organisations in the served region.",
    **contract(StationsOut, problems=[404]),
)
async def stations(parts: PartsDep) -> Response:
    """List stations."""
    async with parts.database.read() as session:
        rows = await list_stations(session, parts.settings.region)
    told = [
        StationOut(
            id=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            name_ug=row.name_ug,
            organisation=row.organisation,
            system=System(row.system),
            address=row.address,
            phone=row.phone,
            lat=row.lat,
            lon=row.lon,
        )
        for row in rows
    ]
    return answer(StationsOut(told))


@router.get(
    "/units",
    summary="Vehicles",
    description="The vehicles of both organisations, each with the place it is taken to be at.",
    **contract(UnitsOut, problems=[404]),
)
async def units(parts: PartsDep) -> Response:
    """List units."""
    async with parts.database.read() as session:
        rows = await list_units(session, parts.settings.region)
    told = [
        UnitOut(
            id=str(row.unit.id),
            call_sign=row.unit.call_sign,
            type=UnitType(row.unit.type),
            special=row.unit.special,
            organisation=row.unit.organisation,
            system=System(row.unit.system),
            station=row.station.code,
            capabilities=list(row.unit.capabilities),
            plate=row.unit.plate,
            height_cm=row.size.height_cm,
            width_cm=row.size.width_cm,
            weight_kg=row.size.weight_kg,
            size_source=row.size.source,
            lat=row.point.lat,
            lon=row.point.lon,
            position_source=row.position_source,
            position_at=row.unit.position_at,
        )
        for row in rows
    ]
    return answer(UnitsOut(told))
