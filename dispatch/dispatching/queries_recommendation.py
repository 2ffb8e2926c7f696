"""Recommendations as they were stored, and the form that they are stored in.

Schema 3: `considered` and `excluded`, and the units of the fleet that they are chosen from, are columns, one for each
field. A column is a list, or where many rows say the same, `{"usual": value, "others": [[value, [rows]], ...]}`. Offers
and exclusions name their unit by its row in the fleet. `alone` names for each organisation the offers of its own units.

Schema 2, until November 2026: the same, with the fleet in the body, as `units`.

Schema 1, until November 2026: each column is a list, and offers and exclusions repeat a unit's id, call sign and
organisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NewType
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.rules_candidates import (
    Alone,
    Candidate,
    Exclusion,
    Inputs,
    Offer,
    Recommendation,
    Wanted,
)
from dispatch.dispatching.tables import RecommendationFleet, RecommendationRow
from dispatch.kernel.errors import NotFound
from dispatch.kernel.prepared import Prepared

SCHEMA: Final = 3
StoredUnits = NewType("StoredUnits", msgspec.Raw)
"""Candidates as JSON of the newest schema."""
_OF_UNIT: Final = ("unit_id", "call_sign", "organisation")
_UNIT: Final = Candidate.__struct_fields__
_OFFER: Final = tuple(name for name in Offer.__struct_fields__ if name not in _OF_UNIT)
_EXCLUSION: Final = tuple(name for name in Exclusion.__struct_fields__ if name not in _OF_UNIT)
_ALL_DIFFER: Final = frozenset({"id", "call_sign", "point", "eta_s", "low_s", "high_s", "road_s", "road_m"})
"""Fields in which nobody says what another says: no use in counting."""
_encode: Final = msgspec.json.Encoder().encode


def _inserted(table: type[RecommendationFleet | RecommendationRow]) -> Prepared:
    return Prepared(insert(table).values({name: bindparam(name) for name in table.__table__.columns.keys()}))  # noqa: SIM118 - not a dict


_KEEP_FLEET: Final = _inserted(RecommendationFleet)
_KEEP: Final = _inserted(RecommendationRow)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a recommendation is known by. at: the moment of all that was looked at."""

    id: UUID
    incident_id: UUID
    at: datetime
    place_version: int
    chosen: UUID | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A recommendation to be stored: who asked, of which fleet, and its body (`write_body`)."""

    row: Stored
    actor: str
    fleet_id: UUID
    made: Recommendation
    body: str

    def values(self, region: str) -> dict[str, object]:
        """All columns of its row."""
        row, inputs = self.row, self.made.inputs
        wanted = inputs.wanted
        return {
            "id": row.id, "region": region, "incident_id": row.incident_id, "at": row.at, "actor": self.actor,
            "priority": wanted.priority, "place_version": row.place_version,
            "requester_organisation": wanted.requester.organisation, "requester_system": wanted.requester.system,
            "policy": inputs.policy, "chosen": row.chosen, "network_version": inputs.network_version,
            "overlay_version": inputs.overlay_version, "schema": SCHEMA, "body": self.body, "fleet_id": self.fleet_id,
        }  # fmt: skip


async def keep_recommendations(
    session: AsyncSession, region: str, at: datetime, fleets: Mapping[UUID, StoredUnits], kept: Sequence[Kept]
) -> None:
    """Store recommendations that were made from one look, and the fleets that they refer to."""
    seen = [{"id": one, "region": region, "at": at, "units": str(units, "utf-8")} for one, units in fleets.items()]
    await _KEEP_FLEET.many(session, seen)
    await _KEEP.many(session, [one.values(region) for one in kept])


async def get_recommendation(session: AsyncSession, region: str, recommendation_id: UUID) -> RecommendationRow:
    """One recommendation. Raises NotFound (`recommendation.not_found`)."""
    found = await session.scalar(
        select(RecommendationRow).where(RecommendationRow.region == region, RecommendationRow.id == recommendation_id)
    )
    if found is None:
        raise NotFound("recommendation.not_found", "There is no such recommendation in this region.")
    return found


async def list_recommendations(session: AsyncSession, incident_id: UUID) -> Sequence[RecommendationRow]:
    """All that was recommended for an incident, the first first."""
    return (
        await session.scalars(
            select(RecommendationRow)
            .where(RecommendationRow.incident_id == incident_id)
            .order_by(RecommendationRow.at, RecommendationRow.id)
        )
    ).all()


def offer_of(row: RecommendationRow, unit_id: UUID) -> tuple[int | None, float | None]:
    """A unit's rank in a stored recommendation (1 is the first) and its ETA in seconds; None for what is not there."""
    offers, wanted = row.body["considered"], str(unit_id)
    named: list[Any] = offers.get("unit_id", [])
    if row.schema != 1:
        ids = _units(row).get("id", [])
        named = [ids[place] for place in offers.get("unit", [])]
    if wanted not in named:
        return None, None
    place = named.index(wanted)
    return place + 1, offers["eta_s"][place]


