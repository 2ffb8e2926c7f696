"""What happened to patients, and to the personal values of all records."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.states_patients import (
    Care,
    CareReason,
    ErasureBasis,
    ErasureTarget,
    ExportForm,
    ExportReason,
    PatientOutcome,
    PersonalKind,
    Proof,
    Sex,
)
from dispatch.kernel.events import Event, event


@event("patient.added", subject="patient_id")
class PatientAdded(Event):
    """A person was found at an incident."""

    patient_id: UUID
    incident_id: UUID
    ordinal: int


@event("patient.described", subject="patient_id")
class PatientDescribed(Event):
    """Sex or age became known, or was corrected."""

    patient_id: UUID
    incident_id: UUID
    sex: Sex
    age_years: int | None


@event("patient.care_begun", subject="patient_id")
class CareBegun(Event):
    """A unit looks after a patient."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    care: Care
    reason: CareReason
    begins_at: datetime
    ends_at: datetime | None


@event("patient.care_ended", subject="patient_id")
class CareEnded(Event):
    """A unit looks after a patient no longer."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    care: Care
    ends_at: datetime


@event("patient.outcome_set", subject="patient_id")
class PatientOutcomeSet(Event):
    """What came of a patient; `version` above 1 corrects the one before."""

    patient_id: UUID
    incident_id: UUID
    version: int
    outcome: PatientOutcome
    destination_id: UUID | None
    proof: Proof | None
    handed_to: str


@event("patient.merged", subject="patient_id")
class PatientMerged(Event):
    """This record is of the same person as another, which stands for both."""

    patient_id: UUID
    incident_id: UUID
    kept_id: UUID


@event("patient.unmerged", subject="patient_id")
class PatientUnmerged(Event):
    """It was another person after all."""

    patient_id: UUID
    incident_id: UUID
    kept_id: UUID


@event("patient.viewed", subject="patient_id")
class PatientViewed(Event):
    """Somebody looked at a patient's record; `whole`: with name and identity number unmasked."""

    patient_id: UUID
    incident_id: UUID
    whole: bool


@event("patient.exported", subject="patient_id")
class PatientExported(Event):
    """A patient's run was taken out of Tarim, with name and number. from_at, until_at: None for all of it."""

    patient_id: UUID
    incident_id: UUID
    form: ExportForm
    reason: ExportReason
    from_at: datetime | None
    until_at: datetime | None


@event("personal.recorded", subject="owner_id")
class PersonalRecorded(Event):
    """A personal value was written, or corrected by a new version."""

    owner: str
    owner_id: UUID
    value_id: UUID
    kind: PersonalKind
    version: int
    digest: str


@event("personal.erased", subject="owner_id")
class PersonalErased(Event):
    """A personal value is gone; its row and its digest stay."""

    owner: str
    owner_id: UUID
    value_id: UUID
    kind: PersonalKind
    version: int
    digest: str
    basis: ErasureBasis


@event("personal.place_coarsened", subject="owner_id")
class PlaceCoarsened(Event):
    """A place was erased but for its surroundings, about a kilometre."""

    owner: str
    owner_id: UUID
    basis: ErasureBasis


@event("erasure.done", subject="erasure_id")
class ErasureDone(Event):
    """Somebody had personal values erased by law. target_id: of what; None for a number. reference: of the request.

    values: how many texts were still there. Lines of each value stand before this one.
    """

    erasure_id: UUID
    target: ErasureTarget
    target_id: UUID | None
    basis: ErasureBasis
    reference: str
    values: int
