"""What a hospital told of a patient later, in versions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base


class ToldOutcome(Base):
    """One version of where a patient went and what it was; the newest counts. diagnosis: a code of ICD-10."""

    __tablename__ = "told_outcomes"
    __table_args__ = (
        UniqueConstraint("patient_id", "hospital_id", "version"),
        *(filled(name) for name in ("disposition", "diagnosis", "actor")),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    version: Mapped[int] = mapped_column(Integer)
    disposition: Mapped[str] = mapped_column(Text)
    diagnosis: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
