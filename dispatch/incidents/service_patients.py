"""Patients: recorded, named, given an outcome, merged when two records are one person."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from dispatch.incidents.events_patients import (
    PatientAdded,
    PatientDescribed,
    PatientMerged,
    PatientOutcomeSet,
    PatientUnmerged,
)
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import find_merge, get_patient, list_outcomes, list_patients
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_patients import OutcomeGiven, check_outcome
from dispatch.incidents.rules_texts import reference
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act, claim_key
from dispatch.incidents.service_personal import keep_value, keep_values
from dispatch.incidents.states_incidents import IncidentState
from dispatch.incidents.states_patients import PatientState, PersonalKind, Sex, advance_patient
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient, PatientMerge, PatientOutcomeRow
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, Invalid

NAMING = frozenset({PersonalKind.NAME, PersonalKind.ID_NUMBER, PersonalKind.PHONE, PersonalKind.ADDRESS})
"""What may name a patient."""


async def add_patient(
    act: Act,
    incident_id: UUID,
    *,
    names: Mapping[PersonalKind, str] | None = None,
    sex: Sex = Sex.UNKNOWN,
    age_years: int | None = None,
    outcome: OutcomeGiven | None = None,
    told: Told | None = None,
    key: str | None = None,
) -> Patient:
    """Record a person; without a name a placeholder stands. On a closed incident only together with an outcome.

    The same key with the same body gives the same patient.

    Raises:
        NotFound: `incident.not_found`. Conflict: `incident.over`, `request.key_reused`.
        Invalid: `patient.age`, `patient.naming`, `outcome.*`, `text.*`, `time.*`.
    """
    async with act.together():
        patient_id = act.new_id()
        body = (incident_id, sorted((names or {}).items()), sex, age_years, outcome, told)
        if key is not None and (made := await claim_key(act, "patient", key, body, patient_id)) != patient_id:
            return await get_patient(act.session, act.region, made)
        when = act.moment(told)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        if incident.state == IncidentState.CANCELLED or (incident.state == IncidentState.CLOSED and outcome is None):
            raise Conflict(
                "incident.over", f"{incident.number} is {incident.state}.", "Record a late patient with its outcome."
            )
        patient = Patient(
            id=patient_id,
            incident_id=incident_id,
            ordinal=len(await list_patients(act.session, incident_id)) + 1,
            state=PatientState.OPEN,
            version=1,
            sex=sex,
            age_years=_age(age_years),
            outcome=None,
            destination_id=None,
            merged_into=None,
            occurred_at=when.occurred_at,
            entered_at=when.entered_at,
            source=when.source,
        )
        act.session.add(patient)
        await act.session.flush()
        act.tell(PatientAdded(patient_id=patient.id, incident_id=incident_id, ordinal=patient.ordinal), when)
        if sex is not Sex.UNKNOWN or age_years is not None:
            _tell_described(act, patient, when)
        await keep_values(act, Owner.PATIENT, patient.id, _naming(names or {}), when)
        if outcome is not None:
            await _settle(act, patient, outcome, None, when)
        await act.session.flush()
        return patient


async def describe_patient(
    act: Act,
    patient_id: UUID,
    *,
    names: Mapping[PersonalKind, str] | None = None,
    sex: Sex | None = None,
    age_years: int | None = None,
    expected_version: int | None = None,
    told: Told | None = None,
) -> Patient:
    """Add or correct what is known of somebody, also after the incident; earlier values stay in the history.

    Raises: NotFound: `patient.not_found`. Outdated: `patient.outdated`. Invalid: as `add_patient`.
    """
    async with act.together():
        when = act.moment(told)
        patient, _ = await lock_patient(act, patient_id)
        check_version("patient", expected_version, patient.version, patient_state(patient))
        before = (patient.sex, patient.age_years)
        patient.sex = sex if sex is not None else patient.sex
        patient.age_years = _age(age_years) if age_years is not None else patient.age_years
        if before != (patient.sex, patient.age_years):
            _tell_described(act, patient, when)
        await keep_values(act, Owner.PATIENT, patient_id, _naming(names or {}), when)
        patient.version += 1
        await act.session.flush()
        return patient


async def set_patient_outcome(
    act: Act,
    patient_id: UUID,
    given: OutcomeGiven,
    *,
    reason: str | None = None,
    expected_version: int | None = None,
    told: Told | None = None,
) -> Patient:
    """Say what came of a patient. Another outcome after the first is a correction and needs a reason.

    Raises:
        NotFound: `patient.not_found`. Conflict: `patient.transition`, it is merged into another; Outdated.
        Invalid: `outcome.*` (`outcome.reason`: a correction without one), `text.*`, `time.*`.
    """
    async with act.together():
        when = act.moment(told)
        patient, incident = await lock_patient(act, patient_id)
        check_version("patient", expected_version, patient.version, patient_state(patient))
        if incident.state == IncidentState.CANCELLED:
            raise Conflict("incident.over", f"{incident.number} is cancelled.")
        await _settle(act, patient, given, reason, when)
        await act.session.flush()
        return patient


async def merge_patients(act: Act, kept_id: UUID, merged_id: UUID) -> Patient:
    """Say that two records are one person; `kept_id` stands for both from now on. Neither record is changed or lost.

    Raises:
        NotFound: `patient.not_found`. Conflict: `patient.transition`, one is merged already.
        Invalid: `patient.itself`.
    """
    if kept_id == merged_id:
        raise Invalid("patient.itself", "A record cannot be merged into itself.")
    async with act.together():
        found = [await get_patient(act.session, act.region, one) for one in (kept_id, merged_id)]
        for incident_id in sorted({patient.incident_id for patient in found}):
            await get_incident(act.session, act.region, incident_id, lock=True)
        kept, merged = [await get_patient(act.session, act.region, one) for one in (kept_id, merged_id)]
        if kept.state == PatientState.MERGED:
            raise Conflict("patient.transition", "That record is merged into another itself.", "Merge into that one.")
        merged.state = advance_patient(PatientState(merged.state), PatientState.MERGED)
        merged.merged_into = kept_id
        merged.version += 1
        act.session.add(
            PatientMerge(
                id=act.new_id(),
                merged_id=merged_id,
                kept_id=kept_id,
                merged_at=act.clock.now(),
                merged_by=act.actor,
                undone_at=None,
                undone_by=None,
            )
        )
        act.tell(PatientMerged(patient_id=merged_id, incident_id=merged.incident_id, kept_id=kept_id))
        await act.session.flush()
        return kept


async def unmerge_patient(act: Act, merged_id: UUID) -> Patient:
    """Undo a merge that was wrong.

    Raises:
        NotFound: `patient.not_found`. Conflict: `patient.not_merged`; `incident.over`, it would be open again in an
        incident that is closed.
    """
    async with act.together():
        patient, incident = await lock_patient(act, merged_id)
        merge = await find_merge(act.session, merged_id)
        if merge is None:
            raise Conflict("patient.not_merged", "This record is not merged into another.")
        state = PatientState.SETTLED if patient.outcome else PatientState.OPEN
        if state is PatientState.OPEN and incident.state == IncidentState.CLOSED:
            raise Conflict("incident.over", f"{incident.number} is closed, and this patient has no outcome.")
        patient.state = advance_patient(PatientState(patient.state), state)
        patient.merged_into = None
        patient.version += 1
        merge.undone_at, merge.undone_by = act.clock.now(), act.actor
        act.tell(PatientUnmerged(patient_id=merged_id, incident_id=patient.incident_id, kept_id=merge.kept_id))
        await act.session.flush()
        return patient


async def lock_patient(act: Act, patient_id: UUID) -> tuple[Patient, Incident]:
    """A patient under its incident's lock, so that it cannot be closed meanwhile. Raises NotFound."""
    patient = await get_patient(act.session, act.region, patient_id)
    incident = await get_incident(act.session, act.region, patient.incident_id, lock=True)
    return await get_patient(act.session, act.region, patient_id), incident


