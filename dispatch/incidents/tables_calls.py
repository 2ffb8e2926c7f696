"""Calls, what the exchange reported of them, their incidents, transfers to other services, and call-backs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import (
    Agency,
    Attempt,
    CallBackReason,
    CallBackState,
    CallState,
    Origin,
    Outcome,
    Signal,
)
from dispatch.incidents.states_incidents import LinkKind
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.constraints import filled, on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region
from geo.datum import Datum


class Call(Base):
    """A call. Its number, its recording's address and its caller's name are personal values.

    `t0` is the ringing, `answered_at` T1. With `origin` manual both are the moment that intake opened, and nothing was
    measured. `lat`, `lon` are WGS-84, `given_*` what the exchange gave in `datum`. `incident_id` is the incident that
    it belongs to now.
    """

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("region", "exchange_ref"),
        Index("ix_calls_region_t0", "region", "t0"),
        Index(
            "ix_calls_open",
            "region",
            "t0",
            postgresql_where=text("state IN ('ringing', 'answered') OR outcome IS NULL"),
        ),
        one_of("origin", Origin),
        one_of("state", CallState),
        one_of("outcome", Outcome),
        one_of("t0_source", Source),
        one_of("answered_source", Source),
        one_of("datum", Datum),
        filled("exchange_ref"),
        CheckConstraint("(origin = 'exchange') = (exchange_ref IS NOT NULL)", name="exchange"),
        CheckConstraint("(answered_at IS NULL) = (answered_source IS NULL)", name="answered"),
        CheckConstraint(
            "(state = 'ringing' AND num_nonnulls(answered_at, abandoned_at, ended_at) = 0)"
            " OR (state = 'answered' AND answered_at IS NOT NULL AND num_nonnulls(abandoned_at, ended_at) = 0)"
            " OR (state = 'abandoned' AND abandoned_at IS NOT NULL AND num_nonnulls(answered_at, ended_at) = 0)"
            " OR (state = 'ended' AND num_nonnulls(answered_at, ended_at) = 2 AND abandoned_at IS NULL)",
            name="times",
        ),
        CheckConstraint("num_nonnulls(lat, lon, positioned_at) IN (0, 3)", name="position"),
        CheckConstraint("accuracy_m >= 0 AND accuracy_m <= 1000000", name="accuracy_m"),
        *on_earth(),
        *on_earth("given_lat", "given_lon"),
        CheckConstraint("version >= 1 AND oddities >= 0", name="counts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    origin: Mapped[str] = mapped_column(Text)
    exchange_ref: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    t0: Mapped[datetime]
    t0_source: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_source: Mapped[str | None] = mapped_column(Text)
    abandoned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    oddities: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    given_lat: Mapped[float | None] = mapped_column(Double)
    given_lon: Mapped[float | None] = mapped_column(Double)
    datum: Mapped[str | None] = mapped_column(Text)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    positioned_at: Mapped[datetime | None]
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey(Incident.id), index=True)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]


class IncidentCall(Base):
    """A call's belonging to an incident, with the T0 it brought. An undone one keeps its row."""

    __tablename__ = "incident_calls"
    __table_args__ = (
        Index("uq_incident_calls_present", "call_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        one_of("kind", LinkKind),
        one_of("t0_source", Source),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    kind: Mapped[str] = mapped_column(Text)
    t0: Mapped[datetime]
    t0_source: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[datetime]
    linked_by: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Text)


class CallSignal(Base):
    """One report of the exchange (or one act by hand) about a call. `told_at` is its own time, `at` the one believed.

    The same report twice is one row: `event_id` is the exchange's.
    """

    __tablename__ = "call_signals"
    __table_args__ = (
        UniqueConstraint("region", "event_id"),
        one_of("signal", Signal),
        one_of("source", Source),
        filled("event_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(Text)
    body_digest: Mapped[str] = mapped_column(Text)
    signal: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime]
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]


class CallTransfer(Base):
    """A call passed to, or joined with, another service. `their_reference` is their number of the case."""

    __tablename__ = "call_transfers"
    __table_args__ = (
        one_of("agency", Agency),
        CheckConstraint("kind IN ('passed', 'joined')", name="kind"),
        CheckConstraint("(agency = '120') = (prefecture <> '')", name="prefecture"),
        one_of("source", Source),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(Text)
    prefecture: Mapped[str] = mapped_column(Text)
    their_reference: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)


class CallBack(Base):
    """Somebody to call back. `due_at` moves on with each attempt that reaches nobody."""

    __tablename__ = "call_backs"
    __table_args__ = (
        Index("uq_call_backs_waiting", "call_id", unique=True, postgresql_where=text("state = 'waiting'")),
        Index("ix_call_backs_due", "region", "due_at", postgresql_where=text("state = 'waiting'")),
        one_of("state", CallBackState),
        one_of("reason", CallBackReason),
        CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    last_attempt_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class CallBackAttempt(Base):
    """One attempt to call somebody back."""

    __tablename__ = "call_back_attempts"
    __table_args__ = (UniqueConstraint("call_back_id", "ordinal"), one_of("met", Attempt), one_of("source", Source))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_back_id: Mapped[UUID] = mapped_column(ForeignKey("call_backs.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    met: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
