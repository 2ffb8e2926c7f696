"""What plans are made with: weather that somebody reported, what operators of aircraft and airports said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states_plans import FlightAnswer, Phenomenon
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region


class EcmoWeather(Base):
    """The weather at an airport, or of the roads (`place` "roads"), as reported. Metres, m/s; NULL: not told."""

    __tablename__ = "ecmo_weather"
    __table_args__ = (
        filled("place"),
        one_of("phenomenon", Phenomenon),
        within("visibility_m", 0, 100_000),
        within("cloud_m", 0, 30_000),
        within("wind_mps", 0, 100),
        filled("actor"),
        Index("ix_ecmo_weather_region_place_at", "region", "place", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    place: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    visibility_m: Mapped[float | None] = mapped_column(Double)
    cloud_m: Mapped[float | None] = mapped_column(Double)
    wind_mps: Mapped[float | None] = mapped_column(Double)
    phenomenon: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoFlightAnswer(Base):
    """What an aircraft's operator said, for every desk. reason: a code; until: so long it counts."""

    __tablename__ = "ecmo_flight_answers"
    __table_args__ = (
        filled("aircraft"),
        one_of("answer", FlightAnswer),
        filled("actor"),
        Index("ix_ecmo_flight_answers_region_at", "region", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    mission_id: Mapped[UUID | None]
    aircraft: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    until: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoAirportHold(Base):
    """That an airport is kept open at night by arrangement, or no more; the newest counts. until: so long it does."""

    __tablename__ = "ecmo_airport_holds"
    __table_args__ = (
        filled("airport"),
        filled("actor"),
        CheckConstraint("until > at", name="times"),
        Index("ix_ecmo_airport_holds_region_at", "region", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    mission_id: Mapped[UUID | None]
    airport: Mapped[str] = mapped_column(Text)
    held: Mapped[bool]
    at: Mapped[datetime]
    until: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
