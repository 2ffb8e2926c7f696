"""What is said about calls over HTTP. Numbers and names come masked unless they are asked for in whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import AnyVersion, LateIn
from api.calls.board import CALL_ID, CALL_ROW_EXAMPLE, INCIDENT_ID, CallRow
from api.incidents.board import INCIDENT_ROW_EXAMPLE, IncidentRow
from api.roads.schemas import Aware, Latitude, Longitude
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import (
    Agency,
    Attempt,
    CallBackReason,
    CallBackState,
    Outcome,
    Signal,
)
from dispatch.incidents.states_incidents import LinkKind
from dispatch.incidents.states_patients import PersonalKind
from geo.datum import Datum

Phone = Annotated[
    str,
    Meta(
        max_length=LIMITS[PersonalKind.PHONE],
        description="Digits, with + before a country's code; empty: not known.",
        examples=["13812341234"],
    ),
]
Caller = Annotated[str, Meta(max_length=LIMITS[PersonalKind.NAME], description="The caller's name; empty: not known.")]
Language = Annotated[str, Meta(max_length=35, description="A code such as zh, ug or kk; empty: not known.")]
Recording = Annotated[
    str, Meta(max_length=LIMITS[PersonalKind.RECORDING], description="Where the recording is kept; empty: nowhere.")
]
Reference = Annotated[str, Meta(min_length=1, max_length=128, description="Letters, digits and . _ : @ / - signs.")]


class CallerPositionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the network takes the caller to be."""

    lat: Latitude
    lon: Longitude
    datum: Annotated[Datum, Meta(description="What they are given in; phones of China give gcj02.")] = Datum.WGS84
    accuracy_m: Annotated[float, Meta(ge=0, le=1_000_000, description="Metres.")] | None = None


class CallEventIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One event of the telephone exchange. What it does not tell is left out; `at` is the exchange's own time."""

    event_id: Annotated[Reference, Meta(description="The exchange's own id of the event; no telephone number.")]
    call_ref: Annotated[Reference, Meta(description="The exchange's own id of the call; no telephone number.")]
    signal: Signal
    at: Aware
    phone: Phone = ""
    language: Language = ""
    recording: Recording = ""
    position: CallerPositionIn | None = None


class CallIn(LateIn, frozen=True, kw_only=True):
    """A call taken without telephony. It is answered the moment it is opened; nothing of it was measured."""

    answered_at: Annotated[
        Aware | None, Meta(description="T1, where it was written down apart from T0 (`at`); null: the same moment.")
    ] = None
    phone: Phone = ""
    caller: Caller = ""
    language: Language = ""
    recording: Recording = ""


class CallChangesIn(LateIn, frozen=True, kw_only=True):
    """What became known of a caller; what is empty stays as it is."""

    phone: Phone = ""
    caller: Caller = ""
    language: Language = ""
    version: AnyVersion = None


class MomentIn(LateIn, frozen=True):
    """When it truly was; an empty object says: now."""


class CallOutcomeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of a call that belongs to no incident."""

    outcome: Annotated[
        Outcome,
        Meta(
            description="inquiry, misdial, nuisance, silent or cut_off. The last two go on the call-back list. The "
            "others are set by linking the call, or by recording its transfer."
        ),
    ]


class TransferIn(LateIn, frozen=True, kw_only=True):
    """To whom a call was passed, or who was joined to it."""

    kind: Annotated[Literal["passed", "joined"], Meta(description="Passed: they deal with it alone.")]
    agency: Agency
    prefecture: Annotated[str, Meta(max_length=50, description="Whose 120 it is; of another 120 only.")] = ""
    their_reference: Annotated[str, Meta(max_length=128, description="Their number of the case.")] = ""


class LinkIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To which incident a call belongs, and how."""

    incident_id: UUID
    kind: Annotated[
        Literal["linked", "asked_again", "caller_cancels"],
        Meta(description="asked_again: the same people ask where the vehicle is (催车)."),
    ] = "linked"


class NumberIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A telephone number. It is asked for in a body, because addresses end up in logs."""

    phone: Annotated[Phone, Meta(min_length=2)]


class AttemptIn(LateIn, frozen=True, kw_only=True):
    """What an attempt to call back met."""

    met: Attempt


class SignalOut(msgspec.Struct, frozen=True):
    """One report about a call. `told_at` is its own time, `at` the one that is believed."""

    signal: Signal
    at: datetime
    told_at: datetime
    source: Source
    received_at: datetime


class TransferOut(msgspec.Struct, frozen=True):
    """A call passed to, or joined with, another service."""

    id: UUID
    call_id: UUID
    kind: Outcome
    agency: Agency
    prefecture: str
    their_reference: str
    at: datetime
    entered_at: datetime
    source: Source
    author: Annotated[str, Meta(description="`person:ID`.")]


class CallOut(msgspec.Struct, frozen=True):
    """A call with all that was reported of it."""

    call: CallRow
    caller: Annotated[str, Meta(description="The caller's name: its first sign, or whole; empty: not known.")]
    recording: Annotated[str, Meta(description="Where the recording is kept; whole only.")]
    whole: Annotated[bool, Meta(description="Whether number, name and recording are told in whole.")]
    answered_in_s: Annotated[
        int | None, Meta(description="T1 minus T0 in whole seconds, where the exchange measured both.")
    ]
    oddities: Annotated[int, Meta(description="Reports that did not fit.")]
    link: Annotated[LinkKind | None, Meta(description="How it belongs to its incident.")]
    signals: list[SignalOut]
    transfers: list[TransferOut]


class CallsOut(msgspec.Struct, frozen=True):
    """Calls in the order of T0."""

    calls: list[CallRow]
    more: Annotated[bool, Meta(description="There are older ones that were left out; ask for a shorter span.")]


class HistoryOut(msgspec.Struct, frozen=True):
    """Earlier calls from one number, and what they were about; the oldest first."""

    calls: list[CallRow]
    incidents: list[IncidentRow]


class CallBackOut(msgspec.Struct, frozen=True):
    """Somebody to call back. Their number in whole: `GET /api/calls/{id}?whole=true`."""

    id: UUID
    call_id: UUID
    reason: CallBackReason
    state: CallBackState
    opened_at: datetime
    due_at: datetime
    attempts: int
    last_attempt_at: datetime | None
    closed_at: datetime | None
    enough: Annotated[bool, Meta(description="Enough attempts were made that a person may give up.")]
    phone: Annotated[str, Meta(description="Masked; empty: none is known.", examples=["138****1234"])]
    language: str
    t0: datetime


class CallBacksOut(msgspec.Struct, frozen=True):
    """Who is to be called back, the longest due first."""

    call_backs: list[CallBackOut]


CALL_EXAMPLE: Final = {
    "call": CALL_ROW_EXAMPLE,
    "caller": "王**",
    "recording": "",
    "whole": False,
    "answered_in_s": 6,
    "oddities": 0,
    "link": "first",
    "signals": [
        {
            "signal": "ringing",
            "at": "2026-11-22T04:00:00Z",
            "told_at": "2026-11-22T04:00:00Z",
            "source": "exchange",
            "received_at": "2026-11-22T04:00:00.2Z",
        }
    ],
    "transfers": [],
}
EVENT_EXAMPLE: Final = {
    "event_id": "X1-20261122-000417-1",
    "call_ref": "X1-20261122-000417",
    "signal": "ringing",
    "at": "2026-11-22T12:00:00+08:00",
    "phone": "13812341234",
    "position": {"lat": 40.5492, "lon": 81.2853, "datum": "gcj02", "accuracy_m": 150},
}
LINK_EXAMPLE: Final = {"incident_id": INCIDENT_ID, "kind": "asked_again"}
CALLS_EXAMPLE: Final = {"calls": [CALL_ROW_EXAMPLE], "more": False}
HISTORY_EXAMPLE: Final = {"calls": [CALL_ROW_EXAMPLE], "incidents": [INCIDENT_ROW_EXAMPLE]}
TRANSFER_EXAMPLE: Final = {
    "id": "0198c0de-0000-7000-8000-000000000901",
    "call_id": CALL_ID,
    "kind": "joined",
    "agency": "110",
    "prefecture": "",
    "their_reference": "110-0042",
    "at": "2026-11-22T04:02:00Z",
    "entered_at": "2026-11-22T04:02:00Z",
    "source": "manual",
    "author": "person:0198c0de-0000-7000-8000-000000000501",
}
