"""Recommendations as they were stored, and the form that they are stored in.

Schema 1: `units`, `considered` and `excluded` are columns, one list for each field, so that no name is repeated for
each of hundreds of units; `alone` names for each organisation the offers of its own units.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select
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
from dispatch.dispatching.tables import RecommendationRow
from dispatch.kernel.errors import NotFound

SCHEMA: Final = 1


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
    offers = row.body["considered"]
    ids = offers.get("unit_id", [])
    if str(unit_id) not in ids:
        return None, None
    place = ids.index(str(unit_id))
    return place + 1, offers["eta_s"][place]


def write_body(made: Recommendation) -> dict[str, Any]:
    """Return a recommendation as plain JSON of the newest schema."""
    inputs = made.inputs
    return {
        "chosen": str(made.chosen) if made.chosen else None,
        "wanted": msgspec.to_builtins(inputs.wanted),
        "units": _columns(inputs.units),
        "considered": _columns(made.considered),
        "excluded": _columns(made.excluded_because),
        "alone": [{"organisation": one.organisation, "offers": _columns(one.offers)} for one in made.alone],
        "policy": inputs.policy,
        "network_version": inputs.network_version,
        "overlay_version": inputs.overlay_version,
        "warnings": list(inputs.warnings),
    }


def read_body(row: RecommendationRow) -> Recommendation:
    """Return a stored recommendation as it was made. Raises NotFound (`recommendation.schema`) for a newer form."""
    if row.schema != SCHEMA:
        raise NotFound("recommendation.schema", f"This Tarim does not read recommendations of schema {row.schema}.")
    body = row.body
    return Recommendation(
        chosen=UUID(body["chosen"]) if body["chosen"] else None,
        considered=msgspec.convert(_rows(body["considered"]), tuple[Offer, ...]),
        excluded_because=msgspec.convert(_rows(body["excluded"]), tuple[Exclusion, ...]),
        alone=tuple(
            Alone(one["organisation"], msgspec.convert(_rows(one["offers"]), tuple[Offer, ...]))
            for one in body["alone"]
        ),
        inputs=Inputs(
            wanted=msgspec.convert(body["wanted"], Wanted),
            units=msgspec.convert(_rows(body["units"]), tuple[Candidate, ...]),
            policy=body["policy"],
            network_version=body["network_version"],
            overlay_version=body["overlay_version"],
            warnings=tuple(body["warnings"]),
        ),
    )


def _columns(rows: Sequence[object]) -> dict[str, list[Any]]:
    plain: list[dict[str, Any]] = msgspec.to_builtins(rows)
    return {name: [row[name] for row in plain] for name in plain[0]} if plain else {}


def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
