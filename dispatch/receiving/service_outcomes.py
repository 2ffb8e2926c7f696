"""A hospital tells what became of a patient, and tells it anew. Nothing here commits."""

from __future__ import annotations

import json
from uuid import UUID

from dispatch.audit.queries import was_told
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.service_views import ONE_LOOK
from dispatch.receiving.events_outcomes import OutcomesViewed, OutcomeTold
from dispatch.receiving.queries_outcomes import newest_outcomes
from dispatch.receiving.rules_outcomes import check_outcome
from dispatch.receiving.tables_outcomes import ToldOutcome


async def tell_outcome(
    act: Act, patient_id: UUID, hospital_id: UUID, disposition: str, diagnosis: str | None
) -> ToldOutcome:
    """Tell where a patient went, and what it was; the same again changes nothing, another makes a new version.

    Who may is the caller's to see to. Raises NotFound (`patient.not_found`), Invalid (`outcome.*`).
    """
    check_outcome(disposition, diagnosis)
    async with act.together():
        patient = await get_patient(act.session, act.region, patient_id)
        await get_incident(act.session, act.region, patient.incident_id, lock=True)
        told = await newest_outcomes(act.session, [patient_id])
        before = next((one for one in told if one.hospital_id == hospital_id), None)
        if before is not None and (before.disposition, before.diagnosis) == (disposition, diagnosis):
            return before
        row = ToldOutcome(
            id=act.new_id(), patient_id=patient_id, hospital_id=hospital_id,
            version=1 if before is None else before.version + 1, disposition=disposition, diagnosis=diagnosis,
            at=act.clock.now(), actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            OutcomeTold(
                patient_id=patient_id, incident_id=patient.incident_id, hospital_id=hospital_id, version=row.version,
                disposition=disposition, digest=act.digester.digest("outcome", json.dumps([str(row.id), diagnosis])),
            )
        )  # fmt: skip
        return row


async def note_learnt(act: Act, person_id: UUID, patients: int) -> None:
    """Leave a line that somebody of a crew looked, unless one of the last ten minutes says so. Call it last."""
    told = OutcomesViewed(person_id=person_id, patients=patients)
    if not await was_told(act.session, told, act.actor, act.clock.now() - ONE_LOOK):
        async with act.together():
            act.tell(told)
