"""What the journal keeps of destinations."""

from __future__ import annotations

from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.receiving.states import Answer, ChoiceReason, Pathway, Unheld


@event("destination.ranked", subject="patient_id")
class DestinationsRanked(Event):
    """Hospitals were ranked for a patient."""

    patient_id: UUID
    incident_id: UUID
    ranking_id: UUID
    pathway: Pathway
    unheld: Unheld | None
    first_id: UUID | None
    hospitals: int
    network_version: str
    overlay_version: int


@event("destination.chosen", subject="patient_id")
class DestinationChosen(Event):
    """A hospital was chosen. place: in the ranking; reason: where it was not the first."""

    patient_id: UUID
    incident_id: UUID
    destination_id: UUID
    hospital_id: UUID
    unit_id: UUID | None
    place: int
    reason: ChoiceReason | None


@event("destination.answered", subject="patient_id")
class DestinationAnswered(Event):
    """A hospital said something to a patient that is brought, or may be."""

    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    answer: Answer
    other_id: UUID | None


@event("patient.withheld", subject="patient_id")
class PatientWithheld(Event):
    """A hospital asked for a patient that is not brought to it, and was refused."""

    patient_id: UUID
    incident_id: UUID
    organisation: str
