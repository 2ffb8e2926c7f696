"""What the journal tells of messages: who said something when and who read it, never what."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event
from dispatch.telemetry.detection.states import Side


@event("message.sent", subject="message_id")
class MessageSent(Event):
    """Somebody said something. phrase: its code, empty for words of one's own. patient_id None: not for a hospital."""

    message_id: UUID
    incident_id: UUID
    patient_id: UUID | None
    side: Side
    at: datetime
    phrase: str


@event("message.read", subject="incident_id")
class MessagesRead(Event):
    """Somebody saw messages of the other sides."""

    incident_id: UUID
    message_ids: tuple[UUID, ...]
    side: Side
