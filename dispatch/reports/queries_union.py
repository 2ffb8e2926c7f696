"""Stored looks at both fleets, one for each incident, read for what the union gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries_recommendation import read_body
from dispatch.dispatching.rules_candidates import Candidate, Offer, Recommendation
from dispatch.dispatching.tables import RecommendationRow
from dispatch.kernel.errors import Invalid
from dispatch.reports.rules_union import Looked
from dispatch.units.tables import Station
from geo.points import GeoPoint, haversine_m

MOST: Final = 20_000
"""Incidents that are looked at in one answer: each look is read whole."""
_AT_ONCE: Final = 200
_MOBILISE_S: Final = 90.0
"""From a station, as `dispatching.toml` ships it."""


async def list_looked(
    session: AsyncSession,
    region: str,
    incidents: Mapping[str, Mapping[str, Any]],
    *,
    detour_factor: float,
    speed_mps: float,
) -> list[Looked]:
    """Return the first look at each incident that was made before its first order, or the last before it was dropped.

    incidents: by id, each with at, t3, lat, lon, area_organisation, area, and `areas`: organisations of the ground of
    other incidents by their id. detour_factor, speed_mps: of estimates in a straight line. Raises Invalid
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
        asked = [UUID(one) for one in ids[begin : begin + _AT_ONCE]]
        rows = await session.scalars(
            select(RecommendationRow)
            .where(RecommendationRow.region == region, RecommendationRow.incident_id.in_(asked))
            .order_by(RecommendationRow.incident_id, RecommendationRow.at, RecommendationRow.id)
        )
        looks: dict[str, RecommendationRow] = {}
        for row in rows:
            t3 = incidents[str(row.incident_id)]["t3"]
            if t3 is None or row.at <= t3:
                looks[str(row.incident_id)] = row
        found += [
            _looked(key, incidents[key], read_body(row), stations, incidents, detour_factor / speed_mps)
            for key, row in looks.items()
        ]
        session.expunge_all()
    return found


def _looked(
    key: str,
    incident: Mapping[str, Any],
    made: Recommendation,
    stations: Mapping[UUID, GeoPoint],
    incidents: Mapping[str, Mapping[str, Any]],
    s_per_m: float,
) -> Looked:
    own = incident["area_organisation"] or made.inputs.wanted.requester.organisation
    alone = next((one.offers for one in made.alone if one.organisation == own), ())
    away = [unit for unit in made.inputs.units if unit.party.organisation == own and _helps(unit, own, incidents)]
    at: datetime = incident["at"]
    return Looked(
        incident_id=key, at=at, organisation=own, area=incident["area"] or "", own_s=_best(alone),
        both_s=_least(_best(made.considered), _best(alone)), away=len(away),
        own_if_home_s=_if_home(away, incident, stations, s_per_m),
    )  # fmt: skip


def _helps(unit: Candidate, own: str, incidents: Mapping[str, Mapping[str, Any]]) -> bool:
    if unit.run is None:
        return False
    other = incidents.get(str(unit.run.incident_id))
    return other is not None and other["area_organisation"] not in (None, own)


def _best(offers: Sequence[Offer]) -> float | None:
    return min((one.eta_s for one in offers if one.can_go and one.eta_s is not None and not one.missing), default=None)


def _least(*told: float | None) -> float | None:
    return min((one for one in told if one is not None), default=None)


def _if_home(
    away: Sequence[Candidate], incident: Mapping[str, Any], stations: Mapping[UUID, GeoPoint], s_per_m: float
) -> float | None:
    if incident["lat"] is None:
        return None
    place = GeoPoint(lat=incident["lat"], lon=incident["lon"])
    homes = [stations[unit.station_id] for unit in away if unit.station_id in stations]
    return min(
        (_MOBILISE_S + haversine_m(home.lat, home.lon, place.lat, place.lon) * s_per_m for home in homes), default=None
    )
