"""What the journal keeps of what a hospital tells of a patient later."""

from __future__ import annotations

from uuid import UUID

from dispatch.kernel.events import Event, event


@event("outcome.told", subject="patient_id")
class OutcomeTold(Event):
    """The hospital told where the patient went. disposition: its code; digest: of the diagnosis."""

    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    version: int
    disposition: str
    digest: str


@event("outcome.viewed", subject="person_id")
class OutcomesViewed(Event):
    """Somebody of a crew looked at what became of those whom he had carried."""

    person_id: UUID
    patients: int
