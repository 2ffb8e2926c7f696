"""Incidents: their life, priorities, complaint cards, and why one is cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.incidents.states import step


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    DISPATCHED = "dispatched"
    """At least one unit has it."""
    ON_SCENE = "on_scene"
    """At least one unit has been there."""
    CLOSED = "closed"
    CANCELLED = "cancelled"


INCIDENT_TRANSITIONS: Final[Mapping[IncidentState, frozenset[IncidentState]]] = {
    IncidentState.OPEN: frozenset({IncidentState.DISPATCHED, IncidentState.CANCELLED}),
    # Back to open: its last unit was diverted, broke down or was stood down.
    IncidentState.DISPATCHED: frozenset({IncidentState.OPEN, IncidentState.ON_SCENE, IncidentState.CANCELLED}),
    # Once somebody was there, each patient has an outcome ("not found" is one): it is closed, never cancelled.
    IncidentState.ON_SCENE: frozenset({IncidentState.OPEN, IncidentState.CLOSED}),
    IncidentState.CLOSED: frozenset(),
    IncidentState.CANCELLED: frozenset(),
}

ACTIVE: Final = frozenset({IncidentState.OPEN, IncidentState.DISPATCHED, IncidentState.ON_SCENE})
"""Not over yet."""


def advance_incident(old: IncidentState, new: IncidentState) -> IncidentState:
    """Return the new state. Raises IllegalTransition."""
    return step("incident", INCIDENT_TRANSITIONS, old, new)


class CancelReason(StrEnum):
    """Why an incident is cancelled."""

    CALLER_CANCELLED = "caller_cancelled"
    DUPLICATE = "duplicate"
    """Another incident is the same; it is named."""
    NO_EMERGENCY = "no_emergency"
    OWN_TRANSPORT = "own_transport"
    ADVICE_ONLY = "advice_only"
    PASSED_ON = "passed_on"
    MALICIOUS = "malicious"
    ENTERED_IN_ERROR = "entered_in_error"
    DRILL = "drill"


MOST_PEOPLE: Final = 9_999
"""People concerned by one incident; more is a slip of the keyboard."""


class Priority(StrEnum):
    """How urgent; P1 is a threat to life (the card set's own scale)."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    @property
    def rank(self) -> int:
        """1 is the most urgent."""
        return int(self.value[1])


class PriorityMove(StrEnum):
    """What a change of priority does."""

    INITIAL = "initial"
    RAISED = "raised"
    LOWERED = "lowered"
    BY_CARD = "by_card"
    """Followed the answers by the complaint card's rules, either way: a corrected answer is no downgrade."""


CARDS: Final = tuple(f"K{number:02d}" for number in range(1, 37))
"""The complaint cards K01 to K36."""
UNKNOWN_CARD: Final = "K36"
TRANSFER_CARD: Final = "K35"

CAPABILITY_LETTERS: Final = "BAENOGRP"
"""What may be needed, in the order in which letters are written; the same as what units state."""


class PlaceSource(StrEnum):
    """How a place came to be known."""

    MAP = "map"
    """Picked on our map."""
    TYPED = "typed"
    EXCHANGE = "exchange"
    """The telephone network's."""
    PHONE = "phone"
    """The caller's own phone said so."""
    GAZETTEER = "gazetteer"
    CREW = "crew"
    VEHICLE = "vehicle"
    """Where a vehicle broke down with a patient on board."""


class LinkKind(StrEnum):
    """How a call belongs to an incident."""

    FIRST = "first"
    LINKED = "linked"
    ASKED_AGAIN = "asked_again"
    CALLER_CANCELS = "caller_cancels"
