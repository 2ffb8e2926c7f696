"""What is set of patients' circuits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base


class CircuitRow(Base):
    """What was set of one patient's circuit, by an upper feature; who set what before stands in the journal.

    flow_set, sweep_set: L/min. limits: by signal `warn` and `critical`, [low, high] each, null for no end.
    unplugged_until: until then a loss of mains is expected. on_circuit: whom a mission has in its hands, cannulated;
    needed_until: he is at his bed then, when all goes slowly. Both are kept up by the service, and nobody sets them.
    """

    __tablename__ = "detection_circuits"
    __table_args__ = (
        filled("set_by"),
        CheckConstraint("mode IN ('vv', 'va', 'ecpr')", name="mode"),
        CheckConstraint("flow_set > 0 AND sweep_set >= 0", name="set"),
        CheckConstraint("version >= 1", name="version"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    mode: Mapped[str | None] = mapped_column(Text)
    flow_set: Mapped[float | None] = mapped_column(Double)
    sweep_set: Mapped[float | None] = mapped_column(Double)
    limits: Mapped[dict[str, dict[str, list[float | None]]]] = mapped_column(JSONB)
    unplugged_until: Mapped[datetime | None]
    on_circuit: Mapped[bool]
    needed_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(Text)
