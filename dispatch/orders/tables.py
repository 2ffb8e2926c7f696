"""Orders and what became of them. Their free words are personal values, which can be erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base

_STEPS = ("seen", "confirmed", "ended", "cancelled")


class Order(Base):
    """One order. id: its giver's own, so that what is sent twice is given once; an entry of the chart has the same.

    at, ended_at: true times; the times of the others are the service's, confirmed_at may be a device's. reason None
    with ended_at: done, and given_amount is what was given.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_incident_id_at", "incident_id", "at"),
        Index("ix_orders_patient_id", "patient_id"),
        *(filled(name) for name in ("actor", "organisation", "treatment", "route", "reason")),
        *(CheckConstraint(f"({one}_at IS NULL) = ({one}_by IS NULL)", name=f"{one}_by") for one in _STEPS),
        CheckConstraint("at <= entered_at", name="times"),
        CheckConstraint("amount > 0 AND amount < 1e6", name="amount"),
        CheckConstraint("given_amount > 0 AND given_amount < 1e6", name="given_amount"),
        CheckConstraint("(ended_at IS NULL) = (ended_entered_at IS NULL)", name="ended"),
        CheckConstraint("ended_at IS NOT NULL OR num_nonnulls(reason, given_amount) = 0", name="end_told"),
        CheckConstraint("num_nonnulls(reason, given_amount) <= 1", name="one_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    organisation: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    treatment: Mapped[str] = mapped_column(Text)
    amount: Mapped[float | None] = mapped_column(Float(53))
    route: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_entered_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)
    given_amount: Mapped[float | None] = mapped_column(Float(53))
    reason: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(Text)
