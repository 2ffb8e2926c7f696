"""What is kept and was not looked at for alarms yet, and the times in which looking fell behind."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.db import Base


class Unlooked(Base):
    """The frames of one batch that are to be looked at for alarms; gone in the transaction that keeps what was found.

    stream_ids, seqs: which frames, in the order in which they came; received_from, received_until: on which days they
    are kept; kept_at: by the clock of who kept them.
    """

    __tablename__ = "telemetry_unlooked"
    __table_args__ = (CheckConstraint("frames >= 1", name="frames"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kept_at: Mapped[datetime]
    frames: Mapped[int] = mapped_column(Integer)
    stream_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    seqs: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    received_from: Mapped[datetime]
    received_until: Mapped[datetime]


class DetectionGap(Base):
    """A time in which what vehicles sent was looked at too late. began_at: since when; ended_at: all was caught up."""

    __tablename__ = "detection_gaps"
    __table_args__ = (
        CheckConstraint("told_at >= began_at AND ended_at >= told_at", name="times"),
        Index("uq_detection_gaps_present", text("(true)"), unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    told_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
