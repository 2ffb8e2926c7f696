"""What was recommended, what was ordered, and the time points that no status tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Double, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.dispatching.states import AssignmentState, EndReason, OverrideReason, Point
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_incidents import Incident, Note
from dispatch.kernel.constraints import filled, on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region
from dispatch.units.states_duty import Source, UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UNIT_KEY


class SharingRow(Base):
    """One version of what the organisations of a region lend to each other, whole; never changed, the newest counts.

    rules: a list of {lender, borrower, level, min_kept_per_station}.
    """

    __tablename__ = "sharing_policies"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("jsonb_typeof(rules) = 'array'", name="rules"),
        filled("actor"),
    )

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class RecommendationFleet(Base):
    """Every unit of every organisation as it stood at one look, for one priority and need; never changed.

    Recommendations that were made from it together refer to it. units: as `queries_recommendation.write_units` does.
    """

    __tablename__ = "recommendation_fleets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    at: Mapped[datetime]
    units: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RecommendationRow(Base):
    """A recommendation as it was shown; with its fleet, all that was looked at; never changed.

    schema: the version of `body` (see `queries_recommendation.read_body`); before 3 the units stand in the body. The
    place is that of the incident's `place_version`, which can be erased: it is not copied.
    """

    __tablename__ = "recommendations"
    __table_args__ = (
        one_of("priority", Priority),
        filled("policy"),
        filled("actor"),
        CheckConstraint('"schema" >= 1 AND place_version >= 1', name="versions"),
        CheckConstraint('("schema" >= 3) = (fleet_id IS NOT NULL)', name="fleet"),
        Index("ix_recommendations_incident_id_at", "incident_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(Text)
    place_version: Mapped[int] = mapped_column(Integer)
    requester_organisation: Mapped[str] = mapped_column(Text)
    requester_system: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(Text)
    chosen: Mapped[UUID | None] = mapped_column(ForeignKey(Unit.id))
    network_version: Mapped[str] = mapped_column(Text)
    overlay_version: Mapped[int] = mapped_column(Integer)
    schema: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fleet_id: Mapped[UUID | None] = mapped_column(ForeignKey(RecommendationFleet.id))
    fleet: Mapped[RecommendationFleet | None] = relationship(lazy="joined")


class Assignment(Base):
    """A unit has an incident, or had it. Its id is the `run_id` of the unit's status entries, which tell its times.

    No two of one unit overlap in time, whether they were entered in the moment or afterwards.
    assigned_at: T3, stamped while the unit's row was locked. before_run: the unit's status before the order.
    planned_s: the ETA as it was ordered. overridden: another than the recommended first was sent; the reason may
    follow. clear_at, clear_lat, clear_lon, destination_id: when and where it will be free, as somebody projects it.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        one_of("state", AssignmentState),
        one_of("end_reason", EndReason),
        one_of("override_reason", OverrideReason),
        one_of("before_run", UnitStatus),
        one_of("source", Source),
        one_of("end_source", Source),
        filled("actor"),
        CheckConstraint(
            "num_nonnulls(ended_at, end_reason, end_source) = CASE WHEN state = 'ended' THEN 3 ELSE 0 END",
            name="ended",
        ),
        CheckConstraint("ended_at >= assigned_at", name="times"),
        CheckConstraint("isfinite(assigned_at) AND isfinite(ended_at) AND isfinite(clear_at)", name="finite"),
        CheckConstraint("recommendation_id IS NOT NULL OR (recommended_rank IS NULL AND NOT overridden)", name="rank"),
        CheckConstraint("version >= 1 AND recommended_rank >= 1", name="counts"),
        CheckConstraint("num_nonnulls(clear_lat, clear_lon) IN (0, 2)", name="clear_point"),
        *on_earth("clear_lat", "clear_lon"),
        ExcludeConstraint(
            (text(UNIT_KEY), "&&"),
            (text("tstzrange(assigned_at, ended_at)"), "&&"),
            name="ex_assignments_unit",
            using="gist",
        ),
        Index("uq_assignments_active_unit", "unit_id", unique=True, postgresql_where=text("state = 'active'")),
        Index("ix_assignments_active", "region", "assigned_at", postgresql_where=text("state = 'active'")),
        Index("ix_assignments_incident_id", "incident_id"),
        Index("ix_assignments_unit_id_assigned_at", "unit_id", "assigned_at"),
        Index(
            "ix_assignments_unexplained",
            "region",
            "assigned_at",
            postgresql_where=text("overridden AND override_reason IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey(Unit.id))
    organisation: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    assigned_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    before_run: Mapped[str] = mapped_column(Text)
    recommendation_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommendations.id"))
    recommended_rank: Mapped[int | None] = mapped_column(Integer)
    planned_s: Mapped[float | None] = mapped_column(Double)
    overridden: Mapped[bool] = mapped_column(Boolean)
    override_reason: Mapped[str | None] = mapped_column(Text)
    override_note_id: Mapped[UUID | None] = mapped_column(ForeignKey(Note.id))
    escalated_at: Mapped[datetime | None]
    clear_at: Mapped[datetime | None]
    clear_lat: Mapped[float | None] = mapped_column(Double)
    clear_lon: Mapped[float | None] = mapped_column(Double)
    destination_id: Mapped[UUID | None] = mapped_column(ForeignKey(Hospital.id))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    end_source: Mapped[str | None] = mapped_column(Text)


class AssignmentTime(Base):
    """T4 or T10 of an assignment; a correction is another row that names the one it replaces."""

    __tablename__ = "assignment_times"
    __table_args__ = (
        one_of("point", Point),
        one_of("source", Source),
        filled("actor"),
        CheckConstraint("point IN ('T4', 'T10')", name="told"),
        CheckConstraint("at <= entered_at AND isfinite(at)", name="times"),
        CheckConstraint("corrects <> id", name="not_itself"),
        Index(
            "uq_assignment_times_first",
            "assignment_id",
            "point",
            unique=True,
            postgresql_where=text("corrects IS NULL"),
        ),
        Index("uq_assignment_times_corrects", "corrects", unique=True, postgresql_where=text("corrects IS NOT NULL")),
        Index("ix_assignment_times_assignment_id", "assignment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"))
    point: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("assignment_times.id"))
