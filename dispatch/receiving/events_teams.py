"""What the journal keeps of a hospital's teams."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.receiving.states_emergency import Centre, Ending


@event("team.activated", subject="patient_id")
class TeamActivated(Event):
    """A centre's team was called for a patient."""

    patient_id: UUID
    incident_id: UUID
    team_id: UUID
    hospital_id: UUID
    centre: Centre
    at: datetime


@event("team.arrived", subject="patient_id")
class TeamArrived(Event):
    """The team is together."""

    patient_id: UUID
    incident_id: UUID
    team_id: UUID
    hospital_id: UUID
    centre: Centre
    at: datetime


@event("team.ended", subject="patient_id")
class TeamEnded(Event):
    """The team was stood down, or its activation cancelled."""

    patient_id: UUID
    incident_id: UUID
    team_id: UUID
    hospital_id: UUID
    centre: Centre
    ending: Ending
    at: datetime


@event("team.clock_stopped", subject="patient_id")
class TeamClockStopped(Event):
    """A clock was stopped by its event."""

    patient_id: UUID
    incident_id: UUID
    team_id: UUID
    hospital_id: UUID
    clock: str
    stop_id: UUID
    at: datetime


@event("team.clock_resumed", subject="patient_id")
class TeamClockResumed(Event):
    """The event that stopped a clock was told by mistake."""

    patient_id: UUID
    incident_id: UUID
    team_id: UUID
    hospital_id: UUID
    clock: str
    stop_id: UUID
