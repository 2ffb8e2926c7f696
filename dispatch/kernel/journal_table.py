"""The journal's table. Only `dispatch.kernel.journal` writes it; triggers refuse UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base


class JournalLine(Base):
    """One fact, for ever.

    `seq` counts without gaps from 1, in the order of commits. `occurred_at` is when it happened, `recorded_at` when the
    line was written, after all waiting. `subject` is an id, `actor` is `person:…`, `device:…` or `system:…`.
    """

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq"),
        filled("type"),
        filled("subject"),
        filled("actor"),
        CheckConstraint("occurred_at <= recorded_at", name="times"),
        CheckConstraint("isfinite(occurred_at) AND isfinite(recorded_at)", name="finite"),
        CheckConstraint("jsonb_typeof(payload) = 'object'", name="payload"),
        CheckConstraint("octet_length(prev_hash) = 32 AND octet_length(hash) = 32", name="hashes"),
        Index("ix_journal_subject_seq", "subject", "seq"),
        Index("ix_journal_actor_seq", "actor", "seq"),
        Index("ix_journal_context_id", "context_id"),
        # Lines lie in the order of time: a summary per block range is enough, and costs an append nothing.
        Index(
            "ix_journal_occurred_at", "occurred_at", postgresql_using="brin", postgresql_with={"autosummarize": True}
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    context_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
