"""What is asked of a request for ECMO. Only what changes is sent; what is left out stays as it is."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.ecmo.schemas_assessment import ValueIn
from api.fleet.when import Happened
from api.patients.schemas import Age
from api.roads.schemas import Aware
from dispatch.ecmo.rules_files import MOST_BYTES
from dispatch.ecmo.rules_requests import MOST_CENTRES, MOST_CONDITIONS
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_case import AttachmentKind, MessageKind
from dispatch.ecmo.states_offers import Decision, DeclineReason
from dispatch.ecmo.states_requests import Indication, Origin, Support, Ward, WithdrawalReason
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.states_patients import PersonalKind, Sex

Words = Annotated[str, Meta(max_length=1_000)]
Kilograms = Annotated[float, Meta(ge=0.3, le=400, description="Kilograms.")]
Centimetres = Annotated[float, Meta(ge=20, le=250, description="Centimetres.")]
Latitude = Annotated[float, Meta(ge=-90, le=90, description="WGS-84, degrees.")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="WGS-84, degrees.")]
OfferVersion = Annotated[int, Meta(ge=1, description="The offer's version that was looked at; another now is 409.")]


class RequestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was typed: only what changes; null takes a value back. Names and words: empty changes nothing."""

    origin: Annotated[Origin, Meta(description="Of the first save.")] = Origin.HOSPITAL
    mode: Mode | UnsetType | None = UNSET
    hospital_id: Annotated[UUID | None, Meta(description="Where the patient is.")] | UnsetType = UNSET
    incident_id: UUID | UnsetType | None = UNSET
    patient_id: UUID | UnsetType | None = UNSET
    sex: Sex | UnsetType = UNSET
    age_years: Age | UnsetType | None = UNSET
    pregnant: bool | UnsetType | None = UNSET
    weight_kg: Kilograms | UnsetType | None = UNSET
    height_cm: Centimetres | UnsetType | None = UNSET
    ward: Ward | UnsetType | None = UNSET
    lat: Latitude | UnsetType | None = UNSET
    lon: Longitude | UnsetType | None = UNSET
    indication: Indication | UnsetType | None = UNSET
    support: list[Support] | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=LIMITS[PersonalKind.NAME])] = ""
    id_number: Annotated[str, Meta(max_length=LIMITS[PersonalKind.ID_NUMBER])] = ""
    contact: Annotated[str, Meta(max_length=LIMITS[PersonalKind.CONTACT], description="Whom to ring back.")] = ""
    contact_phone: Annotated[str, Meta(max_length=LIMITS[PersonalKind.PHONE])] = ""
    indication_words: Words = ""
    values: Annotated[list[ValueIn], Meta(max_length=200)] = []

    def fields(self) -> dict[str, object]:
        """What is set, by the names of the domain."""
        names = (
            "mode", "hospital_id", "incident_id", "patient_id", "sex", "age_years", "pregnant", "weight_kg",
            "height_cm", "ward", "lat", "lon", "indication", "support",
        )  # fmt: skip
        return {name: value for name in names if (value := getattr(self, name)) is not UNSET}

    def personal(self) -> dict[PersonalKind, str]:
        """Names and words."""
        return {
            PersonalKind.NAME: self.name,
            PersonalKind.ID_NUMBER: self.id_number,
            PersonalKind.CONTACT: self.contact,
            PersonalKind.PHONE: self.contact_phone,
            PersonalKind.NOTE: self.indication_words,
        }


class ValuesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values that were measured."""

    values: Annotated[list[ValueIn], Meta(min_length=1, max_length=200)]


class AskIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Centres that are to answer."""

    hospital_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_CENTRES, description="In this order.")]
    at_once: Annotated[bool, Meta(description="All at once; else one after the other.")] = False
    version: Annotated[int | None, Meta(description="The request's version that was looked at; null: any.")] = None


class SeenIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which centre the case is open."""

    hospital_id: UUID


class DecideIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a physician decides for a centre."""

    hospital_id: UUID
    version: OfferVersion
    decision: Decision
    cannulation_at: Annotated[Aware | None, Meta(description="When cannulation will begin; of an acceptance.")] = None
    reason: Annotated[DeclineReason | None, Meta(description="Of a decline, and only then.")] = None
    words: Annotated[Words, Meta(description="Advice, and a decline by judgement, need them.")] = ""
    conditions: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=500)]],
        Meta(max_length=MOST_CONDITIONS, description="Of a conditional acceptance, and only then."),
    ] = []


class ConditionTickIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a condition is met."""

    ticked: bool


class BindIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which acceptance is bound."""

    offer_id: UUID
    version: OfferVersion


class JoinIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same patient."""

    into: Annotated[UUID, Meta(description="The request that goes on for both.")]


class WithdrawIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why nothing is asked any more."""

    reason: WithdrawalReason
    words: Words = ""


class CaseMessageIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A message, a question or advice."""

    id: Annotated[UUID, Meta(description="A fresh id of your own: what is sent twice is kept once.")]
    kind: MessageKind = MessageKind.MESSAGE
    words: Annotated[str, Meta(min_length=1, max_length=LIMITS[PersonalKind.MESSAGE])]
    at: Happened = None


class CaseReadIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that were seen."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=500)]


class FileIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file that will come in pieces: JPEG, WebP or MP4."""

    kind: AttachmentKind
    total: Annotated[int, Meta(ge=1, le=MOST_BYTES, description="Bytes.")]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Of all of them, in hexadecimal digits.")]
    at: Happened = None


class OnCallIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A physician on call."""

    person_id: UUID
    place: Annotated[int, Meta(ge=1, le=20, description="In the order of calling; the same: called together.")]
    from_at: Aware
    until_at: Aware


CENTRE_ID: Final = "0198c0de-0000-7000-8000-000000000e01"
OFFER_ID: Final = "0198c0de-0000-7000-8000-000000000e02"
REQUEST_ID: Final = "0198c0de-0000-7000-8000-000000000e03"
OTHER_ID: Final = "0198c0de-0000-7000-8000-000000000e04"
SHA: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TYPED: Final = {
    "origin": "hospital",
    "mode": "vv",
    "age_years": 46,
    "sex": "male",
    "ward": "icu",
    "indication": "viral_pneumonia",
    "support": ["ventilated", "prone"],
    "contact": "示例医师",
    "contact_phone": "13800000000",
    "values": [{"item": "ph", "value": 7.19, "at": "2026-11-27T10:47:00Z"}, {"item": "optimised", "value": True}],
}
