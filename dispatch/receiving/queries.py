"""Every question to rankings, choices and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.receiving.rules import PROPOSED, Destination, Ranking
from dispatch.receiving.states import Answer, Pathway, Unheld
from dispatch.receiving.tables import DestinationAnswer, DestinationChoice, DestinationRanking


async def get_ranking(session: AsyncSession, patient_id: UUID, ranking_id: UUID) -> DestinationRanking:
    """One ranking of a patient. Raises NotFound (`ranking.not_found`)."""
    found = await session.get(DestinationRanking, ranking_id)
    if found is None or found.patient_id != patient_id:
        raise NotFound("ranking.not_found", "There is no such ranking for this patient.")
    return found


async def find_choice(session: AsyncSession, patient_id: UUID) -> DestinationChoice | None:
    """What holds of a patient."""
    found: DestinationChoice | None = await session.scalar(
        select(DestinationChoice)
        .where(DestinationChoice.patient_id == patient_id, DestinationChoice.superseded_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return found


async def list_choices(session: AsyncSession, patient_id: UUID) -> Sequence[DestinationChoice]:
    """All that was chosen for a patient, the oldest first."""
    chosen = select(DestinationChoice).where(DestinationChoice.patient_id == patient_id)
    return (await session.scalars(chosen.order_by(DestinationChoice.at, DestinationChoice.id))).all()


async def list_answers(session: AsyncSession, patient_id: UUID) -> Sequence[DestinationAnswer]:
    """All that hospitals answered, the oldest first."""
    chosen = select(DestinationAnswer).where(DestinationAnswer.patient_id == patient_id)
    return (await session.scalars(chosen.order_by(DestinationAnswer.at, DestinationAnswer.id))).all()


def accepted_by(answers: Sequence[DestinationAnswer]) -> frozenset[UUID]:
    """The hospitals whose newest answer is that they take the patient; `answers` the oldest first."""
    newest = {one.hospital_id: one.answer for one in answers}
    return frozenset(key for key, answer in newest.items() if answer == Answer.ACCEPTED)


def write_ranking(ranking: Ranking) -> list[dict[str, Any]]:
    """As the body keeps it."""
    kept: list[dict[str, Any]] = msgspec.to_builtins(list(ranking.ranked))
    return kept


def read_ranking(row: DestinationRanking) -> Ranking:
    """As it was shown."""
    pathway = Pathway(row.pathway)
    ranked = msgspec.convert(row.body, list[Destination])
    return Ranking(pathway, Unheld(row.unheld) if row.unheld else None, PROPOSED.pathways[pathway].bed, tuple(ranked))
