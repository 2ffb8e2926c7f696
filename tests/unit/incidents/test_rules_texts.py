"""What people may write, and what others see of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.rules_texts import (
    LIMITS,
    capability_letters,
    card_id,
    language_code,
    masked,
    personal_text,
    reference,
)
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.errors import Invalid

K = PersonalKind


def refusal(kind: PersonalKind, value: str) -> str:
    with pytest.raises(Invalid) as refused:
        personal_text(kind, value)
    return refused.value.code


def test_limits() -> None:
    assert personal_text(K.NOTE, "注" * 20_000) == "注" * 20_000
    assert refusal(K.NOTE, "注" * 20_001) == "text.too_long"
    assert refusal(K.NOTE, "x" * 100_000) == "text.too_long"
    assert set(LIMITS) == set(PersonalKind)


@pytest.mark.parametrize("kind", PersonalKind)
def test_signs_that_cannot_be_kept(kind: PersonalKind) -> None:
    assert refusal(kind, "a\ud800b") == "text.sign"
    assert refusal(kind, "a\x00b") == "text.sign"
    assert refusal(kind, "a\x1bb") == "text.sign"
    assert refusal(kind, "  ") == "text.empty"
    assert refusal(kind, "9" * 100_000) == "text.too_long"


def test_telephone_numbers() -> None:
    assert personal_text(K.PHONE, " １３８ 1234-1234 ") == "13812341234"
    assert personal_text(K.PHONE, "+86 (0997) 212 3456") == "+8609972123456"
    assert refusal(K.PHONE, "call me") == "text.phone"
    assert refusal(K.NAME, "张\n三") == "text.sign"


def test_masks() -> None:
    assert masked(K.PHONE, "13812341234") == "138****1234"
    assert masked(K.PHONE, "09972123") == "09****23"
    assert masked(K.PHONE, "2123456") == "****"
    assert masked(K.ID_NUMBER, "652901198001011234") == "652****34"
    assert masked(K.ID_NUMBER, "12345678") == "****"
    assert masked(K.ADDRESS, "示例市示例路12号2单元301") == "示例市示例路****"
    assert masked(K.ADDRESS, "12 Example Street, flat 3") == "12 Example Street****"
    assert masked(K.ADDRESS, "3楼") == "****"
    assert masked(K.NAME, "阿不都·示例") == "阿**"
    assert masked(K.NAME, "张") == "*"
    assert masked(K.NOTE, "张三 138") == "****"
    assert masked(K.PHONE, None) == ""


@given(st.sampled_from(PersonalKind), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60))
def test_a_mask_never_shows_all(kind: PersonalKind, value: str) -> None:
    shown = masked(kind, value)
    assert shown != value
    assert "*" in shown
    if kind in (K.PHONE, K.ID_NUMBER):
        # The middle, at least four signs, is gone.
        assert len(value) - (len(shown) - 4) >= 4 or shown == "****"


def test_codes() -> None:
    assert [language_code(code) for code in ("zh", "ug", "zh-Hans-CN", "")] == ["zh", "ug", "zh-Hans-CN", ""]
    assert capability_letters("BAAB") == "BA"
    assert capability_letters("PA") == "AP"
    assert card_id("K36") == "K36"
    for check, bad in (
        (language_code, "Chinese!"),
        (card_id, "K37"),
        (card_id, "k01"),
        (capability_letters, "BX"),
        (lambda value: reference(value, "id"), ""),
        (lambda value: reference(value, "id"), "a b"),
        (lambda value: reference(value, "id"), "x" * 129),
        (lambda value: reference(value, "id"), "a\ud800"),
    ):
        with pytest.raises(Invalid):
            check(bad)
