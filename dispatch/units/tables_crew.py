"""Who and what is on board: crews and kit, with their history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.tables import Person
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base
from dispatch.units.states_crew import SEATS, Skill
from dispatch.units.states_duty import Source
from dispatch.units.tables_duty import PERIOD, UNIT_KEY

_PERSON_KEY = "int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]')"
_SEAT_KEY = "int4range(seat, seat, '[]')"
_KIT_KEY = "int8range(hashtextextended(kit, 0), hashtextextended(kit, 0), '[]')"
_HOLDS = text("voided_at IS NULL")


class CrewDuty(Base):
    """A person on board of a unit, in one seat, with one skill, for a time; `until_at` is open while they are on.

    Nobody is on two units at once, and no seat is taken twice. A corrected duty stays, `voided_at` set, and counts no
    more; `corrects` names it in the line that took its place.
    """

    __tablename__ = "crew_duties"
    __table_args__ = (
        one_of("skill", Skill),
        within("seat", SEATS[0], SEATS[-1]),
        CheckConstraint("until_at > from_at", name="times"),
        CheckConstraint("isfinite(from_at) AND isfinite(until_at)", name="finite"),
        one_of("source", Source),
        filled("actor"),
        ExcludeConstraint(
            (text(_PERSON_KEY), "&&"), (text(PERIOD), "&&"), name="ex_crew_duties_person", using="gist", where=_HOLDS
        ),
        ExcludeConstraint(
            (text(UNIT_KEY), "&&"),
            (text(_SEAT_KEY), "&&"),
            (text(PERIOD), "&&"),
            name="ex_crew_duties_seat",
            using="gist",
            where=_HOLDS,
        ),
        Index("ix_crew_duties_unit_id_from_at", "unit_id", "from_at"),
        Index("ix_crew_duties_person_id_from_at", "person_id", "from_at"),
        Index("ix_crew_duties_on_board", "unit_id", postgresql_where=text("voided_at IS NULL AND until_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    skill: Mapped[str] = mapped_column(Text)
    seat: Mapped[int] = mapped_column(Integer)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    ended_recorded_at: Mapped[datetime | None]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("crew_duties.id"))
    voided_at: Mapped[datetime | None]


class UnitKit(Base):
    """A piece of kit on board of a unit for a time; `until_at` is open while it is there."""

    __tablename__ = "unit_kit"
    __table_args__ = (
        filled("kit"),
        CheckConstraint("until_at > from_at", name="times"),
        CheckConstraint("isfinite(from_at) AND isfinite(until_at)", name="finite"),
        one_of("source", Source),
        filled("actor"),
        ExcludeConstraint(
            (text(UNIT_KEY), "&&"), (text(_KIT_KEY), "&&"), (text(PERIOD), "&&"), name="ex_unit_kit_kit", using="gist"
        ),
        Index("ix_unit_kit_on_board", "unit_id", postgresql_where=text("until_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    kit: Mapped[str] = mapped_column(Text)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
