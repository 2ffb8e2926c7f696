"""The language in which cards state their rules: comparisons of answers, joined by all and any. Pure.

There is no "not": so what is unknown can only make a rule possible that was not, and never rules one out.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dispatch.cards.states import UNKNOWN, Answer, Answers


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`all` or `any` of others; or of the question `q`: `is` one of some codes, or a number within bounds."""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    q: str | None = None
    is_: str | tuple[str, ...] | None = msgspec.field(default=None, name="is")
    at_least: float | None = None
    above: float | None = None
    below: float | None = None
    at_most: float | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of which one is enough."""
        return (self.is_,) if isinstance(self.is_, str) else self.is_ or ()

    @property
    def bounded(self) -> bool:
        """Whether it compares a number."""
        return any(bound is not None for bound in (self.at_least, self.above, self.below, self.at_most))

    def atoms(self) -> Iterator[Condition]:
        """The comparisons that it is made of."""
        if self.q is not None:
            yield self
        for part in (*(self.all or ()), *(self.any or ())):
            yield from part.atoms()


def holds(condition: Condition | None, answers: Answers) -> bool | None:
    """Whether a condition is true; None where an unknown answer leaves it open. No condition is true.

    What was not asked is taken for false: fill in `UNKNOWN` where it is to count.
    """
    if condition is None:
        return True
    if condition.all is not None:
        found = [holds(part, answers) for part in condition.all]
        return False if False in found else None if None in found else True
    if condition.any is not None:
        found = [holds(part, answers) for part in condition.any]
        return True if True in found else None if None in found else False
    answer = answers.get(condition.q or "")
    if answer is None:
        return False
    return None if answer == UNKNOWN else _compares(condition, answer)


def _compares(condition: Condition, answer: Answer) -> bool:
    if not condition.bounded:
        given = answer if isinstance(answer, tuple) else (answer,)
        return any(code in given for code in condition.codes)
    if isinstance(answer, str | tuple):
        return False  # not measured
    return (
        (condition.at_least is None or answer >= condition.at_least)
        and (condition.above is None or answer > condition.above)
        and (condition.below is None or answer < condition.below)
        and (condition.at_most is None or answer <= condition.at_most)
    )


def unknown_in(condition: Condition | None, answers: Answers) -> Iterator[str]:
    """The questions of a condition whose answer is unknown."""
    if condition is not None:
        yield from (atom.q for atom in condition.atoms() if atom.q and answers.get(atom.q) == UNKNOWN)
