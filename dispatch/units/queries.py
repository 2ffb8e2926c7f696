"""Every question to the tables of stations and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.units.rules import VehicleSize, vehicle_size
from dispatch.units.states import PositionSource, UnitType
from dispatch.units.tables import Station, Unit
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit with its station, and where it is taken to be: its own last place, or else its station's."""

    unit: Unit
    station: Station
    point: GeoPoint
    position_source: PositionSource

    @property
    def size(self) -> VehicleSize:
        """What to route it by."""
        unit = self.unit
        return vehicle_size(UnitType(unit.type), unit.height_cm, unit.width_cm, unit.weight_kg)


async def list_stations(session: AsyncSession, region: str) -> Sequence[Station]:
    """The region's stations, by code."""
    return (await session.scalars(select(Station).where(Station.region == region).order_by(Station.code))).all()


async def list_units(session: AsyncSession, region: str) -> list[PlacedUnit]:
    """The region's units with their places, by call sign."""
    found = await session.execute(
        select(Unit, Station)
        .join(Station, (Station.region == Unit.region) & (Station.id == Unit.station_id))
        .where(Unit.region == region)
        .order_by(Unit.call_sign)
    )
    return [_placed(unit, station) for unit, station in found]


async def get_unit(session: AsyncSession, region: str, call_sign: str) -> Unit:
    """One unit. Raises NotFound (`unit.not_found`)."""
    unit = None
    if "\0" not in call_sign:
        unit = await session.scalar(select(Unit).where(Unit.region == region, Unit.call_sign == call_sign))
    if unit is None:
        raise NotFound("unit.not_found", f"There is no unit {call_sign!r} in this region.")
    return unit


async def get_unit_by_id(session: AsyncSession, region: str, unit_id: UUID) -> Unit:
    """One unit. Raises NotFound (`unit.not_found`)."""
    unit = await session.scalar(select(Unit).where(Unit.region == region, Unit.id == unit_id))
    if unit is None:
        raise NotFound("unit.not_found", f"There is no unit {unit_id} in this region.")
    return unit


async def station_ids(session: AsyncSession, region: str) -> Mapping[str, UUID]:
    """The ids of the region's stations by their codes."""
    found = await session.execute(select(Station.code, Station.id).where(Station.region == region))
    return {row.code: row.id for row in found}


async def list_stationed(session: AsyncSession, region: str) -> Sequence[tuple[UUID, str, str]]:
    """Station id, its code and a unit's call sign, for every unit of the region, by call sign."""
    found = await session.execute(
        select(Station.id, Station.code, Unit.call_sign)
        .join(Unit, (Station.region == Unit.region) & (Station.id == Unit.station_id))
        .where(Unit.region == region)
        .order_by(Unit.call_sign)
    )
    return [(station_id, code, call_sign) for station_id, code, call_sign in found]


def _placed(unit: Unit, station: Station) -> PlacedUnit:
    if unit.lat is not None and unit.lon is not None:
        return PlacedUnit(unit, station, GeoPoint(lat=unit.lat, lon=unit.lon), PositionSource.OWN)
    return PlacedUnit(unit, station, GeoPoint(lat=station.lat, lon=station.lon), PositionSource.STATION)
