"""A set of complaint cards and an assessment, as answers have them."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from dispatch.cards.rules_assess import Assessment
from dispatch.cards.rules_conditions import Condition
from dispatch.cards.rules_set import Advice, Card, CardSet, Letters, Question, Rule, Texts
from dispatch.cards.states import Answer, Kind
from dispatch.incidents.states_incidents import Priority
from geo.places.pinyin import readings

CardId = Annotated[str, Meta(pattern="^K[0-9]{2}$", examples=["K03"])]
AnswerIn = str | float | list[str]
AnswersIn = Annotated[
    dict[str, AnswerIn],
    Meta(
        max_length=100,
        description="By question: yes, no, an option's code, a list of codes, a number; any may be `unknown`. "
        "Leave out what was not asked.",
        examples=[{"a": "yes", "b": "yes", "c": "unknown", "i": 58, "j": ["heart"]}],
    ),
]
When = Annotated[
    dict[str, Any] | None,
    Meta(
        description="The condition: `{q, is}`, `{q, at_least|above|below|at_most}`, `{all: […]}`, `{any: […]}`; null: "
        "always."
    ),
]


class TextsOut(msgspec.Struct, frozen=True):
    """The same in Chinese, English and Uyghur."""

    zh: str
    en: str
    ug: str


class OptionOut(msgspec.Struct, frozen=True):
    """One of the answers to choose from."""

    code: str
    text: TextsOut


class QuestionOut(msgspec.Struct, frozen=True):
    """A question as it is read aloud. Options stand in the order of their digits; `unknown` is one more."""

    id: Annotated[str, Meta(examples=["h_breath"])]
    letter: Annotated[str, Meta(description="Its letter in the question bank, a to t.", examples=["h"])]
    text: TextsOut
    kind: Kind
    options: list[OptionOut]
    unit: Annotated[str, Meta(description="Of a number, UCUM-like; empty else.", examples=["a", "min", "wk"])]
    low: float | None
    high: float | None
    normal: Annotated[str | float | list[str], Meta(description="The answer that speaks for no danger.")]
    critical: Annotated[bool, Meta(description="Counts as unknown as long as it was not asked.")]
    optional: Annotated[bool, Meta(description="A measurement that may be answered `none`: nobody took it.")]


class RuleOut(msgspec.Struct, frozen=True):
    """What makes a call as urgent as the list it stands in."""

    id: str
    text: TextsOut
    when: When


class LettersOut(msgspec.Struct, frozen=True):
    """Letters of capability and when they are asked for."""

    letters: str
    when: When


class AdviceOut(msgspec.Struct, frozen=True):
    """An instruction, when its conditions allow it; the first that does of those that stand together."""

    choices: list[ChoiceOut]


class ChoiceOut(msgspec.Struct, frozen=True):
    """One instruction; told when `when` is certain and `unless` is ruled out."""

    key: str
    when: When
    unless: Annotated[dict[str, Any] | None, Meta(description="As `when`; null: never.")]


class CardOut(msgspec.Struct, frozen=True):
    """A complaint card: its questions in order and its rules; `other` is the priority when no rule holds."""

    id: CardId
    name: TextsOut
    keys: Annotated[list[str], Meta(description="Pinyin and initials of its name, to find it by.", examples=[["xt"]])]
    ask: list[str]
    p1: list[RuleOut]
    p2: list[RuleOut]
    other: Priority
    needs: list[LettersOut]
    alerts: list[LettersOut]
    path: str
    instructions: list[AdviceOut]
    arrest_instructions: list[str]
    universal: Annotated[bool, Meta(description="The rules for all cards come before its own.")]
    grades_consciousness: Annotated[bool, Meta(description="But not those for a patient who is not awake.")]


class UniversalOut(msgspec.Struct, frozen=True):
    """Rules that come before every card's own."""

    arrest_card: str
    arrest: RuleOut
    p1: list[RuleOut]
    p2: list[RuleOut]


class InstructionOut(msgspec.Struct, frozen=True):
    """What a caller is told to do, step by step."""

    key: str
    name: TextsOut
    steps: list[TextsOut]
    metronome_per_min: Annotated[int | None, Meta(description="Beats of chest compressions per minute.")]
    enabled: Annotated[bool, Meta(description="False until a medical director allows it.")]


class CardWordsOut(msgspec.Struct, frozen=True):
    """Answers and sentences that all cards share."""

    yes: TextsOut
    no: TextsOut
    unknown: TextsOut
    not_measured: TextsOut
    other: TextsOut


class CardSetOut(msgspec.Struct, frozen=True):
    """The whole set in force."""

    version: Annotated[str, Meta(examples=["2026.11"])]
    digest: Annotated[str, Meta(description="SHA-256 of its file; the ETag.")]
    source: str
    sign_off: Annotated[str, Meta(examples=["needs sign-off by a medical director"])]
    reviewed: Annotated[list[str], Meta(description="Languages that a native clinician has read.")]
    words: CardWordsOut
    universal: UniversalOut
    questions: list[QuestionOut]
    cards: list[CardOut]
    instructions: list[InstructionOut]


class DecidedOut(msgspec.Struct, frozen=True):
    """The rule that decided."""

    id: Annotated[str, Meta(examples=["K03.p1.sweat", "all.p1.arrest", "K03.else"])]
    text: TextsOut


