"""What hospitals said of their services, and their beds: the counts of now, and every move."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.tables import Person
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, BedMove, BedSide, LimitKind, LimitReason
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base

_FREE: Final = "free BETWEEN 0 AND total"


class HospitalLimit(Base):
    """A service diverted or closed from `begins_at` until `until_at`, or until it was ended. doctor_id answers for it.

    One holds of a service at a time: the hospital's row is locked while one is added.
    """

    __tablename__ = "hospital_limits"
    __table_args__ = (
        one_of("service", HospitalCapability),
        one_of("kind", LimitKind),
        one_of("reason", LimitReason),
        filled("actor"),
        CheckConstraint("until_at > begins_at", name="span"),
        CheckConstraint("kind <> 'diverted' OR until_at <= begins_at + interval '4 hours'", name="diversion"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        CheckConstraint("ended_at >= begins_at", name="ended_at"),
        Index("ix_hospital_limits_until_at", "until_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_hospital_limits_hospital_id_begins_at", "hospital_id", "begins_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id, ondelete="CASCADE"))
    service: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    begins_at: Mapped[datetime]
    until_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)


class HospitalBeds(Base):
    """Beds of one kind now. version rises with every move."""

    __tablename__ = "hospital_beds"
    __table_args__ = (
        one_of("kind", BedKind),
        one_of("side", BedSide),
        within("total", 0, 20_000),
        CheckConstraint(_FREE, name="free"),
        CheckConstraint("version >= 1", name="version"),
    )

    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    total: Mapped[int] = mapped_column(Integer)
    free: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    side: Mapped[str] = mapped_column(Text)


class HospitalBedMove(Base):
    """One move of a count, with what stood after it."""

    __tablename__ = "hospital_bed_moves"
    __table_args__ = (
        one_of("kind", BedKind),
        one_of("move", BedMove),
        one_of("side", BedSide),
        filled("actor"),
        within("number", 0, 20_000),
        CheckConstraint(_FREE, name="free"),
        Index("ix_hospital_bed_moves_hospital_id_at", "hospital_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    move: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    free: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    side: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
