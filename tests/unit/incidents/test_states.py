"""Every transition of every lifecycle, and every refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from dispatch.incidents.states import IllegalTransition
from dispatch.incidents.states_calls import (
    CALL_BACK_TRANSITIONS,
    CALL_TRANSITIONS,
    CallBackState,
    CallState,
    advance_call,
    advance_call_back,
)
from dispatch.incidents.states_incidents import (
    ACTIVE,
    CAPABILITY_LETTERS,
    CARDS,
    INCIDENT_TRANSITIONS,
    IncidentState,
    advance_incident,
)
from dispatch.incidents.states_patients import PATIENT_TRANSITIONS, PatientState, advance_patient
from dispatch.units.states import CAPABILITY_ORDER

# Written out by hand, apart from the tables: what a person would say is allowed.
ALLOWED: dict[type[StrEnum], set[str]] = {
    CallState: {"ringing>answered", "ringing>abandoned", "answered>ended"},
    CallBackState: {"waiting>waiting", "waiting>reached", "waiting>given_up", "waiting>withdrawn"},
    IncidentState: {
        "open>dispatched",
        "open>cancelled",
        "dispatched>open",
        "dispatched>on_scene",
        "dispatched>cancelled",
        "on_scene>open",
        "on_scene>closed",
    },
    PatientState: {
        "open>settled",
        "open>merged",
        "settled>settled",
        "settled>merged",
        "merged>open",
        "merged>settled",
    },
}
LIVES: list[tuple[type[StrEnum], Mapping[Any, frozenset[Any]], Callable[[Any, Any], Any]]] = [
    (CallState, CALL_TRANSITIONS, advance_call),
    (CallBackState, CALL_BACK_TRANSITIONS, advance_call_back),
    (IncidentState, INCIDENT_TRANSITIONS, advance_incident),
    (PatientState, PATIENT_TRANSITIONS, advance_patient),
]
WALKS = [(states, advance, old, new) for states, _, advance in LIVES for old, new in product(states, states)]


@pytest.mark.parametrize(("states", "advance", "old", "new"), WALKS, ids=lambda value: getattr(value, "value", ""))
def test_each_step_is_taken_or_refused(
    states: type[StrEnum], advance: Callable[[Any, Any], Any], old: StrEnum, new: StrEnum
) -> None:
    if f"{old}>{new}" in ALLOWED[states]:
        assert advance(old, new) is new
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(old, new)
    assert refused.value.code.endswith(".transition")
    assert (refused.value.old, refused.value.new) == (old, new)
    assert str(old) in refused.value.message


@pytest.mark.parametrize(("states", "table"), [(states, table) for states, table, _ in LIVES])
def test_tables_name_every_state(states: type[StrEnum], table: Mapping[Any, frozenset[Any]]) -> None:
    assert set(table) == set(states)


def test_what_is_over_leads_nowhere() -> None:
    over = {state for state, leads in INCIDENT_TRANSITIONS.items() if not leads}
    assert over == set(IncidentState) - ACTIVE


def test_sets_are_those_of_the_cards_and_the_units() -> None:
    assert (CARDS[0], CARDS[-1], len(set(CARDS))) == ("K01", "K36", 36)
    assert CAPABILITY_LETTERS == CAPABILITY_ORDER
