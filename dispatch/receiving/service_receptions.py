"""Handing a patient over at a hospital: here, off the crew's stretcher, signed or closed. Nothing here commits.

T9 and T10 are the run's own times and are kept there alone: a signature tells T10 once all whom the run brought are
handed over. Locks: the unit, then the reception.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from dispatch.dispatching.service_times import tell_time
from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.receiving.events_receptions import (
    CrewWaits,
    PatientHere,
    PatientOffStretcher,
    ReceptionClosed,
    ReceptionSigned,
    ReceptionWitnessed,
    SignatureAsked,
    StillUnsigned,
)
from dispatch.receiving.queries_receptions import are_handed_over, find_reception, list_attached, list_waited
from dispatch.receiving.queries_times import PatientTimes, patient_times
from dispatch.receiving.queries_unsigned import list_left
from dispatch.receiving.rules_emergency import in_force
from dispatch.receiving.states_emergency import Unsigned
from dispatch.receiving.tables_receptions import Reception
from dispatch.telemetry.service_attachments import detach
from dispatch.units.queries_duty import lock_unit
from dispatch.units.states_duty import Source

ASKED_FOR: Final = timedelta(hours=24)
"""Since T10; nobody is asked about older ones."""


async def tell_here(act: Act, patient_id: UUID, hospital_id: UUID, told: Told | None = None) -> Reception:
    """The hospital tells that the patient is here; where the crew told T9 that counts. Told twice it is kept once.

    Raises NotFound (`patient.not_found`), Conflict (`reception.over`), Invalid (`time.*`).
    """
    async with act.together():
        patient, _, row = await _locked(act, patient_id, hospital_id)
        if row.arrived_at is None:
            when = act.moment(told)
            await _here(act, patient, row, when)
        return row


async def tell_off_stretcher(act: Act, patient_id: UUID, hospital_id: UUID, told: Told | None = None) -> Reception:
    """The patient is off the crew's stretcher; whom nobody told to be here is here with it. Raises as `tell_here`."""
    async with act.together():
        patient, times, row = await _locked(act, patient_id, hospital_id)
        if row.off_at is not None:
            return row
        when = act.moment(told)
        came = times.door_at or row.arrived_at
        if came is None:
            await _here(act, patient, row, when)
        elif when.occurred_at < came:
            raise Invalid("time.order", "That was before the patient arrived.")
        row.off_at, row.off_by = when.occurred_at, act.actor
        await act.session.flush()
        act.tell(
            PatientOffStretcher(
                patient_id=patient.id, incident_id=patient.incident_id, reception_id=row.id, hospital_id=hospital_id,
                at=when.occurred_at,
            ),
            when,
        )  # fmt: skip
        return row


async def sign_reception(act: Act, patient_id: UUID, hospital_id: UUID, *, detaches: bool) -> Reception:
    """Somebody of the hospital signs, by name; who was first counts. T10 follows with the last of the run.

    detaches: the places in the vehicle that carry the patient's data carry them no more.
    Raises NotFound (`patient.not_found`), Conflict (`reception.over`).
    """
    async with act.together():
        patient, times, row = await _locked(act, patient_id, hospital_id, signing=True)
        if row.signed_at is not None:
            return row
        now = act.clock.now()
        if times.door_at is None and row.arrived_at is None:
            await _here(act, patient, row, act.moment())
        row.signed_at, row.signed_by, row.assignment_id = now, act.actor, _key(times.run)
        await act.session.flush()
        attached = await list_attached(act.session, patient_id) if detaches else ()
        for one in attached:
            await detach(act, one.unit_id, one.slot)
        act.tell(
            ReceptionSigned(
                patient_id=patient.id, incident_id=patient.incident_id, reception_id=row.id, hospital_id=hospital_id,
                assignment_id=row.assignment_id, last=await _handed_over(act, times.run, now), detached=len(attached),
            )
        )  # fmt: skip
        return row


async def close_unsigned(act: Act, patient_id: UUID, hospital_id: UUID, why: Unsigned, witness: str) -> Reception:
    """Close a handover that nobody signs. witness: another actor, whose presence is the caller's to have proved.

    Raises NotFound (`patient.not_found`), Conflict (`reception.over`, `reception.same_person`).
    """
    if witness == act.actor:
        raise Conflict("reception.same_person", "A witness is somebody else.", "Ask another person.")
    async with act.together():
        patient, times, row = await _locked(act, patient_id, hospital_id)
        now = act.clock.now()
        row.closed_at, row.closed_by, row.unsigned, row.witness = now, act.actor, why, witness
        row.assignment_id = _key(times.run)
        await act.session.flush()
        act.tell(
            ReceptionClosed(
                patient_id=patient.id, incident_id=patient.incident_id, reception_id=row.id, hospital_id=hospital_id,
                assignment_id=row.assignment_id, unsigned=why, witness=witness,
                last=await _handed_over(act, times.run, now),
            )
        )  # fmt: skip
        return row


