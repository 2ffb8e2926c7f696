"""Answers to complaint cards, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hypothesis import strategies as st

from dispatch.cards.rules_answers import answer_to
from dispatch.cards.rules_conditions import Condition
from dispatch.cards.rules_reading import builtin_cards
from dispatch.cards.rules_set import CardSet, Question
from dispatch.cards.states import UNKNOWN, Answer, Answers, Kind

CARDS: Final[CardSet] = builtin_cards()
CARD_IDS: Final = sorted(CARDS.cards)


def normal(card_id: str, cards: CardSet = CARDS) -> dict[str, Answer]:
    """Every question of a card answered so that nothing speaks for danger."""
    found = {}
    for key in cards.cards[card_id].ask:
        answer = answer_to(cards.questions[key], cards.questions[key].normal)
        assert answer is not None
        found[key] = answer
    return found


def answers_of(question: Question) -> st.SearchStrategy[Answer]:
    """Any answer to a question, unknown among them."""
    known: st.SearchStrategy[Answer]
    match question.kind:
        case Kind.YES_NO:
            known = st.sampled_from(["yes", "no"])
        case Kind.CHOICE:
            known = st.sampled_from(sorted(question.options))
        case Kind.SEVERAL:
            some = sorted(set(question.options) - {"none"})
            known = st.one_of(st.just(("none",)), st.lists(st.sampled_from(some), min_size=1, unique=True).map(tuple))
        case _:
            assert question.low is not None
            assert question.high is not None
            known = st.floats(question.low, question.high, allow_nan=False).map(lambda value: float(round(value)))
    return st.one_of(known, st.just(UNKNOWN))


@st.composite
def complaints(draw: st.DrawFn) -> tuple[str, Answers]:
    """A card and some of its questions answered."""
    card_id = draw(st.sampled_from(CARD_IDS))
    asked = draw(st.sets(st.sampled_from(CARDS.cards[card_id].ask)))
    return card_id, {key: draw(answers_of(CARDS.questions[key])) for key in sorted(asked)}


def meeting(condition: Condition | None) -> Iterator[dict[str, Answer]]:
    """Answers that make a condition true, one way after another."""
    if condition is None:
        yield {}
    elif condition.all is not None:
        ways: list[dict[str, Answer]] = [{}]
        for part in condition.all:
            ways = [way | more for way in ways for more in meeting(part)]
        yield from ways
    elif condition.any is not None:
        for part in condition.any:
            yield from meeting(part)
    else:
        assert condition.q is not None
        question = CARDS.questions[condition.q]
        if not condition.bounded:
            yield from ({condition.q: (code,) if question.kind is Kind.SEVERAL else code} for code in condition.codes)
            return
        low = condition.at_least if condition.at_least is not None else condition.above
        high = condition.at_most if condition.at_most is not None else condition.below
        assert question.low is not None
        assert question.high is not None
        yield {condition.q: low + 1 if low is not None else (high or 0.0) - 1}
