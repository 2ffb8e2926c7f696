"""What the journal keeps of registrations: no name, no number."""

from __future__ import annotations

from uuid import UUID

from dispatch.kernel.events import Event, event


@event("registration.accepted", subject="patient_id")
class RegistrationAccepted(Event):
    """A hospital registered a patient, or accepted it anew. corrected: kinds of values that it corrected.

    number_id: the value that holds the visit's number.
    """

    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    registration_id: UUID
    number_id: UUID
    corrected: tuple[str, ...]
