"""Own sets of cards, and the answers kept with incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import CAPABILITY_LETTERS, Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region

_LETTERS = "".join(f"{letter}?" for letter in CAPABILITY_LETTERS)


class CardSetRow(Base):
    """One version of a region's cards: the text of its file. An empty text is the return to the built-in set."""

    __tablename__ = "card_sets"
    __table_args__ = (
        filled("actor"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(text = '') = (digest = '')", name="digest"),
    )

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    cards_version: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class IncidentAnswer(Base):
    """One version of an answer; the newest counts. A `value` of JSON null: it was taken back, as if not asked."""

    __tablename__ = "incident_answers"
    __table_args__ = (
        UniqueConstraint("incident_id", "question", "version"),
        one_of("source", Source),
        filled("question"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id))
    question: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    value: Mapped[Any] = mapped_column(JSONB, nullable=False)
    card: Mapped[str] = mapped_column(Text)
    cards_version: Mapped[str] = mapped_column(Text)
    cards_digest: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)


class IncidentAssessment(Base):
    """What a card's rules said after each change of answers. `rule` decided; `held` are all that held or might."""

    __tablename__ = "incident_assessments"
    __table_args__ = (
        UniqueConstraint("incident_id", "ordinal"),
        one_of("priority", Priority),
        filled("rule"),
        CheckConstraint(f"capabilities ~ '^{_LETTERS}$' AND alerts ~ '^{_LETTERS}$'", name="letters"),
        CheckConstraint("ordinal >= 1", name="ordinal"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id))
    ordinal: Mapped[int] = mapped_column(Integer)
    card: Mapped[str] = mapped_column(Text)
    cards_version: Mapped[str] = mapped_column(Text)
    cards_digest: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(Text)
    provisional: Mapped[bool]
    rule: Mapped[str] = mapped_column(Text)
    held: Mapped[list[str]] = mapped_column(JSONB)
    capabilities: Mapped[str] = mapped_column(Text)
    alerts: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
