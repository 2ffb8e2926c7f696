"""Telling hospitals of who is brought: raised, acknowledged by name, escalated, withdrawn. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import lock_patient
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.errors import Conflict
from dispatch.receiving.events_emergency import (
    PrealertAcknowledged,
    PrealertEscalated,
    PrealertRaised,
    PrealertWithdrawn,
)
from dispatch.receiving.queries_prealerts import get_prealert, list_bound, list_holding, list_late
from dispatch.receiving.rules_emergency import in_force
from dispatch.receiving.states_emergency import Withdrawal
from dispatch.receiving.tables_prealerts import Prealert


async def set_right(act: Act, patient_id: UUID) -> None:
    """Tell each hospital to which a patient is brought, and those to which it is not brought any more.

    Raises NotFound (`patient.not_found`).
    """
    async with act.together():
        patient, _ = await lock_patient(act, patient_id)
        await tell_hospitals(act, patient)


async def tell_hospitals(act: Act, patient: Patient) -> None:
    """As `set_right`, of a patient that is locked."""
    async with act.together():
        bound = {hospital_id for _, hospital_id in await list_bound(act.session, act.region, patient.id)}
        told = {one.hospital_id: one for one in await list_holding(act.session, act.region, patient.id)}
        for key in sorted(told.keys() - bound, key=lambda one: told[one].id):
            # Somebody may be acknowledging it at this moment: whoever is first counts.
            row = await get_prealert(act.session, act.region, told[key].id, lock=True)
            await _withdraw(act, patient, row, Withdrawal.ELSEWHERE if bound else Withdrawal.OVER)
        for key in sorted(bound - told.keys()):
            await _raise(act, patient, key)


async def acknowledge_prealert(act: Act, prealert_id: UUID) -> Prealert:
    """Somebody of the hospital takes note, by name. Who was first counts; whoever asks after that is told who it was.

    Raises NotFound (`prealert.not_found`), Conflict (`prealert.withdrawn`).
    """
    async with act.together():
        row = await get_prealert(act.session, act.region, prealert_id, lock=True)
        if row.withdrawn_at is not None:
            raise Conflict("prealert.withdrawn", "This patient is not brought to this hospital any more.")
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = max(act.clock.now(), row.raised_at), act.actor
            await act.session.flush()
            patient = await get_patient(act.session, act.region, row.patient_id)
            act.tell(
                PrealertAcknowledged(
                    patient_id=patient.id, incident_id=patient.incident_id, prealert_id=row.id,
                    hospital_id=row.hospital_id, late=row.escalated_at is not None,
                )
            )  # fmt: skip
        return row


async def escalate_prealerts(act: Act) -> Sequence[Prealert]:
    """Say, once, of each that nobody took note of within the time that is set."""
    now = act.clock.now()
    async with act.together():
        after = timedelta(seconds=in_force(act.session.info).escalate_s)
        late = await list_late(act.session, act.region, now - after)
        for row in late:
            row.escalated_at = now
            patient = await get_patient(act.session, act.region, row.patient_id)
            act.tell(
                PrealertEscalated(
                    patient_id=patient.id, incident_id=patient.incident_id, prealert_id=row.id,
                    hospital_id=row.hospital_id,
                )
            )  # fmt: skip
        await act.session.flush()
        return late


async def _raise(act: Act, patient: Patient, hospital_id: UUID) -> None:
    row = Prealert(
        id=act.new_id(), patient_id=patient.id, hospital_id=hospital_id, raised_at=act.clock.now(),
        acknowledged_at=None, acknowledged_by=None, escalated_at=None, withdrawn_at=None, withdrawal=None,
    )  # fmt: skip
    act.session.add(row)
    await act.session.flush()
    act.tell(
        PrealertRaised(
            patient_id=patient.id, incident_id=patient.incident_id, prealert_id=row.id, hospital_id=hospital_id
        )
    )


async def _withdraw(act: Act, patient: Patient, row: Prealert, why: Withdrawal) -> None:
    row.withdrawn_at, row.withdrawal = max(act.clock.now(), row.raised_at, row.acknowledged_at or row.raised_at), why
    await act.session.flush()
    act.tell(
        PrealertWithdrawn(
            patient_id=patient.id, incident_id=patient.incident_id, prealert_id=row.id, hospital_id=row.hospital_id,
            withdrawal=why, acknowledged=row.acknowledged_at is not None,
        )
    )  # fmt: skip
