"""The draft of a call, as bodies and answers have it. All of it is personal."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.cards.schemas import AnswerIn
from api.roads.schemas import Latitude, Longitude
from dispatch.incidents.rules_drafts import LONGEST_SEAT
from dispatch.incidents.states_incidents import PlaceSource
from dispatch.incidents.states_patients import Sex

Seat = Annotated[str, Meta(min_length=1, max_length=LONGEST_SEAT, description="The seat's name.", examples=["01"])]
_Short = Annotated[str, Meta(max_length=200)]
_Long = Annotated[str, Meta(max_length=20_000)]


class DraftPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The point that was chosen, WGS-84, and how it was found."""

    lat: Latitude
    lon: Longitude
    label: _Short
    source: PlaceSource


class DraftPatient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was said of one patient."""

    sex: Sex
    age_years: Annotated[int, Meta(ge=0, le=150)] | None
    words: _Short


class DraftBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a seat has typed, finished or not. Nothing is checked but its size: it is not the record yet."""

    phone: _Short
    caller: _Short
    language: Annotated[str, Meta(max_length=35)]
    place_words: Annotated[str, Meta(max_length=1_000)]
    place: DraftPlace | None
    direction: Annotated[str, Meta(max_length=200, description="Of travel, on a road of two carriageways.")]
    card: Annotated[str, Meta(max_length=10, description="Empty: none chosen.")]
    answers: Annotated[dict[str, AnswerIn], Meta(max_length=100, description="By question, as for assessing.")]
    people: Annotated[int, Meta(ge=0, le=9_999, description="How many are hurt or ill.")] | None
    patients: Annotated[list[DraftPatient], Meta(max_length=50)]
    notes: _Long
    more: Annotated[
        dict[str, Annotated[str, Meta(max_length=5_000)]],
        Meta(max_length=30, description="Whatever else the screen keeps: safety of the scene, a note not finished."),
    ]


class DraftIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was typed so far, as a whole. `version` 0 begins it; later the one that the last answer gave."""

    seat: Seat
    version: Annotated[int, Meta(ge=0)]
    body: DraftBody


class TakeOverIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who goes on."""

    seat: Seat
    anyway: Annotated[bool, Meta(description="Although that seat is still there: both have spoken about it.")] = False


class DraftHeadOut(msgspec.Struct, frozen=True):
    """Who types for which call."""

    call_id: UUID
    version: int
    holder: Annotated[str, Meta(description="`person:ID`.")]
    holder_name: str | None
    seat: str
    started_at: datetime
    saved_at: Annotated[datetime, Meta(description="When something was typed last.")]
    heard_at: Annotated[datetime, Meta(description="When the seat said last that it is there.")]
    dropped: Annotated[bool, Meta(description="The seat was not heard of for 15 s: its draft can be taken over.")]


class DraftOut(msgspec.Struct, frozen=True):
    """A draft with all that was typed."""

    draft: DraftHeadOut
    body: DraftBody


class DraftsOut(msgspec.Struct, frozen=True):
    """Who types for which calls, the longest first; without what is typed."""

    drafts: list[DraftHeadOut]


BODY_EXAMPLE: Final = {
    "phone": "13812341234",
    "caller": "王",
    "language": "zh",
    "place_words": "英阿瓦提路 塔南路 路口东北角",
    "place": {"lat": 41.17, "lon": 80.26, "label": "英阿瓦提路 × 塔南路", "source": "gazetteer"},
    "direction": "",
    "card": "K03",
    "answers": {"a": "yes", "b": "yes", "c": "yes", "i": 58},
    "people": 1,
    "patients": [{"sex": "male", "age_years": 58, "words": ""}],
    "notes": "丈夫散步时胸口压痛",
    "more": {"scene": "安全"},
}
HEAD_EXAMPLE: Final = {
    "call_id": "0198c0de-0000-7000-8000-000000000003",
    "version": 4,
    "holder": "person:0198c0de-0000-7000-8000-000000000001",
    "holder_name": "示例 努尔",
    "seat": "01",
    "started_at": "2026-11-22T04:00:04Z",
    "saved_at": "2026-11-22T04:00:41Z",
    "heard_at": "2026-11-22T04:00:44Z",
    "dropped": False,
}
DRAFT_EXAMPLE: Final = {"draft": HEAD_EXAMPLE, "body": BODY_EXAMPLE}
