"""Criteria of ECMO, met, not met or unknown, and what they speak for. Pure. See `criteria.toml`.

Unknown is a value of its own (Kleene's logic): one condition that fails decides, and nothing that is missing counts as
met or not met. What comes out is "consider" or "discuss", never "deny".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.ecmo.rules_scores import ADULT_FROM_YEARS
from dispatch.ecmo.states import Advice, Mode, Standing, Weight
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

Fact = float | bool | str
"""What is known of a case: a number in its unit, yes or no, a word."""


@dataclass(frozen=True, slots=True)
class FactKind:
    """What can be entered for a fact. words: one of them; low, high: a number between; neither: yes or no."""

    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    words: frozenset[str] = frozenset()

    def takes(self, value: Fact) -> bool:
        """Whether the value can be."""
        if self.words:
            return isinstance(value, str) and value in self.words
        if not self.unit:
            return isinstance(value, bool)
        return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a fact."""

    fact: str
    sign: str
    than: Any

    def holds(self, facts: Mapping[str, Fact]) -> Standing:
        """How it stands; unknown where the fact is."""
        if self.fact not in facts:
            return Standing.UNKNOWN
        return Standing.MET if _SIGNS[self.sign](facts[self.fact], self.than) else Standing.NOT_MET


@dataclass(frozen=True, slots=True)
class Criterion:
    """Met when all conditions of one of its lines hold."""

    id: str
    modes: frozenset[Mode]
    weight: Weight
    lines: tuple[tuple[Condition, ...], ...]
    exceptions: frozenset[str]

    def stands(self, facts: Mapping[str, Fact]) -> Standing:
        """How it stands with what is known."""
        if any(facts.get(one) is True for one in self.exceptions):
            return Standing.NOT_APPLIED
        lines = [_all([one.holds(facts) for one in line]) for line in self.lines]
        if Standing.MET in lines:
            return Standing.MET
        return Standing.UNKNOWN if Standing.UNKNOWN in lines else Standing.NOT_MET


@dataclass(frozen=True, slots=True)
class Assessed:
    """How each criterion of a mode stands, and what is said. direct: straight to the physician, without rules."""

    mode: Mode
    advice: Advice
    standing: Mapping[str, Standing]
    direct: bool = False

    def of(self, weight: Weight) -> dict[str, Standing]:
        """The criteria of a weight."""
        return {name: one for name, one in self.standing.items() if CRITERIA[name].weight is weight}


def _all(parts: list[Standing]) -> Standing:
    if Standing.NOT_MET in parts:
        return Standing.NOT_MET
    return Standing.UNKNOWN if Standing.UNKNOWN in parts else Standing.MET


_SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "in": lambda value, words: value in words,
}
_DATA: Final = shipped("dispatch.ecmo", "criteria.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
SIGNED_OFF_BY: Final[str] = _DATA["signed_off_by"]


def _kind(data: str | Mapping[str, Any]) -> FactKind:
    if isinstance(data, str):
        return FactKind()
    if "words" in data:
        return FactKind(words=frozenset(data["words"]))
    low, high = data["range"]
    return FactKind(data["unit"], float(low), float(high))


FACTS: Final[Mapping[str, FactKind]] = {name: _kind(one) for name, one in _DATA["facts"].items()}
CRITERIA: Final[Mapping[str, Criterion]] = {
    name: Criterion(
        name,
        frozenset(map(Mode, one["modes"])),
        Weight(one["weight"]),
        tuple(tuple(Condition(*condition) for condition in line) for line in one["any"]),
        frozenset(one.get("except", ())),
    )
    for name, one in _DATA["criteria"].items()
}


def check_facts(facts: Mapping[str, Fact]) -> None:
    """Raise Invalid (`ecmo.fact`): a fact that nobody asks for, or a value that it cannot have."""
    for name, value in facts.items():
        kind = FACTS.get(name)
        if kind is None:
            raise Invalid("ecmo.fact", f"Nobody asks for {name}.")
        if not kind.takes(value):
            between = f" from {kind.low:g} to {kind.high:g} {kind.unit}" if kind.unit else ""
            raise Invalid("ecmo.fact", f"{name} cannot be so{between}.")


def assess(mode: Mode, facts: Mapping[str, Fact], *, pregnant: bool = False) -> Assessed:
    """Judge a case by what is known. Raises as `check_facts`.

    low_flow is the longest that the time may be. "Consider" takes: all that is required met, or not applied; an
    indication met; no contraindication met. Everything else is to be discussed with the physician, who is told what is
    unknown. A child or a pregnant patient goes straight to him.
    """
    check_facts(facts)
    age = facts.get("age")
    if pregnant or (isinstance(age, int | float) and age < ADULT_FROM_YEARS):
        return Assessed(mode, Advice.DISCUSS, {}, direct=True)
    standing = {name: one.stands(facts) for name, one in CRITERIA.items() if mode in one.modes}
    by_weight = {weight: [standing[name] for name in standing if CRITERIA[name].weight is weight] for weight in Weight}
    considered = (
        all(one in (Standing.MET, Standing.NOT_APPLIED) for one in by_weight[Weight.REQUIRED])
        and Standing.MET in by_weight[Weight.INDICATION]
        and Standing.MET not in by_weight[Weight.ABSOLUTE] + by_weight[Weight.RELATIVE]
    )
    return Assessed(mode, Advice.CONSIDER if considered else Advice.DISCUSS, standing)
