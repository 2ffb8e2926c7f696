"""What must hold for any card and any answers."""

from __future__ import annotations

from factories.cards import CARDS, answers_of, complaints
from hypothesis import given
from hypothesis import strategies as st

from dispatch.cards.rules_assess import assess
from dispatch.cards.rules_conditions import Condition, holds
from dispatch.cards.states import UNKNOWN, Answer, Answers

Complaint = tuple[str, Answers]
KEYS = ("a", "c", "i", "j")
ATOMS = st.one_of(
    st.sampled_from(["a", "c"]).flatmap(
        lambda key: st.sampled_from(["yes", "no"]).map(lambda code: Condition(q=key, is_=code))
    ),
    st.integers(0, 125).map(lambda bound: Condition(q="i", at_least=float(bound))),
    st.sampled_from(["heart", "none"]).map(lambda code: Condition(q="j", is_=code)),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Condition(all=tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Condition(any=tuple(parts))),
    ),
    max_leaves=8,
)


@st.composite
def known_answers(draw: st.DrawFn) -> dict[str, Answer]:
    drawn = {key: draw(answers_of(CARDS.questions[key])) for key in KEYS}
    return {key: value for key, value in drawn.items() if value != UNKNOWN}


@given(complaints(), st.data())
def test_an_answer_that_becomes_unknown_never_lowers_urgency(complaint: Complaint, data: st.DataObject) -> None:
    card_id, answers = complaint
    key = data.draw(st.sampled_from(CARDS.cards[card_id].ask))
    before, after = assess(CARDS, card_id, answers), assess(CARDS, card_id, {**answers, key: UNKNOWN})
    assert after.priority.rank <= before.priority.rank
    assert after.could_be.rank <= before.could_be.rank


@given(complaints())
def test_an_assessment_says_how_it_came_about(complaint: Complaint) -> None:
    card_id, answers = complaint
    told = assess(CARDS, card_id, answers)
    assert told.could_be.rank <= told.priority.rank
    assert told.provisional == bool(told.ask_again)
    assert set(told.ask_again) <= {key for key, value in answers.items() if value == UNKNOWN} | {"a", "b", "a_rouse"}
    assert told.rule.id.endswith(".else") or told.rule.id in told.held
    assert set(told.open) | set(answers) == set(CARDS.cards[card_id].ask)
    assert set(told.instructions) <= set(CARDS.instructions)


@given(complaints(), st.data())
def test_answering_one_more_question_stays_within_what_it_could_be(complaint: Complaint, data: st.DataObject) -> None:
    card_id, answers = complaint
    before = assess(CARDS, card_id, answers)
    if before.open:
        key = data.draw(st.sampled_from(before.open))
        after = assess(CARDS, card_id, {**answers, key: data.draw(answers_of(CARDS.questions[key]))})
        assert after.could_be.rank >= before.could_be.rank


@given(complaints())
def test_other_cards_answers_change_nothing(complaint: Complaint) -> None:
    card_id, answers = complaint
    strange: dict[str, Answer] = {key: "unknown" for key in CARDS.questions if key not in CARDS.cards[card_id].ask}
    assert assess(CARDS, card_id, answers) == assess(CARDS, card_id, {**strange, **answers})


@given(CONDITIONS, known_answers(), st.sets(st.sampled_from(KEYS)))
def test_an_open_condition_stays_open_for_either_end(
    condition: Condition, answers: dict[str, Answer], forgotten: set[str]
) -> None:
    """What is certain with an unknown answer is what every answer in its place would give."""
    whole = {key: answers.get(key, "no" if key != "j" else ("none",)) for key in KEYS} | (
        {"i": answers["i"]} if "i" in answers else {"i": 40.0}
    )
    partly = {key: UNKNOWN if key in forgotten else value for key, value in whole.items()}
    known, open_ = holds(condition, whole), holds(condition, partly)
    assert known is not None
    assert open_ in (known, None)
