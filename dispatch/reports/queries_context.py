"""What the record table takes beside its lines: the fleet's history, and from tables as they stand points and areas."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.tables import Organisation
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.prepared import driver_of
from dispatch.reports.rules_fleet import Change, fleet_history
from dispatch.reports.states import Ground
from dispatch.roads.queries import list_zones
from dispatch.units.events_imports import UnitChanged, UnitDescribed
from dispatch.units.tables import Station, Unit
from geo.zones import Zone, ZoneKind

_POINTS: Final = (
    "SELECT id, round(lat::numeric, 5), round(lon::numeric, 5) FROM incidents WHERE region = $1 ORDER BY id"
)
AREAS: Final = {
    "incident_id": pl.String(), "lat": pl.Float64(), "lon": pl.Float64(), "ground": pl.Categorical(),
    "county": pl.Categorical(), "area_organisation": pl.Categorical(), "area_system": pl.Categorical(),
}  # fmt: skip


async def fleet_of(session: AsyncSession, region: str) -> pl.DataFrame:
    """The region's fleet as it was and is: columns and rules as `rules_fleet.fleet_history`."""
    rows = await session.execute(
        select(
            Unit.id, Unit.call_sign, Unit.type, Unit.special, Unit.organisation, Unit.system, Station.code,
            Unit.capabilities,
        )
        .join(Station, Unit.station_id == Station.id)
        .where(Unit.region == region)
        .order_by(Unit.id)
    )  # fmt: skip
    present = {str(row[0]): UnitDescribed(*row[1:]) for row in rows}
    # The journal's index by subject finds them: their subject is the region, of which few lines tell.
    lines = await session.execute(
        select(JournalLine.occurred_at, JournalLine.payload)
        .where(JournalLine.subject == region, JournalLine.type == UnitChanged.type)
        .order_by(JournalLine.seq)
    )
    told = [(at, msgspec.convert(payload, UnitChanged)) for at, payload in lines]
    return fleet_history(present, [Change(str(one.unit_id), at, one.before, one.after) for at, one in told])


async def areas_of(session: AsyncSession, region: str) -> tuple[pl.DataFrame, frozenset[str]]:
    """Where incidents of a region are, to a metre, and the ids of all that are of other regions.

    Columns as `AREAS`. A place on a border is of the smallest zone that holds it; where zones call the ground both
    urban and rural, it is urban.
    """
    parts: list[bytes] = []

    async def take(data: bytes) -> None:
        parts.append(data)

    driver = await driver_of(session)
    await driver.copy_from_query(_POINTS, region, output=take, format="csv")
    text = b"".join(parts)
    names = ["incident_id", "lat", "lon"]
    kinds = [pl.String, pl.Float64, pl.Float64]
    own = (
        pl.read_csv(io.BytesIO(text), has_header=False, new_columns=names, schema_overrides=kinds)
        if text
        else pl.DataFrame(schema=dict(zip(names, kinds, strict=True)))
    )
    others = (await session.scalars(select(Incident.id).where(Incident.region != region))).all()
    known = await session.execute(select(Organisation.code, Organisation.system))
    systems = {row.code: row.system for row in known}
    found = zones_of(own["lat"].to_numpy(), own["lon"].to_numpy(), await list_zones(session, region))
    areas = own.with_columns(columns_of(found))
    of_system = (
        pl.col("area_organisation").cast(pl.String).replace_strict(systems, default=None, return_dtype=pl.String)
    )
    return areas.with_columns(of_system.cast(pl.Categorical).alias("area_system")), frozenset(map(str, others))


def columns_of(found: Mapping[str, NDArray[np.object_]]) -> list[pl.Series]:
    """Return what `zones_of` found as columns of `AREAS`.

    From lists: of an array that begins with None a category cannot be made.
    """
    return [pl.Series(name, values.tolist(), AREAS[name]) for name, values in found.items()]


def zones_of(
    lat: NDArray[np.float64], lon: NDArray[np.float64], zones: Sequence[Zone]
) -> dict[str, NDArray[np.object_]]:
    """Say for places (degrees, [n], NaN for none) their ground, county and organisation; None: no zone says so.

    Where built-up areas are drawn, a county's ground outside of them is rural; a county's organisation has the ground
    in it that no area of an organisation holds.
    """
    names = {name: np.full(len(lat), None, dtype=np.object_) for name in ("ground", "county", "area_organisation")}
    there = np.flatnonzero(~np.isnan(lat))
    if not zones or not len(there):
        return names
    # The largest first, so that the smallest has the last word; counties before all else, urban after rural.
    ordered = sorted(
        zones,
        key=lambda zone: (zone.kind != ZoneKind.COUNTY, zone.kind == ZoneKind.URBAN, -zone.polygon.area, zone.id),
    )
    built_up = any(zone.kind == ZoneKind.URBAN for zone in zones)
    tree = shapely.STRtree([zone.polygon for zone in ordered])
    places, met = tree.query(shapely.points(lon[there], lat[there]), predicate="intersects")
    for row, zone in enumerate(ordered):
        held = there[places[met == row]]
        if zone.kind in (ZoneKind.URBAN, ZoneKind.RURAL):
            names["ground"][held] = str(Ground.URBAN if zone.kind == ZoneKind.URBAN else Ground.RURAL)
        elif zone.kind == ZoneKind.COUNTY:
            names["county"][held] = zone.id
            names["area_organisation"][held] = zone.organisation or None
            if built_up:
                names["ground"][held] = str(Ground.RURAL)
        else:
            names["area_organisation"][held] = zone.organisation
    return names
