"""How urgent a complaint is by the answers so far, by which rule, and what follows from it. Pure.

Source: Tarim's open card set (builtin.toml). Unknown counts as worse: a rule that an unknown answer
could make true holds until the answer is known, and is then called provisional. A question that nobody asked yet counts
as unknown where it is critical (awake, breathing); of the others `could_be` says how urgent they could still make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dispatch.cards.rules_conditions import holds, unknown_in
from dispatch.cards.rules_set import Advice, Card, CardSet, Letters, Rule, Texts
from dispatch.cards.states import UNKNOWN, Answers
from dispatch.incidents.rules_texts import capability_letters
from dispatch.incidents.states_incidents import Priority

ELSE: Final = "else"
_UNIVERSAL: Final = "all"


@dataclass(frozen=True, slots=True)
class Decided:
    """The rule that decided: `K03.p1.sweat`, `all.p1.arrest`, `K03.else`; with its words."""

    id: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers so far say.

    provisional: no known answer makes it that urgent, unknown ones may; `ask_again` are these questions. held: every
    rule that holds or may hold, the most urgent first. open: questions not asked yet; could_be: the most urgent that
    they may still make it. capabilities: letters the vehicle must bring. alerts: letters to be told besides.
    switch_to: the arrest card, when this has become a cardiac arrest under another card; "" else.
    """

    card: str
    version: str
    priority: Priority
    provisional: bool
    rule: Decided
    held: tuple[str, ...]
    ask_again: tuple[str, ...]
    open: tuple[str, ...]
    could_be: Priority
    capabilities: str
    alerts: str
    path: str
    instructions: tuple[str, ...]
    switch_to: str


@dataclass(frozen=True, slots=True)
class _Held:
    """A rule that is true (certain) or may be."""

    priority: Priority
    id: str
    rule: Rule
    certain: bool


def assess(cards: CardSet, card_id: str, answers: Answers) -> Assessment:
    """Assess a complaint. `answers` are checked ones (`rules_answers`); those to other cards' questions are left out.

    Raises KeyError for a card that the set does not have.
    """
    card = cards.cards[card_id]
    asked = {key: answers[key] for key in card.ask if key in answers}
    unasked = [key for key in card.ask if key not in answers]
    known = asked | {key: UNKNOWN for key in unasked if cards.questions[key].critical}
    worst = asked | dict.fromkeys(unasked, UNKNOWN)
    held = tuple(_held(cards, card_id, known))
    priority, decided, certain = _decide(cards, card_id, held)
    doubtful = [one for one in held if one.priority is priority and not one.certain] if not certain else []
    asking = {key for one in doubtful for key in unknown_in(one.rule.when, known)}
    arrest = any(one.certain and one.rule is cards.universal.arrest for one in held)
    told = _following(cards, card, asked, worst, arrest=arrest)
    return Assessment(
        card=card_id,
        version=cards.version,
        priority=priority,
        provisional=not certain,
        rule=decided,
        held=tuple(one.id for one in held),
        ask_again=tuple(key for key in card.ask if key in asking),
        open=tuple(unasked),
        could_be=_decide(cards, card_id, tuple(_held(cards, card_id, worst)))[0],
        capabilities=told.capabilities,
        alerts=told.alerts,
        path=told.path,
        instructions=told.instructions,
        switch_to=cards.universal.arrest_card if arrest and card_id != cards.universal.arrest_card else "",
    )


def _rules(cards: CardSet, card_id: str) -> Iterator[tuple[Priority, str, Rule]]:
    """All rules of a card with their ids, the most urgent first, the universal ones before its own."""
    card, general = cards.cards[card_id], cards.universal
    levels = ((Priority.P1, "p1", general.p1, card.p1), (Priority.P2, "p2", general.p2, card.p2))
    if card.universal:
        yield Priority.P1, f"{_UNIVERSAL}.p1.{general.arrest.id}", general.arrest
    for priority, level, shared, own in levels:
        graded = priority is Priority.P1 and card.grades_consciousness
        for rule in shared if card.universal and not graded else ():
            yield priority, f"{_UNIVERSAL}.{level}.{rule.id}", rule
        for rule in own:
            yield priority, f"{card_id}.{level}.{rule.id}", rule


def _held(cards: CardSet, card_id: str, answers: Answers) -> Iterator[_Held]:
    for priority, rule_id, rule in _rules(cards, card_id):
        found = holds(rule.when, answers)
        if found is not False:
            yield _Held(priority, rule_id, rule, certain=found is True)


def _decide(cards: CardSet, card_id: str, held: tuple[_Held, ...]) -> tuple[Priority, Decided, bool]:
    """The priority, the rule that decided, and whether it is certain."""
    card = cards.cards[card_id]
    if not held or held[0].priority.rank > card.other.rank:
        return card.other, Decided(f"{card_id}.{ELSE}", cards.words.other), True
    same = [one for one in held if one.priority is held[0].priority]
    first = next((one for one in same if one.certain), same[0])
    rule = first.rule
    # An uncertain rule that asks for no more than the card does anyway is no doubt about the priority.
    certain = first.certain or first.priority is card.other
    return first.priority, Decided(first.id, Texts(zh=rule.zh, en=rule.en, ug=rule.ug)), certain


@dataclass(frozen=True, slots=True)
class _Following:
    capabilities: str
    alerts: str
    path: str
    instructions: tuple[str, ...]


def _following(cards: CardSet, card: Card, asked: Answers, worst: Answers, *, arrest: bool) -> _Following:
    """What a card asks for; in an arrest the arrest card's as well.

    A letter is needed only once that is certain: one that no vehicle nearby has would send a farther one. Whom to tell
    is told as soon as it may be so.
    """
    both = [card, cards.cards[cards.universal.arrest_card]] if arrest else [card]
    needs = [one.letters for each in both for one in each.needs if holds(one.when, asked) is True]
    alerts = [one.letters for each in both for one in each.alerts if _may_be(one, asked)]
    if arrest and card.arrest_instructions:
        told = card.arrest_instructions
    else:
        told = tuple(_advice(both[-1].instructions, asked, worst))
    return _Following(
        capability_letters("".join(needs)), capability_letters("".join(alerts)), both[-1].path or card.path, told
    )


def _may_be(letters: Letters, asked: Answers) -> bool:
    return holds(letters.when, asked) is not False


def _advice(all_advice: Iterable[Advice], asked: Answers, worst: Answers) -> Iterator[str]:
    for advice in all_advice:
        for choice in advice.choices:
            ruled_out = choice.unless is None or holds(choice.unless, worst) is False
            if choice.key and ruled_out and holds(choice.when, asked) is True:
                yield choice.key
                break
