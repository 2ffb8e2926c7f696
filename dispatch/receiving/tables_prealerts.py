"""Pre-alerts: a hospital told that somebody is brought, and who there took note of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.receiving.states_emergency import Withdrawal


class Prealert(Base):
    """A hospital is told of a patient. It sounds until somebody there acknowledges it by name, or it is withdrawn.

    escalated_at: nobody had within the time that is set, and the dispatch centre was told.
    """

    __tablename__ = "prealerts"
    __table_args__ = (
        one_of("withdrawal", Withdrawal),
        filled("acknowledged_by"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawal IS NULL)", name="withdrawn"),
        CheckConstraint(
            "acknowledged_at >= raised_at AND escalated_at >= raised_at AND withdrawn_at >= raised_at", name="times"
        ),
        Index(
            "uq_prealerts_holding", "patient_id", "hospital_id", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_prealerts_hospital_id_raised_at", "hospital_id", "raised_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    escalated_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal: Mapped[str | None] = mapped_column(Text)
