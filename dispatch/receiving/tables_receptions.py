"""Handing a patient over at the hospital: here, off the crew's stretcher, signed; T9 and T10 stay with the run."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.dispatching.tables import Assignment
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.constraints import one_of
from dispatch.kernel.db import Base
from dispatch.receiving.states_emergency import Unsigned

_STEPS = ("arrived", "off", "signed", "closed")


class Reception(Base):
    """What is told of a patient's handover, each with who told it. assignment_id: the run, once it is handed over.

    arrived_at: told by the hospital, where the crew told no T9. closed_*: without a signature, before a witness: an
    actor, or (witness_id) somebody without an account, whose name is the patient's personal value. waits_told_at: the
    crew has waited longer than is set, and it was told. asked_at: the crew told T10, and a signature was asked for;
    unsigned_told_at: there was none for longer than is set, and it was told.
    """

    __tablename__ = "receptions"
    __table_args__ = (
        UniqueConstraint("patient_id", "hospital_id"),
        Index("ix_receptions_hospital_id", "hospital_id"),
        one_of("unsigned", Unsigned),
        *(CheckConstraint(f"({one}_at IS NULL) = ({one}_by IS NULL)", name=f"{one}_by") for one in _STEPS),
        CheckConstraint(
            "(closed_at IS NULL) = (unsigned IS NULL) "
            "AND (closed_at IS NOT NULL)::int = num_nonnulls(witness, witness_id)",
            name="closed",
        ),
        CheckConstraint("witness <> closed_by", name="another"),
        CheckConstraint("signed_at IS NULL OR closed_at IS NULL", name="one_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Assignment.id))
    arrived_at: Mapped[datetime | None]
    arrived_by: Mapped[str | None] = mapped_column(Text)
    off_at: Mapped[datetime | None]
    off_by: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(Text)
    unsigned: Mapped[str | None] = mapped_column(Text)
    witness: Mapped[str | None] = mapped_column(Text)
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey(PersonalValue.id))
    waits_told_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    unsigned_told_at: Mapped[datetime | None]
