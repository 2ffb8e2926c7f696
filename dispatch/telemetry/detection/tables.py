"""Detections, who acknowledged them, and what upper features want watched."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.clinical.states import AlarmPriority
from dispatch.kernel.constraints import filled, on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.telemetry.detection.states import DetectionKind, Goal, Side


class Detection(Base):
    """Something that was found. slot: 0 for the vehicle itself.

    began_at, raised_at (it had held), ended_at: true times. late: in data that came after newer ones. times: how often
    it came before anybody acknowledged it. value: what was measured when it was found; bound: against what.
    """

    __tablename__ = "detections"
    __table_args__ = (
        one_of("kind", DetectionKind),
        one_of("priority", AlarmPriority),
        filled("code"),
        filled("organisation"),
        CheckConstraint("(kind = 'alarm') = (priority IS NOT NULL)", name="ranked"),
        CheckConstraint("slot BETWEEN 0 AND 9", name="slot"),
        CheckConstraint("began_at <= raised_at AND ended_at >= began_at", name="times_in_order"),
        CheckConstraint("version >= 1 AND times >= 1", name="counts"),
        # One thing is found once at a time; late data are of another time.
        Index(
            "uq_detections_running", "unit_id", "slot", "code", "patient_id", "assignment_id", unique=True,
            postgresql_nulls_not_distinct=True, postgresql_where=text("ended_at IS NULL AND NOT late"),
        ),
        Index("ix_detections_incident_id_began_at", "incident_id", "began_at"),
        Index("ix_detections_patient_id", "patient_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    priority: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    organisation: Mapped[str] = mapped_column(Text)
    slot: Mapped[int] = mapped_column(SmallInteger)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    assignment_id: Mapped[UUID | None]
    value: Mapped[float | None] = mapped_column(Double)
    bound: Mapped[float | None] = mapped_column(Double)
    began_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    late: Mapped[bool]
    times: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)


class DetectionAcknowledgement(Base):
    """That somebody of a side has seen a detection. organisation: whose hospital's; "" for the other sides."""

    __tablename__ = "detection_acknowledgements"
    __table_args__ = (
        one_of("side", Side),
        filled("actor"),
        CheckConstraint("(side = 'hospital') = (organisation <> '')", name="organisation"),
    )

    detection_id: Mapped[UUID] = mapped_column(ForeignKey("detections.id"), primary_key=True)
    side: Mapped[str] = mapped_column(Text, primary_key=True)
    organisation: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class Watch(Base):
    """What an upper feature wants watched of a vehicle under way: where it is to come, and by when it may stand still.

    radius_m: of the fence round the goal. off_route_m, stopped_s: null, not watched. The assignment is the setter's.
    """

    __tablename__ = "telemetry_watches"
    __table_args__ = (
        one_of("goal", Goal),
        *on_earth(),
        CheckConstraint("radius_m > 0", name="radius"),
        CheckConstraint("off_route_m > 0", name="off_route"),
        CheckConstraint("stopped_s > 0", name="stopped"),
        CheckConstraint("ended_at >= set_at", name="times"),
        Index(
            "uq_telemetry_watches_running", "assignment_id", "goal", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_telemetry_watches_unit_id", "unit_id", postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    assignment_id: Mapped[UUID]
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    goal: Mapped[str] = mapped_column(Text)
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    radius_m: Mapped[float] = mapped_column(Double)
    off_route_m: Mapped[float | None] = mapped_column(Double)
    stopped_s: Mapped[float | None] = mapped_column(Double)
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
