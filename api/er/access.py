"""Who of an emergency room may see which patient: those that are brought to one of its own organisation's hospitals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from api.acting import acting
from api.auth import Doorkeeper, not_allowed, requires
from dispatch.accounts.rules_permissions import Principal, organisations_where
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service_views import note_view
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.db import Session
from dispatch.receiving.events import PatientWithheld
from dispatch.receiving.queries_inbound import Inbound, list_inbound, list_own_hospitals, was_brought

FOLLOW: Final = "receiving.follow"
LOOKED_BACK_AT: Final = timedelta(hours=24)
"""A hospital may look at what came before for so long after the incident is closed."""
Follower = Annotated[Principal, requires(FOLLOW)]


@dataclass(frozen=True, slots=True)
class Seen:
    """A patient whom the asker may see. inbound: None where it was brought already."""

    patient: Patient
    inbound: Inbound | None


async def own_hospitals(session: Session, region: str, actor: Principal) -> dict[UUID, Hospital]:
    """The hospitals whose patients somebody follows, by id."""
    found = await list_own_hospitals(session, region, organisations_where(actor, FOLLOW))
    return {one.id: one for one in found}


async def seen_of(session: Session, region: str, now: datetime, actor: Principal, patient_id: UUID) -> Seen | None:
    """A patient that the actor may see; None: it is brought elsewhere. Raises NotFound (`patient.not_found`)."""
    patient = await get_patient(session, region, patient_id)
    hospitals = await own_hospitals(session, region, actor)
    inbound = next(iter(await list_inbound(session, region, hospitals.keys(), patient_id)), None)
    if inbound is None and not await was_brought(session, patient_id, hospitals.keys(), now, LOOKED_BACK_AT):
        return None
    return Seen(patient, inbound)


async def must_see(door: Doorkeeper, actor: Principal, patient_id: UUID) -> Seen:
    """Return a patient, and leave a line in the journal that it was looked at.

    Raises NotFound (`patient.not_found`); ProblemError (`permission.refused`) for one that is brought elsewhere, and
    leaves a line of that.
    """
    async with acting(door, actor) as act:
        seen = await seen_of(act.session, act.region, act.clock.now(), actor, patient_id)
        if seen is not None:
            await note_view(
                act, PatientViewed(patient_id=patient_id, incident_id=seen.patient.incident_id, whole=False)
            )
            return seen
        patient = await get_patient(act.session, act.region, patient_id)
        async with act.together():
            act.tell(
                PatientWithheld(patient_id=patient_id, incident_id=patient.incident_id, organisation=actor.organisation)
            )
    raise not_allowed(FOLLOW)
