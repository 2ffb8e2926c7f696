"""Reports made by themselves. The key of region, step and beginning lets each be made once, whoever tries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import one_of
from dispatch.kernel.db import Base
from dispatch.reports.exporting.states import Step
from dispatch.roads.tables import Region


class ScheduledReport(Base):
    """A report of a period that has ended. seq: the journal's last line in it. digest: SHA-256 of its PDF."""

    __tablename__ = "scheduled_reports"
    __table_args__ = (
        one_of("step", Step),
        CheckConstraint("until > begins", name="period"),
        UniqueConstraint("region", "step", "begins"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    step: Mapped[str] = mapped_column(Text)
    begins: Mapped[datetime]
    until: Mapped[datetime]
    made_at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Text)
