"""Values that belong to a person, in versions that can be erased; and keys under which a request was answered once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states import Source
from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region


class Owner(StrEnum):
    """What record a value belongs to."""

    CALL = "call"
    INCIDENT = "incident"
    PATIENT = "patient"
    NOTE = "note"
    MESSAGE = "message"
    ECMO = "ecmo"
    """A request for ECMO, or a decision, a condition or a message of one."""
    ORDER = "order"


class PersonalValue(Base):
    """One version of a value. Never deleted: an erasure takes the value, the row and its salted digest stay.

    `occurred_at` is when it was truly said, `recorded_at` when it was entered.
    """

    __tablename__ = "personal_values"
    __table_args__ = (
        UniqueConstraint("owner_id", "kind", "version"),
        Index("ix_personal_values_digest", "digest", postgresql_where=text("value IS NOT NULL")),
        one_of("owner", Owner),
        one_of("kind", PersonalKind),
        one_of("source", Source),
        one_of("erasure_basis", ErasureBasis),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("value <> ''", name="value_filled"),
        CheckConstraint("char_length(value) <= 20000", name="value_length"),
        filled("digest"),
        CheckConstraint(
            "(value IS NULL AND num_nonnulls(erased_at, erased_by, erasure_basis) = 3)"
            " OR (value IS NOT NULL AND num_nonnulls(erased_at, erased_by, erasure_basis) = 0)",
            name="erased",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    owner: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    value: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    erased_at: Mapped[datetime | None]
    erased_by: Mapped[str | None] = mapped_column(Text)
    erasure_basis: Mapped[str | None] = mapped_column(Text)


class RequestKey(Base):
    """An idempotency key: what a request under it was (a salted digest of its body), and what it made."""

    __tablename__ = "request_keys"
    __table_args__ = (filled("scope"), filled("key"), filled("actor"), filled("body_digest"))

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    scope: Mapped[str] = mapped_column(Text, primary_key=True)
    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    body_digest: Mapped[str] = mapped_column(Text)
    result_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(index=True)
