"""What is said about patients over HTTP. Names, numbers and addresses come masked unless asked for in whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import AnyVersion, LateIn, Version
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.rules_texts import LIMITS
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

Age = Annotated[int, Meta(ge=0, le=130, description="Whole years.")]
PATIENT_ID: Final = "0198c0de-0000-7000-8000-000000000601"
UNIT_ID: Final = "0198c0de-0000-7000-8000-000000000701"
HOSPITAL_ID: Final = "0198c0de-0000-7000-8000-000000000801"


class NamingIn(LateIn, frozen=True, kw_only=True):
    """What names a person; empty: not known, and what was known stays."""

    name: Annotated[str, Meta(max_length=LIMITS[PersonalKind.NAME])] = ""
    id_number: Annotated[str, Meta(max_length=LIMITS[PersonalKind.ID_NUMBER])] = ""
    phone: Annotated[str, Meta(max_length=LIMITS[PersonalKind.PHONE])] = ""
    address: Annotated[str, Meta(max_length=LIMITS[PersonalKind.ADDRESS])] = ""

    def names(self) -> dict[PersonalKind, str]:
        """The same as the domain takes it."""
        return {
            PersonalKind.NAME: self.name,
            PersonalKind.ID_NUMBER: self.id_number,
            PersonalKind.PHONE: self.phone,
            PersonalKind.ADDRESS: self.address,
        }


class OutcomeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What came of a patient, with what that needs."""

    outcome: PatientOutcome
    destination_id: Annotated[UUID | None, Meta(description="The hospital; of a transport only.")] = None
    destination_words: Annotated[
        str, Meta(max_length=LIMITS[PersonalKind.DESTINATION], description="A destination that is no hospital of ours.")
    ] = ""
    proof: Annotated[Proof | None, Meta(description="Of a refusal (拒绝转运), and only then.")] = None
    witness: Annotated[str, Meta(max_length=LIMITS[PersonalKind.WITNESS])] = ""
    handed_to: Annotated[
        str, Meta(max_length=128, description="A service's code such as 119; of a patient handed on only.")
    ] = ""

    def given(self) -> OutcomeGiven:
        """The same as the domain takes it."""
        return OutcomeGiven(
            self.outcome, self.destination_id, self.destination_words, self.proof, self.witness, self.handed_to
        )


class PatientIn(NamingIn, frozen=True, kw_only=True):
    """A person found at an incident. Without a name a placeholder stands (无名氏 and the incident's number)."""

    sex: Sex = Sex.UNKNOWN
    age_years: Age | None = None
    outcome: Annotated[OutcomeIn | None, Meta(description="On a closed incident it must be known.")] = None


class PatientChangesIn(NamingIn, frozen=True, kw_only=True):
    """What became known of somebody, or was wrong."""

    version: Version
    sex: Sex | None = None
    age_years: Age | None = None


class PatientOutcomeIn(LateIn, frozen=True, kw_only=True):
    """What came of a patient. After the first it is a correction, and needs a reason."""

    outcome: OutcomeIn
    reason: Annotated[str, Meta(max_length=LIMITS[PersonalKind.REASON])] = ""
    version: AnyVersion = None


class CareIn(LateIn, frozen=True, kw_only=True):
    """A unit takes a patient."""

    unit_id: UUID
    care: Annotated[Care, Meta(description="One unit carries a patient at a time; several may attend.")] = Care.CARRIES
    reason: CareReason = CareReason.FIRST


class CareEndIn(LateIn, frozen=True, kw_only=True):
    """A unit looks after a patient no longer."""

    unit_id: UUID
    care: Care = Care.CARRIES


class HandOverIn(LateIn, frozen=True, kw_only=True):
    """The unit that carries a patient gives it to another."""

    unit_id: UUID
    reason: CareReason = CareReason.RELAY


class MergeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two records are one person."""

    into: Annotated[UUID, Meta(description="The record that stands for both from now on.")]


class PatientUnitOut(msgspec.Struct, frozen=True, gc=False):
    """A unit that looks after a patient now."""

    unit_id: UUID
    care: Care


class PatientRow(msgspec.Struct, frozen=True):
    """A patient in the list of an incident."""

    id: UUID
    incident_id: UUID
    ordinal: int
    version: int
    state: PatientState
    name: Annotated[str, Meta(description="Masked or whole; of an unknown person the placeholder.", examples=["张**"])]
    named: Annotated[bool, Meta(description="Whether a name is known.")]
    sex: Sex
    age_years: int | None
    outcome: PatientOutcome | None
    destination_id: UUID | None
    merged_into: UUID | None
    units: list[PatientUnitOut]
    visit_number: Annotated[str | None, Meta(description="Under which a hospital registered the patient; in whole.")]


class OutcomeOut(msgspec.Struct, frozen=True):
    """One version of what came of a patient; the last counts."""

    version: int
    outcome: PatientOutcome
    destination_id: UUID | None
    destination_words: str
    proof: Proof | None
    witness: str
    handed_to: str
    reason: Annotated[str, Meta(description="Why the one before was wrong.")]
    at: datetime
    entered_at: datetime
    source: Source
    author: str
    author_name: str | None


class CareOut(msgspec.Struct, frozen=True):
    """A unit looked after a patient, from one time until another."""

    unit_id: UUID
    care: Care
    reason: CareReason
    begins_at: datetime
    ends_at: Annotated[datetime | None, Meta(description="Null: it still does.")]
    entered_at: datetime
    source: Source
    author: str
    author_name: str | None


class PatientOut(msgspec.Struct, frozen=True):
    """A patient with all that is known."""

    patient: PatientRow
    incident_number: str
    whole: Annotated[bool, Meta(description="Whether names and numbers are told in whole.")]
    id_number: Annotated[str, Meta(description="Empty: not known.")]
    phone: str
    address: str
    at: Annotated[datetime, Meta(description="When the person was found.")]
    entered_at: datetime
    source: Source
    outcomes: list[OutcomeOut]
    care: list[CareOut]
    merged: Annotated[list[UUID], Meta(description="Records that this one stands for beside its own.")]


PATIENT_ROW_EXAMPLE: Final = {
    "id": PATIENT_ID,
    "incident_id": "0198c0de-0000-7000-8000-000000000201",
    "ordinal": 1,
    "version": 2,
    "state": "open",
    "name": "张**",
    "named": True,
    "sex": "male",
    "age_years": 57,
    "outcome": None,
    "destination_id": None,
    "merged_into": None,
    "units": [{"unit_id": UNIT_ID, "care": "carries"}],
    "visit_number": None,
}
PATIENT_EXAMPLE: Final = {
    "patient": PATIENT_ROW_EXAMPLE,
    "incident_number": "2026-000123",
    "whole": False,
    "id_number": "652****10",
    "phone": "",
    "address": "示例路****",
    "at": "2026-11-22T04:16:00Z",
    "entered_at": "2026-11-22T04:16:00Z",
    "source": "device",
    "outcomes": [],
    "care": [],
    "merged": [],
}