def write_units(units: Sequence[Candidate]) -> StoredUnits:
    """Return candidates as they are stored."""
    return StoredUnits(msgspec.Raw(_encode(_columns(units, _UNIT))))


def write_body(made: Recommendation) -> str:
    """Return a recommendation as JSON of the newest schema, apart from its units."""
    inputs = made.inputs
    row_of = {unit.id: row for row, unit in enumerate(inputs.units)}
    body = {
        "chosen": made.chosen,
        "wanted": inputs.wanted,
        "considered": _of_units(made.considered, _OFFER, row_of),
        "excluded": _of_units(made.excluded_because, _EXCLUSION, row_of),
        "alone": [
            {"organisation": one.organisation, "offers": _of_units(one.offers, _OFFER, row_of)} for one in made.alone
        ],
        "policy": inputs.policy,
        "network_version": inputs.network_version,
        "overlay_version": inputs.overlay_version,
        "warnings": inputs.warnings,
    }
    return _encode(body).decode()


def read_body(row: RecommendationRow) -> Recommendation:
    """Return a stored recommendation as it was made. Raises NotFound (`recommendation.schema`) for a newer form."""
    if not 1 <= row.schema <= SCHEMA:
        raise NotFound("recommendation.schema", f"This Tarim does not read recommendations of schema {row.schema}.")
    body = row.body
    units = msgspec.convert(_rows(_units(row)), tuple[Candidate, ...])

    def offers(columns: Mapping[str, Any]) -> tuple[Offer, ...]:
        return msgspec.convert(_named(_rows(columns), units), tuple[Offer, ...])

    return Recommendation(
        chosen=UUID(body["chosen"]) if body["chosen"] else None,
        considered=offers(body["considered"]),
        excluded_because=msgspec.convert(_named(_rows(body["excluded"]), units), tuple[Exclusion, ...]),
        alone=tuple(Alone(one["organisation"], offers(one["offers"])) for one in body["alone"]),
        inputs=Inputs(
            wanted=msgspec.convert(body["wanted"], Wanted),
            units=units,
            policy=body["policy"],
            network_version=body["network_version"],
            overlay_version=body["overlay_version"],
            warnings=tuple(body["warnings"]),
        ),
    )


def _units(row: RecommendationRow) -> Mapping[str, Any]:
    """The columns of its units, which stand apart since schema 3."""
    units: Mapping[str, Any] = row.body["units"] if row.fleet is None else row.fleet.units
    return units


def _of_units(
    rows: Sequence[Offer] | Sequence[Exclusion], fields: Sequence[str], row_of: Mapping[UUID, int]
) -> dict[str, Any]:
    return {"unit": [row_of[one.unit_id] for one in rows], **_columns(rows, fields)} if rows else {}


def _columns(rows: Sequence[object], fields: Sequence[str]) -> dict[str, Any]:
    columns = zip(*map(attrgetter(*fields), rows), strict=True)
    return {name: _column(name, values) for name, values in zip(fields, columns, strict=False)}


def _column(name: str, values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a list, or what stands for it
    if name in _ALL_DIFFER:
        return values
    if values.count(values[0]) == len(values):
        return {"usual": values[0], "others": []}
    counts = Counter(values)
    if 3 * len(counts) > len(values):
        return values
    usual = max(counts, key=counts.__getitem__)
    others: dict[Any, list[int]] = {}
    for row, value in enumerate(values):
        if value != usual:
            others.setdefault(value, []).append(row)
    return {"usual": usual, "others": list(others.items())}


def _rows(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows by their fields, of columns of which one at least is a list."""
    count = max((len(values) for values in columns.values() if isinstance(values, list)), default=0)
    lists = [list_of(values, count) for values in columns.values()]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def list_of(column: Any, count: int) -> list[Any]:  # noqa: ANN401 - as `_column` gives it
    """Return a stored column of so many rows as a list."""
    if isinstance(column, list):
        return column
    values = [column["usual"]] * count
    for value, rows in column["others"]:
        for row in rows:
            values[row] = value
    return values


def _named(rows: list[dict[str, Any]], units: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Rows with what their unit tells, where they name it by its row."""
    for row in rows:
        if "unit" in row:
            unit = units[row.pop("unit")]
            row |= {"unit_id": str(unit.id), "call_sign": unit.call_sign, "organisation": unit.party.organisation}
    return rows
