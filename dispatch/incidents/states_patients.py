"""Patients: what came of each, who looked after them, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.incidents.states import step


class PatientState(StrEnum):
    """Where a patient's record stands; the outcome is another field."""

    OPEN = "open"
    SETTLED = "settled"
    """Has an outcome."""
    MERGED = "merged"
    """The same person as another record, which stands for both; this one is kept."""


PATIENT_TRANSITIONS: Final[Mapping[PatientState, frozenset[PatientState]]] = {
    PatientState.OPEN: frozenset({PatientState.SETTLED, PatientState.MERGED}),
    # A wrong outcome is replaced by the right one, with a reason; the wrong one stays in the history.
    PatientState.SETTLED: frozenset({PatientState.SETTLED, PatientState.MERGED}),
    # A wrong merge is undone.
    PatientState.MERGED: frozenset({PatientState.OPEN, PatientState.SETTLED}),
}


def advance_patient(old: PatientState, new: PatientState) -> PatientState:
    """Return the new state. Raises IllegalTransition."""
    return step("patient", PATIENT_TRANSITIONS, old, new)


class PatientOutcome(StrEnum):
    """What came of a patient."""

    TRANSPORTED = "transported"
    TREATED_LEFT = "treated_left"
    REFUSED = "refused"
    """拒绝转运: with a signature or a witness."""
    DEAD_ON_SCENE = "dead_on_scene"
    RESUSCITATION_STOPPED = "resuscitation_stopped"
    NOT_FOUND = "not_found"
    HANDED_ON = "handed_on"
    """To another service; it is named."""


class Proof(StrEnum):
    """What stands for a refusal."""

    SIGNATURE = "signature"
    WITNESS = "witness"


class Care(StrEnum):
    """What a unit does for a patient."""

    CARRIES = "carries"
    """The patient is with this unit; one at a time."""
    ATTENDS = "attends"
    """Helps, beside the unit that carries."""


class CareReason(StrEnum):
    """Why a unit took over a patient."""

    FIRST = "first"
    RELAY = "relay"
    """接力: one vehicle takes over from another on the way."""
    RENDEZVOUS = "rendezvous"
    """A crew with more skill meets the vehicle."""
    BREAKDOWN = "breakdown"


class Sex(StrEnum):
    """As the 院前 data set writes it (GB/T 2261.1), in words."""

    MALE = "male"
    FEMALE = "female"
    UNSTATED = "unstated"
    UNKNOWN = "unknown"


class PersonalKind(StrEnum):
    """Values that belong to a person. They are kept in versions, and can be erased."""

    PHONE = "phone"
    NAME = "name"
    ID_NUMBER = "id_number"
    ADDRESS = "address"
    NOTE = "note"
    MESSAGE = "message"
    """Words that crew, emergency room and dispatch centre wrote to each other."""
    REASON = "reason"
    RECORDING = "recording"
    """Where the recording of the voice is kept; exchanges like to put telephone numbers into it."""
    WITNESS = "witness"
    CONTACT = "contact"
    """Whom to ring back about a request for ECMO, by name."""
    DESTINATION = "destination"
    """Where a patient was taken, if to no hospital of ours: it may be somebody's home."""
    VISIT_NUMBER = "visit_number"
    """就诊号: under which a hospital registered somebody."""


class ErasureBasis(StrEnum):
    """On what ground a value is erased (个人信息保护法 art. 47, and the end of the term of keeping)."""

    REQUEST = "request"
    TERM_ENDED = "term_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    UNLAWFUL = "unlawful"
    COURT = "court"


class ErasureTarget(StrEnum):
    """What is erased."""

    INCIDENT = "incident"
    """With its notes, messages, patients and calls, and its exact place."""
    CALL = "call"
    PATIENT = "patient"
    NOTE = "note"
    PHONE = "phone"
    """One telephone number, wherever it is kept."""
    CLOSURE = "closure"
    """The words why a road was closed, on handover sheets too."""
    HANDOVER = "handover"
    """The notes of a shift."""
    ECMO_REQUEST = "ecmo_request"
    """Its names, words, messages and files; with its patient or incident they go too."""


class ExportForm(StrEnum):
    """In what form a patient's run is taken out."""

    PDF = "pdf"
    ECG_PDF = "ecg_pdf"
    """Strips of the ECG alone."""
    FHIR = "fhir"
    AECG = "aecg"
    WFDB = "wfdb"


class ExportReason(StrEnum):
    """For what it is taken out: an export has one purpose, and tells it (个人信息保护法 art. 6)."""

    CARE = "care"
    """诊疗: whoever treats the patient goes on with it."""
    ARCHIVE = "archive"
    """归档: into the patient's record."""
    QUALITY = "quality"
    """质控: the run is looked at again."""
    PATIENT = "patient"
    """患者申请: the patient, or who speaks for them, asked for it."""
    LAW = "law"
    """依法调取: by law."""
