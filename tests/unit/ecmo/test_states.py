"""Every transition of requests, offers and missions, and every refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from dispatch.ecmo.states_missions import MISSION_OVER, MISSION_TRANSITIONS, MissionState, advance_mission
from dispatch.ecmo.states_offers import (
    ANSWERED,
    BINDABLE,
    OFFER_OF,
    OFFER_TRANSITIONS,
    PENDING,
    Decision,
    OfferState,
    advance_offer,
)
from dispatch.ecmo.states_requests import LIVE, OPEN, REQUEST_TRANSITIONS, RequestState, advance_request
from dispatch.incidents.states import IllegalTransition

# Written out by hand, apart from the tables: what a person would say is allowed.
ALLOWED: dict[type[StrEnum], dict[str, str]] = {
    RequestState: {
        "draft": "asked withdrawn joined",
        "asked": "accepted advised declined unanswered withdrawn joined",
        "accepted": "asked advised declined unanswered bound withdrawn",
        "advised": "asked accepted declined unanswered closed withdrawn joined",
        "declined": "asked accepted advised unanswered closed withdrawn joined",
        "unanswered": "asked accepted advised declined closed withdrawn joined",
        "bound": "closed unanswered",
        "closed": "",
        "withdrawn": "",
        "joined": "",
    },
    OfferState: {
        "waiting": "asked released",
        "asked": "seen unanswered accepted conditional advised declined released",
        "seen": "unanswered accepted conditional advised declined released",
        "unanswered": "accepted conditional advised declined released",
        "accepted": "accepted conditional advised declined bound released",
        "conditional": "accepted conditional advised declined bound released",
        "advised": "accepted conditional advised declined released",
        "declined": "accepted conditional advised declined released",
        "bound": "released",
        "released": "waiting asked",
    },
    MissionState: {
        "preparing": "outbound at_patient stood_down died",
        "outbound": "at_patient stood_down died",
        "at_patient": "cannulating on_circuit returning stood_down died",
        "cannulating": "on_circuit stood_down died",
        "on_circuit": "returning handed_over stood_down died",
        "returning": "arrived died",
        "arrived": "cannulating handed_over died",
        "handed_over": "",
        "stood_down": "",
        "died": "",
    },
}
LIVES: list[tuple[type[StrEnum], Mapping[Any, frozenset[Any]], Callable[[Any, Any], Any]]] = [
    (RequestState, REQUEST_TRANSITIONS, advance_request),
    (OfferState, OFFER_TRANSITIONS, advance_offer),
    (MissionState, MISSION_TRANSITIONS, advance_mission),
]
WALKS = [(states, advance, old, new) for states, _, advance in LIVES for old, new in product(states, states)]


@pytest.mark.parametrize(("states", "advance", "old", "new"), WALKS, ids=lambda value: getattr(value, "value", ""))
def test_each_step_is_taken_or_refused(
    states: type[StrEnum], advance: Callable[[Any, Any], Any], old: StrEnum, new: StrEnum
) -> None:
    if str(new) in ALLOWED[states][old].split():
        assert advance(old, new) is new
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(old, new)
    assert refused.value.code.endswith(".transition")
    assert (refused.value.old, refused.value.new) == (old, new)


@pytest.mark.parametrize(("states", "table"), [(states, table) for states, table, _ in LIVES])
def test_tables_name_every_state(states: type[StrEnum], table: Mapping[Any, frozenset[Any]]) -> None:
    assert set(table) == set(ALLOWED[states]) == set(states)


def test_what_is_over_leads_nowhere_and_what_is_live_does() -> None:
    assert {one for one in RequestState if not REQUEST_TRANSITIONS[one]} == set(RequestState) - OPEN
    assert {RequestState.DRAFT} == OPEN - LIVE
    assert {one for one in MissionState if not MISSION_TRANSITIONS[one]} == MISSION_OVER


def test_each_decision_is_an_answer_and_only_acceptances_bind() -> None:
    assert set(OFFER_OF) == set(Decision)
    assert set(OFFER_OF.values()) == ANSWERED
    assert {one for one in OfferState if OfferState.BOUND in OFFER_TRANSITIONS[one]} == BINDABLE
    assert all(OFFER_TRANSITIONS[one] >= {OfferState.RELEASED} for one in PENDING)
