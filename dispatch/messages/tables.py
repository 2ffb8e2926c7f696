"""Messages and who has read them. The words themselves are personal values, which can be erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.telemetry.detection.states import Side


class Message(Base):
    """One message, never changed. id: its writer's own, so that what is sent twice is kept once.

    patient_id: the hospital to which that patient is brought reads it too; None: crews and the dispatch centre alone.
    phrase None: the words are a personal value of this id. at: true time; organisation: the writer's.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_incident_id_at", "incident_id", "at"),
        one_of("side", Side),
        filled("actor"),
        filled("phrase"),
        CheckConstraint("at <= entered_at", name="times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    side: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    phrase: Mapped[str | None] = mapped_column(Text)


class MessageRead(Base):
    """Somebody has seen a message of another side, at a time by the service's clock."""

    __tablename__ = "message_reads"
    __table_args__ = (one_of("side", Side), filled("actor"))

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    side: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
