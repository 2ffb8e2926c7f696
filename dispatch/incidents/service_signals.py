"""What is reported of a call, by the exchange or by hand, and the life that it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.incidents.events_calls import CallSignalled
from dispatch.incidents.queries_calls import as_seen, list_signals
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.rules_calls import life_of
from dispatch.incidents.rules_times import Moment
from dispatch.incidents.service import Act
from dispatch.incidents.service_callbacks import open_call_back, withdraw_call_back
from dispatch.incidents.service_links import correct_t0
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import CallBackReason, CallState, Signal
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call, CallSignal


@dataclass(frozen=True, slots=True)
class SignalGiven:
    """One signal: its own time, the time believed, and where from. `event_id` and the digest are the exchange's."""

    signal: Signal
    told_at: datetime
    at: datetime
    source: Source
    language: str = ""
    event_id: str | None = None
    body_digest: str = ""


def row_of(act: Act, call: Call, given: SignalGiven) -> dict[str, Any]:
    """Columns of a signal's row."""
    return {
        "id": act.new_id(), "region": act.region, "call_id": call.id, "event_id": given.event_id,
        "body_digest": given.body_digest, "signal": given.signal, "language": given.language,
        "told_at": given.told_at, "at": given.at, "source": given.source, "received_at": act.clock.now(),
    }  # fmt: skip


def add_signal(act: Act, call: Call, given: SignalGiven) -> None:
    """Keep a signal."""
    act.session.add(CallSignal(**row_of(act, call, given)))


async def apply_signals(act: Act, call: Call, given: SignalGiven) -> None:
    """Bring a locked call to what all its signals add up to, the given one being the newest in the record.

    A late ringing moves the T0 of the call's incident too. An abandoned call with a number goes on the call-back list;
    one that proves to have been answered leaves it.
    """
    await act.session.flush()
    signals = await list_signals(act.session, call.id)
    life = life_of(as_seen(signals))
    was_abandoned, rang = call.state == CallState.ABANDONED, (call.t0, call.t0_source)
    call.state = life.state
    call.t0, call.t0_source = life.t0, life.t0_source
    call.answered_at, call.answered_source = life.answered_at, life.answered_source
    call.abandoned_at, call.ended_at = life.abandoned_at, life.ended_at
    call.oddities = life.oddities
    told = [row.language for row in signals if row.language]
    # What a dispatcher heard stays: an exchange only guesses, and only before anybody listened.
    call.language = call.language or (told[-1] if told else "")
    call.version += 1
    await act.session.flush()
    act.tell(
        CallSignalled(
            call_id=call.id,
            signal=given.signal,
            told_at=given.told_at,
            state=life.state,
            t0=life.t0,
            t0_source=life.t0_source,
            answered_at=life.answered_at,
            abandoned_at=life.abandoned_at,
            ended_at=life.ended_at,
            oddities=life.oddities,
        ),
        Moment(given.at, act.clock.now(), given.source),
    )
    if (call.t0, call.t0_source) != rang:
        await correct_t0(act, call)
    await _call_back(act, call, was_abandoned=was_abandoned)


async def _call_back(act: Act, call: Call, *, was_abandoned: bool) -> None:
    if call.state != CallState.ABANDONED:
        if was_abandoned:
            await withdraw_call_back(act, call, CallBackReason.ABANDONED)
        return
    phone = await find_value(act.session, call.id, PersonalKind.PHONE)
    if phone is not None and phone.value is not None and call.outcome is None and call.incident_id is None:
        await open_call_back(act, call, CallBackReason.ABANDONED)
