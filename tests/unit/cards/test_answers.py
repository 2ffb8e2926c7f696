"""What is an answer to which question."""

from __future__ import annotations

import pytest
from factories.cards import CARDS

from dispatch.cards.rules_answers import checked_answers, known_card
from dispatch.kernel.errors import Invalid, NotFound


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("a", "yes", "yes"),
        ("a", "unknown", "unknown"),
        ("d", "single", "single"),
        ("i", 58, 58.0),
        ("i", "unknown", "unknown"),
        ("h_rate", "none", "none"),
        ("j", ["allergy", "heart", "heart"], ("heart", "allergy")),
        ("j", ["none"], ("none",)),
    ],
)
def test_answers_are_kept_in_one_form(key: str, given: object, kept: object) -> None:
    assert checked_answers(CARDS, {key: given}) == {key: kept}


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("a", "maybe"), ("a", True), ("a", 1), ("a", ["yes"]), ("d", "loud"), ("i", -1), ("i", 126), ("i", "58"),
        ("i", float("nan")), ("i", float("inf")), ("i", True), ("i", "none"), ("j", []), ("j", "heart"),
        ("j", ["heart", "none"]), ("j", ["heart", "x"]), ("j", None), ("j", [["heart"]]),
    ],
)  # fmt: skip
def test_anything_else_is_refused(key: str, given: object) -> None:
    with pytest.raises(Invalid) as caught:
        checked_answers(CARDS, {key: given})
    assert caught.value.code == "answer.value"
    assert key in caught.value.message


def test_an_unknown_question_or_card_is_told() -> None:
    with pytest.raises(Invalid) as caught:
        checked_answers(CARDS, {"zz": "yes"})
    assert caught.value.code == "answer.question"
    with pytest.raises(NotFound) as missed:
        known_card(CARDS, "K99")
    assert missed.value.code == "card.not_found"
