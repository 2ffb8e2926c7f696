"""Every question to the tables of cards and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.cards.states import Answer
from dispatch.cards.tables import CardSetRow, IncidentAnswer, IncidentAssessment


@dataclass(frozen=True, slots=True)
class Present:
    """Which set a region has: its version there, and its file's digest; "" is the built-in one."""

    version: int
    digest: str


async def present_set(session: AsyncSession, region: str) -> Present:
    """Which set counts in a region now; version 0 while it never had an own one."""
    found = (
        await session.execute(
            select(CardSetRow.version, CardSetRow.digest)
            .where(CardSetRow.region == region)
            .order_by(CardSetRow.version.desc())
            .limit(1)
        )
    ).one_or_none()
    return Present(0, "") if found is None else Present(found.version, found.digest)


async def get_set_text(session: AsyncSession, region: str, version: int) -> str:
    """The text of one version of a region's cards; it must be there."""
    return (
        await session.scalars(select(CardSetRow.text).where(CardSetRow.region == region, CardSetRow.version == version))
    ).one()


async def list_answers(session: AsyncSession, incident_id: UUID) -> Sequence[IncidentAnswer]:
    """All answers of an incident with their earlier versions, in the order of entry."""
    return (
        await session.scalars(
            select(IncidentAnswer)
            .where(IncidentAnswer.incident_id == incident_id)
            .order_by(IncidentAnswer.entered_at, IncidentAnswer.version, IncidentAnswer.id)
        )
    ).all()


def newest(rows: Sequence[IncidentAnswer]) -> dict[str, IncidentAnswer]:
    """The version of each answer that counts."""
    found: dict[str, IncidentAnswer] = {}
    for row in rows:
        if row.question not in found or row.version > found[row.question].version:
            found[row.question] = row
    return found


def as_answers(rows: Sequence[IncidentAnswer]) -> dict[str, Answer]:
    """What counts now, as rules take it; what was taken back is left out."""
    return {
        key: tuple(row.value) if isinstance(row.value, list) else row.value
        for key, row in newest(rows).items()
        if row.value is not None
    }


async def list_assessments(session: AsyncSession, incident_id: UUID) -> Sequence[IncidentAssessment]:
    """What the rules said of an incident, the first first."""
    return (
        await session.scalars(
            select(IncidentAssessment)
            .where(IncidentAssessment.incident_id == incident_id)
            .order_by(IncidentAssessment.ordinal)
        )
    ).all()
