"""Patients as they are told, masked or in whole."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from api.names import names_of_actors
from api.patients.schemas import CareOut, OutcomeOut, PatientOut, PatientRow, PatientUnitOut
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import (
    get_patient,
    list_care,
    list_care_of_incident,
    list_merged_into,
    list_named,
    list_outcomes,
)
from dispatch.incidents.queries_personal import current_values, list_texts
from dispatch.incidents.rules_patients import placeholder
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states import Source
from dispatch.incidents.states_patients import (
    Care,
    CareReason,
    PatientOutcome,
    PatientState,
    PersonalKind,
    Proof,
    Sex,
)
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient, PatientCare
from dispatch.kernel.db import Session


def shown(kind: PersonalKind, text: str | None, *, whole: bool) -> str:
    """A personal value as it is told; "" where there is none or it was erased."""
    return (text or "") if whole else masked(kind, text)


async def patient_rows(session: Session, incident: Incident, *, whole: bool = False) -> list[PatientRow]:
    """The patients of an incident in the order in which they were recorded, merged ones too."""
    care = await list_care_of_incident(session, incident.id)
    return [
        _row(patient, incident.number, texts, [one for one in care if one.patient_id == patient.id], whole=whole)
        for patient, texts in await list_named(session, incident.id)
    ]


async def told_row(session: Session, region: str, patient_id: UUID) -> PatientRow:
    """One patient's row, masked. Raises NotFound (`patient.not_found`)."""
    patient = await get_patient(session, region, patient_id)
    incident = await get_incident(session, region, patient.incident_id)
    return next(row for row in await patient_rows(session, incident) if row.id == patient_id)


async def told_patient(session: Session, region: str, patient: Patient, *, whole: bool) -> PatientOut:
    """One patient with all that is known."""
    incident = await get_incident(session, region, patient.incident_id)
    values = await current_values(session, [patient.id])
    care, outcomes = await list_care(session, patient.id), await list_outcomes(session, patient.id)
    texts = await list_texts(
        session, (key for row in outcomes for key in (row.destination_words_id, row.witness_id, row.reason_id))
    )
    names = await names_of_actors(session, [*(row.actor for row in care), *(row.actor for row in outcomes)])

    def text_of(kind: PersonalKind) -> str | None:
        known = values.get((patient.id, kind))
        return None if known is None else known.value

    def value(kind: PersonalKind) -> str:
        return shown(kind, text_of(kind), whole=whole)

    return PatientOut(
        patient=_row(
            patient,
            incident.number,
            (text_of(PersonalKind.NAME), text_of(PersonalKind.VISIT_NUMBER)),
            [one for one in care if one.ends_at is None],
            whole=whole,
        ),
        incident_number=incident.number,
        whole=whole,
        id_number=value(PersonalKind.ID_NUMBER),
        phone=value(PersonalKind.PHONE),
        address=value(PersonalKind.ADDRESS),
        at=patient.occurred_at,
        entered_at=patient.entered_at,
        source=Source(patient.source),
        outcomes=[
            OutcomeOut(
                version=row.version,
                outcome=PatientOutcome(row.outcome),
                destination_id=row.destination_id,
                destination_words=shown(PersonalKind.DESTINATION, texts.get(row.destination_words_id), whole=whole),
                proof=Proof(row.proof) if row.proof else None,
                witness=shown(PersonalKind.WITNESS, texts.get(row.witness_id), whole=whole),
                handed_to=row.handed_to,
                reason=texts.get(row.reason_id, ""),
                at=row.occurred_at,
                entered_at=row.entered_at,
                source=Source(row.source),
                author=row.actor,
                author_name=names.get(row.actor),
            )
            for row in outcomes
        ],
        care=[care_out(row, names) for row in care],
        merged=[one.id for one in await list_merged_into(session, patient.id)],
    )


def care_out(row: PatientCare, names: Mapping[str, str]) -> CareOut:
    """Tell that a unit looked after a patient."""
    return CareOut(
        unit_id=row.unit_id,
        care=Care(row.care),
        reason=CareReason(row.reason),
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        entered_at=row.entered_at,
        source=Source(row.source),
        author=row.actor,
        author_name=names.get(row.actor),
    )


def _row(
    patient: Patient, number: str, texts: tuple[str | None, str | None], care: list[PatientCare], *, whole: bool
) -> PatientRow:
    name, visit_number = texts
    return PatientRow(
        id=patient.id,
        incident_id=patient.incident_id,
        ordinal=patient.ordinal,
        version=patient.version,
        state=PatientState(patient.state),
        name=shown(PersonalKind.NAME, name, whole=whole) or placeholder(number, patient.ordinal),
        named=name is not None,
        sex=Sex(patient.sex),
        age_years=patient.age_years,
        outcome=PatientOutcome(patient.outcome) if patient.outcome else None,
        destination_id=patient.destination_id,
        merged_into=patient.merged_into,
        units=[PatientUnitOut(one.unit_id, Care(one.care)) for one in care],
        visit_number=visit_number,
    )