def patient_state(patient: Patient) -> dict[str, object]:
    """What a patient's record is now, as plain JSON without any name."""
    return {
        "id": str(patient.id),
        "incident_id": str(patient.incident_id),
        "ordinal": patient.ordinal,
        "version": patient.version,
        "state": patient.state,
        "sex": patient.sex,
        "age_years": patient.age_years,
        "outcome": patient.outcome,
        "destination_id": str(patient.destination_id) if patient.destination_id else None,
        "merged_into": str(patient.merged_into) if patient.merged_into else None,
    }


async def _settle(act: Act, patient: Patient, given: OutcomeGiven, reason: str | None, when: Moment) -> None:
    check_outcome(given)
    history = await list_outcomes(act.session, patient.id)
    if history and not (reason and reason.strip()):
        raise Invalid("outcome.reason", "Correcting an outcome needs a reason.", "Say what was wrong.")
    patient.state = advance_patient(PatientState(patient.state), PatientState.SETTLED)
    patient.outcome, patient.destination_id = given.outcome, given.destination_id
    patient.version += 1

    async def keep(kind: PersonalKind, text: str) -> UUID | None:
        if not text.strip():
            return None
        return (await keep_value(act, Owner.PATIENT, patient.id, kind, text, when)).id

    row = PatientOutcomeRow(
        id=act.new_id(),
        patient_id=patient.id,
        version=len(history) + 1,
        outcome=given.outcome,
        destination_id=given.destination_id,
        destination_words_id=await keep(PersonalKind.DESTINATION, given.destination_words),
        proof=given.proof,
        witness_id=await keep(PersonalKind.WITNESS, given.witness),
        handed_to=reference(given.handed_to, "service's code") if given.handed_to else "",
        reason_id=await keep(PersonalKind.REASON, reason or ""),
        occurred_at=when.occurred_at,
        entered_at=when.entered_at,
        source=when.source,
        actor=act.actor,
    )
    act.session.add(row)
    act.tell(
        PatientOutcomeSet(
            patient_id=patient.id,
            incident_id=patient.incident_id,
            version=row.version,
            outcome=given.outcome,
            destination_id=given.destination_id,
            proof=given.proof,
            handed_to=row.handed_to,
        ),
        when,
    )


def _tell_described(act: Act, patient: Patient, when: Moment) -> None:
    act.tell(
        PatientDescribed(
            patient_id=patient.id,
            incident_id=patient.incident_id,
            sex=Sex(patient.sex),
            age_years=patient.age_years,
        ),
        when,
    )


def _age(years: int | None) -> int | None:
    if years is not None and not 0 <= years <= 130:
        raise Invalid("patient.age", "An age is a number of years from 0 to 130.")
    return years


def _naming(names: Mapping[PersonalKind, str]) -> Mapping[PersonalKind, str]:
    if set(names) - NAMING:
        raise Invalid("patient.naming", "A patient is named by name, identity number, telephone and address.")
    return names
