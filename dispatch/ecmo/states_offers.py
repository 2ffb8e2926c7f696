"""The life of one ECMO centre's answer to a request."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.incidents.states import step


class OfferState(StrEnum):
    """Where a centre's answer stands."""

    WAITING = "waiting"
    """Its turn has not come: centres are asked in order."""
    ASKED = "asked"
    SEEN = "seen"
    """Somebody there has the case open, by name."""
    UNANSWERED = "unanswered"
    """Not in time. A late answer counts all the same."""
    ACCEPTED = "accepted"
    CONDITIONAL = "conditional"
    """Accepted once its conditions are ticked."""
    ADVISED = "advised"
    DECLINED = "declined"
    BOUND = "bound"
    RELEASED = "released"
    """Not needed: another one is bound, or the request is over. It can be asked anew."""


ANSWERED: Final = frozenset({OfferState.ACCEPTED, OfferState.CONDITIONAL, OfferState.ADVISED, OfferState.DECLINED})
PENDING: Final = frozenset({OfferState.WAITING, OfferState.ASKED, OfferState.SEEN})
BINDABLE: Final = frozenset({OfferState.ACCEPTED, OfferState.CONDITIONAL})
OFFER_TRANSITIONS: Final[Mapping[OfferState, frozenset[OfferState]]] = {
    OfferState.WAITING: frozenset({OfferState.ASKED, OfferState.RELEASED}),
    OfferState.ASKED: ANSWERED | {OfferState.SEEN, OfferState.UNANSWERED, OfferState.RELEASED},
    OfferState.SEEN: ANSWERED | {OfferState.UNANSWERED, OfferState.RELEASED},
    OfferState.UNANSWERED: ANSWERED | {OfferState.RELEASED},
    # An answer is revised by another one, also of the same kind, until one is bound.
    OfferState.ACCEPTED: ANSWERED | {OfferState.BOUND, OfferState.RELEASED},
    OfferState.CONDITIONAL: ANSWERED | {OfferState.BOUND, OfferState.RELEASED},
    OfferState.ADVISED: ANSWERED | {OfferState.RELEASED},
    OfferState.DECLINED: ANSWERED | {OfferState.RELEASED},
    OfferState.BOUND: frozenset({OfferState.RELEASED}),
    OfferState.RELEASED: frozenset({OfferState.WAITING, OfferState.ASKED}),
}


def advance_offer(old: OfferState, new: OfferState) -> OfferState:
    """Return the new state. Raises IllegalTransition (`ecmo_offer.transition`)."""
    return step("ecmo-offer", OFFER_TRANSITIONS, old, new)


class Decision(StrEnum):
    """What a physician of a centre says, by name. There is no "deny": declining is one centre's, not everybody's."""

    ACCEPT = "accept"
    CONDITIONAL = "conditional"
    ADVISE = "advise"
    DECLINE = "decline"


OFFER_OF: Final[Mapping[Decision, OfferState]] = {
    Decision.ACCEPT: OfferState.ACCEPTED,
    Decision.CONDITIONAL: OfferState.CONDITIONAL,
    Decision.ADVISE: OfferState.ADVISED,
    Decision.DECLINE: OfferState.DECLINED,
}


class DeclineReason(StrEnum):
    """Why a centre declines."""

    NO_TEAM = "no_team"
    NO_CONSOLE = "no_console"
    NO_BED = "no_bed"
    TOO_FAR = "too_far"
    WEATHER = "weather"
    JUDGEMENT = "judgement"
    """Of the physician, who writes it down."""
