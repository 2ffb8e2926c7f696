"""Missions that went to another hospital."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states_diversion import DivertReason
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base


class EcmoDiversion(Base):
    """A mission's patient is taken to another hospital from now on: from which, to which, why, and who said so."""

    __tablename__ = "ecmo_diversions"
    __table_args__ = (
        one_of("reason", DivertReason),
        filled("actor"),
        CheckConstraint("was_to_id <> to_hospital_id", name="elsewhere"),
        Index("ix_ecmo_diversions_mission_id_at", "mission_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    was_to_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    to_hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
