"""A call's life out of what the exchange reports, in whatever order it arrives. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.incidents.rules_times import AHEAD
from dispatch.incidents.states import IllegalTransition, Source
from dispatch.incidents.states_calls import CallState, Signal, advance_call

_ORDER: Final = {signal: rank for rank, signal in enumerate(Signal)}


@dataclass(frozen=True, slots=True)
class Seen:
    """One signal of a call and when it happened; `source` is INFERRED where its own time could not be believed."""

    signal: Signal
    at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class CallLife:
    """What the signals of one call add up to. `oddities` counts those that did not fit."""

    state: CallState
    t0: datetime
    t0_source: Source
    answered_at: datetime | None = None
    answered_source: Source | None = None
    abandoned_at: datetime | None = None
    ended_at: datetime | None = None
    oddities: int = 0


def believed(signalled_at: datetime, now: datetime) -> tuple[datetime, Source]:
    """The time to reckon with. One ahead of our clock cannot be: the moment of receipt stands in for it."""
    return (now, Source.INFERRED) if signalled_at > now + AHEAD else (signalled_at, Source.EXCHANGE)


def life_of(signals: Iterable[Seen]) -> CallLife:
    """Fold the signals of a call (at least one) in the order in which they happened.

    The answer does not depend on the order in which they arrived. Without a `ringing` the earliest signal stands for
    T0, marked inferred. A caller who hangs up unanswered has abandoned the call, whatever the exchange names it. Where
    the exchange measured the answer, what was pressed on a screen does not count.
    """
    seen = sorted(signals, key=lambda one: (one.at, _ORDER[one.signal], one.source))
    if any(one.signal is Signal.ANSWERED and one.source is Source.EXCHANGE for one in seen):
        seen = [one for one in seen if one.signal is not Signal.ANSWERED or one.source is Source.EXCHANGE]
    rung = next((one for one in seen if one.signal is Signal.RINGING), None)
    first = rung or seen[0]
    state, oddities = CallState.RINGING, 0
    times: dict[CallState, Seen] = {}
    for one in seen:
        target = _target(one.signal, state)
        if target is None:
            continue
        try:
            state = advance_call(state, target)
        except IllegalTransition:
            oddities += state is not target
            continue
        times[state] = one
    answered, abandoned = times.get(CallState.ANSWERED), times.get(CallState.ABANDONED)
    ended = times.get(CallState.ENDED)
    return CallLife(
        state=state,
        t0=first.at,
        t0_source=first.source if rung else Source.INFERRED,
        answered_at=answered.at if answered else None,
        answered_source=answered.source if answered else None,
        abandoned_at=abandoned.at if abandoned else None,
        ended_at=ended.at if ended else None,
        oddities=oddities,
    )


def _target(signal: Signal, state: CallState) -> CallState | None:
    match signal:
        case Signal.RINGING | Signal.DETAILS:
            return None
        case Signal.ANSWERED:
            return CallState.ANSWERED
        case Signal.ABANDONED | Signal.ENDED:
            # Who was answered cannot abandon; who was not cannot end otherwise.
            unanswered = state in (CallState.RINGING, CallState.ABANDONED)
            return CallState.ABANDONED if unanswered else CallState.ENDED


def earliest(first: tuple[datetime, Source], *others: tuple[datetime, Source]) -> tuple[datetime, Source]:
    """T0 of an incident: the earliest of its calls'."""
    return min((first, *others), key=lambda one: one[0])


def answered_in_s(
    t0: datetime, t0_source: Source, answered_at: datetime | None, answered_source: Source | None
) -> int | None:
    """T1 - T0 in whole seconds where the exchange measured both; None: not measured, and no figure counts it."""
    measured = t0_source is Source.EXCHANGE and answered_source is Source.EXCHANGE
    return int((answered_at - t0).total_seconds()) if measured and answered_at is not None else None
