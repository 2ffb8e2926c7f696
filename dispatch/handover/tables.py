"""Handover sheets. A trigger keeps what was signed: the second signature can be added, words erased by law."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.tables import Person
from dispatch.handover.states import HandoverState
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region


class Handover(Base):
    """A sheet with its content as of `made_at`, when the one who leaves signed it.

    schema: the version of `body` (see `queries.read_sheet`). digest: keyed, of `body` and `notes` as they were signed.
    erased_at, erased_by, erasure_basis: of the last erasure of words, notes or a closure's reason.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        one_of("state", HandoverState),
        filled("digest"),
        CheckConstraint('"schema" >= 1', name="schema"),
        CheckConstraint("char_length(notes) <= 5000", name="notes"),
        CheckConstraint("coming_id <> leaving_id", name="two"),
        CheckConstraint(
            "num_nonnulls(coming_id, signed_at, own_seat) = CASE WHEN state = 'signed' THEN 3 ELSE 0 END",
            name="signed",
        ),
        CheckConstraint("signed_at >= made_at", name="times"),
        CheckConstraint("num_nonnulls(erased_at, erased_by, erasure_basis) IN (0, 3)", name="erased"),
        one_of("erasure_basis", ErasureBasis),
        Index("ix_handovers_region_made_at", "region", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    state: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    leaving_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    coming_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    signed_at: Mapped[datetime | None]
    own_seat: Mapped[bool | None] = mapped_column(Boolean)
    notes: Mapped[str] = mapped_column(Text)
    schema: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(Text)
    erased_at: Mapped[datetime | None]
    erased_by: Mapped[str | None] = mapped_column(Text)
    erasure_basis: Mapped[str | None] = mapped_column(Text)
