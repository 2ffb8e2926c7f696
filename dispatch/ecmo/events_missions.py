"""What the journal keeps of ECMO missions. concerned: the organisations of both sides, which see it told."""

from __future__ import annotations

from uuid import UUID

from dispatch.ecmo.states import Mode
from dispatch.kernel.events import Event, event


@event("ecmo.mission_begun", subject="mission_id")
class MissionBegun(Event):
    """An offer was bound, and with it a mission begins."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    centre_id: UUID
    mode: Mode
    is_primary: bool
