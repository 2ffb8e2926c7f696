"""Early registration: what the crew entered once is the emergency room's registration. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_texts import personal_text
from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import describe_patient, lock_patient, patient_state
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PatientState, PersonalKind, Sex
from dispatch.incidents.tables_personal import Owner, PersonalValue
from dispatch.kernel.errors import Conflict
from dispatch.receiving.events_registrations import RegistrationAccepted
from dispatch.receiving.tables_registrations import Registration

IDENTITY = (PersonalKind.NAME, PersonalKind.ID_NUMBER, PersonalKind.PHONE, PersonalKind.ADDRESS)
"""What is accepted with sex and age."""


async def find_registration(session: AsyncSession, patient_id: UUID, hospital_id: UUID) -> Registration | None:
    """A patient's registration at a hospital."""
    wanted = select(Registration).where(
        Registration.patient_id == patient_id, Registration.hospital_id == hospital_id
    )  # fmt: skip
    return (await session.scalars(wanted, execution_options={"populate_existing": True})).first()


async def list_identity(session: AsyncSession, patient_id: UUID) -> dict[PersonalKind, list[PersonalValue]]:
    """All versions of who a patient is and of the visit's number, by kind, the newest first."""
    wanted = (
        select(PersonalValue)
        .where(
            PersonalValue.owner == Owner.PATIENT, PersonalValue.owner_id == patient_id,
            PersonalValue.kind.in_([*IDENTITY, PersonalKind.VISIT_NUMBER]),
        )
        .order_by(PersonalValue.version.desc())
    )  # fmt: skip
    found: dict[PersonalKind, list[PersonalValue]] = {}
    for row in await session.scalars(wanted, execution_options={"populate_existing": True}):
        found.setdefault(PersonalKind(row.kind), []).append(row)
    return found


async def register(
    act: Act,
    patient_id: UUID,
    hospital_id: UUID,
    number: str,
    *,
    expected_version: int,
    names: Mapping[PersonalKind, str],
    sex: Sex | None = None,
    age_years: int | None = None,
) -> Registration:
    """Accept who a patient is, as it was seen in that version and with these corrections, under a visit's number.

    Said again it accepts anew, and may give another number. Who may is the caller's to see to.

    Raises:
        NotFound: `patient.not_found`. Invalid: `text.*`, `patient.age`. Outdated: `patient.outdated`.
        Conflict: `registration.number`, another patient has it on this day; `registration.merged`.
    """
    text = personal_text(PersonalKind.VISIT_NUMBER, number)
    async with act.together():
        patient, incident = await lock_patient(act, patient_id)
        if patient.state == PatientState.MERGED:
            raise Conflict("registration.merged", "This record is merged into another.", "Register that one.")
        check_version("patient", expected_version, patient.version, patient_state(patient))
        before = {key[1]: row.value for key, row in (await current_values(act.session, [patient_id])).items()}
        corrected = [str(kind) for kind, value in names.items() if value and before.get(kind) != value]
        corrected += ["sex"] * (sex not in (None, patient.sex))
        corrected += ["age_years"] * (age_years not in (None, patient.age_years))
        if corrected:
            await describe_patient(act, patient_id, names=names, sex=sex, age_years=age_years)
        # Numbers of one hospital are given one after another.
        await act.session.execute(
            select(Hospital.id).where(Hospital.id == hospital_id).with_for_update(key_share=True)
        )  # fmt: skip
        when = act.moment(None)
        row = await find_registration(act.session, patient_id, hospital_id)
        day = when.entered_at.astimezone(LEGAL_TIME).date() if row is None else row.day
        digest = act.digester.digest(PersonalKind.VISIT_NUMBER, text)
        taken = select(Registration.id).where(
            Registration.hospital_id == hospital_id, Registration.day == day, Registration.digest == digest,
            Registration.patient_id != patient_id,
        )  # fmt: skip
        if await act.session.scalar(taken) is not None:
            raise Conflict(
                "registration.number", "Another patient was registered under this number today.", "Look at it again."
            )
        value = await keep_value(act, Owner.PATIENT, patient_id, PersonalKind.VISIT_NUMBER, text, when)
        if row is None:
            row = Registration(
                id=act.new_id(), patient_id=patient_id, hospital_id=hospital_id, day=day,
                registered_at=when.entered_at, registered_by=act.actor,
            )  # fmt: skip
            act.session.add(row)
        row.number_id, row.digest = value.id, digest
        row.sex, row.age_years = patient.sex, patient.age_years
        row.accepted_at, row.accepted_by = when.entered_at, act.actor
        await act.session.flush()
        act.tell(
            RegistrationAccepted(
                patient_id=patient_id, incident_id=incident.id, hospital_id=hospital_id, registration_id=row.id,
                number_id=value.id, corrected=tuple(corrected),
            )
        )  # fmt: skip
        return row
