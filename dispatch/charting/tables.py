"""What was written down at patients. An entry is never changed: another corrects it, or it is withdrawn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states import Source
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base


class ChartEntry(Base):
    """Values of one moment by signal name, or one treatment with its amount, if it has one.

    id: given by who writes, so that what is sent twice is kept once. at: true time. corrects: the entry in whose place
    this one stands.
    """

    __tablename__ = "chart_entries"
    __table_args__ = (
        Index(
            "uq_chart_entries_corrects_present", "corrects", unique=True, postgresql_where=text("withdrawn_at IS NULL")
        ),
        Index("ix_chart_entries_patient_id_at", "patient_id", "at"),
        one_of("source", Source),
        filled("actor"),
        CheckConstraint("num_nonnulls(measured, treatment) = 1", name="one_thing"),
        CheckConstraint("amount IS NULL OR treatment IS NOT NULL", name="amount"),
        CheckConstraint("amount > 0 AND amount < 1e6", name="amount_positive"),
        CheckConstraint("at <= entered_at", name="times"),
        CheckConstraint("corrects <> id", name="not_itself"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    measured: Mapped[dict[str, float] | None] = mapped_column(JSONB(none_as_null=True))
    treatment: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[float | None] = mapped_column(Float(53))
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("chart_entries.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
