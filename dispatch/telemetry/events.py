"""What happens around a vehicle's streams that the journal tells."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event


@event("incident.held", subject="incident_id")
class IncidentHeld(Event):
    """What vehicles sent for an incident is not deleted, however old it grows."""

    incident_id: UUID


@event("incident.hold_lifted", subject="incident_id")
class HoldLifted(Event):
    """It may be deleted in its time again."""

    incident_id: UUID


@event("patient.attached", subject="patient_id")
class PatientAttached(Event):
    """From `at` on the data of a place in a vehicle are this patient's."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    slot: int
    at: datetime


@event("patient.detached", subject="patient_id")
class PatientDetached(Event):
    """From `at` on they are not; `forced`: because another patient was attached there."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    slot: int
    at: datetime
    forced: bool


@event("patient.attachment_withdrawn", subject="patient_id")
class AttachmentWithdrawn(Event):
    """An attachment was a mistake: the data from `at` on belong to whom the mark before says."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    slot: int
    at: datetime


@event("patient.detachment_withdrawn", subject="patient_id")
class DetachmentWithdrawn(Event):
    """A detachment was a mistake: the data from `at` on are this patient's, as they were before it."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    slot: int
    at: datetime
