"""The built-in set against what each of its cards must ask and send."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from factories.cards import CARD_IDS, CARDS, meeting, normal

from dispatch.cards.rules_assess import assess
from dispatch.cards.rules_reading import builtin_text, read_cards
from dispatch.cards.rules_set import Texts
from dispatch.incidents.states_incidents import Priority

ASK = {
    "K01": "", "K02": "efjo", "K03": "cefhij", "K04": "cdejr", "K05": "enj", "K06": "fij", "K07": "cdjo", "K08": "di",
    "K09": "cgkj", "K10": "klmg", "K11": "kijg", "K12": "gkl", "K13": "fjk", "K14": "iklp", "K15": "fhkl", "K16": "eil",
    "K17": "oel", "K18": "flmo", "K19": "je", "K20": "ceij", "K21": "cgj", "K22": "efhij", "K23": "cfhj", "K24": "iqg",
    "K25": "fgij", "K26": "cip", "K27": "fir", "K28": "ceir", "K29": "dpr", "K30": "los", "K31": "pef", "K32": "cdoe",
    "K33": "elp", "K34": "klm", "K35": "t", "K36": "cehl",
}  # fmt: skip
"""The letters that the reference asks on each card, after a and b."""
ELSE = {
    "P1": "K01 K34", "P2": "K02 K05 K08 K15 K16 K18 K26", "P4": "K35",
}  # fmt: skip
"""Priorities without a sign of danger; all others are P3."""
PATHS = {
    "ARREST": "K01 K16", "CHEST": "K03 K22 K23", "STROKE": "K05", "TRAUMA": "K09 K10 K11 K12 K13 K14",
    "MATERNAL": "K24 K25", "NEONATAL": "K26", "MCI": "K34", "ECMO": "K35",
}  # fmt: skip


def texts() -> Iterator[Texts]:
    for question in CARDS.questions.values():
        yield question
        yield from question.options.values()
    for card in CARDS.cards.values():
        yield from (card.name, *card.p1, *card.p2)
    for instruction in CARDS.instructions.values():
        yield from (instruction.name, *instruction.steps)


def test_it_is_without_fault_and_says_that_nobody_signed_it_off() -> None:
    assert read_cards(builtin_text()).faults == ()
    assert CARDS.sign_off == "needs sign-off by a medical director"
    assert "ug" not in CARDS.reviewed


def test_there_are_36_cards_and_the_whole_question_bank() -> None:
    assert [f"K{number:02d}" for number in range(1, 37)] == CARD_IDS
    assert {key[0] for key in CARDS.questions} == set("abcdefghijklmnopqrst")


@pytest.mark.parametrize("card_id", CARD_IDS)
def test_a_card_asks_what_the_reference_asks_and_a_and_b_first(card_id: str) -> None:
    card = CARDS.cards[card_id]
    assert card.ask[:2] == ("a", "b")
    assert set(ASK[card_id]) <= {key[0] for key in card.ask}
    other = next((level for level, cards in ELSE.items() if card_id in cards.split()), "P3")
    assert card.other == other
    assert card.path == next((path for path, cards in PATHS.items() if card_id in cards.split()), "")


@pytest.mark.parametrize("card_id", CARD_IDS)
def test_a_card_reaches_each_of_its_priorities(card_id: str) -> None:
    card = CARDS.cards[card_id]
    quiet = normal(card_id)
    reached = {assess(CARDS, card_id, quiet).priority}
    assert reached == {card.other}, "all normal answers give the priority of the last column"
    universal = (*CARDS.universal.p1, *CARDS.universal.p2) if card.universal else ()
    for rule in (*card.p1, *card.p2, *universal):
        reached |= {assess(CARDS, card_id, quiet | way).priority for way in meeting(rule.when)}
    expected = {card.other}
    expected |= {Priority.P1} if card.p1 or card.universal else set()
    expected |= {Priority.P2} if card.p2 or card.universal else set()
    assert reached == expected


@pytest.mark.parametrize("card_id", CARD_IDS)
def test_every_rule_can_decide(card_id: str) -> None:
    """A rule behind another that always holds with it would never be seen."""
    card = CARDS.cards[card_id]
    quiet = normal(card_id)
    for level, rules in (("p1", card.p1), ("p2", card.p2)):
        for rule in rules:
            decided = {assess(CARDS, card_id, quiet | way).rule.id for way in meeting(rule.when)}
            held = {name for way in meeting(rule.when) for name in assess(CARDS, card_id, quiet | way).held}
            assert f"{card_id}.{level}.{rule.id}" in held
            shadowed = {"K05.p1.fast_not_awake", "K16.p1.breathing", "K26.p1.breathing"}
            if f"{card_id}.{level}.{rule.id}" not in shadowed:
                assert f"{card_id}.{level}.{rule.id}" in decided


def test_every_text_is_there_in_its_own_script() -> None:
    assert sum(1 for _ in texts()) > 400
    for one in texts():
        assert any("CJK" in unicodedata.name(sign, "") for sign in one.zh) or one.zh.isascii()
        assert one.en.isascii() or set(one.en) & set("½–°")
        assert any("ARABIC" in unicodedata.name(sign, "") for sign in one.ug) or one.ug.isascii()


def test_compressions_beat_between_100_and_120() -> None:
    beats = {key: one.metronome_per_min for key, one in CARDS.instructions.items() if key.startswith("TCPR")}
    assert set(beats) == {"TCPR_ADULT", "TCPR_CHILD", "TCPR_INFANT", "TCPR_NEWBORN", "TCPR_BREATHS"}
    assert all(beat is not None and 100 <= beat <= 120 for beat in beats.values())
    assert all(one.metronome_per_min is None for key, one in CARDS.instructions.items() if key not in beats)
