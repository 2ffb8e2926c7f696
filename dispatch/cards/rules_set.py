"""A set of complaint cards as it is written in its file. Frozen values; read with `rules_reading`."""

from __future__ import annotations

import msgspec

from dispatch.cards.rules_conditions import Condition
from dispatch.cards.states import Kind
from dispatch.incidents.states_incidents import Priority


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same in Chinese, English and Uyghur."""

    zh: str
    en: str
    ug: str


class Question(Texts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question as it is read aloud; its id begins with its letter in the question bank.

    normal: the answer that speaks for no danger. unit, low, high: of a number. critical: counts as unknown as long as
    it was not asked. optional: a measurement that nobody need have taken.
    """

    kind: Kind
    normal: str | float | tuple[str, ...]
    options: dict[str, Texts] = {}
    unit: str = ""
    low: float | None = None
    high: float | None = None
    critical: bool = False
    optional: bool = False


class Rule(Texts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What makes a call as urgent as the list it stands in, with its words. Without `when` it always does."""

    id: str
    when: Condition | None = None


class Letters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Letters of capability, and when they are asked for."""

    letters: str
    when: Condition | None = None


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An instruction by its key; or the `first` of several whose `when` is certain and whose `unless` is ruled out."""

    key: str | None = None
    when: Condition | None = None
    unless: Condition | None = None
    first: tuple[Advice, ...] = ()

    @property
    def choices(self) -> tuple[Advice, ...]:
        """Those to choose from."""
        return self.first or (self,)


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One complaint. ask: its questions in order. other: the priority when no rule holds.

    grades_consciousness: the card tells drowsy from unresponsive itself, so not being awake does not settle it.
    arrest_instructions: what to tell instead of the arrest card's, once it is a cardiac arrest.
    """

    name: Texts
    ask: tuple[str, ...]
    other: Priority = msgspec.field(name="else")
    p1: tuple[Rule, ...] = ()
    p2: tuple[Rule, ...] = ()
    needs: tuple[Letters, ...]
    alerts: tuple[Letters, ...] = ()
    path: str = ""
    instructions: tuple[Advice, ...] = ()
    arrest_instructions: tuple[str, ...] = ()
    universal: bool = True
    grades_consciousness: bool = False


class Universal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rules that come before every card's own. arrest: who meets it gets the arrest card at once."""

    arrest_card: str
    arrest: Rule
    p1: tuple[Rule, ...] = ()
    p2: tuple[Rule, ...] = ()


class Instruction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a caller is told to do, step by step. metronome_per_min: the beat of chest compressions.

    enabled: False until a medical director allows it; it is shown as not allowed.
    """

    name: Texts
    steps: tuple[Texts, ...]
    metronome_per_min: int | None = None
    enabled: bool = True


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Answers and sentences that all cards share."""

    yes: Texts
    no: Texts
    unknown: Texts
    not_measured: Texts
    other: Texts = msgspec.field(name="else")


class CardSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of it. reviewed: the languages that a native clinician has read. digest: of its file."""

    version: str
    source: str
    sign_off: str
    reviewed: tuple[str, ...]
    words: Words
    universal: Universal
    questions: dict[str, Question]
    cards: dict[str, Card]
    instructions: dict[str, Instruction]
    digest: str
