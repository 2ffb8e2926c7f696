"""Every question to the tables of regions, closures, own places and zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import shapely
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.roads.tables import ClosureRow, OwnPlaceRow, Region, ZoneRow
from geo.network.attributes import StreetName
from geo.overlay import Closure, Overlay
from geo.places.own import OwnPlace
from geo.points import GeoPoint
from geo.zones import Zone, ZoneKind

VERSIONS_SQL: Final = (
    "SELECT network_version, network_file, network_sha256, overlay_version, data_version FROM regions WHERE name = $1"
)
"""For a raw asyncpg connection on the hot path; the columns are those of `Versions`, in order."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What a process compares before it answers. `network_version` 0: no network yet."""

    network_version: int
    network_file: str | None
    network_sha256: str | None
    overlay_version: int
    data_version: int


async def find_region(session: AsyncSession, name: str) -> Region | None:
    """The region, or None."""
    # No name holds a NUL, and PostgreSQL would take offence at one.
    return None if "\0" in name else await session.get(Region, name)


async def get_region(session: AsyncSession, name: str) -> Region:
    """The region. Raises NotFound (`region.not_found`)."""
    region = await find_region(session, name)
    if region is None:
        raise _no_region(name)
    return region


async def lock_region(session: AsyncSession, name: str) -> Region:
    """The region as it is now, its row locked until the transaction ends. Raises NotFound (`region.not_found`)."""
    if "\0" in name:
        raise _no_region(name)
    found = await session.scalars(
        # Not the full lock: rows that refer to the region, such as a call coming in, must not wait for an import.
        select(Region).where(Region.name == name).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    )
    region = found.one_or_none()
    if region is None:
        raise _no_region(name)
    return region


async def list_regions(session: AsyncSession) -> Sequence[Region]:
    """All regions, by name."""
    return (await session.scalars(select(Region).order_by(Region.name))).all()


async def get_versions(session: AsyncSession, name: str) -> Versions:
    """The region's versions, read afresh. Raises NotFound (`region.not_found`)."""
    if "\0" in name:
        raise _no_region(name)
    found = await session.execute(
        select(
            Region.network_version,
            Region.network_file,
            Region.network_sha256,
            Region.overlay_version,
            Region.data_version,
        ).where(Region.name == name)
    )
    row = found.one_or_none()
    if row is None:
        raise _no_region(name)
    return Versions(*row)


async def load_overlay(session: AsyncSession, name: str) -> Overlay:
    """All closures that are or will be in force, with their version, as one value for geo.

    Closures lifted, and those on edges of an older network, are not among them. The order is that of their ids.
    Version and closures are read in one statement, so that they belong together at any isolation.
    Raises NotFound (`region.not_found`).
    """
    if "\0" in name:
        raise _no_region(name)
    found = await session.execute(
        select(Region.overlay_version, ClosureRow)
        .outerjoin(ClosureRow, (ClosureRow.region == Region.name) & _in_force())
        .where(Region.name == name)
        .order_by(ClosureRow.id),
        execution_options={"populate_existing": True},
    )
    rows = found.all()
    if not rows:
        raise _no_region(name)
    return Overlay(rows[0][0], tuple(as_closure(row) for _, row in rows if row is not None))


async def list_closures(
    session: AsyncSession, name: str, *, active_at: datetime | None = None, include_lifted: bool = False
) -> Sequence[ClosureRow]:
    """The region's closures, oldest first, also those made stale by a new network (they say so).

    `active_at` (aware) leaves those whose time holds then. Raises NotFound (`region.not_found`).
    """
    await get_region(session, name)
    query = select(ClosureRow).where(ClosureRow.region == name).order_by(ClosureRow.id)
    if not include_lifted:
        query = query.where(ClosureRow.lifted_at.is_(None))
    if active_at is not None:
        query = query.where(
            ClosureRow.active_from <= active_at,
            or_(ClosureRow.active_until.is_(None), ClosureRow.active_until > active_at),
        )
    return (await session.scalars(query)).all()


async def get_closure(session: AsyncSession, name: str, closure_id: UUID) -> ClosureRow:
    """One closure of the region. Raises NotFound (`closure.not_found`)."""
    found = await session.scalars(
        select(ClosureRow).where(ClosureRow.region == name, ClosureRow.id == closure_id),
        execution_options={"populate_existing": True},
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("closure.not_found", f"There is no closure {closure_id} in this region.")
    return row


async def list_edge_closures(session: AsyncSession, name: str) -> Sequence[ClosureRow]:
    """The closures in force that name edges of the present network."""
    return (
        await session.scalars(
            select(ClosureRow)
            .where(ClosureRow.region == name, ClosureRow.kind == "edges", _in_force())
            .order_by(ClosureRow.id),
            execution_options={"populate_existing": True},
        )
    ).all()


async def list_own_places(session: AsyncSession, name: str) -> list[OwnPlace]:
    """The region's own places, by code, as geo takes them."""
    rows = await session.scalars(select(OwnPlaceRow).where(OwnPlaceRow.region == name).order_by(OwnPlaceRow.code))
    return [
        OwnPlace(
            id=row.code,
            lat=row.lat,
            lon=row.lon,
            kind=row.kind,
            names=StreetName(name=row.name_zh, zh=row.name_zh, en=row.name_en, ug=row.name_ug),
            aliases=tuple(row.aliases),
            organisation=row.organisation,
        )
        for row in rows
    ]


async def list_zones(session: AsyncSession, name: str) -> list[Zone]:
    """The region's zones, by code, as geo takes them."""
    rows = await session.scalars(select(ZoneRow).where(ZoneRow.region == name).order_by(ZoneRow.code))
    return [
        Zone(
            id=row.code,
            kind=ZoneKind(row.kind),
            names=StreetName(name=row.name, zh=row.name_zh, en=row.name_en, ug=row.name_ug),
            organisation=row.organisation,
            polygon=shapely.from_wkb(row.polygon),
        )
        for row in rows
    ]


def as_closure(row: ClosureRow) -> Closure:
    """A closure as geo takes it."""
    centre = None
    if row.centre_lat is not None and row.centre_lon is not None:
        centre = GeoPoint(lat=row.centre_lat, lon=row.centre_lon)
    return Closure(
        id=row.id,
        active_from=row.active_from,
        active_until=row.active_until,
        speed_factor=row.speed_factor,
        ways=tuple(row.ways or ()),
        edges=tuple(row.edges or ()),
        polygon=None if row.polygon is None else shapely.from_wkb(row.polygon),
        centre=centre,
        radius_m=row.radius_m or 0.0,
        reason=row.reason,
        author=row.author,
    )


def _in_force() -> ColumnElement[bool]:
    return ClosureRow.lifted_at.is_(None) & ~ClosureRow.stale_network


def _no_region(name: str) -> NotFound:
    return NotFound("region.not_found", f"There is no region {name!r}.", "See `tarim region list`.")
