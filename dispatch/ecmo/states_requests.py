"""The life of a request for ECMO, and the words it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.incidents.states import step


class Origin(StrEnum):
    """From where somebody asks."""

    HOSPITAL = "hospital"
    EMERGENCY = "emergency"
    """A patient whom an ambulance brings or has brought."""
    INCIDENT = "incident"
    """A dispatcher's incident: E-CPR."""


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    """Being typed; nobody was asked."""
    ASKED = "asked"
    """At least one centre is to answer."""
    ACCEPTED = "accepted"
    """At least one centre has accepted, with conditions or without; none is bound."""
    ADVISED = "advised"
    """No centre takes the patient now, and at least one gave advice."""
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    """Nobody has answered in time. A late answer counts all the same."""
    BOUND = "bound"
    """One acceptance was chosen by name; a mission is under way."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    """The same patient as another request, which stands for both."""


_DECIDED: Final = frozenset({
    RequestState.ACCEPTED, RequestState.ADVISED, RequestState.DECLINED, RequestState.UNANSWERED
})  # fmt: skip
_OVER: Final = frozenset({RequestState.WITHDRAWN, RequestState.JOINED})
REQUEST_TRANSITIONS: Final[Mapping[RequestState, frozenset[RequestState]]] = {
    RequestState.DRAFT: _OVER | {RequestState.ASKED},
    RequestState.ASKED: _DECIDED | _OVER,
    # Offers are revised, and further centres asked, until one is bound.
    RequestState.ACCEPTED: (_DECIDED - {RequestState.ACCEPTED})
    | {RequestState.ASKED, RequestState.BOUND, RequestState.WITHDRAWN},
    RequestState.ADVISED: (_DECIDED - {RequestState.ADVISED}) | _OVER | {RequestState.ASKED, RequestState.CLOSED},
    RequestState.DECLINED: (_DECIDED - {RequestState.DECLINED}) | _OVER | {RequestState.ASKED, RequestState.CLOSED},
    RequestState.UNANSWERED: (_DECIDED - {RequestState.UNANSWERED}) | _OVER | {RequestState.ASKED, RequestState.CLOSED},
    # A mission that is stood down leaves a patient for whom nobody comes.
    RequestState.BOUND: frozenset({RequestState.CLOSED, RequestState.UNANSWERED}),
    RequestState.CLOSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.JOINED: frozenset(),
}
LIVE: Final = frozenset({RequestState.ASKED, RequestState.BOUND}) | _DECIDED
"""A patient has one request in these states at most."""
OPEN: Final = LIVE | {RequestState.DRAFT}
"""What can still be written to."""


def advance_request(old: RequestState, new: RequestState) -> RequestState:
    """Return the new state. Raises IllegalTransition (`ecmo_request.transition`)."""
    return step("ecmo-request", REQUEST_TRANSITIONS, old, new)


class Ward(StrEnum):
    """Where in the house, or outside, the patient is."""

    ICU = "icu"
    EMERGENCY = "emergency"
    THEATRE = "theatre"
    CATH_LAB = "cath_lab"
    WARD = "ward"
    SCENE = "scene"
    AMBULANCE = "ambulance"


class Indication(StrEnum):
    """For what ECMO is asked."""

    VIRAL_PNEUMONIA = "viral_pneumonia"
    BACTERIAL_PNEUMONIA = "bacterial_pneumonia"
    ASPIRATION = "aspiration"
    ASTHMA = "asthma"
    TRAUMA_OR_BURN = "trauma_or_burn"
    OTHER_RESPIRATORY = "other_respiratory"
    CARDIOGENIC_SHOCK = "cardiogenic_shock"
    MYOCARDITIS = "myocarditis"
    PULMONARY_EMBOLISM = "pulmonary_embolism"
    VT_VF_STORM = "vt_vf_storm"
    INTOXICATION = "intoxication"
    HYPOTHERMIA = "hypothermia"
    CARDIAC_ARREST = "cardiac_arrest"
    OTHER = "other"


class Support(StrEnum):
    """What keeps the patient alive now."""

    OXYGEN = "oxygen"
    HIGH_FLOW = "high_flow"
    NON_INVASIVE = "non_invasive"
    VENTILATED = "ventilated"
    PRONE = "prone"
    VASOPRESSORS = "vasopressors"
    INOTROPES = "inotropes"
    BALLOON_PUMP = "balloon_pump"
    RENAL_REPLACEMENT = "renal_replacement"
    COMPRESSIONS = "compressions"
    ECMO = "ecmo"
    """A circuit runs already: a secondary transport."""


class WithdrawalReason(StrEnum):
    """Why a request is withdrawn."""

    IMPROVED = "improved"
    DIED = "died"
    ELSEWHERE = "elsewhere"
    """Help came from somewhere else."""
    REFUSED = "refused"
    """By the patient or who speaks for them."""
    MISTAKE = "mistake"
