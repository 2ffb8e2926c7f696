"""`GET /api/er/patients/{patient_id}/live`: the WebSocket on which a screen is sent what is measured at a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, WebSocket

from api.auth import Doorkeeper, DoorkeeperDep
from api.er.access import Follower, must_see, seen_of
from api.er.screen import serve
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.db import Session

router = APIRouter()


@router.websocket("/patients/{patient_id}/live")
async def follow(
    websocket: WebSocket,
    actor: Follower,
    door: DoorkeeperDep,
    patient_id: Annotated[UUID, Path(description="The patient's id.")],
) -> None:
    """Tell what is measured until either side ends it."""
    await serve(websocket, actor, door, _Brought(door, actor, patient_id))


@dataclass(frozen=True, slots=True)
class _Brought:
    """`Gate` of those who are brought to one's own hospital."""

    door: Doorkeeper
    actor: Principal
    patient_id: UUID

    async def open(self) -> UUID:
        """See `Gate.open`."""
        await must_see(self.door, self.actor, self.patient_id)
        return self.patient_id

    async def lets(self, session: Session, patient_id: UUID) -> bool:
        """See `Gate.lets`."""
        parts = self.door.parts
        return await seen_of(session, parts.settings.region, parts.clock.now(), self.actor, patient_id) is not None
