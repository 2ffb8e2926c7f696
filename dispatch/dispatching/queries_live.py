"""What the live feed asks beside the boards: what has to do with what, what belongs to a region, where units are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.tables import Assignment
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_incidents import Incident
from dispatch.units.tables import Unit
from dispatch.units.tables_position import UnitLatestPosition

# Written out, so that any plan can use the indexes of what is active.
_ACTIVE: Final[ColumnElement[str]] = literal_column("'active'")


@dataclass(frozen=True, slots=True)
class Link:
    """A unit has an incident now."""

    assignment_id: UUID
    unit_id: UUID
    incident_id: UUID
    organisation: str


@dataclass(frozen=True, slots=True)
class LivePosition:
    """The newest position of a unit; `at` is true time."""

    unit_id: UUID
    organisation: str
    lat: float
    lon: float
    at: datetime
    received_at: datetime
    speed_mps: float | None
    heading_deg: float | None
    source: str


async def list_links(
    session: AsyncSession,
    region: str,
    *,
    incident_ids: Collection[UUID] | None = None,
    unit_ids: Collection[UUID] = (),
) -> list[Link]:
    """What any of these incidents or units has to do with now; without `incident_ids` all of a region."""
    wanted = select(Assignment.id, Assignment.unit_id, Assignment.incident_id, Assignment.organisation).where(
        Assignment.region == region, Assignment.state == _ACTIVE
    )
    if incident_ids is not None:
        wanted = wanted.where(or_(Assignment.incident_id.in_(incident_ids), Assignment.unit_id.in_(unit_ids)))
    return [Link(*row) for row in await session.execute(wanted)]


async def list_of_region(session: AsyncSession, region: str, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these ids that are calls, incidents or units of a region."""
    found = await session.scalars(
        union_all(*(select(kind.id).where(kind.id.in_(ids), kind.region == region) for kind in (Call, Incident, Unit)))
    )
    return frozenset(found)


async def list_live_positions(
    session: AsyncSession, region: str, ids: Collection[UUID] | None = None
) -> list[LivePosition]:
    """The newest position of each unit of a region that ever sent one, or of some."""
    latest = UnitLatestPosition
    wanted = (
        select(
            latest.unit_id, Unit.organisation, latest.lat, latest.lon, latest.at, latest.received_at, latest.speed_mps,
            latest.heading_deg, latest.source,
        )
        .join(Unit, Unit.id == latest.unit_id)
        .where(Unit.region == region)
    )  # fmt: skip
    if ids is not None:
        wanted = wanted.where(latest.unit_id.in_(ids))
    return [LivePosition(*row) for row in await session.execute(wanted)]
