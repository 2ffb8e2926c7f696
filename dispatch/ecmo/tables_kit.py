"""Kit, people on call for missions, and bookings: nothing and nobody is in two missions at once."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.tables import Person
from dispatch.ecmo.states_kit import EcmoKitKind, TeamRole
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region

_ROLES: Final = ", ".join(f"'{one}'" for one in TeamRole)
_PERIOD: Final = "tstzrange(from_at, until_at)"
_KIT: Final = "int8range(uuid_hash_extended(kit_id, 0), uuid_hash_extended(kit_id, 0), '[]')"
_PERSON: Final = "int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]')"


class EcmoKit(Base):
    """A piece of kit. hospital_id: where it is. size: as printed. water_l: of cylinders; capacity_wh: of batteries.

    retired_at: it is off the list, and its code may be another's.
    """

    __tablename__ = "ecmo_kit"
    __table_args__ = (
        Index("uq_ecmo_kit_region_code", "region", "code", unique=True, postgresql_where=text("retired_at IS NULL")),
        filled("code"),
        one_of("kind", EcmoKitKind),
        within("water_l", 0, 100),
        within("capacity_wh", 0, 20_000),
        CheckConstraint("(kind = 'cylinder') = (water_l IS NOT NULL)", name="cylinder"),
        CheckConstraint("(kind = 'battery') = (capacity_wh IS NOT NULL)", name="battery"),
        CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", name="checked"),
        CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name="retired"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    size: Mapped[str] = mapped_column(Text)
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    is_ready: Mapped[bool]
    expires_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[str | None] = mapped_column(Text)
    water_l: Mapped[float | None] = mapped_column(Double)
    capacity_wh: Mapped[float | None] = mapped_column(Double)
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(Text)


class EcmoDuty(Base):
    """Somebody is on call for missions of a centre, for roles that he may fill, unless it was taken back."""

    __tablename__ = "ecmo_duties"
    __table_args__ = (
        CheckConstraint("until_at > from_at", name="times"),
        CheckConstraint(f"roles <@ ARRAY[{_ROLES}]::text[] AND cardinality(roles) > 0", name="roles"),
        filled("actor"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        ExcludeConstraint(
            (text(_PERSON), "&&"), (text(_PERIOD), "&&"), name="ex_ecmo_duties_person", using="gist",
            where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_ecmo_duties_hospital_id_from_at", "hospital_id", "from_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class EcmoBooking(Base):
    """A piece of kit, or somebody in a role, belongs to a mission for a time; open until it is given back."""

    __tablename__ = "ecmo_bookings"
    __table_args__ = (
        CheckConstraint("num_nonnulls(kit_id, person_id) = 1", name="one"),
        CheckConstraint("(person_id IS NULL) = (role IS NULL)", name="role_of_person"),
        one_of("role", TeamRole),
        CheckConstraint("until_at >= from_at", name="times"),
        filled("actor"),
        ExcludeConstraint(
            (text(_KIT), "&&"), (text(_PERIOD), "&&"), name="ex_ecmo_bookings_kit", using="gist",
            where=text("kit_id IS NOT NULL"),
        ),
        ExcludeConstraint(
            (text(_PERSON), "&&"), (text(_PERIOD), "&&"), name="ex_ecmo_bookings_person", using="gist",
            where=text("person_id IS NOT NULL"),
        ),
        Index("ix_ecmo_bookings_mission_id", "mission_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMission.id))
    kit_id: Mapped[UUID | None] = mapped_column(ForeignKey(EcmoKit.id))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    role: Mapped[str | None] = mapped_column(Text)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    actor: Mapped[str] = mapped_column(Text)
