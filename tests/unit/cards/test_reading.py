"""A set of one's own: what is wrong with it is told by card and field."""

from __future__ import annotations

import pytest

from dispatch.cards.rules_reading import BadCards, builtin_text, good_cards, read_cards

TEXT = builtin_text()


def faults(old: str, new: str) -> list[str]:
    assert old in TEXT
    reading = read_cards(TEXT.replace(old, new, 1))
    assert reading.cards is None
    return [str(fault) for fault in reading.faults]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('ask = ["a", "b", "i_size"]', 'ask = ["a", "i_size"]', "cards.K01.ask: a and b are always asked first"),
        ('ask = ["a", "b", "i_size"]', 'ask = ["a", "b", "i_sice"]', "cards.K01.ask: there is no question i_sice"),
        ('{ q = "h_breath", is = "severe" }', '{ q = "h_breath", is = "bad" }', "cards.K03.p1[2].when.is: bad is no"),
        ('{ q = "h_breath", is = "severe" }', '{ q = "d", is = "single" }', "cards.K03.p1[2].when.q: d is not asked"),
        ('{ q = "h_breath", is = "severe" }', '{ q = "h_breath", above = 3 }', "cards.K03.p1[2].when: compare"),
        ('{ q = "h_breath", is = "severe" }', "{ all = [] }", "cards.K03.p1[2].when.all: nothing stands in it"),
        ('{ q = "h_breath", is = "severe" }', '{ q = "c", q2 = 1 }', "cards.K03.p1[2].when: Object contains unknown"),
        ('id = "faint", when = { q = "f"', 'id = "sweat", when = { q = "f"', "cards.K03.p1[1].id: an id is"),
        ('path = "CHEST"', 'path = "HEART"', "cards.K03.path: paths are"),
        ('{ key = "REST" }', '{ key = "NAP" }', "cards.K03.instructions[0].key: there is no instruction NAP"),
        ('letters = "AB"', 'letters = "AX"', "cards.K01.needs[0].letters: letters are"),
        (
            "metronome_per_min = 110",
            "metronome_per_min = 90",
            "TCPR_ADULT.metronome_per_min: compressions",
        ),
        ('zh = "他清醒吗？能回答您吗？"', 'zh = " "', "questions.a.zh: the text is empty"),
        ('normal = "yes"', 'normal = "maybe"', "questions.a.normal: this is no answer"),
        ("[cards.K02]", "[cards.K77]", "cards.K77: cards are K01 to K36"),
        ("[cards.K36]", "[cards.K00]", "cards: K36 is missing"),
        ("high = 240", "high = 0", "questions.f_minutes.low: low is not below high"),
        ('version = "2026.11"', 'version = "2026.11"\nauthor = "x"', "author: nobody knows this"),
        ('version = "2026.11"', "version = 3", "version: Expected `str`, got `int`"),
        ('version = "2026.11"', "version = ", "this is no TOML"),
        (
            'when = { q = "c_blue", is = "yes" }, zh = "口唇',
            'when = { q = "c_blue", is = "no" }, zh = "口唇',
            "all normal",
        ),
    ],
)
def test_a_fault_is_told_by_its_place(old: str, new: str, told: str) -> None:
    assert any(told in fault for fault in faults(old, new)), faults(old, new)


def test_all_faults_are_told_at_once() -> None:
    text = TEXT.replace('letters = "AB"', 'letters = "AX"').replace('path = "CHEST"', 'path = "HEART"')
    reading = read_cards(text)
    assert [fault.place for fault in reading.faults] == [
        "cards.K01.needs[0].letters", "cards.K03.path", "cards.K22.path", "cards.K23.path",
    ]  # fmt: skip
    with pytest.raises(BadCards, match="4 faults"):
        good_cards(text)


@pytest.mark.parametrize("text", ["", "a = 1", "\0", "[cards]\n", "x" * 1_000_001, '"\ud800" = 1'])
def test_rubbish_is_refused_in_words(text: str) -> None:
    reading = read_cards(text)
    assert reading.cards is None
    assert reading.faults


def test_an_own_text_changes_the_digest_and_nothing_else() -> None:
    changed = good_cards(TEXT.replace("他清醒吗？", "人清醒吗？"))
    assert changed.digest != good_cards(TEXT).digest
    assert changed.questions["a"].zh.startswith("人清醒吗？")
