"""Regions, closures, own places and zones."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled, on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.roads.states import ClosureKind
from geo.zones import ZoneKind

# A CHECK that comes out as NULL passes, so that NULL is asked for by name.
_KIND_SHAPES: Final = (
    "(kind = 'ways' AND ways IS NOT NULL AND cardinality(ways) > 0"
    " AND edges IS NULL AND polygon IS NULL AND centre_lat IS NULL)"
    " OR (kind = 'edges' AND edges IS NOT NULL AND cardinality(edges) > 0"
    " AND ways IS NULL AND polygon IS NULL AND centre_lat IS NULL)"
    " OR (kind = 'polygon' AND polygon IS NOT NULL AND ways IS NULL AND edges IS NULL AND centre_lat IS NULL)"
    " OR (kind = 'circle' AND centre_lat IS NOT NULL AND ways IS NULL AND edges IS NULL AND polygon IS NULL)"
)


class Region(Base):
    """A region with its road network file and the versions that every process checks before it answers.

    `network_version` 0: no network yet. `network_file` is a path below the networks' folder.
    """

    __tablename__ = "regions"
    __table_args__ = (
        CheckConstraint("name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'", name="name"),
        filled("name_zh"),
        CheckConstraint("network_sha256 ~ '^[0-9a-f]{64}$'", name="network_sha256"),
        CheckConstraint(
            "(network_version = 0 AND num_nonnulls(network_file, network_sha256, network_adopted_at) = 0) OR "
            "(network_version > 0 AND num_nonnulls(network_file, network_sha256, network_adopted_at) = 3)",
            name="network",
        ),
        CheckConstraint("network_file <> ''", name="network_file"),
        CheckConstraint("overlay_version >= 0 AND data_version >= 0", name="versions"),
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    schematic: Mapped[bool]
    network_file: Mapped[str | None] = mapped_column(Text)
    network_sha256: Mapped[str | None] = mapped_column(Text)
    network_adopted_at: Mapped[datetime | None]
    network_version: Mapped[int] = mapped_column(BigInteger, default=0)
    overlay_version: Mapped[int] = mapped_column(BigInteger, default=0)
    data_version: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]


class ClosureRow(Base):
    """A closure or slow-down. Never deleted: lifting it, or a new network, only takes it out of force."""

    __tablename__ = "closures"
    __table_args__ = (
        one_of("kind", ClosureKind),
        CheckConstraint(_KIND_SHAPES, name="shape"),
        CheckConstraint("(kind = 'edges') = (network_version IS NOT NULL)", name="network_version"),
        CheckConstraint("kind = 'edges' OR NOT stale_network", name="stale_network"),
        CheckConstraint("num_nonnulls(centre_lat, centre_lon, radius_m) IN (0, 3)", name="circle"),
        *on_earth("centre_lat", "centre_lon"),
        CheckConstraint("radius_m > 0 AND radius_m <= 100000", name="radius_m"),
        CheckConstraint("speed_factor = 0 OR (speed_factor >= 0.01 AND speed_factor < 1)", name="speed_factor"),
        CheckConstraint("active_until > active_from", name="times"),
        filled("reason"),
        filled("author"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL) AND lifted_by <> ''", name="lifted"),
        CheckConstraint("(reason_erased_at IS NULL) = (reason_erased_by IS NULL)", name="reason_erased"),
        Index("ix_closures_in_force", "region", "id", postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey("regions.name"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    ways: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    edges: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    network_version: Mapped[int | None] = mapped_column(BigInteger)
    stale_network: Mapped[bool] = mapped_column(default=False)
    polygon: Mapped[bytes | None] = mapped_column(LargeBinary)
    centre_lat: Mapped[float | None] = mapped_column(Double)
    centre_lon: Mapped[float | None] = mapped_column(Double)
    radius_m: Mapped[float | None] = mapped_column(Double)
    speed_factor: Mapped[float] = mapped_column(Double)
    active_from: Mapped[datetime]
    active_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(Text)
    reason_erased_at: Mapped[datetime | None]
    reason_erased_by: Mapped[str | None] = mapped_column(Text)


class OwnPlaceRow(Base):
    """A place of `places.csv`: village, regiment, company, well site, camp."""

    __tablename__ = "own_places"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        filled("code"),
        filled("name_zh"),
        filled("kind"),
        *on_earth(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey("regions.name"))
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    name_ug: Mapped[str] = mapped_column(Text, default="")
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    organisation: Mapped[str] = mapped_column(Text, default="")
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)


class ZoneRow(Base):
    """An area of `zones.geojson`; `polygon` is WKB of a Polygon or MultiPolygon in lon, lat degrees."""

    __tablename__ = "zones"
    __table_args__ = (UniqueConstraint("region", "code"), filled("code"), one_of("kind", ZoneKind))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey("regions.name"))
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    name_zh: Mapped[str] = mapped_column(Text, default="")
    name_en: Mapped[str] = mapped_column(Text, default="")
    name_ug: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[str] = mapped_column(Text, default="")
    polygon: Mapped[bytes] = mapped_column(LargeBinary)
