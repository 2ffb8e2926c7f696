"""Who may take a patient's run out of Tarim: supervisors; the hospital that it is brought to; the crew that has it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from api.acting import acting
from api.auth import Doorkeeper, not_allowed, requires
from api.er.access import LOOKED_BACK_AT
from api.exports.run import Run, run_of
from dispatch.accounts.rules_permissions import Principal, may_where_assigned, organisations_where
from dispatch.incidents.events_patients import PatientExported
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import ExportForm, ExportReason
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Database, Session
from dispatch.receiving.events import PatientWithheld
from dispatch.receiving.queries_access import Reach, is_reached
from dispatch.receiving.queries_inbound import list_inbound, list_own_hospitals, was_brought

EXPORT: Final = "records.export"
Exporter = Annotated[Principal, requires(EXPORT)]


class Asked(StrEnum):
    """What the words of a document are in."""

    ZH = "zh"
    EN = "en"
    UG = "ug"


async def exported(
    door: Doorkeeper, actor: Principal, patient_id: UUID, form: ExportForm, reason: ExportReason,
    span: tuple[datetime, datetime] | None,
) -> Run:  # fmt: skip
    """Return a run, and leave a line in the journal that it was taken out, by whom, in which form and why.

    Raises NotFound (`patient.not_found`); ProblemError (`permission.refused`) for another's patient, and leaves a line
    of that.
    """
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, patient_id)
        if await _may(act.session, act.region, act.clock.now(), actor, patient):
            return await noted(act, door.parts.database, patient, form, reason, span)
        async with act.together():
            act.tell(
                PatientWithheld(patient_id=patient_id, incident_id=patient.incident_id, organisation=actor.organisation)
            )
    raise not_allowed(EXPORT)


async def noted(
    act: Act, database: Database, patient: Patient, form: ExportForm, reason: ExportReason,
    span: tuple[datetime, datetime] | None,
) -> Run:  # fmt: skip
    """Read a run, and leave the line in the journal that it was taken out."""
    run = await run_of(act.session, database, act.region, patient, act.clock.now(), span)
    async with act.together():
        act.tell(
            PatientExported(
                patient_id=patient.id, incident_id=patient.incident_id, form=form, reason=reason,
                from_at=None if span is None else span[0], until_at=None if span is None else span[1],
            )
        )  # fmt: skip
    return run


async def _may(session: Session, region: str, now: datetime, actor: Principal, patient: Patient) -> bool:
    organisations = organisations_where(actor, EXPORT)
    if organisations is None:
        return True
    if organisations:
        hospitals = [one.id for one in await list_own_hospitals(session, region, organisations)]
        if await list_inbound(session, region, hospitals, patient.id):
            return True
        if await was_brought(session, patient.id, hospitals, now, LOOKED_BACK_AT):
            return True
    if not may_where_assigned(actor, EXPORT) or actor.kind is not ActorKind.PERSON:
        return False
    return await is_reached(session, region, patient.incident_id, Reach(person_id=actor.id))
