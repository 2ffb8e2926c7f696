"""Who looks after a patient when, what an outcome needs, and when an incident may close."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.rules_patients import (
    CareSpan,
    OutcomeGiven,
    check_care,
    check_close,
    check_outcome,
    overlap,
    placeholder,
)
from dispatch.incidents.states_patients import Care, PatientOutcome, PatientState, Proof
from dispatch.kernel.errors import Conflict, Invalid

HOSPITAL = UUID(int=9)


def span(unit: int, begin: int, end: int | None, care: Care = Care.CARRIES) -> CareSpan:
    ends_at = None if end is None else START + timedelta(minutes=end)
    return CareSpan(UUID(int=unit), care, START + timedelta(minutes=begin), ends_at)


SPANS = st.builds(
    lambda unit, begin, length, care: span(unit, begin, None if length is None else begin + length, care),
    st.integers(1, 3),
    st.integers(0, 30),
    st.one_of(st.none(), st.integers(1, 20)),
    st.sampled_from(Care),
)


@given(st.lists(SPANS, max_size=12))
def test_no_patient_is_ever_carried_by_two(offered: list[CareSpan]) -> None:
    taken: list[CareSpan] = []
    for one in offered:
        try:
            check_care(taken, one)
        except Conflict:
            continue
        taken.append(one)
    carriers = [one for one in taken if one.care is Care.CARRIES]
    for minute in range(60):
        now = START + timedelta(minutes=minute)
        there = [one for one in carriers if one.begins_at <= now and (one.ends_at is None or now < one.ends_at)]
        assert len(there) <= 1


@given(SPANS, SPANS)
def test_overlap_is_mutual(first: CareSpan, second: CareSpan) -> None:
    assert overlap(first, second) == overlap(second, first)


def test_relay_and_rendezvous() -> None:
    present = [span(1, 0, 10)]
    check_care(present, span(2, 10, None))
    check_care([span(1, 0, None)], span(2, 5, None, Care.ATTENDS))
    with pytest.raises(Conflict, match="carries"):
        check_care([span(1, 0, None)], span(2, 5, None))
    with pytest.raises(Conflict, match="already"):
        check_care([span(1, 0, None)], span(1, 5, None))
    with pytest.raises(Invalid):
        check_care([], span(1, 5, 5))


O = PatientOutcome  # noqa: E741 - the outcomes, many times


@pytest.mark.parametrize(
    "given",
    [
        OutcomeGiven(O.TRANSPORTED, destination_id=HOSPITAL),
        OutcomeGiven(O.TRANSPORTED, destination_words="示例县医院"),
        OutcomeGiven(O.TREATED_LEFT),
        OutcomeGiven(O.REFUSED, proof=Proof.SIGNATURE),
        OutcomeGiven(O.REFUSED, proof=Proof.WITNESS, witness="示例人"),
        OutcomeGiven(O.DEAD_ON_SCENE),
        OutcomeGiven(O.RESUSCITATION_STOPPED),
        OutcomeGiven(O.NOT_FOUND),
        OutcomeGiven(O.HANDED_ON, handed_to="119"),
    ],
)
def test_complete_outcomes(given: OutcomeGiven) -> None:
    check_outcome(given)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (OutcomeGiven(O.TRANSPORTED), "outcome.destination"),
        (OutcomeGiven(O.TREATED_LEFT, destination_id=HOSPITAL), "outcome.destination"),
        (OutcomeGiven(O.REFUSED), "outcome.proof"),
        (OutcomeGiven(O.NOT_FOUND, proof=Proof.SIGNATURE), "outcome.proof"),
        (OutcomeGiven(O.REFUSED, proof=Proof.WITNESS), "outcome.witness"),
        (OutcomeGiven(O.REFUSED, proof=Proof.SIGNATURE, witness="示例人"), "outcome.witness"),
        (OutcomeGiven(O.HANDED_ON), "outcome.handed_to"),
        (OutcomeGiven(O.DEAD_ON_SCENE, handed_to="110"), "outcome.handed_to"),
    ],
)
def test_incomplete_outcomes(given: OutcomeGiven, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_outcome(given)
    assert refused.value.code == code


@given(st.lists(st.sampled_from(PatientState), max_size=6))
def test_an_incident_closes_when_every_patient_is_settled(states: list[PatientState]) -> None:
    if states and PatientState.OPEN not in states:
        check_close(states)
        return
    with pytest.raises(Conflict) as refused:
        check_close(states)
    assert refused.value.code == ("incident.open_patients" if states else "incident.no_patients")


def test_somebody_unknown_has_a_name() -> None:
    assert placeholder("2026-000123", 2) == "无名氏2026-000123-2"
