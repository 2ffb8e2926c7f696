"""Requests for ECMO. What names a person, and free words, are personal values of the same id."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_requests import (
    LIVE,
    Indication,
    Origin,
    RequestState,
    Support,
    Ward,
    WithdrawalReason,
)
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_patients import Sex
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.constraints import filled, on_earth, one_of, within
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region

_LIVE: Final = "state IN ({})".format(", ".join(f"'{one}'" for one in sorted(LIVE)))
_SUPPORT: Final = ", ".join(f"'{one}'" for one in Support)


class EcmoRequest(Base):
    """A request. id: its writer's own, so that what is sent twice is made once.

    number: spoken, given when centres are asked. hospital_id: where the patient is; None at a scene. patient_id,
    incident_id: of the dispatch core, where there are. identity_digest: of the identity number, salted.
    weight_kg, height_cm: None is not known. joined_into: the request that stands for both.
    """

    __tablename__ = "ecmo_requests"
    __table_args__ = (
        UniqueConstraint("region", "number"),
        Index("uq_ecmo_requests_live_patient", "patient_id", unique=True, postgresql_where=text(_LIVE)),
        Index("uq_ecmo_requests_live_identity", "region", "identity_digest", unique=True, postgresql_where=text(_LIVE)),
        Index("ix_ecmo_requests_region_created_at", "region", "created_at"),
        one_of("origin", Origin),
        one_of("state", RequestState),
        one_of("mode", Mode),
        one_of("sex", Sex),
        one_of("ward", Ward),
        one_of("indication", Indication),
        one_of("withdrawal", WithdrawalReason),
        CheckConstraint(f"support <@ ARRAY[{_SUPPORT}]::text[]", name="support"),
        filled("organisation"),
        filled("number"),
        within("age_years", 0, 130),
        within("weight_kg", 0, 400),
        within("height_cm", 20, 250),
        *on_earth(),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="place"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(state = 'joined') = (joined_into IS NOT NULL)", name="joined"),
        CheckConstraint("joined_into <> id", name="not_into_itself"),
        CheckConstraint("(state = 'withdrawn') = (withdrawal IS NOT NULL)", name="withdrawn"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn', 'joined') OR num_nonnulls(number, mode, asked_at, asked_by) = 4",
            name="asked",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    number: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    mode: Mapped[str | None] = mapped_column(Text)
    hospital_id: Mapped[UUID | None] = mapped_column(ForeignKey(Hospital.id))
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey(Incident.id), index=True)
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey(Patient.id))
    identity_digest: Mapped[str | None] = mapped_column(Text)
    sex: Mapped[str] = mapped_column(Text)
    age_years: Mapped[int | None] = mapped_column(Integer)
    pregnant: Mapped[bool | None]
    weight_kg: Mapped[float | None] = mapped_column(Double)
    height_cm: Mapped[float | None] = mapped_column(Double)
    ward: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    indication: Mapped[str | None] = mapped_column(Text)
    support: Mapped[list[str]] = mapped_column(ARRAY(Text))
    at_once: Mapped[bool]
    joined_into: Mapped[UUID | None] = mapped_column(ForeignKey("ecmo_requests.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)
    withdrawal: Mapped[str | None] = mapped_column(Text)


class EcmoCounter(Base):
    """The last spoken number of a day (Beijing time) in a region."""

    __tablename__ = "ecmo_counters"
    __table_args__ = (CheckConstraint("last >= 1", name="last"), filled("day"))

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    day: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
