"""What of vehicles' streams is kept. Partitions, one for each day in UTC, lie in the schema `telemetry_frames_days`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.db import Base


class TelemetryStream(Base):
    """One numbered sequence of frames of one log of a vehicle.

    held: the numbers that are done with, kept or lost; lost: those that never came, as the vehicle said. No foreign
    key to the vehicle: the gateway asks for it, and what a vehicle sent outlives its row.
    """

    __tablename__ = "telemetry_streams"
    __table_args__ = (
        UniqueConstraint("unit_id", "log", "kind", "slot"),
        CheckConstraint("kind BETWEEN 1 AND 7", name="kind"),
        CheckConstraint("slot BETWEEN 0 AND 9", name="slot"),
        # Rewritten with every batch: room on the page keeps the row there.
        {"postgresql_with": {"fillfactor": 50}},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    unit_id: Mapped[UUID]
    log: Mapped[UUID]
    kind: Mapped[int] = mapped_column(SmallInteger)
    slot: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    held: Mapped[Any] = mapped_column(INT8MULTIRANGE)
    lost: Mapped[Any] = mapped_column(INT8MULTIRANGE)


class TelemetryFrame(Base):
    """One frame. Positions are not here: they are kept as positions of the unit.

    received_at: the partition's key. at: true time; device_at: as the device said; sure: False where the receipt stands
    in for a time that cannot be known. coding: how the payload is kept (`rules_coding`). No number is kept
    twice because of `TelemetryStream.held`, under its row's lock: the key alone would let it come again on another day.
    """

    __tablename__ = "telemetry_frames"
    __table_args__ = (
        Index("ix_telemetry_frames_stream_id_at", "stream_id", "at"),
        CheckConstraint("at <= received_at AND isfinite(at)", name="times"),
        CheckConstraint("seq >= 1", name="seq"),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )

    stream_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    device_at: Mapped[datetime]
    sure: Mapped[bool]
    coding: Mapped[int] = mapped_column(SmallInteger)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class TelemetryConnection(Base):
    """One connection of a vehicle. clock_offset_us: by how much its clock was ahead; clock_error_us: give or take."""

    __tablename__ = "telemetry_connections"
    __table_args__ = (
        Index("ix_telemetry_connections_unit_id_opened_at", "unit_id", "opened_at"),
        CheckConstraint("(closed_at IS NULL) = (closed_because IS NULL)", name="closed"),
        CheckConstraint("(clock_offset_us IS NULL) = (clock_error_us IS NULL)", name="clock"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    device_id: Mapped[UUID]
    log: Mapped[UUID]
    client: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    clock_offset_us: Mapped[int | None] = mapped_column(BigInteger)
    clock_error_us: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None] = mapped_column(Text)


class TelemetryAttachment(Base):
    """A mark: from `at`, a true time, the data of a place in a vehicle are a patient's, or nobody's.

    A wrong one is withdrawn, never changed.
    """

    __tablename__ = "telemetry_attachments"
    __table_args__ = (
        Index(
            "uq_telemetry_attachments_present", "unit_id", "slot", "at", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("slot BETWEEN 1 AND 9", name="slot"),
        CheckConstraint("at <= entered_at + interval '60 seconds'", name="times"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    slot: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class TelemetryHold(Base):
    """An incident whose data nobody may delete, however old: a court or an inquiry wants them."""

    __tablename__ = "telemetry_holds"
    __table_args__ = (
        Index(
            "uq_telemetry_holds_present", "incident_id", unique=True, postgresql_where=text("lifted_at IS NULL")
        ),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    held_at: Mapped[datetime]
    held_by: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(Text)


class TelemetryForgotten(Base):
    """How far a kind's frames were deleted: all days before this one were gone through."""

    __tablename__ = "telemetry_forgotten"
    __table_args__ = (CheckConstraint("kind BETWEEN 1 AND 7", name="kind"),)

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    before: Mapped[date] = mapped_column(Date)
