"""Incidents, their places, priorities and notes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import (
    CAPABILITY_LETTERS,
    MOST_PEOPLE,
    CancelReason,
    IncidentState,
    PlaceSource,
    Priority,
    PriorityMove,
)
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.constraints import filled, on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region
from geo.datum import Datum

_CARD = "{0} ~ '^K(0[1-9]|[12][0-9]|3[0-6])$' OR {0} = ''"
_LETTERS = "".join(f"{letter}?" for letter in CAPABILITY_LETTERS)


class IncidentCounter(Base):
    """The last spoken number given in a region and a year. Its row is locked until the incident is committed."""

    __tablename__ = "incident_counters"
    __table_args__ = (CheckConstraint("last >= 1", name="last"),)

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class Incident(Base):
    """An incident as it stands. How it came there is in the tables below and in the journal.

    `t0` is the earliest ringing of its calls; one opened `without_call` counts from the moment it truly began, unless
    a call rang before that. `taken_at` is T2: the first moment at which place and complaint were both there. `lat`,
    `lon`, `direction` are of its newest place. `on_scene_at` is the first arrival and stays when it returns to `open`.
    `provisional`: only unknown answers make it as urgent as it is. `people`: how many are concerned, as somebody told;
    None: nobody did.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        UniqueConstraint("region", "number"),
        Index(
            "ix_incidents_active",
            "region",
            "priority",
            "t0",
            postgresql_where=text("state IN ('open', 'dispatched', 'on_scene')"),
        ),
        Index("ix_incidents_region_t0", "region", "t0"),
        one_of("state", IncidentState),
        one_of("priority", Priority),
        one_of("initial_priority", Priority),
        one_of("t0_source", Source),
        one_of("source", Source),
        one_of("cancel_reason", CancelReason),
        filled("number"),
        CheckConstraint(_CARD.format("complaint"), name="complaint"),
        CheckConstraint(f"capabilities ~ '^{_LETTERS}$'", name="capabilities"),
        *on_earth(),
        CheckConstraint("num_nonnulls(lat, lon) IN (0, 2)", name="point"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint(
            "num_nonnulls(cancelled_at, cancel_reason) = CASE WHEN state = 'cancelled' THEN 2 ELSE 0 END",
            name="cancelled",
        ),
        CheckConstraint("COALESCE(cancel_reason = 'duplicate', false) = (duplicate_of IS NOT NULL)", name="duplicate"),
        CheckConstraint("duplicate_of <> id", name="not_of_itself"),
        CheckConstraint("state = 'open' OR state = 'cancelled' OR dispatched_at IS NOT NULL", name="dispatched"),
        CheckConstraint("state NOT IN ('on_scene', 'closed') OR on_scene_at IS NOT NULL", name="on_scene"),
        CheckConstraint("version >= 1 AND place_version >= 0", name="versions"),
        CheckConstraint(f"people >= 0 AND people <= {MOST_PEOPLE}", name="people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    t0: Mapped[datetime]
    t0_source: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    without_call: Mapped[bool]
    taken_at: Mapped[datetime | None]
    lat: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    direction: Mapped[str] = mapped_column(Text)
    place_version: Mapped[int] = mapped_column(Integer)
    complaint: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(Text)
    initial_priority: Mapped[str] = mapped_column(Text)
    provisional: Mapped[bool]
    capabilities: Mapped[str] = mapped_column(Text)
    people: Mapped[int | None] = mapped_column(Integer)
    dispatched_at: Mapped[datetime | None]
    on_scene_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    duplicate_of: Mapped[UUID | None] = mapped_column(ForeignKey("incidents.id"))


class IncidentPlace(Base):
    """One version of where an incident is: WGS-84 to work with, and what was given, in its own datum."""

    __tablename__ = "incident_places"
    __table_args__ = (
        UniqueConstraint("incident_id", "version"),
        *on_earth(),
        *on_earth("given_lat", "given_lon"),
        one_of("datum", Datum),
        one_of("place_source", PlaceSource),
        one_of("source", Source),
        CheckConstraint(
            "num_nonnulls(lat, lon) IN (0, 2) AND num_nonnulls(given_lat, given_lon) IN (0, 2)", name="point"
        ),
        CheckConstraint("accuracy_m >= 0 AND accuracy_m <= 1000000", name="accuracy_m"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    version: Mapped[int] = mapped_column(Integer)
    lat: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    given_lat: Mapped[float | None] = mapped_column(Double)
    given_lon: Mapped[float | None] = mapped_column(Double)
    datum: Mapped[str] = mapped_column(Text)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    direction: Mapped[str] = mapped_column(Text)
    place_source: Mapped[str] = mapped_column(Text)
    words_id: Mapped[UUID | None] = mapped_column(ForeignKey(PersonalValue.id))
    coarse: Mapped[bool]
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)


class PriorityStep(Base):
    """One line of an incident's history of priorities; the first is the initial one."""

    __tablename__ = "priority_steps"
    __table_args__ = (
        UniqueConstraint("incident_id", "ordinal"),
        one_of("priority", Priority),
        one_of("move", PriorityMove),
        one_of("source", Source),
        CheckConstraint("(move = 'initial') = (ordinal = 1)", name="initial"),
        CheckConstraint("move <> 'lowered' OR reason_id IS NOT NULL", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    priority: Mapped[str] = mapped_column(Text)
    move: Mapped[str] = mapped_column(Text)
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey(PersonalValue.id))
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)


class Note(Base):
    """A note on an incident; its texts are personal values, one per version."""

    __tablename__ = "notes"
    __table_args__ = (one_of("source", Source), CheckConstraint("version >= 1", name="version"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
