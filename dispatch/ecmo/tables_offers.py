"""What ECMO centres answer to a request: one offer of each, all that was decided, and conditions that are ticked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states_offers import Decision, DeclineReason, OfferState
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base


class EcmoOffer(Base):
    """One centre's answer. place: in the order in which centres are asked, from 1; None of `at_once`: all are first.

    asked_at: None while its turn has not come. cannulation_at: when it promises to cannulate. Changed only with the
    request locked; the database lets one of a request be bound.
    """

    __tablename__ = "ecmo_offers"
    __table_args__ = (
        UniqueConstraint("request_id", "hospital_id"),
        Index("uq_ecmo_offers_bound", "request_id", unique=True, postgresql_where=text("state = 'bound'")),
        Index("ix_ecmo_offers_hospital_id", "hospital_id"),
        one_of("state", OfferState),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("state IN ('waiting', 'released') OR asked_at IS NOT NULL", name="asked"),
        CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen"),
        CheckConstraint("(bound_at IS NULL) = (bound_by IS NULL)", name="bound_by_name"),
        CheckConstraint(
            "state NOT IN ('accepted', 'conditional', 'bound') OR cannulation_at IS NOT NULL", name="promised"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoRequest.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    place: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    cannulation_at: Mapped[datetime | None]
    bound_at: Mapped[datetime | None]
    bound_by: Mapped[str | None] = mapped_column(Text)


class EcmoDecision(Base):
    """What somebody of a centre decided, never changed; an offer's newest counts. Its words are personal values."""

    __tablename__ = "ecmo_decisions"
    __table_args__ = (
        Index("ix_ecmo_decisions_offer_id_at", "offer_id", "at"),
        one_of("decision", Decision),
        one_of("reason", DeclineReason),
        filled("actor"),
        CheckConstraint("(decision = 'decline') = (reason IS NOT NULL)", name="reason_given"),
        CheckConstraint("(decision IN ('accept', 'conditional')) = (cannulation_at IS NOT NULL)", name="promised"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoOffer.id))
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    cannulation_at: Mapped[datetime | None]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoCondition(Base):
    """Something that must be so before a conditional acceptance binds. Its words are a personal value of its id."""

    __tablename__ = "ecmo_conditions"
    __table_args__ = (
        UniqueConstraint("decision_id", "ordinal"),
        CheckConstraint("ordinal >= 1", name="ordinal"),
        CheckConstraint("(ticked_at IS NULL) = (ticked_by IS NULL)", name="ticked"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoDecision.id))
    ordinal: Mapped[int] = mapped_column(Integer)
    ticked_at: Mapped[datetime | None]
    ticked_by: Mapped[str | None] = mapped_column(Text)
