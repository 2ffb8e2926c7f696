"""Messages, their receipts and the phrases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.when import Happened, Sent
from api.patients.schemas import PATIENT_ID, UNIT_ID
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.states_patients import PersonalKind
from dispatch.messages.queries import Told
from dispatch.messages.rules import Phrase
from dispatch.telemetry.detection.states import Side

_Words = Annotated[str, Meta(min_length=1, max_length=LIMITS[PersonalKind.MESSAGE])]


class MessageIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A phrase, or words of one's own."""

    id: Annotated[UUID, Meta(description="A fresh id of your own: what is sent twice is delivered once.")]
    patient_id: Annotated[
        UUID | None, Meta(description="The hospital to which this patient is brought reads it too; null: it does not.")
    ] = None
    unit_id: Annotated[UUID | None, Meta(description="The vehicle on which it was written.")] = None
    phrase: Annotated[Annotated[str, Meta(max_length=40)] | None, Meta(description="Of `/api/message-phrases`.")] = None
    words: _Words | None = None
    at: Happened = None
    sent_at: Sent = None


class ReadIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that were seen."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=500)]
    patient_id: Annotated[UUID | None, Meta(description="A hospital names its patient.")] = None


class ReadOut(msgspec.Struct, frozen=True):
    """Somebody has seen it."""

    side: Side
    organisation: str
    name: str | None
    at: datetime


class MessageOut(msgspec.Struct, frozen=True, kw_only=True):
    """One message."""

    id: UUID
    patient_id: UUID | None
    unit_id: UUID | None
    side: Annotated[Side, Meta(description="The writer's.")]
    organisation: str
    author: str
    author_name: str | None
    mine: Annotated[bool, Meta(description="The asker wrote it.")]
    seen: Annotated[bool, Meta(description="The asker has read it, or wrote it.")]
    at: Annotated[datetime, Meta(description="True time.")]
    entered_at: datetime
    phrase: str | None
    words: Annotated[str | None, Meta(description="Null: a phrase, or erased by law.")]
    erased: bool
    reads: list[ReadOut]


class MessagesOut(msgspec.Struct, frozen=True):
    """By true time. side: as whom the asker writes."""

    side: Side
    messages: list[MessageOut]


class PhraseOut(msgspec.Struct, frozen=True):
    """One phrase in three languages, and who says it."""

    code: str
    sides: list[Side]
    zh: str
    en: str
    ug: str


class PhrasesOut(msgspec.Struct, frozen=True):
    """All phrases."""

    phrases: list[PhraseOut]


def message_out(told: Told, names: Mapping[str, str], asker: str) -> MessageOut:
    """Tell a message."""
    row = told.message
    return MessageOut(
        id=row.id,
        patient_id=row.patient_id,
        unit_id=row.unit_id,
        side=Side(row.side),
        organisation=row.organisation,
        author=row.actor,
        author_name=names.get(row.actor),
        mine=row.actor == asker,
        seen=row.actor == asker or any(one.actor == asker for one in told.reads),
        at=row.at,
        entered_at=row.entered_at,
        phrase=row.phrase,
        words=told.words,
        erased=told.erased,
        reads=[ReadOut(Side(one.side), one.organisation, names.get(one.actor), one.at) for one in told.reads],
    )


def phrase_out(one: Phrase) -> PhraseOut:
    """Tell a phrase."""
    return PhraseOut(one.code, sorted(one.sides), one.zh, one.en, one.ug)


MESSAGE_ID: Final = "0198c0de-0000-7000-8000-000000000d01"
MESSAGE: Final = {
    "id": MESSAGE_ID,
    "patient_id": PATIENT_ID,
    "unit_id": UNIT_ID,
    "side": "crew",
    "organisation": "阿克苏地区急救中心（示例）",
    "author": "person:0198c0de-0000-7000-8000-000000000501",
    "author_name": "示例护士",
    "mine": True,
    "seen": True,
    "at": "2026-11-22T09:31:00Z",
    "entered_at": "2026-11-22T09:31:02Z",
    "phrase": "worse",
    "words": None,
    "erased": False,
    "reads": [
        {"side": "hospital", "organisation": "示例医院", "name": "示例医生", "at": "2026-11-22T09:31:40Z"},
    ],
}
