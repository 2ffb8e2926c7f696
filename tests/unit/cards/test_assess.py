"""The rules that all cards share, and those of single cards that people will look at first."""

from __future__ import annotations

import pytest
from factories.cards import CARDS, normal

from dispatch.cards.rules_assess import Assessment, assess
from dispatch.cards.states import Answer
from dispatch.incidents.states_incidents import Priority

AWAKE: dict[str, Answer] = {"a": "yes", "b": "yes"}


def found(card: str, **answers: Answer) -> Assessment:
    return assess(CARDS, card, {**AWAKE, **answers})


def test_cardiac_arrest_takes_two_questions_and_switches_the_card() -> None:
    told = found("K03", a="no", b="no")
    assert (told.priority, told.provisional, told.switch_to) == (Priority.P1, False, "K01")
    assert told.rule.id == "all.p1.arrest"
    assert told.capabilities == "BA"
    assert told.alerts == "E"
    assert told.path == "ARREST"
    assert told.instructions == ("TCPR_ADULT", "AED")
    assert assess(CARDS, "K01", {}).priority is Priority.P1


@pytest.mark.parametrize(
    ("card", "key"), [("K16", "TCPR_BREATHS"), ("K26", "TCPR_NEWBORN"), ("K08", "TCPR_ADULT"), ("K24", "TCPR_ADULT")]
)
def test_an_arrest_is_told_as_its_cause_asks(card: str, key: str) -> None:
    told = found(card, a="no", b="no")
    assert told.switch_to == "K01"
    assert told.instructions[0] == key


@pytest.mark.parametrize(
    ("size", "key", "beat"),
    [
        ("adult", "TCPR_ADULT", 110),
        ("child", "TCPR_CHILD", 110),
        ("infant", "TCPR_INFANT", 110),
        ("newborn", "TCPR_NEWBORN", 120),
        ("unknown", "TCPR_ADULT", 110),
    ],
)
def test_compressions_follow_the_size_of_the_patient(size: str, key: str, beat: int) -> None:
    told = assess(CARDS, "K01", {"a": "no", "b": "no", "i_size": size})
    assert told.instructions == (key, "AED")
    assert CARDS.instructions[key].metronome_per_min == beat
    assert told.switch_to == ""


def test_before_the_first_two_answers_it_may_be_an_arrest() -> None:
    told = assess(CARDS, "K03", {})
    assert (told.priority, told.provisional, told.ask_again) == (Priority.P1, True, ("a", "b"))
    assert told.switch_to == ""


def test_unknown_counts_as_worse_and_is_asked_again() -> None:
    told = found("K03", c="unknown", f="no")
    assert (told.priority, told.provisional, told.ask_again) == (Priority.P1, True, ("c",))
    assert told.rule.id == "K03.p1.sweat"
    known = found("K03", c="unknown", f="yes")
    assert (known.priority, known.provisional, known.ask_again) == (Priority.P1, False, ())
    assert known.rule.id == "K03.p1.faint", "the rule that is certain decides"


def test_what_nobody_asked_yet_is_told_as_open() -> None:
    told = found("K03", c="no", e="under_1_h", f="no", h_breath="none", i=30.0)
    assert (told.priority, told.rule.id, told.provisional) == (Priority.P3, "K03.else", False)
    assert told.open == ("j",)
    assert told.could_be is Priority.P2


def test_all_answered_leaves_nothing_open() -> None:
    told = assess(CARDS, "K03", normal("K03"))
    assert (told.open, told.could_be, told.priority) == ((), Priority.P3, Priority.P3)


def test_not_awake_is_p1_on_other_cards_but_drowsy_is_told_from_unresponsive_where_the_card_asks() -> None:
    assert found("K20", a="no").rule.id == "all.p1.not_awake"
    assert found("K19", a="no", a_rouse="yes").rule.id == "K19.p2.confused"
    assert found("K19", a="no", a_rouse="no").rule.id == "K19.p1.unresponsive"
    assert found("K19", a="no").provisional, "whether it can be roused was not asked yet"


def test_a_ventilated_patient_between_hospitals_is_no_arrest() -> None:
    told = assess(CARDS, "K35", {"a": "no", "b": "no", "t": "icu", "t_support": ("ventilator",)})
    assert (told.priority, told.switch_to) == (Priority.P2, "")
    assert told.capabilities == "BA"
    assert assess(CARDS, "K35", {**AWAKE, "t": "ecmo"}).capabilities == "BAE"
    assert assess(CARDS, "K35", normal("K35")).priority is Priority.P4


def test_letters_are_needed_when_certain_and_others_are_told_when_possible() -> None:
    assert found("K04", r="unknown").capabilities == "A"
    assert found("K04", r="yes").capabilities == "AG"
    assert found("K10", l_trapped="unknown").alerts == "RP"
    assert found("K10", l_trapped="no").alerts == "P"


def test_aspirin_waits_until_allergy_and_thinner_are_ruled_out() -> None:
    assert found("K03", i=58.0).instructions == ("REST",)
    assert found("K03", i=58.0, j="unknown").instructions == ("REST",)
    assert found("K03", i=58.0, j=("heart", "allergy")).instructions == ("REST",)
    assert found("K03", i=58.0, j=("heart",)).instructions == ("REST", "ASPIRIN")
    assert not CARDS.instructions["ASPIRIN"].enabled


@pytest.mark.parametrize(
    ("card", "answers", "rule"),
    [
        ("K03", {"c": "yes"}, "K03.p1.sweat"),
        ("K03", {"i": 35.0}, "K03.p2.age"),
        ("K05", {"n": ("arm",)}, "K05.p2.fast"),
        ("K06", {"f_fitting": "yes", "f_minutes": 6.0}, "K06.p1.long"),
        ("K06", {"f_fitting": "yes", "f_minutes": 5.0}, "K06.p2.fitting"),
        ("K08", {"d": "cannot"}, "K08.p1.cannot"),
        ("K10", {"m": 3.0}, "K10.p1.several"),
        ("K11", {"k_height": 3.0}, "K11.p2.height"),
        ("K11", {"k_height": 3.5}, "K11.p1.high"),
        ("K14", {"k_area": 15.0, "i": 8.0}, "K14.p1.child"),
        ("K14", {"k_area": 15.0, "i": 30.0}, "K14.else"),
        ("K17", {"o": "paraquat"}, "K17.p1.deadly"),
        ("K20", {"i": 51.0, "e_back": "yes"}, "K20.p1.back"),
        ("K20", {"i": 50.0, "e_back": "yes"}, "K20.else"),
        ("K24", {"q_signs": ("crowning",)}, "K24.p1.coming"),
        ("K24", {"q": 4.0}, "K24.p2.close"),
        ("K31", {"p_temp": "none"}, "K31.else"),
        ("K31", {"p_temp": 40.5}, "K31.p1.temperature"),
        ("K34", {"m": 12.0}, "K34.p1.large"),
        ("K34", {"m": 3.0}, "K34.p1.always"),
    ],
)
def test_rules_of_single_cards(card: str, answers: dict[str, Answer], rule: str) -> None:
    assert found(card, **answers).rule.id == rule


def test_a_preterm_birth_asks_for_a_neonatal_team_and_a_term_one_does_not() -> None:
    assert found("K24", i_weeks=39.0).capabilities == "AO"
    assert found("K24", i_weeks=33.0).capabilities == "ANO"
    assert found("K24", i_weeks="unknown").capabilities == "AO"