class AssessmentOut(msgspec.Struct, frozen=True):
    """How urgent it is by the answers so far, and what follows."""

    card: CardId
    version: Annotated[str, Meta(description="Of the set of cards.")]
    priority: Priority
    provisional: Annotated[bool, Meta(description="Unknown answers alone make it that urgent: shown as P1?")]
    rule: DecidedOut
    held: Annotated[list[str], Meta(description="All rules that hold or may hold, the most urgent first.")]
    ask_again: Annotated[list[str], Meta(description="Unknown answers that decide, in the card's order.")]
    open: Annotated[list[str], Meta(description="Questions not asked yet, in the card's order.")]
    could_be: Annotated[Priority, Meta(description="The most urgent that open questions may still make it.")]
    capabilities: Annotated[str, Meta(description="Letters the vehicle must bring.", examples=["AB"])]
    alerts: Annotated[str, Meta(description="Whom to tell besides: E ECMO team, R rescue 119, P police 110.")]
    path: Annotated[str, Meta(description="Care pathway; empty: none.", examples=["CHEST"])]
    instructions: Annotated[list[str], Meta(description="Keys of what to tell the caller, in order.")]
    switch_to: Annotated[str, Meta(description="K01 once this is a cardiac arrest: send at once; else empty.")]


ASSESSMENT_EXAMPLE: Final = {
    "card": "K03",
    "version": "2026.11",
    "priority": "P1",
    "provisional": False,
    "rule": {
        "id": "K03.p1.sweat",
        "text": {
            "zh": "面色苍白、发青或大汗",
            "en": "Pale, bluish or sweating",
            "ug": "تاتارغان، كۆكەرگەن ياكى تەرلەۋاتقان",
        },
    },
    "held": ["K03.p1.sweat", "K03.p2.age"],
    "ask_again": [],
    "open": ["j"],
    "could_be": "P1",
    "capabilities": "A",
    "alerts": "",
    "path": "CHEST",
    "instructions": ["REST"],
    "switch_to": "",
}


def set_out(cards: CardSet) -> CardSetOut:
    """Tell a whole set."""
    return CardSetOut(
        version=cards.version,
        digest=cards.digest,
        source=cards.source,
        sign_off=cards.sign_off,
        reviewed=list(cards.reviewed),
        words=msgspec.convert(cards.words, CardWordsOut, from_attributes=True),
        universal=UniversalOut(
            arrest_card=cards.universal.arrest_card,
            arrest=_rule(cards.universal.arrest),
            p1=[_rule(rule) for rule in cards.universal.p1],
            p2=[_rule(rule) for rule in cards.universal.p2],
        ),
        questions=[_question(key, question) for key, question in cards.questions.items()],
        cards=[_card(card_id, card) for card_id, card in cards.cards.items()],
        instructions=[
            InstructionOut(key, _texts(one.name), list(map(_texts, one.steps)), one.metronome_per_min, one.enabled)
            for key, one in cards.instructions.items()
        ],
    )


def assessment_out(found: Assessment) -> AssessmentOut:
    """Tell an assessment."""
    return msgspec.convert(found, AssessmentOut, from_attributes=True)


def answer_out(answer: Answer) -> str | float | list[str]:
    """Tell an answer."""
    return list(answer) if isinstance(answer, tuple) else answer


def _texts(texts: Texts) -> TextsOut:
    return TextsOut(texts.zh, texts.en, texts.ug)


def _rule(rule: Rule) -> RuleOut:
    return RuleOut(rule.id, _texts(rule), _when(rule.when))


def _when(condition: Condition | None) -> dict[str, Any] | None:
    told: dict[str, Any] | None = msgspec.to_builtins(condition)
    return told


def _letters(rows: tuple[Letters, ...]) -> list[LettersOut]:
    return [LettersOut(row.letters, _when(row.when)) for row in rows]


def _advice(advice: Advice) -> AdviceOut:
    return AdviceOut([ChoiceOut(one.key or "", _when(one.when), _when(one.unless)) for one in advice.choices])


def _question(key: str, question: Question) -> QuestionOut:
    return QuestionOut(
        id=key,
        letter=key[0],
        text=_texts(question),
        kind=question.kind,
        options=[OptionOut(code, _texts(text)) for code, text in question.options.items()],
        unit=question.unit,
        low=question.low,
        high=question.high,
        normal=answer_out(question.normal),
        critical=question.critical,
        optional=question.optional,
    )


def _card(card_id: str, card: Card) -> CardOut:
    spelled, initials = readings("".join(sign for sign in card.name.zh if sign.isalnum()))
    return CardOut(
        id=card_id,
        name=_texts(card.name),
        keys=[*initials, *spelled],
        ask=list(card.ask),
        p1=[_rule(rule) for rule in card.p1],
        p2=[_rule(rule) for rule in card.p2],
        other=card.other,
        needs=_letters(card.needs),
        alerts=_letters(card.alerts),
        path=card.path,
        instructions=[_advice(advice) for advice in card.instructions],
        arrest_instructions=list(card.arrest_instructions),
        universal=card.universal,
        grades_consciousness=card.grades_consciousness,
    )
