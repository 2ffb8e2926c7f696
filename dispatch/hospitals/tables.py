"""Hospitals."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.states import HospitalCapability, Level
from dispatch.kernel.constraints import filled, on_earth, one_of, within
from dispatch.kernel.db import Base
from dispatch.kernel.organisations import System

_CAPABILITIES: Final = ", ".join(f"'{capability}'" for capability in HospitalCapability)


class Hospital(Base):
    """A hospital. `code` is the id by which files and people name it; `level` "" and `beds` NULL are not known.

    is_outside: lies outside the region and is only asked for what the region has not, such as ECMO; no street patient
    is brought there.
    """

    __tablename__ = "hospitals"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        filled("code"),
        filled("name_zh"),
        filled("organisation"),
        one_of("system", System),
        one_of("level", Level, empty=True),
        CheckConstraint(f"capabilities <@ ARRAY[{_CAPABILITIES}]::text[]", name="capabilities"),
        within("beds", 0, 20_000),
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
    level: Mapped[str] = mapped_column(Text, default="")
    capabilities: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    beds: Mapped[int | None] = mapped_column(Integer)
    is_outside: Mapped[bool] = mapped_column(default=False, server_default="false")
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
