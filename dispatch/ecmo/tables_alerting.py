"""Who of a centre is on call, and who was called for a request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.tables import Person
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region


class EcmoOnCall(Base):
    """A physician of a centre is on call from one time until another. place: in the order of calling, from 1.

    Those of the same place are called together. withdrawn: it was entered by mistake, or somebody else took over.
    """

    __tablename__ = "ecmo_on_call"
    __table_args__ = (
        Index("ix_ecmo_on_call_hospital_id_until_at", "hospital_id", "until_at"),
        filled("entered_by"),
        CheckConstraint("place BETWEEN 1 AND 20", name="place"),
        CheckConstraint("until_at > from_at", name="times"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    place: Mapped[int] = mapped_column(Integer)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class EcmoAlert(Base):
    """A physician is called for an offer. It sounds until somebody of the centre has the case open, or it is decided.

    escalated_at: nobody had within the time that is set, and the next in order, or the coordinators, were called.
    """

    __tablename__ = "ecmo_alerts"
    __table_args__ = (
        UniqueConstraint("offer_id", "person_id", "raised_at"),
        Index("ix_ecmo_alerts_person_id", "person_id"),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("seen_at >= raised_at AND escalated_at >= raised_at AND ended_at >= raised_at", name="times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoOffer.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    place: Mapped[int] = mapped_column(Integer)
    raised_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
