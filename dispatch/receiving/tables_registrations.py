"""A patient's registration at a hospital, made from what the crew entered on the way."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_patients import Sex
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base


class Registration(Base):
    """Who somebody is, accepted by name by the hospital, under a visit's number of its own.

    The number is a personal value (`number_id`: the version that counts); `digest` is that value's, unique on the day
    (Beijing) of the registration. sex, age_years: as accepted. registered_*: the first time; accepted_*: the last.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("patient_id", "hospital_id"),
        UniqueConstraint("hospital_id", "day", "digest"),
        one_of("sex", Sex),
        within("age_years", 0, 130),
        *(filled(name) for name in ("digest", "registered_by", "accepted_by")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey(Patient.id))
    hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    number_id: Mapped[UUID] = mapped_column(ForeignKey(PersonalValue.id))
    day: Mapped[dt.date]
    digest: Mapped[str] = mapped_column(Text)
    sex: Mapped[str] = mapped_column(Text)
    age_years: Mapped[int | None] = mapped_column(Integer)
    registered_at: Mapped[datetime]
    registered_by: Mapped[str] = mapped_column(Text)
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[str] = mapped_column(Text)
