"""What makes a set of cards usable: every name leads somewhere, every rule can be met, no answer is missing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from dispatch.cards.rules_answers import answer_to
from dispatch.cards.rules_assess import assess
from dispatch.cards.rules_checks_conditions import Found, conditions
from dispatch.cards.rules_set import Advice, Card, CardSet, Letters, Question, Rule, Texts
from dispatch.cards.states import NOT_MEASURED, UNKNOWN, Kind
from dispatch.incidents.states_incidents import CAPABILITY_LETTERS, CARDS, TRANSFER_CARD, UNKNOWN_CARD, Priority

FIRST_QUESTIONS: Final = ("a", "b")
"""Awake, breathing: asked first on every card."""
LETTERS: Final = "abcdefghijklmnopqrst"
"""The question bank's letters; a question's id is one, or one with `_` and a word."""
PATHS: Final = ("", "ARREST", "CHEST", "STROKE", "TRAUMA", "MATERNAL", "NEONATAL", "MCI", "ECMO")
MOST_OPTIONS: Final = 8
"""With "unknown" that makes nine: as many as there are digits."""
BEATS: Final = (100, 120)
"""Chest compressions per minute (AHA and ERC guidelines)."""
_LONGEST: Final = 400
_ID: Final = re.compile(rf"[{LETTERS}](_[a-z0-9]+)*")
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_KEY: Final = re.compile(r"[A-Z0-9][A-Z0-9_]{0,39}")


def faults_of(cards: CardSet) -> Found:
    """Tell everything that is wrong with a set whose parts have the right form."""
    yield from _head(cards)
    for key, question in cards.questions.items():
        yield from _question(f"questions.{key}", key, question)
    for key, instruction in cards.instructions.items():
        place = f"instructions.{key}"
        if not _KEY.fullmatch(key):
            yield place, "a key is made of capital letters, digits and _"
        if not instruction.steps:
            yield f"{place}.steps", "there is no step"
        beat = instruction.metronome_per_min
        if beat is not None and not BEATS[0] <= beat <= BEATS[1]:
            yield f"{place}.metronome_per_min", f"compressions go at {BEATS[0]} to {BEATS[1]} per minute"
        yield from _texts(f"{place}.name", instruction.name)
        for number, step in enumerate(instruction.steps):
            yield from _texts(f"{place}.steps[{number}]", step)
    sound = True
    for card_id, card in cards.cards.items():
        for fault in _card(cards, card_id, card):
            sound = False
            yield fault
    if sound:
        yield from _priorities(cards)


def _head(cards: CardSet) -> Found:
    if not cards.version.strip():
        yield "version", "a set needs a version"
    if not cards.sign_off.strip():
        yield "sign_off", "say who signed the set off, or that nobody did"
    for card_id in (cards.universal.arrest_card, TRANSFER_CARD, UNKNOWN_CARD):
        if card_id not in cards.cards:
            yield "cards", f"{card_id} is missing"
    for key in FIRST_QUESTIONS:
        question = cards.questions.get(key)
        if question is None or question.kind is not Kind.YES_NO or not question.critical:
            yield f"questions.{key}", "must be there, answered with yes or no, and critical"
    for name in ("yes", "no", "unknown", "not_measured", "other"):
        yield from _texts(f"words.{name}", getattr(cards.words, name))
    general = cards.universal
    for level, rules in (("arrest", (general.arrest,)), ("p1", general.p1), ("p2", general.p2)):
        yield from _rules(cards, f"universal.{level}", rules, FIRST_QUESTIONS)


def _question(place: str, key: str, question: Question) -> Found:
    if not _ID.fullmatch(key):
        yield place, "an id is a letter from a to t, or one with _ and a word: h, h_breath"
    yield from _texts(place, question)
    yield from _options(place, question)
    yield from _number(place, question)
    if answer_to(question, question.normal) in (None, UNKNOWN):
        yield f"{place}.normal", "this is no answer to the question"


def _options(place: str, question: Question) -> Found:
    chooses = question.kind in (Kind.CHOICE, Kind.SEVERAL)
    if chooses != bool(question.options):
        yield f"{place}.options", "options are missing" if chooses else f"a {question.kind} question has no options"
    if len(question.options) > MOST_OPTIONS:
        yield f"{place}.options", f"at most {MOST_OPTIONS}: they are answered with one digit"
    for code, text in question.options.items():
        if not _CODE.fullmatch(code) or code == UNKNOWN:
            yield f"{place}.options.{code}", "a code is made of small letters, digits and _, and is not unknown"
        yield from _texts(f"{place}.options.{code}", text)
    if question.kind is Kind.SEVERAL and NOT_MEASURED not in question.options:
        yield f"{place}.options", f"one of them must be {NOT_MEASURED}: none of these"


def _number(place: str, question: Question) -> Found:
    number = question.kind is Kind.NUMBER
    if number != (question.low is not None and question.high is not None and bool(question.unit)):
        yield f"{place}.unit", "unit, low and high go with a number, and all three"
    elif question.low is not None and question.high is not None and question.low >= question.high:
        yield f"{place}.low", "low is not below high"
    if question.optional and not number:
        yield f"{place}.optional", "only a number can be left unmeasured"


def _card(cards: CardSet, card_id: str, card: Card) -> Found:
    place = f"cards.{card_id}"
    if card_id not in CARDS:
        yield place, f"cards are {CARDS[0]} to {CARDS[-1]}"
    yield from _texts(f"{place}.name", card.name)
    yield from _asked(cards, f"{place}.ask", card.ask)
    yield from _rules(cards, f"{place}.p1", card.p1, card.ask)
    yield from _rules(cards, f"{place}.p2", card.p2, card.ask)
    if card.path not in PATHS:
        yield f"{place}.path", f"paths are {', '.join(PATHS[1:])}"
    yield from _letters(cards, f"{place}.needs", card.needs, card.ask)
    yield from _letters(cards, f"{place}.alerts", card.alerts, card.ask)
    for number, advice in enumerate(card.instructions):
        yield from _advice(cards, f"{place}.instructions[{number}]", advice, card.ask)
    for number, key in enumerate(card.arrest_instructions):
        if key not in cards.instructions:
            yield f"{place}.arrest_instructions[{number}]", f"there is no instruction {key}"


def _asked(cards: CardSet, place: str, ask: tuple[str, ...]) -> Found:
    if ask[: len(FIRST_QUESTIONS)] != FIRST_QUESTIONS:
        yield place, "a and b are always asked first"
    if len(set(ask)) != len(ask):
        yield place, "a question stands here twice"
    for key in ask:
        if key not in cards.questions:
            yield place, f"there is no question {key}"


def _letters(cards: CardSet, place: str, rows: Iterable[Letters], asked: Iterable[str]) -> Found:
    for number, row in enumerate(rows):
        if not row.letters or set(row.letters) - set(CAPABILITY_LETTERS):
            yield f"{place}[{number}].letters", f"letters are {', '.join(CAPABILITY_LETTERS)}"
        yield from conditions(cards, f"{place}[{number}].when", row.when, asked)


def _rules(cards: CardSet, place: str, rules: Iterable[Rule], asked: Iterable[str]) -> Found:
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        where = f"{place}[{number}]"
        if not _CODE.fullmatch(rule.id) or rule.id in seen:
            yield f"{where}.id", "an id is small letters, digits and _, and stands once in a list"
        seen.add(rule.id)
        yield from _texts(where, rule)
        yield from conditions(cards, f"{where}.when", rule.when, asked)


def _advice(cards: CardSet, place: str, advice: Advice, asked: Iterable[str]) -> Found:
    if (advice.key is None) == (not advice.first):
        yield place, "give a key, or first with several"
    if advice.first and (advice.when or advice.unless):
        yield place, "conditions stand in the choices"
    for number, choice in enumerate(advice.first):
        yield from _advice(cards, f"{place}.first[{number}]", choice, asked)
    if advice.key is not None and advice.key not in cards.instructions:
        yield f"{place}.key", f"there is no instruction {advice.key}"
    yield from conditions(cards, f"{place}.when", advice.when, asked)
    yield from conditions(cards, f"{place}.unless", advice.unless, asked)


def _texts(place: str, texts: Texts) -> Found:
    for language in ("zh", "en", "ug"):
        text = getattr(texts, language)
        if not text.strip():
            yield f"{place}.{language}", "the text is empty"
        elif len(text) > _LONGEST:
            yield f"{place}.{language}", f"longer than {_LONGEST} characters"


def _priorities(cards: CardSet) -> Found:
    """All normal answers must give the card's `else`: so a danger is always told by a rule with words."""
    for card_id, card in cards.cards.items():
        normal = {key: answer_to(cards.questions[key], cards.questions[key].normal) for key in card.ask}
        found = assess(cards, card_id, {key: value for key, value in normal.items() if value is not None})
        if found.priority is not card.other:
            yield f"cards.{card_id}.else", f"all normal answers give {found.priority} by {found.rule.id}"
        if card.other is not Priority.P1 and not (card.p1 or card.universal):
            yield f"cards.{card_id}.p1", "no answer can make this card P1"
