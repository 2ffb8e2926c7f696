"""Reports made by themselves, which of them are wanted, and views that people keep.

The key of region, step and beginning lets each report be made once, whoever tries.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.tables import Person
from dispatch.kernel.constraints import filled, one_of
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


class ReportSchedule(Base):
    """Whether reports of a step are made by themselves, and how. since: periods that end after it have one.

    failed_at, failed_code: when the last try failed, and why; None once a report was made.
    """

    __tablename__ = "report_schedules"
    __table_args__ = (
        one_of("step", Step),
        CheckConstraint("language IN ('zh', 'en', 'ug')", name="language"),
        CheckConstraint("(failed_at IS NULL) = (failed_code IS NULL)", name="failed"),
    )

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    active: Mapped[bool]
    targets: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime | None]
    failed_code: Mapped[str | None] = mapped_column(Text)


class ReportView(Base):
    """A view of the figures that a person keeps under a name: the question of the page's address, and no more."""

    __tablename__ = "report_views"
    __table_args__ = (filled("name"), UniqueConstraint("region", "person_id", "name"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    saved_at: Mapped[datetime]
