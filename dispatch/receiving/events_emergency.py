"""What the journal keeps of how a hospital receives a patient."""

from __future__ import annotations

from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.receiving.states_emergency import Withdrawal


@event("prealert.raised", subject="patient_id")
class PrealertRaised(Event):
    """A hospital is told that a patient is brought to it."""

    patient_id: UUID
    incident_id: UUID
    prealert_id: UUID
    hospital_id: UUID


@event("prealert.acknowledged", subject="patient_id")
class PrealertAcknowledged(Event):
    """Somebody of the hospital took note; late: after it was escalated."""

    patient_id: UUID
    incident_id: UUID
    prealert_id: UUID
    hospital_id: UUID
    late: bool


@event("prealert.escalated", subject="patient_id")
class PrealertEscalated(Event):
    """Nobody of the hospital took note within the time that is set."""

    patient_id: UUID
    incident_id: UUID
    prealert_id: UUID
    hospital_id: UUID


@event("prealert.withdrawn", subject="patient_id")
class PrealertWithdrawn(Event):
    """The patient is not brought to this hospital any more. acknowledged: somebody there had taken note."""

    patient_id: UUID
    incident_id: UUID
    prealert_id: UUID
    hospital_id: UUID
    withdrawal: Withdrawal
    acknowledged: bool


@event("preparation.ticked", subject="patient_id")
class PreparationTicked(Event):
    """Something is ready for a patient."""

    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    item: str


@event("preparation.withdrawn", subject="patient_id")
class PreparationWithdrawn(Event):
    """It is not: it was ticked by mistake, or is not ready any more."""

    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    item: str
