"""What happened to calls."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import (
    Agency,
    Attempt,
    CallBackReason,
    CallBackState,
    CallState,
    Origin,
    Outcome,
    Signal,
)
from dispatch.kernel.events import Event, event


@event("call.recorded", subject="call_id")
class CallRecorded(Event):
    """A call entered the record. exchange_ref: the exchange's own id of it. answered_at: T1, of one taken by hand."""

    call_id: UUID
    origin: Origin
    state: CallState
    t0: datetime
    t0_source: Source
    exchange_ref: str | None
    answered_at: datetime | None = None


@event("call.signalled", subject="call_id")
class CallSignalled(Event):
    """The exchange reported something of a call, and this is where the call stands with it."""

    call_id: UUID
    signal: Signal
    told_at: datetime
    state: CallState
    t0: datetime
    t0_source: Source
    answered_at: datetime | None
    abandoned_at: datetime | None
    ended_at: datetime | None
    oddities: int


@event("call.described", subject="call_id")
class CallDescribed(Event):
    """The caller's language became known, or was corrected."""

    call_id: UUID
    language: str


@event("call.viewed", subject="call_id")
class CallViewed(Event):
    """Somebody looked at the caller's number and name in whole."""

    call_id: UUID


@event("call.outcome_set", subject="call_id")
class CallOutcomeSet(Event):
    """What came of a call; `before` where another was believed."""

    call_id: UUID
    outcome: Outcome
    before: Outcome | None


@event("call.transferred", subject="call_id")
class CallTransferred(Event):
    """A call was passed to, or joined with, another service."""

    call_id: UUID
    transfer_id: UUID
    kind: Outcome
    agency: Agency
    their_reference: str


@event("call_back.opened", subject="call_id")
class CallBackOpened(Event):
    """Somebody is to be called back."""

    call_id: UUID
    call_back_id: UUID
    reason: CallBackReason
    due_at: datetime


@event("call_back.attempted", subject="call_id")
class CallBackAttempted(Event):
    """It was tried; `due_at` None: no more."""

    call_id: UUID
    call_back_id: UUID
    ordinal: int
    met: Attempt
    due_at: datetime | None


@event("call_back.closed", subject="call_id")
class CallBackClosed(Event):
    """Nobody needs to be called back any more."""

    call_id: UUID
    call_back_id: UUID
    state: CallBackState


@event("call.draft_taken_over", subject="call_id")
class DraftTakenOver(Event):
    """Another seat goes on with what one had typed. gone: that one was not heard of any more."""

    call_id: UUID
    seat: str
    before: str
    before_seat: str
    gone: bool


@event("call.draft_discarded", subject="call_id")
class DraftDiscarded(Event):
    """What was typed for a call was thrown away."""

    call_id: UUID
