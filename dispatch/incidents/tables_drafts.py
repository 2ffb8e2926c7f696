"""What a seat has typed so far for a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.tables_calls import Call
from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region


class CallDraft(Base):
    """One call's draft. Its `body` is personal as a whole; the row is deleted once the call has an outcome.

    `heard_at`: when its seat last said that it is there, whether or not something was typed.
    """

    __tablename__ = "call_drafts"
    __table_args__ = (
        Index("ix_call_drafts_heard", "region", "heard_at"),
        filled("holder"),
        filled("seat"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("jsonb_typeof(body) = 'object'", name="body"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id), primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    version: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str] = mapped_column(Text)
    seat: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    heard_at: Mapped[datetime]
