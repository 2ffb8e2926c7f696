"""What can be said, and by whom."""

from __future__ import annotations

import pytest

from dispatch.kernel.errors import Invalid
from dispatch.messages.rules import PHRASES, check_said
from dispatch.telemetry.detection.states import Side


def test_every_phrase_is_in_three_languages_and_every_side_has_some() -> None:
    assert all(one.zh and one.en and one.ug for one in PHRASES.values())
    assert {side for one in PHRASES.values() for side in one.sides} == set(Side)


def test_one_phrase_of_the_own_side_or_words_are_said() -> None:
    check_said(Side.CREW, "arrest", None)
    check_said(Side.HOSPITAL, None, "好")
    for side, phrase, words, code in (
        (Side.CREW, None, None, "message.empty"),
        (Side.CREW, "arrest", "好", "message.empty"),
        (Side.HOSPITAL, "arrest", None, "message.phrase"),
        (Side.CREW, "nonsense", None, "message.phrase"),
    ):
        with pytest.raises(Invalid) as refused:
            check_said(side, phrase, words)
        assert refused.value.code == code
