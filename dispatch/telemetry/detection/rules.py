"""What a rule finds, as it is to be kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.states import DetectionKind


@dataclass(frozen=True, slots=True)
class Subject:
    """What it is found at: a patient in a place of a vehicle, or (slot 0) the vehicle on an assignment."""

    unit_id: UUID
    slot: int
    incident_id: UUID
    patient_id: UUID | None = None
    assignment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule found or no longer finds. began_at, at: true times; at: since when it is sure.

    value: what was measured; bound: against what; over: it ended at `at`.
    """

    code: str
    at: datetime
    began_at: datetime
    priority: AlarmPriority | None = None
    value: float | None = None
    bound: float | None = None
    over: bool = False

    @property
    def kind(self) -> DetectionKind:
        """An alarm has a priority, an offer none."""
        return DetectionKind.OFFER if self.priority is None else DetectionKind.ALARM


@dataclass(frozen=True, slots=True)
class Found:
    """A sign at a subject. late: in data that came after newer ones."""

    subject: Subject
    sign: Sign
    late: bool = False
