"""What the journal keeps of detections: ids, codes and numbers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.clinical.states import AlarmPriority
from dispatch.kernel.events import Event, event
from dispatch.telemetry.detection.states import DetectionKind, Side


@event("detection.raised", subject="detection_id")
class DetectionRaised(Event):
    """Something was found. again: the same that was over came again before anybody acknowledged it."""

    detection_id: UUID
    detection: DetectionKind
    code: str
    priority: AlarmPriority | None
    unit_id: UUID
    organisation: str
    slot: int
    incident_id: UUID
    patient_id: UUID | None
    assignment_id: UUID | None
    value: float | None
    bound: float | None
    began_at: datetime
    late: bool
    again: bool


@event("detection.ended", subject="detection_id")
class DetectionEnded(Event):
    """It is over; an alarm that nobody acknowledged stays."""

    detection_id: UUID
    code: str
    unit_id: UUID
    organisation: str
    incident_id: UUID
    patient_id: UUID | None
    ended_at: datetime


@event("detection.acknowledged", subject="detection_id")
class DetectionAcknowledged(Event):
    """Somebody of a side has seen it. by_organisation: of a hospital's."""

    detection_id: UUID
    code: str
    unit_id: UUID
    organisation: str
    incident_id: UUID
    patient_id: UUID | None
    side: Side
    by_organisation: str


@event("gateway.detection_behind", subject="gap_id")
class DetectionBehind(Event):
    """What vehicles sent since `began_at` was not looked at for alarms yet. frames: so many when it was told."""

    gap_id: UUID
    began_at: datetime
    frames: int


@event("gateway.detection_caught_up", subject="gap_id")
class DetectionCaughtUp(Event):
    """All of it was looked at, late."""

    gap_id: UUID
    began_at: datetime
    ended_at: datetime


@event("gateway.frames_not_looked_at", subject="region")
class FramesNotLookedAt(Event):
    """So many frames were never looked at for alarms: deleted before, or unreadable."""

    region: str
    frames: int
