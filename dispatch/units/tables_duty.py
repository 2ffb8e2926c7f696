"""What units do: their present status, all that was told of it, and their timed runs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled, on_earth, one_of
from dispatch.kernel.db import Base
from dispatch.units.states_crew import RunKind, RunState
from dispatch.units.states_duty import BUSY, Effect, OutReason, Source, UnitStatus

# The server has no operators for ranges of uuid: a range of the one number that a uuid hashes to stands for it. Two
# ids that share all 64 bits would be kept apart in error, once in 10^19 pairs.
UNIT_KEY = "int8range(uuid_hash_extended(unit_id, 0), uuid_hash_extended(unit_id, 0), '[]')"
PERIOD = "tstzrange(from_at, until_at)"

_BUSY_WORDS = ", ".join(f"'{status}'" for status in UnitStatus if status in BUSY)
_RUN = CheckConstraint(f"run_id IS NULL OR status IN ({_BUSY_WORDS})", name="run")
_OUT = CheckConstraint(
    "(status = 'out_of_service') = (reason <> '') AND (reason = '' OR expected_end_at IS NOT NULL)", name="out"
)


class UnitStatusRow(Base):
    """The present status of a unit; no row while nobody ever told one. `version` counts its changes."""

    __tablename__ = "unit_statuses"
    __table_args__ = (
        one_of("status", UnitStatus),
        one_of("reason", OutReason, empty=True),
        one_of("source", Source),
        _RUN,
        _OUT,
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("isfinite(since) AND isfinite(expected_end_at)", name="finite"),
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), primary_key=True)
    status: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("unit_status_entries.id"))
    run_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    expected_end_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)


class UnitStatusEntry(Base):
    """All that was ever told of a unit's status. A trigger refuses every change: a correction is another entry.

    at: true time, as far as known. device_at: what the device's clock said. received_at: when it reached us (the
    time of entry). clock_offset_s: how far that clock was ahead, where it was off. from_status: what stood before.
    """

    __tablename__ = "unit_status_entries"
    __table_args__ = (
        one_of("from_status", UnitStatus),
        one_of("status", UnitStatus),
        one_of("effect", Effect),
        one_of("source", Source),
        one_of("reason", OutReason, empty=True),
        filled("actor"),
        CheckConstraint("at <= received_at", name="times"),
        CheckConstraint("isfinite(at) AND isfinite(device_at) AND isfinite(received_at)", name="finite"),
        CheckConstraint("(effect = 'correction') = (corrects IS NOT NULL)", name="correction"),
        Index("ix_unit_status_entries_unit_id_at", "unit_id", "at"),
        Index(
            "uq_unit_status_entries_report",
            "unit_id",
            "report_id",
            unique=True,
            postgresql_where=text("report_id IS NOT NULL"),
        ),
        Index(
            "uq_unit_status_entries_corrects", "corrects", unique=True, postgresql_where=text("corrects IS NOT NULL")
        ),
        Index("ix_unit_status_entries_run_id", "run_id", postgresql_where=text("run_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    from_status: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None] = mapped_column(Double)
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    run_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    expected_end_at: Mapped[datetime | None]
    report_id: Mapped[UUID | None]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("unit_status_entries.id"))


class UnitRun(Base):
    """A stand-by or a planned transfer. A unit has no two that overlap, cancelled ones apart.

    from_at, until_at: the period kept for it, cut when it ends early; started_at, ended_at: what came to be.
    place, lat, lon: where the event or the pick-up is.
    """

    __tablename__ = "unit_runs"
    __table_args__ = (
        one_of("kind", RunKind),
        one_of("state", RunState),
        CheckConstraint("until_at > from_at", name="times"),
        CheckConstraint("isfinite(from_at) AND isfinite(until_at)", name="finite"),
        CheckConstraint("(state IN ('started', 'ended')) = (started_at IS NOT NULL)", name="started"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL) AND ended_at >= started_at", name="ended"),
        CheckConstraint("char_length(place) BETWEEN 1 AND 200", name="place"),
        *on_earth(),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point"),
        ExcludeConstraint(
            (text(UNIT_KEY), "&&"),
            (text(PERIOD), "&&"),
            name="ex_unit_runs_unit",
            using="gist",
            where=text("state <> 'cancelled'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    version: Mapped[int] = mapped_column(BigInteger, default=1)
