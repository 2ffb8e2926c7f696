"""What happens in a mission: its steps, gates and their items, what is promised, what is measured on the way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states_kit import CheckList, Consent, GateReason, Passage, Promise
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_kit import EcmoKit
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.states_status import BedKind
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base


class EcmoStep(Base):
    """A mission went over into a state. at: when it truly was."""

    __tablename__ = "ecmo_steps"
    __table_args__ = (
        one_of("state", MissionState),
        filled("actor"),
        Index("ix_ecmo_steps_mission_id_at", "mission_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    state: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoCheck(Base):
    """An item of a list was ticked by somebody; a mistake is withdrawn and stays."""

    __tablename__ = "ecmo_checks"
    __table_args__ = (
        one_of("checklist", CheckList),
        filled("item"),
        filled("actor"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index(
            "uq_ecmo_checks_held", "mission_id", "checklist", "item", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    checklist: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class EcmoPassage(Base):
    """A gate was passed: with every item ticked, by the lead's override, or open. The reason may follow."""

    __tablename__ = "ecmo_passages"
    __table_args__ = (
        one_of("checklist", CheckList),
        one_of("how", Passage),
        one_of("reason", GateReason),
        filled("actor"),
        CheckConstraint("(how = 'closed') = (cardinality(open_items) = 0)", name="open_items"),
        CheckConstraint("num_nulls(reason, reason_at, reason_by) IN (0, 3)", name="why"),
        Index("ix_ecmo_passages_mission_id_at", "mission_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    checklist: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    open_items: Mapped[list[str]] = mapped_column(ARRAY(Text))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    reason_at: Mapped[datetime | None]
    reason_by: Mapped[str | None] = mapped_column(Text)


class EcmoPromise(Base):
    """A bed, a cath lab, a theatre or a team asked for and acknowledged; consent; relatives told. The newest counts."""

    __tablename__ = "ecmo_promises"
    __table_args__ = (
        one_of("what", Promise),
        one_of("bed", BedKind),
        one_of("consent", Consent),
        filled("asked_by"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        CheckConstraint("(what = 'consent') = (consent IS NOT NULL)", name="of_consent"),
        Index(
            "uq_ecmo_promises_held", "mission_id", "what", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    what: Mapped[str] = mapped_column(Text)
    bed: Mapped[str | None] = mapped_column(Text)
    consent: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(Text)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)


class EcmoPressure(Base):
    """A cylinder's pressure as somebody read it; the newest of each counts."""

    __tablename__ = "ecmo_pressures"
    __table_args__ = (
        within("bar", 0, 350),
        filled("actor"),
        Index("ix_ecmo_pressures_mission_id_kit_id_at", "mission_id", "kit_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    kit_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoKit.id))
    bar: Mapped[float] = mapped_column(Double)
    is_open: Mapped[bool]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoDemand(Base):
    """Who breathes what: sweep gas (never blood flow), minute volume, bias and other flow in L/min, FiO2 as a share."""

    __tablename__ = "ecmo_demands"
    __table_args__ = (filled("actor"), Index("ix_ecmo_demands_mission_id_at", "mission_id", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    sweep: Mapped[float] = mapped_column(Double)
    minute_volume: Mapped[float] = mapped_column(Double)
    bias: Mapped[float] = mapped_column(Double)
    fio2: Mapped[float] = mapped_column(Double)
    other: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoBatteryTest(Base):
    """A battery as it was last tried: health as a share, watts that hang on it, whether it took over from the mains."""

    __tablename__ = "ecmo_battery_tests"
    __table_args__ = (
        within("health", 0, 1),
        within("load_w", 0, 10_000),
        within("temperature_c", -60, 80),
        filled("actor"),
        Index("ix_ecmo_battery_tests_mission_id_kit_id_at", "mission_id", "kit_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    kit_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoKit.id))
    health: Mapped[float] = mapped_column(Double)
    load_w: Mapped[float] = mapped_column(Double)
    temperature_c: Mapped[float] = mapped_column(Double)
    changeover: Mapped[bool]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
