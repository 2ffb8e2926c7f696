"""The board of calls: one row each, read on every change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.incidents.queries_board import BoardCall, list_board_calls
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import CallState, Origin, Outcome
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call
from dispatch.kernel.db import Session

CALL_ID = "0198c0de-0000-7000-8000-000000000101"
INCIDENT_ID = "0198c0de-0000-7000-8000-000000000201"


class CallPositionOut(msgspec.Struct, frozen=True, gc=False):
    """Where a caller is, as the telephone network or the caller's phone knows it."""

    lat: Annotated[float, Meta(description="Degrees north, WGS-84.", examples=[40.5475])]
    lon: Annotated[float, Meta(description="Degrees east, WGS-84.", examples=[81.2807])]
    accuracy_m: Annotated[float | None, Meta(description="Metres; null: not known.", examples=[150.0])]
    at: datetime


class CallBackDueOut(msgspec.Struct, frozen=True, gc=False):
    """That somebody is to be called back, and when."""

    id: UUID
    due_at: datetime
    attempts: Annotated[int, Meta(description="Made so far.")]


class CallRow(msgspec.Struct, frozen=True):
    """A call on the board. Its number is masked; one call shows it whole to those who may take calls."""

    id: UUID
    origin: Annotated[Origin, Meta(description="`manual`: taken without telephony, nothing was measured.")]
    state: CallState
    outcome: Outcome | None
    t0: Annotated[datetime, Meta(description="T0, the ringing.")]
    t0_source: Source
    answered_at: Annotated[datetime | None, Meta(description="T1.")]
    abandoned_at: datetime | None
    ended_at: datetime | None
    language: Annotated[str, Meta(description="A code such as zh or ug; empty: not known.", examples=["zh"])]
    phone: Annotated[str, Meta(description="138****1234; empty: none is known.", examples=["138****1234"])]
    position: CallPositionOut | None
    incident_id: UUID | None
    incident_number: Annotated[str | None, Meta(examples=["2026-000123"])]
    call_back: Annotated[CallBackDueOut | None, Meta(description="Null: nobody waits to be called back.")]
    open: Annotated[bool, Meta(description="On the board: under way, without an outcome, or to be called back.")]
    version: int


CALL_ROW_EXAMPLE = {
    "id": CALL_ID,
    "origin": "exchange",
    "state": "answered",
    "outcome": "new_incident",
    "t0": "2026-11-22T04:00:00Z",
    "t0_source": "exchange",
    "answered_at": "2026-11-22T04:00:06Z",
    "abandoned_at": None,
    "ended_at": None,
    "language": "zh",
    "phone": "138****1234",
    "position": {"lat": 40.5475, "lon": 81.2807, "accuracy_m": 150.0, "at": "2026-11-22T04:00:01Z"},
    "incident_id": INCIDENT_ID,
    "incident_number": "2026-000123",
    "call_back": None,
    "open": True,
    "version": 3,
}


async def rows(session: Session, region: str, now: datetime, ids: Collection[UUID] | None = None) -> list[CallRow]:
    """All calls on the board in the order of T0, or those with these ids, on the board or not (`open` tells).

    For those who may read every call of the region.
    """
    del now  # of all boards' signature: nothing here depends on it
    return [call_row(one) for one in await list_board_calls(session, region, ids)]


def call_row(one: BoardCall) -> CallRow:
    """Tell a call."""
    call = one.call
    back = None
    if one.call_back_id is not None and one.due_at is not None:
        back = CallBackDueOut(one.call_back_id, one.due_at, one.attempts or 0)
    under_way = call.state in (CallState.RINGING, CallState.ANSWERED)
    return CallRow(
        id=call.id,
        origin=Origin(call.origin),
        state=CallState(call.state),
        outcome=Outcome(call.outcome) if call.outcome else None,
        t0=call.t0,
        t0_source=Source(call.t0_source),
        answered_at=call.answered_at,
        abandoned_at=call.abandoned_at,
        ended_at=call.ended_at,
        language=call.language,
        phone=masked(PersonalKind.PHONE, one.phone),
        position=call_position(call),
        incident_id=call.incident_id,
        incident_number=one.number,
        call_back=back,
        open=under_way or call.outcome is None or back is not None,
        version=call.version,
    )


def call_position(call: Call) -> CallPositionOut | None:
    """Tell where a caller is."""
    if call.lat is None or call.lon is None or call.positioned_at is None:
        return None
    return CallPositionOut(call.lat, call.lon, call.accuracy_m, call.positioned_at)
