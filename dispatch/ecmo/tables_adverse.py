"""Adverse events of missions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states_adverse import AdverseCategory, AdverseItem
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base


class EcmoAdverse(Base):
    """An adverse event. id: its writer's own. severity: 1 life-threatening to 4; phase: the mission's state then.

    at: when it truly was. A correction is a row of its own that replaces one, which then is withdrawn.
    """

    __tablename__ = "ecmo_adverse"
    __table_args__ = (
        one_of("item", AdverseItem),
        one_of("category", AdverseCategory),
        one_of("phase", MissionState),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        filled("actor"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index("ix_ecmo_adverse_mission_id_at", "mission_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    item: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    severity: Mapped[int] = mapped_column(SmallInteger)
    phase: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("ecmo_adverse.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
