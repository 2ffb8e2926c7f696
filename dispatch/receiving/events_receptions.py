"""What the journal keeps of handing patients over at hospitals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.receiving.states_emergency import Unsigned


@event("reception.arrived", subject="patient_id")
class PatientHere(Event):
    """The hospital tells that the patient is here."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    at: datetime


@event("reception.off_stretcher", subject="patient_id")
class PatientOffStretcher(Event):
    """The patient is off the crew's stretcher."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    at: datetime


@event("reception.signed", subject="patient_id")
class ReceptionSigned(Event):
    """Somebody of the hospital signed. last: all of the run are handed over, so this is its T10; detached: places."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    assignment_id: UUID | None
    last: bool
    detached: int


@event("reception.closed", subject="patient_id")
class ReceptionClosed(Event):
    """Closed without a signature, before a witness."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    assignment_id: UUID | None
    unsigned: Unsigned
    witness: str
    last: bool


@event("reception.witnessed", subject="patient_id")
class ReceptionWitnessed(Event):
    """Closed without a signature, before somebody without an account. witness_id: the value that holds the name."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    assignment_id: UUID | None
    unsigned: Unsigned
    witness_id: UUID
    last: bool


@event("reception.asked", subject="patient_id")
class SignatureAsked(Event):
    """The crew told T10 and nobody of the hospital has signed: somebody is asked to."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    assignment_id: UUID
    handed_at: datetime


@event("reception.unsigned", subject="patient_id")
class StillUnsigned(Event):
    """Nobody has signed for longer than is set."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    assignment_id: UUID
    handed_at: datetime


@event("reception.waits", subject="patient_id")
class CrewWaits(Event):
    """The patient is on the crew's stretcher for longer than is set (压床)."""

    patient_id: UUID
    incident_id: UUID
    reception_id: UUID
    hospital_id: UUID
    assignment_id: UUID | None
    since: datetime
