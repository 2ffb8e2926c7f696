"""What stored recommendations tell of both fleets' times, read without the rest of them.

Of their JSON (see `queries_recommendation` for its form) only some columns are read, and none becomes a Candidate or an
Offer: a look takes a third of the time that reading it whole does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries_recommendation import SCHEMA, list_of
from dispatch.dispatching.tables import RecommendationFleet, RecommendationRow
from dispatch.kernel.errors import NotFound

_Column = list[Any] | dict[str, Any]


class _Offers(msgspec.Struct, frozen=True):
    eta_s: list[float | None] = []
    can_go: _Column = []
    missing: _Column = []


class _Alone(msgspec.Struct, frozen=True):
    organisation: str
    offers: _Offers


class _Units(msgspec.Struct, frozen=True):
    id: list[str] = []
    party: _Column = []
    run: _Column = []
    station_id: _Column = []


class _Body(msgspec.Struct, frozen=True):
    considered: _Offers
    alone: list[_Alone]
    units: _Units = _Units()


_BODY: Final = msgspec.json.Decoder(_Body)
_UNITS: Final = msgspec.json.Decoder(_Units)


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """A unit on a run at the moment of a look: whose, from which station, for which incident."""

    organisation: str
    station_id: UUID
    incident_id: UUID


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a recommendation says of times: the least ETA of units that could be sent and lack nothing, seconds.

    None: no unit could. both_s: of all offers; alone_s: of each organisation's own units, whatever it lends.
    """

    requester: str
    both_s: float | None
    alone_s: dict[str, float | None]
    away: tuple[Away, ...]


async def list_looks(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Look]:
    """Return the looks of recommendations, by their ids. Raises NotFound (`recommendation.schema`) for a newer form."""
    if not ids:
        return {}
    row, fleet = RecommendationRow, RecommendationFleet
    found = await session.execute(
        select(row.id, row.schema, row.requester_organisation, cast(row.body, Text), cast(fleet.units, Text))
        .outerjoin(fleet, fleet.id == row.fleet_id)
        .where(row.id.in_(ids))
    )
    return {one: look_of(schema, requester, body, units) for one, schema, requester, body, units in found}


def look_of(schema: int, requester: str, body: str | bytes, units: str | bytes | None) -> Look:
    """Read a look from JSON. units: where they stand apart from the body. Raises NotFound, as `list_looks`."""
    if not 1 <= schema <= SCHEMA:
        raise NotFound("recommendation.schema", f"This Tarim does not read recommendations of schema {schema}.")
    told = _BODY.decode(body)
    fleet = told.units if units is None else _UNITS.decode(units)
    count = len(fleet.id)
    running = [(place, run) for place, run in enumerate(list_of(fleet.run, count)) if run is not None] if count else []
    parties, stations = (list_of(one, count) if running else [] for one in (fleet.party, fleet.station_id))
    return Look(
        requester=requester,
        both_s=_best(told.considered),
        alone_s={one.organisation: _best(one.offers) for one in told.alone},
        away=tuple(
            Away(
                organisation=parties[place]["organisation"], station_id=UUID(stations[place]),
                incident_id=UUID(run["incident_id"]),
            )
            for place, run in running
        ),
    )  # fmt: skip


def _best(offers: _Offers) -> float | None:
    times = offers.eta_s
    if not times:
        return None
    goes, lacks = (list_of(one, len(times)) for one in (offers.can_go, offers.missing))
    return min(
        (eta for eta, go, lack in zip(times, goes, lacks, strict=True) if go and eta is not None and not lack),
        default=None,
    )
