"""What the journal tells of pictures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.events import Event, event
from dispatch.pictures.states import PictureKind


@event("patient.pictured", subject="patient_id")
class PatientPictured(Event):
    """A picture of a patient is here whole. at: when it was taken; digest: of what is kept."""

    patient_id: UUID
    incident_id: UUID
    picture_id: UUID
    kind: PictureKind
    at: datetime
    digest: str


@event("patient.picture_erased", subject="patient_id")
class PictureErased(Event):
    """A picture is gone by law; its row and its digest stay."""

    patient_id: UUID
    incident_id: UUID
    picture_id: UUID
    basis: ErasureBasis
