"""ECG and curves of a case's patient as they come, and as they were: for both sides and whoever coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, WebSocket
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep
from api.contract import contract
from api.ecmo.access import must_see
from api.ecmo.alarms import carried_of
from api.ecmo.measured import Reader
from api.er.frames import ASKED, FRAMES, KindQuery, Wanted, frames_of
from api.er.screen import serve
from api.errors import ProblemError
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service_views import note_view
from dispatch.kernel.db import Session
from dispatch.kernel.errors import NotFound

router = APIRouter(prefix="/ecmo/requests", tags=["ecmo"])
RequestId = Annotated[UUID, Path(description="The request.")]


@router.websocket("/{request_id}/live")
async def follow(websocket: WebSocket, actor: Reader, door: DoorkeeperDep, request_id: RequestId) -> None:
    """Tell what is measured of the case's patient until either side ends it, as at an emergency room's screen."""
    await serve(websocket, actor, door, _OfCase(door, actor, request_id))


@router.get(
    "/{request_id}/frames",
    summary="What was measured of a case's patient between two times, as the vehicle sent it",
    description=f"{ASKED} It leaves a line in the journal. 404 too: the dispatch core has no record of him.",
    **contract(problems=[404], media=(FRAMES,), told="Frames; empty where nothing is kept."),
)
async def frames(
    door: DoorkeeperDep, actor: Reader, request_id: RequestId, span: SpanQuery, kind: KindQuery = None
) -> Response:
    """Give frames."""
    wanted = Wanted(span, kind)
    return await frames_of(door.parts, await _OfCase(door, actor, request_id).open(), wanted)


@dataclass(frozen=True, slots=True)
class _OfCase:
    """`Gate` of those whom a case concerns: to the patient whom its vehicle carries, else whom the request names."""

    door: Doorkeeper
    actor: Principal
    request_id: UUID

    async def open(self) -> UUID:
        """See `Gate.open`. Raises NotFound (`ecmo_request.not_found`, `patient.not_found`)."""
        async with acting(self.door, self.actor) as act:
            patient_id = await self._patient(act.session)
            if patient_id is None:
                raise NotFound("patient.not_found", "The dispatch core has no record of this patient.")
            patient = await get_patient(act.session, act.region, patient_id)
            await note_view(act, PatientViewed(patient_id=patient_id, incident_id=patient.incident_id, whole=False))
        return patient_id

    async def lets(self, session: Session, patient_id: UUID) -> bool:
        """See `Gate.lets`; who is carried in his place now is another patient."""
        try:
            return await self._patient(session) == patient_id
        except (NotFound, ProblemError):
            return False

    async def _patient(self, session: Session) -> UUID | None:
        row = await must_see(session, self.door.parts.settings.region, self.actor, self.request_id)
        return (await carried_of(session, row)).patient_id