async def close_witnessed(
    act: Act, patient_id: UUID, hospital_id: UUID, why: Unsigned, witness: str, told: Told | None = None
) -> Reception:
    """Close a handover that nobody signs, before somebody without an account. witness: the name, a personal value.

    Told twice by the same actor it is kept once. Raises NotFound (`patient.not_found`), Conflict (`reception.over`),
    Invalid (`text.*`, `time.*`).
    """
    async with act.together():
        known = await find_reception(act.session, patient_id, hospital_id, lock=True)
        if known is not None and known.witness_id is not None and known.closed_by == act.actor:
            return known
        patient, times, row = await _locked(act, patient_id, hospital_id)
        when = act.moment(told)
        name = await keep_value(act, Owner.PATIENT, patient_id, PersonalKind.WITNESS, witness, when)
        row.closed_at, row.closed_by, row.unsigned, row.witness_id = when.occurred_at, act.actor, why, name.id
        row.assignment_id = _key(times.run)
        await act.session.flush()
        last = await _handed_over(act, times.run, when.occurred_at)
        act.tell(
            ReceptionWitnessed(
                patient_id=patient.id, incident_id=patient.incident_id, reception_id=row.id, hospital_id=hospital_id,
                assignment_id=row.assignment_id, unsigned=why, witness_id=name.id, last=last,
            ),
            when,
        )  # fmt: skip
        return row


async def tell_waits(act: Act) -> Sequence[Reception]:
    """Say, once, of each crew that has waited with its patient for longer than is set (压床)."""
    after = timedelta(seconds=in_force(act.session.info).wait_s)
    told: list[Reception] = []
    async with act.together():
        for patient, hospital_id, since in await list_waited(act.session, act.region, act.clock.now() - after):
            row = await _row(act, patient.id, hospital_id)
            if any((row.off_at, row.signed_at, row.closed_at, row.waits_told_at)):
                continue
            row.waits_told_at = act.clock.now()
            await act.session.flush()
            times = await patient_times(act.session, patient)
            act.tell(
                CrewWaits(
                    patient_id=patient.id, incident_id=patient.incident_id, reception_id=row.id,
                    hospital_id=hospital_id, assignment_id=_key(times.run), since=since,
                )
            )  # fmt: skip
            told.append(row)
    return told


async def ask_signatures(act: Act) -> Sequence[Reception]:
    """Ask the hospital to sign for whom a crew left there by its T10, and say once of whom nobody signs in time.

    Return those of the latter.
    """
    now, after = act.clock.now(), timedelta(seconds=in_force(act.session.info).sign_s)
    late: list[Reception] = []
    async with act.together():
        for one in await list_left(act.session, act.region, now - ASKED_FOR):
            row = await _row(act, one.patient.id, one.hospital_id)
            if row.signed_at is not None or row.closed_at is not None:
                continue
            about: dict[str, Any] = {
                "patient_id": one.patient.id, "incident_id": one.patient.incident_id, "reception_id": row.id,
                "hospital_id": one.hospital_id, "assignment_id": one.run.id, "handed_at": one.handed_at,
            }  # fmt: skip
            if row.asked_at is None:
                row.asked_at = now
                act.tell(SignatureAsked(**about))
            if row.unsigned_told_at is None and now >= one.handed_at + after:
                row.unsigned_told_at = now
                act.tell(StillUnsigned(**about))
                late.append(row)
        await act.session.flush()
    return late


async def _locked(
    act: Act, patient_id: UUID, hospital_id: UUID, *, signing: bool = False
) -> tuple[Patient, PatientTimes, Reception]:
    """A patient, its times, and what was told of it here; the unit that brings it is locked, then the reception."""
    patient = await get_patient(act.session, act.region, patient_id)
    run = (await patient_times(act.session, patient)).run
    if run is not None:
        await lock_unit(act.session, run.unit_id)
    row = await _row(act, patient_id, hospital_id)
    if row.closed_at is not None or (row.signed_at is not None and not signing):
        raise Conflict("reception.over", "This patient is handed over already.")
    return patient, await patient_times(act.session, patient), row


async def _row(act: Act, patient_id: UUID, hospital_id: UUID) -> Reception:
    made = insert(Reception).values(id=act.new_id(), patient_id=patient_id, hospital_id=hospital_id)
    await act.session.execute(made.on_conflict_do_nothing())
    row = await find_reception(act.session, patient_id, hospital_id, lock=True)
    assert row is not None  # noqa: S101 - it was made, and nothing deletes it
    return row


async def _here(act: Act, patient: Patient, row: Reception, when: Moment) -> None:
    row.arrived_at, row.arrived_by = when.occurred_at, act.actor
    await act.session.flush()
    act.tell(
        PatientHere(
            patient_id=patient.id, incident_id=patient.incident_id, reception_id=row.id, hospital_id=row.hospital_id,
            at=when.occurred_at,
        ),
        when,
    )  # fmt: skip


async def _handed_over(act: Act, run: Assignment | None, at: datetime) -> bool:
    """Whether this was the last of the run; then it is the run's T10, unless the crew told one."""
    if run is None or not await are_handed_over(act.session, run):
        return False
    await tell_time(act, run.id, Point.T10, at=at, source=Source.AUTO)
    return True


def _key(run: Assignment | None) -> UUID | None:
    return None if run is None else run.id
