"""Attaching patients to places in vehicles, and detaching them. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import PatientState
from dispatch.kernel.errors import Conflict
from dispatch.telemetry.events import AttachmentWithdrawn, DetachmentWithdrawn, PatientAttached, PatientDetached
from dispatch.telemetry.queries_attachments import get_mark, list_marks
from dispatch.telemetry.rules_attachments import Mark, owner_at
from dispatch.telemetry.tables import TelemetryAttachment


async def attach(
    act: Act, unit_id: UUID, slot: int, patient_id: UUID, told: Told | None = None
) -> TelemetryAttachment | None:
    """From now on, or the time told, a place's data are this patient's; None when they were already.

    Who was attached there before is detached: two never have one place. That there is such a vehicle is the caller's to
    see to. Raises NotFound (`patient.not_found`), Conflict (`patient.merged`, `attachment.same_time`), Invalid
    (`time.*`).
    """
    patient = await get_patient(act.session, act.region, patient_id)
    if patient.state == PatientState.MERGED:
        raise Conflict("patient.merged", "This record is merged into another.", "Attach that one.")
    at = act.moment(told).occurred_at
    before = await _owner(act, unit_id, slot, at)
    if before == patient_id:
        return None
    async with act.together():
        row = await _mark(act, unit_id, slot, at, patient_id)
        if before is not None:
            await _tell_detached(act, unit_id, slot, at, before, forced=True)
        act.tell(
            PatientAttached(patient_id=patient_id, incident_id=patient.incident_id, unit_id=unit_id, slot=slot, at=at),
            act.moment(told),
        )
    return row


async def detach(act: Act, unit_id: UUID, slot: int, told: Told | None = None) -> TelemetryAttachment:
    """From now on, or the time told, a place's data are nobody's.

    Raises Conflict (`attachment.none`, `attachment.same_time`), Invalid (`time.*`).
    """
    at = act.moment(told).occurred_at
    before = await _owner(act, unit_id, slot, at)
    if before is None:
        raise Conflict("attachment.none", "Nobody is attached there.")
    async with act.together():
        row = await _mark(act, unit_id, slot, at, None)
        await _tell_detached(act, unit_id, slot, at, before, forced=False)
    return row


async def withdraw(act: Act, unit_id: UUID, mark_id: UUID, slot: int | None = None) -> TelemetryAttachment:
    """A mark was a mistake: what it said does not count. slot: where it is looked for; None: anywhere in the vehicle.

    Raises NotFound (`attachment.not_found`), Conflict (`attachment.withdrawn`).
    """
    row = await get_mark(act.session, unit_id, mark_id, slot)
    if row.withdrawn_at is not None:
        raise Conflict("attachment.withdrawn", "This attachment is withdrawn already.")
    row.withdrawn_at, row.withdrawn_by = act.clock.now(), act.actor
    await act.session.flush()
    # Of a detachment that was a mistake the journal tells whose the data are again.
    whose = row.patient_id or await _owner(act, unit_id, row.slot, row.at)
    if whose is not None:
        patient = await get_patient(act.session, act.region, whose)
        kind = DetachmentWithdrawn if row.patient_id is None else AttachmentWithdrawn
        async with act.together():
            act.tell(
                kind(patient_id=patient.id, incident_id=patient.incident_id, unit_id=unit_id, slot=row.slot, at=row.at),
                act.moment(None),
            )
    return row


async def _owner(act: Act, unit_id: UUID, slot: int, at: datetime) -> UUID | None:
    rows = await list_marks(act.session, unit_id, slot)
    return owner_at([Mark(row.at, row.patient_id) for row in rows], at)


async def _mark(act: Act, unit_id: UUID, slot: int, at: datetime, patient_id: UUID | None) -> TelemetryAttachment:
    row = TelemetryAttachment(
        id=act.new_id(), unit_id=unit_id, slot=slot, at=at, patient_id=patient_id, entered_at=act.clock.now(),
        actor=act.actor, withdrawn_at=None, withdrawn_by=None,
    )  # fmt: skip
    try:
        async with act.session.begin_nested():
            act.session.add(row)
    except IntegrityError:
        raise Conflict("attachment.same_time", "Something else was said of this place for the same moment.") from None
    return row


async def _tell_detached(act: Act, unit_id: UUID, slot: int, at: datetime, patient_id: UUID, *, forced: bool) -> None:
    patient = await get_patient(act.session, act.region, patient_id)
    act.tell(
        PatientDetached(
            patient_id=patient_id, incident_id=patient.incident_id, unit_id=unit_id, slot=slot, at=at, forced=forced
        ),
        act.moment(Told(at)),
    )
