"""What became of a patient of an ECMO mission."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states_after import EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base


class EcmoOutcome(Base):
    """What became of the patient by a moment, as somebody told it; the newest of a moment counts, older ones stay.

    at: when it truly was so.
    """

    __tablename__ = "ecmo_outcomes"
    __table_args__ = (
        one_of("moment", OutcomeAt),
        one_of("outcome", EcmoOutcomeKind),
        filled("actor"),
        Index("ix_ecmo_outcomes_mission_id_entered_at", "mission_id", "entered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    moment: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
