"""Calls: their life, what came of them, and the list of those to call back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.incidents.states import step


class CallState(StrEnum):
    """Where a call stands. What came of it is another field."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    """The caller hung up before anybody answered."""
    ENDED = "ended"


CALL_TRANSITIONS: Final[Mapping[CallState, frozenset[CallState]]] = {
    CallState.RINGING: frozenset({CallState.ANSWERED, CallState.ABANDONED}),
    CallState.ANSWERED: frozenset({CallState.ENDED}),
    CallState.ABANDONED: frozenset(),
    CallState.ENDED: frozenset(),
}


def advance_call(old: CallState, new: CallState) -> CallState:
    """Return the new state. Raises IllegalTransition."""
    return step("call", CALL_TRANSITIONS, old, new)


class Origin(StrEnum):
    """How a call came into the record."""

    EXCHANGE = "exchange"
    MANUAL = "manual"
    """Without telephony: its ringing and answering were not measured."""


class Signal(StrEnum):
    """What an exchange reports of a call, in the order of a call's life."""

    RINGING = "ringing"
    ANSWERED = "answered"
    DETAILS = "details"
    """A position, a language or a recording that became known."""
    ABANDONED = "abandoned"
    ENDED = "ended"


class Outcome(StrEnum):
    """What came of a call."""

    NEW_INCIDENT = "new_incident"
    LINKED = "linked"
    ASKED_AGAIN = "asked_again"
    """催车: the same people ask where the vehicle is."""
    CALLER_CANCELS = "caller_cancels"
    INQUIRY = "inquiry"
    MISDIAL = "misdial"
    NUISANCE = "nuisance"
    SILENT = "silent"
    CUT_OFF = "cut_off"
    PASSED = "passed"
    """Handed to another service, which deals with it alone."""
    JOINED = "joined"
    """Another service was brought in beside us."""


OF_AN_INCIDENT: Final = frozenset({Outcome.NEW_INCIDENT, Outcome.LINKED, Outcome.ASKED_AGAIN, Outcome.CALLER_CANCELS})
"""Outcomes that name an incident; set by linking only."""

TO_CALL_BACK: Final = frozenset({Outcome.SILENT, Outcome.CUT_OFF})
"""Nobody knows yet what these were about."""

OF_A_TRANSFER: Final = frozenset({Outcome.PASSED, Outcome.JOINED})
"""Outcomes that name another service; set by recording the transfer only."""


class Agency(StrEnum):
    """Another service that a call is passed to or joined with."""

    POLICE = "110"
    FIRE = "119"
    TRAFFIC = "122"
    OTHER_120 = "120"
    """The 120 of another prefecture; it is named."""


class CallBackState(StrEnum):
    """Where a call-back stands."""

    WAITING = "waiting"
    REACHED = "reached"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    """The call proved to have been answered, or got its outcome otherwise."""


CALL_BACK_TRANSITIONS: Final[Mapping[CallBackState, frozenset[CallBackState]]] = {
    # An attempt that reaches nobody leaves it waiting.
    CallBackState.WAITING: frozenset(CallBackState),
    CallBackState.REACHED: frozenset(),
    CallBackState.GIVEN_UP: frozenset(),
    CallBackState.WITHDRAWN: frozenset(),
}


def advance_call_back(old: CallBackState, new: CallBackState) -> CallBackState:
    """Return the new state. Raises IllegalTransition."""
    return step("call-back", CALL_BACK_TRANSITIONS, old, new)


class CallBackReason(StrEnum):
    """Why somebody is to be called back."""

    SILENT = "silent"
    CUT_OFF = "cut_off"
    ABANDONED = "abandoned"


class Attempt(StrEnum):
    """What an attempt to call back met."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    OFF = "off"
    """Switched off or out of reach."""
    WRONG_NUMBER = "wrong_number"
