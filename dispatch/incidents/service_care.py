"""Which unit looks after which patient: the first, a relay, a rendezvous, after a breakdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from dispatch.incidents.events_patients import CareBegun, CareEnded
from dispatch.incidents.queries_patients import as_spans, list_care
from dispatch.incidents.rules_patients import CareSpan, check_care
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import lock_patient
from dispatch.incidents.states_patients import Care, CareReason, PatientState
from dispatch.incidents.tables_patients import Patient, PatientCare
from dispatch.kernel.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class CareGiven:
    """A unit takes a patient. `told.at` is when. The unit's existence is the caller's to see to."""

    unit_id: UUID
    care: Care = Care.CARRIES
    reason: CareReason = CareReason.FIRST
    told: Told = field(default_factory=Told)


async def begin_care(act: Act, patient_id: UUID, given: CareGiven) -> PatientCare:
    """A unit looks after a patient from now on.

    Raises:
        NotFound: `patient.not_found`. Conflict: `care.carried`, `care.twice`, `patient.merged`. Invalid: `time.*`.
    """
    async with act.together():
        patient, _ = await lock_patient(act, patient_id)
        return await _begin(act, patient, given, act.moment(given.told))


async def end_care(
    act: Act, patient_id: UUID, unit_id: UUID, *, care: Care = Care.CARRIES, told: Told | None = None
) -> PatientCare:
    """A unit looks after a patient no longer.

    Raises:
        NotFound: `patient.not_found`. Conflict: `care.none`, it does not. Invalid: `care.times`, `time.*`.
    """
    async with act.together():
        patient, _ = await lock_patient(act, patient_id)
        return await _end(act, patient, unit_id, care, act.moment(told))


async def hand_over(act: Act, patient_id: UUID, given: CareGiven) -> PatientCare:
    """The unit that carries a patient gives it to another at one moment: relay, rendezvous, breakdown.

    Raises as `begin_care` and `end_care`; `care.none` when nobody carries the patient.
    """
    async with act.together():
        when = act.moment(given.told)
        patient, _ = await lock_patient(act, patient_id)
        open_spans = [row for row in await list_care(act.session, patient_id) if row.ends_at is None]
        carrier = next((row for row in open_spans if row.care == Care.CARRIES), None)
        if carrier is None:
            raise Conflict("care.none", "No unit carries this patient.")
        await _end(act, patient, carrier.unit_id, Care.CARRIES, when)
        return await _begin(act, patient, given, when)


async def _begin(act: Act, patient: Patient, given: CareGiven, when: Moment) -> PatientCare:
    if patient.state == PatientState.MERGED:
        raise Conflict("patient.merged", "This record is merged into another.", "Use that one.")
    spans = as_spans(await list_care(act.session, patient.id))
    check_care(spans, CareSpan(given.unit_id, given.care, when.occurred_at))
    row = PatientCare(
        id=act.new_id(),
        patient_id=patient.id,
        unit_id=given.unit_id,
        care=given.care,
        reason=given.reason,
        begins_at=when.occurred_at,
        ends_at=None,
        entered_at=when.entered_at,
        source=when.source,
        actor=act.actor,
    )
    act.session.add(row)
    act.tell(
        CareBegun(
            patient_id=patient.id,
            incident_id=patient.incident_id,
            unit_id=given.unit_id,
            care=given.care,
            reason=given.reason,
            begins_at=row.begins_at,
            ends_at=None,
        ),
        when,
    )
    await act.session.flush()
    return row


async def _end(act: Act, patient: Patient, unit_id: UUID, care: Care, when: Moment) -> PatientCare:
    rows = await list_care(act.session, patient.id)
    row = next((row for row in rows if row.unit_id == unit_id and row.care == care and row.ends_at is None), None)
    if row is None:
        raise Conflict("care.none", "This unit does not look after the patient now.")
    if when.occurred_at <= row.begins_at:
        raise Invalid("care.times", "The unit would leave the patient before it came.")
    row.ends_at = when.occurred_at
    act.tell(
        CareEnded(
            patient_id=patient.id, incident_id=patient.incident_id, unit_id=unit_id, care=care, ends_at=row.ends_at
        ),
        when,
    )
    await act.session.flush()
    return row
