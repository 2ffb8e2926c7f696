"""Patients, the units that looked after them, their outcomes and merges."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states import Source
from dispatch.incidents.states_patients import Care, CareReason, PatientOutcome, PatientState, Proof, Sex
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.constraints import one_of, within
from dispatch.kernel.db import Base

# Core PostgreSQL has no GiST operators for uuid: a range of one hashed value stands in for it.
_PATIENT_KEY = "int8range(uuid_hash_extended(patient_id, 0), uuid_hash_extended(patient_id, 0), '[]')"


class Patient(Base):
    """A person at an incident. Name and identity number are personal values; without a name a placeholder stands.

    `outcome` and `destination_id` are those of the newest row of their history. `merged_into`: the record that stands
    for both.
    """

    __tablename__ = "patients"
    __table_args__ = (
        UniqueConstraint("incident_id", "ordinal"),
        one_of("state", PatientState),
        one_of("outcome", PatientOutcome),
        one_of("sex", Sex),
        one_of("source", Source),
        within("age_years", 0, 130),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged"),
        CheckConstraint("merged_into <> id", name="not_into_itself"),
        CheckConstraint("state <> 'settled' OR outcome IS NOT NULL", name="settled"),
        CheckConstraint("state <> 'open' OR outcome IS NULL", name="open"),
        CheckConstraint("version >= 1 AND ordinal >= 1", name="counts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey(Incident.id))
    ordinal: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    sex: Mapped[str] = mapped_column(Text)
    age_years: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(Text)
    destination_id: Mapped[UUID | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)


class PatientCare(Base):
    """A unit looked after a patient from one time until another. `unit_id` is a unit's; its existence is the caller's.

    No two units carry one patient at one moment; several may attend.
    """

    __tablename__ = "patient_care"
    __table_args__ = (
        ExcludeConstraint(
            (text(_PATIENT_KEY), "&&"),
            (text("tstzrange(begins_at, ends_at)"), "&&"),
            name="ex_patient_care_carries",
            using="gist",
            where=text("care = 'carries'"),
        ),
        Index("ix_patient_care_patient_id", "patient_id"),
        Index("ix_patient_care_unit_id", "unit_id"),
        Index("ix_patient_care_carrying", "unit_id", postgresql_where=text("ends_at IS NULL AND care = 'carries'")),
        one_of("care", Care),
        one_of("reason", CareReason),
        one_of("source", Source),
        CheckConstraint("ends_at > begins_at", name="times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    unit_id: Mapped[UUID]
    care: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)


class PatientOutcomeRow(Base):
    """One version of what came of a patient; the newest counts, the others say what was believed before."""

    __tablename__ = "patient_outcomes"
    __table_args__ = (
        UniqueConstraint("patient_id", "version"),
        one_of("outcome", PatientOutcome),
        one_of("proof", Proof),
        one_of("source", Source),
        CheckConstraint("(outcome = 'refused') = (proof IS NOT NULL)", name="refusal"),
        CheckConstraint("COALESCE(proof = 'witness', false) = (witness_id IS NOT NULL)", name="witness"),
        CheckConstraint(
            "(outcome = 'transported') = (num_nonnulls(destination_id, destination_words_id) > 0)", name="destination"
        ),
        CheckConstraint("(outcome = 'handed_on') = (handed_to <> '')", name="handed_to"),
        CheckConstraint("version = 1 OR reason_id IS NOT NULL", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    version: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(Text)
    destination_id: Mapped[UUID | None]
    destination_words_id: Mapped[UUID | None] = mapped_column(ForeignKey(PersonalValue.id))
    proof: Mapped[str | None] = mapped_column(Text)
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey(PersonalValue.id))
    handed_to: Mapped[str] = mapped_column(Text)
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey(PersonalValue.id))
    occurred_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)


class PatientMerge(Base):
    """A record found to be of the same person as another; kept when undone."""

    __tablename__ = "patient_merges"
    __table_args__ = (
        Index("uq_patient_merges_present", "merged_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        CheckConstraint("merged_id <> kept_id", name="two"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merged_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Text)
