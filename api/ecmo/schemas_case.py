"""What is told of a request for ECMO, its offers and its case page. The patient's come masked unless in whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.ecmo.schemas_assessment import EcmoAssessmentOut, Entry
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_after import OutcomeAt
from dispatch.ecmo.states_case import AttachmentKind, CaseSide, FileForm, MessageKind
from dispatch.ecmo.states_kit import CheckList
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_offers import Decision, DeclineReason, OfferState
from dispatch.ecmo.states_requests import Indication, Origin, RequestState, Support, Ward, WithdrawalReason
from dispatch.incidents.states_patients import Sex


class HospitalNameOut(msgspec.Struct, frozen=True):
    """A hospital. is_outside: it lies outside the region."""

    id: UUID
    name_zh: str
    name_en: str
    name_ug: str
    organisation: str
    is_outside: bool


class RequestRowOut(msgspec.Struct, frozen=True, kw_only=True):
    """A request in a list, without anything that names the patient."""

    id: UUID
    number: Annotated[str | None, Meta(description="Spoken, E-261127-03; null while it is a draft.")]
    state: RequestState
    version: int
    origin: Origin
    organisation: str
    hospital: HospitalNameOut | None
    incident_id: UUID | None
    mode: Mode | None
    sex: Sex
    age_years: int | None
    indication: Indication | None
    created_at: datetime
    asked_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    remind_at: Annotated[datetime | None, Meta(description="When a decision is to be reminded of.")]
    target_at: Annotated[datetime | None, Meta(description="By when it is to be decided.")]
    rings_me: Annotated[bool, Meta(description="The asker is called for it, and nobody there has it open yet.")]
    nobody_answers: Annotated[
        bool, Meta(description="All who were on call at a centre were called, or nobody was, and none has it open.")
    ]
    mission_id: UUID | None
    mission_state: MissionState | None
    mission_incident_id: Annotated[
        UUID | None, Meta(description="The incident by which its vehicle was asked for; null: none was yet.")
    ]
    open_gate: Annotated[
        CheckList | None, Meta(description="The mission passed a gate with items open, unexplained: warns all.")
    ]
    outcome_awaited: Annotated[
        OutcomeAt | None, Meta(description="What became of the patient is to be told of this moment next.")
    ]
    outcome_due_at: Annotated[datetime | None, Meta(description="From when on it is lacking; null: when he leaves.")]


class RequestsOut(msgspec.Struct, frozen=True):
    """Requests, the newest first."""

    at: datetime
    requests: list[RequestRowOut]


class CasePatientOut(msgspec.Struct, frozen=True, kw_only=True):
    """For whom. Empty: not known."""

    name: str
    id_number: str
    sex: Sex
    age_years: int | None
    pregnant: bool | None
    weight_kg: Annotated[float | None, Meta(description="Kilograms.")]
    height_cm: Annotated[float | None, Meta(description="Centimetres.")]


class CaseValueOut(msgspec.Struct, frozen=True):
    """One value of an item, as it was entered. value null: what was entered before was a mistake."""

    item: str
    value: Entry | None
    at: Annotated[datetime, Meta(description="When it was so, true time.")]
    entered_at: datetime
    author_name: str | None


class ConditionOut(msgspec.Struct, frozen=True):
    """Something that must be so before an acceptance binds."""

    id: UUID
    words: str | None
    ticked_at: datetime | None
    ticked_by_name: str | None


class DecisionOut(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody of a centre decided."""

    id: UUID
    decision: Decision
    reason: DeclineReason | None
    words: Annotated[str | None, Meta(description="Null: none, or erased by law.")]
    cannulation_at: datetime | None
    at: datetime
    author_name: str | None
    conditions: list[ConditionOut]


class CalledOut(msgspec.Struct, frozen=True):
    """A physician who was called."""

    person_id: UUID
    name: str | None
    place: int
    raised_at: datetime
    seen_at: datetime | None
    escalated_at: datetime | None
    ended_at: datetime | None


class EcmoOfferOut(msgspec.Struct, frozen=True, kw_only=True):
    """One centre's answer. The newest decision counts; they stand the oldest first."""

    id: UUID
    hospital: HospitalNameOut
    place: int
    state: OfferState
    version: int
    asked_at: datetime | None
    escalates_at: Annotated[datetime | None, Meta(description="When the next physician is called; null: not awaited.")]
    due_at: Annotated[datetime | None, Meta(description="When it counts as unanswered; null: it is answered.")]
    seen_at: datetime | None
    seen_by_name: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    cannulation_at: Annotated[datetime | None, Meta(description="When it promises to begin cannulation.")]
    bound_at: datetime | None
    bound_by_name: str | None
    called: list[CalledOut]
    decisions: list[DecisionOut]


class CaseReadOut(msgspec.Struct, frozen=True):
    """Somebody has seen it."""

    name: str | None
    organisation: str
    at: datetime


class CaseMessageOut(msgspec.Struct, frozen=True, kw_only=True):
    """One message."""

    id: UUID
    kind: MessageKind
    side: CaseSide
    organisation: str
    author_name: str | None
    mine: bool
    at: datetime
    entered_at: datetime
    words: Annotated[str | None, Meta(description="Null: erased by law.")]
    reads: list[CaseReadOut]


class FileOut(msgspec.Struct, frozen=True, kw_only=True):
    """A picture or a clip. Its bytes are asked for by themselves."""

    id: UUID
    kind: AttachmentKind
    form: Annotated[FileForm | None, Meta(description="Null while it is not whole.")]
    at: datetime
    author_name: str | None
    total: Annotated[int, Meta(description="Bytes.")]
    received: Annotated[int, Meta(description="Bytes that are here from the beginning on: go on from there.")]
    whole: bool
    erased: bool


class AlikeOut(msgspec.Struct, frozen=True):
    """Another live request, perhaps for the same patient. sure: surely."""

    id: UUID
    number: str | None
    state: RequestState
    sure: bool


class MayOut(msgspec.Struct, frozen=True):
    """What the asker may do here."""

    side: CaseSide
    change: bool
    assess: Annotated[list[UUID], Meta(description="For which of the centres asked.")]
    bind: bool


class CaseOut(msgspec.Struct, frozen=True, kw_only=True):
    """All of a case."""

    request: RequestRowOut
    whole: Annotated[bool, Meta(description="Names and numbers are in whole.")]
    may: MayOut
    patient: CasePatientOut
    patient_id: Annotated[UUID | None, Meta(description="Of the dispatch core: what is measured on board is its.")]
    unit_ids: Annotated[list[UUID], Meta(description="Vehicles that have the incident now.")]
    ward: Ward | None
    lat: float | None
    lon: float | None
    contact: str
    contact_phone: str
    indication_words: str
    support: list[Support]
    at_once: bool
    saved_at: datetime
    created_by_name: str | None
    asked_by_name: str | None
    ended_by_name: str | None
    withdrawal: WithdrawalReason | None
    withdrawal_words: str
    joined_into: UUID | None
    joined: Annotated[list[UUID], Meta(description="Requests that were joined into it; theirs is shown with it.")]
    alike: list[AlikeOut]
    offers: list[EcmoOfferOut]
    values: Annotated[list[CaseValueOut], Meta(description="By true time; the newest of an item counts.")]
    messages: list[CaseMessageOut]
    files: list[FileOut]
    assessment: Annotated[EcmoAssessmentOut | None, Meta(description="Null while no mode is chosen.")]
