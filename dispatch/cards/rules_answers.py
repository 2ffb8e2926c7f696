"""What may be answered to a question. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from dispatch.cards.rules_set import CardSet, Question
from dispatch.cards.states import NO, NOT_MEASURED, UNKNOWN, YES, Answer, Answers, Kind
from dispatch.kernel.errors import Invalid, NotFound


def checked_answers(cards: CardSet, given: Mapping[str, object]) -> Answers:
    """Return the answers as rules take them. Raises Invalid: `answer.question`, `answer.value`."""
    return {key: checked_answer(cards, key, value) for key, value in given.items()}


def checked_answer(cards: CardSet, key: str, value: object) -> Answer:
    """Return one answer as rules take it. Raises Invalid: `answer.question`, `answer.value`."""
    question = cards.questions.get(key)
    if question is None:
        raise Invalid("answer.question", f"There is no question {key[:20]!r}.", "Ask for the cards again.")
    answer = answer_to(question, value)
    if answer is None:
        raise Invalid("answer.value", f"That is no answer to question {key}.", f"It takes {_takes(question)}.")
    return answer


def known_card(cards: CardSet, card_id: str) -> str:
    """Return the id of a card of the set. Raises NotFound (`card.not_found`)."""
    if card_id not in cards.cards:
        raise NotFound("card.not_found", "There is no such complaint card.", "Cards are K01 to K36.")
    return card_id


def answer_to(question: Question, value: object) -> Answer | None:
    """Return a value as an answer to this question; None when it is none."""
    if value == UNKNOWN:
        return UNKNOWN
    match question.kind:
        case Kind.NUMBER:
            if question.optional and value == NOT_MEASURED:
                return NOT_MEASURED
            return _number(question, value)
        case Kind.SEVERAL:
            return _several(question, value)
        case _:
            codes = (YES, NO) if question.kind is Kind.YES_NO else question.options
            return value if isinstance(value, str) and value in codes else None


def _number(question: Question, value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    inside = (question.low is None or value >= question.low) and (question.high is None or value <= question.high)
    return float(value) if inside else None


def _several(question: Question, value: object) -> tuple[str, ...] | None:
    if (
        not isinstance(value, list | tuple)
        or not value
        or any(not isinstance(code, str) or code not in question.options for code in value)
    ):
        return None
    chosen = tuple(code for code in question.options if code in value)
    # "None of these" excludes the others.
    return chosen if NOT_MEASURED not in chosen or len(chosen) == 1 else None


def _takes(question: Question) -> str:
    match question.kind:
        case Kind.NUMBER:
            return f"a number from {question.low:g} to {question.high:g} {question.unit}, or unknown"
        case Kind.SEVERAL:
            return f"a list of {', '.join(question.options)}, or unknown"
        case Kind.CHOICE:
            return f"one of {', '.join(question.options)}, or unknown"
        case _:
            return "yes, no or unknown"
