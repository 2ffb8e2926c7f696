"""Stored looks at both fleets, one for each incident, read for what the union gains."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries_looks import Away, Look, list_looks
from dispatch.dispatching.tables import RecommendationRow
from dispatch.kernel.errors import Invalid
from dispatch.reports.rules_union import Looked
from dispatch.units.tables import Station
from geo.points import GeoPoint, haversine_m

MOST: Final = 20_000
"""Incidents that are looked at in one answer: each look is read."""
_AT_ONCE: Final = 100
_MOBILISE_S: Final = 90.0
"""From a station, as `dispatching.toml` ships it."""


async def list_looked(
    session: AsyncSession,
    region: str,
    incidents: Mapping[str, Mapping[str, Any]],
    *,
    detour_factor: float,
    speed_mps: float,
    known: MutableMapping[UUID, Look],
) -> list[Looked]:
    """Return the first look at each incident that was made before its first order, or the last before it was dropped.

    incidents: by id, each with at, t3, lat, lon, area_organisation, area, and `areas`: organisations of the ground of
    other incidents by their id. detour_factor, speed_mps: of estimates in a straight line. known: looks that were
    read before, which never change; what is read is kept in it, `MOST` at most. Raises Invalid
    (`report.too_many`).
    """
    if len(incidents) > MOST:
        raise Invalid("report.too_many", f"{len(incidents)} incidents are too many to look at; at most {MOST}.")
    stations = {
        row.id: GeoPoint(lat=row.lat, lon=row.lon)
        for row in await session.execute(select(Station.id, Station.lat, Station.lon).where(Station.region == region))
    }
    found: list[Looked] = []
    ids = sorted(incidents)
    for begin in range(0, len(ids), _AT_ONCE):
        chosen = await _chosen(session, region, incidents, ids[begin : begin + _AT_ONCE])
        looks = {one: known[one] for one in chosen.values() if one in known}
        looks |= await list_looks(session, [one for one in chosen.values() if one not in looks])
        known.update(looks)
        found += [
            _looked(key, incidents[key], looks[one], stations, incidents, detour_factor / speed_mps)
            for key, one in chosen.items()
        ]
    while len(known) > MOST:
        del known[next(iter(known))]
    return found


async def _chosen(
    session: AsyncSession, region: str, incidents: Mapping[str, Mapping[str, Any]], ids: Sequence[str]
) -> dict[str, UUID]:
    """The look of each incident: without its content."""
    row = RecommendationRow
    rows = await session.execute(
        select(row.incident_id, row.id, row.at)
        .where(row.region == region, row.incident_id.in_([UUID(one) for one in ids]))
        .order_by(row.incident_id, row.at, row.id)
    )
    chosen: dict[str, UUID] = {}
    for incident_id, one, at in rows:
        t3 = incidents[str(incident_id)]["t3"]
        if t3 is None or at <= t3:
            chosen[str(incident_id)] = one
    return chosen


def _looked(
    key: str,
    incident: Mapping[str, Any],
    look: Look,
    stations: Mapping[UUID, GeoPoint],
    incidents: Mapping[str, Mapping[str, Any]],
    s_per_m: float,
) -> Looked:
    own = incident["area_organisation"] or look.requester
    away = [one for one in look.away if one.organisation == own and _helps(one, own, incidents)]
    at: datetime = incident["at"]
    return Looked(
        incident_id=key, at=at, organisation=own, area=incident["area"] or "", own_s=look.alone_s.get(own),
        both_s=_least(look.both_s, look.alone_s.get(own)), away=len(away),
        own_if_home_s=_if_home(away, incident, stations, s_per_m),
    )  # fmt: skip


def _helps(unit: Away, own: str, incidents: Mapping[str, Mapping[str, Any]]) -> bool:
    other = incidents.get(str(unit.incident_id))
    return other is not None and other["area_organisation"] not in (None, own)


def _least(*told: float | None) -> float | None:
    return min((one for one in told if one is not None), default=None)


def _if_home(
    away: Sequence[Away], incident: Mapping[str, Any], stations: Mapping[UUID, GeoPoint], s_per_m: float
) -> float | None:
    if incident["lat"] is None:
        return None
    place = GeoPoint(lat=incident["lat"], lon=incident["lon"])
    homes = [stations[unit.station_id] for unit in away if unit.station_id in stations]
    return min(
        (_MOBILISE_S + haversine_m(home.lat, home.lon, place.lat, place.lon) * s_per_m for home in homes), default=None
    )
