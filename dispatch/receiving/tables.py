"""Rankings of hospitals as they were shown, what was chosen, and what hospitals answered. Nothing is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base
from dispatch.receiving.states import Answer, ChoiceReason, Pathway, Unheld
from dispatch.units.tables import Unit


class DestinationRanking(Base):
    """A ranking as it was shown. body: every hospital with what was seen of it (see `queries.read_ranking`)."""

    __tablename__ = "destination_rankings"
    __table_args__ = (
        one_of("pathway", Pathway),
        one_of("unheld", Unheld),
        filled("actor"),
        Index("ix_destination_rankings_patient_id_at", "patient_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Unit.id))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    pathway: Mapped[str] = mapped_column(Text)
    unheld: Mapped[str | None] = mapped_column(Text)
    network_version: Mapped[str] = mapped_column(Text)
    overlay_version: Mapped[int] = mapped_column(Integer)
    body: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class DestinationChoice(Base):
    """A hospital chosen for a patient; the newest holds. place: in the ranking, from 1; reason: where it was not 1."""

    __tablename__ = "destination_choices"
    __table_args__ = (
        one_of("reason", ChoiceReason),
        filled("actor"),
        within("place", 1, 10_000),
        CheckConstraint("place = 1 OR reason IS NOT NULL", name="explained"),
        Index(
            "uq_destination_choices_present", "patient_id", unique=True, postgresql_where=text("superseded_at IS NULL")
        ),
        Index("ix_destination_choices_hospital_id", "hospital_id", postgresql_where=text("superseded_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey(Unit.id))
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey(DestinationRanking.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    place: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    superseded_at: Mapped[datetime | None]


class DestinationAnswer(Base):
    """What a hospital said to a patient; the newest of each hospital holds. other_id: the hospital it names."""

    __tablename__ = "destination_answers"
    __table_args__ = (
        one_of("answer", Answer),
        filled("actor"),
        CheckConstraint("(answer = 'accepted') = (other_id IS NULL)", name="other"),
        CheckConstraint("other_id <> hospital_id", name="another"),
        Index("ix_destination_answers_patient_id_at", "patient_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    answer: Mapped[str] = mapped_column(Text)
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey(Hospital.id))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
