"""What makes a condition usable: it asks what its card asks, and compares with answers that can be given. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from dispatch.cards.rules_answers import answer_to
from dispatch.cards.rules_conditions import Condition
from dispatch.cards.rules_set import CardSet
from dispatch.cards.states import UNKNOWN, Kind

Found: TypeAlias = Iterator[tuple[str, str]]
"""Where, and what is wrong there."""


def conditions(cards: CardSet, place: str, condition: Condition | None, asked: Iterable[str]) -> Found:
    """Tell what is wrong with a condition: its form, its questions and the answers that it names."""
    if condition is None:
        return
    forms = sum((condition.all is not None, condition.any is not None, condition.q is not None))
    if forms != 1:
        yield place, "give exactly one of all, any and q"
        return
    if condition.q is not None:
        yield from _comparison(cards, place, condition, condition.q, asked)
        return
    if condition.codes or condition.bounded:
        yield place, "a comparison needs its question q"
    for name, parts in (("all", condition.all), ("any", condition.any)):
        if parts is not None and not parts:
            yield f"{place}.{name}", "nothing stands in it"
        for number, part in enumerate(parts or ()):
            yield from conditions(cards, f"{place}.{name}[{number}]", part, asked)


def _comparison(cards: CardSet, place: str, condition: Condition, key: str, asked: Iterable[str]) -> Found:
    question = cards.questions.get(key)
    if question is None or key not in asked:
        yield f"{place}.q", f"{key} is not asked here"
        return
    compares = bool(condition.codes) + condition.bounded
    if compares != 1 or condition.bounded != (question.kind is Kind.NUMBER):
        yield place, "compare a number by above, at_least, below, at_most; all else by is"
        return
    for code in condition.codes:
        value = [code] if question.kind is Kind.SEVERAL else code
        if answer_to(question, value) in (None, UNKNOWN):
            yield f"{place}.is", f"{code} is no answer to {key}"
