"""Where units are and were. The partitions, one for each day in UTC, lie in the schema `unit_positions_days`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, Float, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.units.states_duty import Source


class UnitPosition(Base):
    """Every position ever received.

    at: true time, the partition's key (see `rules_duty.reckon`); fix_at: as the receiver said; received_at: by us. The
    same fix sent twice is one row. No foreign key: the writer asks for the unit, and each fix is written once.
    """

    __tablename__ = "unit_positions"
    __table_args__ = (
        one_of("source", Source),
        *on_earth(),
        CheckConstraint("at <= received_at AND isfinite(at)", name="times"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    fix_at: Mapped[datetime] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    speed_mps: Mapped[float | None] = mapped_column(Float)
    heading_deg: Mapped[float | None] = mapped_column(Float)
    accuracy_m: Mapped[float | None] = mapped_column(Float)
    clock_off: Mapped[bool]


class UnitLatestPosition(Base):
    """The newest position of each unit, by true time; it never goes back."""

    __tablename__ = "unit_latest_positions"
    __table_args__ = (
        one_of("source", Source),
        *on_earth(),
        CheckConstraint("at <= received_at AND isfinite(at)", name="times"),
        # Rewritten with every fix: room on the page keeps the row there.
        {"postgresql_with": {"fillfactor": 50}},
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    fix_at: Mapped[datetime]
    received_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    speed_mps: Mapped[float | None] = mapped_column(Float)
    heading_deg: Mapped[float | None] = mapped_column(Float)
    accuracy_m: Mapped[float | None] = mapped_column(Float)
    clock_off: Mapped[bool]
