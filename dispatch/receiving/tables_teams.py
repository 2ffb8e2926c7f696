"""Teams of a hospital's centres that were activated for a patient, and the events that stopped their clocks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.receiving.states_emergency import Centre, Ending


class TeamActivation(Base):
    """A team was called for a patient. Each step has who told it; entered_at: when the activation was entered."""

    __tablename__ = "team_activations"
    __table_args__ = (
        one_of("centre", Centre),
        one_of("ending", Ending),
        filled("activated_by"),
        CheckConstraint("(arrived_at IS NULL) = (arrived_by IS NULL)", name="arrived"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ending_told"),
        CheckConstraint("arrived_at >= activated_at AND ended_at >= activated_at", name="times"),
        Index(
            "uq_team_activations_active", "patient_id", "hospital_id", "centre", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_team_activations_hospital_id_activated_at", "hospital_id", "activated_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    centre: Mapped[str] = mapped_column(Text)
    activated_at: Mapped[datetime]
    activated_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    arrived_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)
    ending: Mapped[str | None] = mapped_column(Text)


class TeamStop(Base):
    """A clock of an activation was stopped by an event. What was a mistake is withdrawn and stays."""

    __tablename__ = "team_stops"
    __table_args__ = (
        filled("clock"),
        filled("actor"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index(
            "uq_team_stops_holding", "activation_id", "clock", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    activation_id: Mapped[UUID] = mapped_column(ForeignKey(TeamActivation.id))
    clock: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
