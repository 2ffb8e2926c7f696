"""What a hospital does for who is brought to it: pre-alerts acknowledged by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, not_allowed, requires
from api.bodies import answer
from api.contract import contract
from api.er.access import Follower, own_hospitals
from api.er.schemas_receiving import PREALERT_EXAMPLE, PrealertOut, ReceivingOut, prealert_out
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.kernel.db import Session
from dispatch.receiving.events import PatientWithheld
from dispatch.receiving.queries_prealerts import get_prealert, list_prealerts
from dispatch.receiving.rules_emergency import in_force
from dispatch.receiving.service_prealerts import acknowledge_prealert

router = APIRouter()
ACT: Final = "receiving.act"
Receiver = Annotated[Principal, requires(ACT)]
PrealertId = Annotated[UUID, Path(description="The pre-alert's `id`.")]
ENDED_SHOWN: Final = timedelta(minutes=30)


@router.get(
    "/receiving",
    summary="What one's own hospital does for who is brought to it",
    description="Pre-alerts: they sound until somebody of the hospital acknowledges them by name; withdrawn ones of "
    "the last 30 minutes stand beside them. Figures need sign-off by a medical director.",
    **contract(ReceivingOut, example={"now": "2026-11-27T02:58:20Z", "prealerts": [PREALERT_EXAMPLE]}),
)
async def receiving(door: DoorkeeperDep, actor: Follower) -> Response:
    """List what goes on."""
    region, now = door.parts.settings.region, door.parts.clock.now()
    async with door.parts.database.read() as session:
        hospitals = (await own_hospitals(session, region, actor)).keys()
        alerts = await list_prealerts(session, hospitals, now - ENDED_SHOWN)
        names = await names_of_actors(session, [one.acknowledged_by for one in alerts])
        escalate_s = in_force(session.info).escalate_s
    return answer(ReceivingOut(now, [prealert_out(one, names, escalate_s) for one in alerts]))


@router.post(
    "/prealerts/{prealert_id}/acknowledgement",
    summary="Acknowledge a pre-alert",
    description="By name, for the hospital to which the patient is brought. Who was first counts: the answer says who "
    "it was. One that was withdrawn cannot be acknowledged any more (409). Somebody of another hospital is refused, "
    "and the journal says so.",
    **contract(PrealertOut, example=PREALERT_EXAMPLE, problems=[404, 409]),
)
async def acknowledged(door: DoorkeeperDep, actor: Receiver, prealert_id: PrealertId) -> Response:
    """Acknowledge."""
    async with acting(door, actor) as act:
        seen = await get_prealert(act.session, act.region, prealert_id)
        hospital_id, patient_id = seen.hospital_id, seen.patient_id
    await must_receive(door, actor, hospital_id, patient_id)
    async with acting(door, actor) as act:
        row = await acknowledge_prealert(act, prealert_id)
        told = await _told(act.session, row.id, act)
    return answer(told)


async def must_receive(door: Doorkeeper, actor: Principal, hospital_id: UUID, patient_id: UUID) -> None:
    """Refuse who is not of this hospital, and leave a line in the journal of the try.

    Raises ProblemError (`permission.refused`), NotFound (`hospital.not_found`, `patient.not_found`).
    """
    async with acting(door, actor) as act:
        hospital = await get_hospital(act.session, act.region, hospital_id)
        if may(actor, ACT, hospital.organisation):
            return
        patient = await get_patient(act.session, act.region, patient_id)
        async with act.together():
            act.tell(
                PatientWithheld(patient_id=patient_id, incident_id=patient.incident_id, organisation=actor.organisation)
            )
    raise not_allowed(ACT)


async def _told(session: Session, prealert_id: UUID, act: Act) -> PrealertOut:
    row = await get_prealert(session, act.region, prealert_id)
    names = await names_of_actors(session, [row.acknowledged_by])
    return prealert_out(row, names, in_force(session.info).escalate_s)
