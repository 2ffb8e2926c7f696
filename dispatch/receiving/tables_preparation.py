"""What a hospital has prepared for a patient, ticked by name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base


class PreparationTick(Base):
    """Something is ready. What was ticked by mistake is withdrawn and stays."""

    __tablename__ = "preparation_ticks"
    __table_args__ = (
        filled("item"),
        filled("actor"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index(
            "uq_preparation_ticks_holding", "patient_id", "hospital_id", "item", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    item: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
