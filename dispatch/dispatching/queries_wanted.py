"""What a choice must know of the incidents that it is made for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.prepared import Prepared
from geo.points import GeoPoint


class IncidentNow(NamedTuple):
    """What a choice must know of an incident. point: None where it has no place."""

    id: UUID
    priority: Priority
    capabilities: str
    place_version: int
    point: GeoPoint | None


_INCIDENTS: Final = Prepared(
    select(
        Incident.id, Incident.priority, Incident.capabilities, Incident.place_version, Incident.lat, Incident.lon
    ).where(Incident.region == bindparam("region"), Incident.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)


async def list_incidents_now(session: AsyncSession, region: str, ids: Iterable[UUID]) -> dict[UUID, IncidentNow]:
    """Those of these incidents that are there, by id."""
    rows = await _INCIDENTS.rows(session, region=region, ids=list(ids))
    return {
        incident_id: IncidentNow(
            incident_id, Priority(priority), letters, version,
            GeoPoint(lat=lat, lon=lon) if lat is not None and lon is not None else None,
        )
        for incident_id, priority, letters, version, lat, lon in rows
    }  # fmt: skip
