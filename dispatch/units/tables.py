"""Stations and units."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled, on_earth, one_of, within
from dispatch.kernel.db import Base
from dispatch.kernel.organisations import System
from dispatch.units.states import CAPABILITY_ORDER, Special, UnitType

_ORDERED_CAPABILITIES = "".join(f"{letter}?" for letter in CAPABILITY_ORDER)


class Station(Base):
    """Where vehicles stand. `code` is the id by which files and people name it."""

    __tablename__ = "stations"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        UniqueConstraint("region", "id"),
        filled("code"),
        filled("name_zh"),
        filled("organisation"),
        one_of("system", System),
        *on_earth(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey("regions.name"))
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    name_ug: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)


class Unit(Base):
    """A vehicle with its crew.

    Sizes are NULL where not stated; `rules.vehicle_size` says what to route by. `lat`, `lon` and `position_at` are the
    last known place, all NULL while none is known. A unit and its station are of one region: the key holds it so.
    """

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("region", "call_sign"),
        ForeignKeyConstraint(["region", "station_id"], ["stations.region", "stations.id"]),
        Index("ix_units_region_station_id", "region", "station_id"),
        filled("call_sign"),
        filled("organisation"),
        one_of("type", UnitType),
        one_of("special", Special, empty=True),
        CheckConstraint("(type = 'special') = (special <> '')", name="special_type"),
        one_of("system", System),
        CheckConstraint(f"capabilities ~ '^{_ORDERED_CAPABILITIES}$'", name="capabilities"),
        within("height_cm", 100, 500),
        within("width_cm", 100, 400),
        within("weight_kg", 300, 60_000),
        *on_earth(),
        CheckConstraint("num_nonnulls(lat, lon, position_at) IN (0, 3)", name="position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey("regions.name"))
    call_sign: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    special: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    station_id: Mapped[UUID]
    capabilities: Mapped[str] = mapped_column(Text, default="")
    height_cm: Mapped[int | None] = mapped_column(Integer)
    width_cm: Mapped[int | None] = mapped_column(Integer)
    weight_kg: Mapped[int | None] = mapped_column(Integer)
    plate: Mapped[str] = mapped_column(Text, default="")
    lat: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    position_at: Mapped[datetime | None]
