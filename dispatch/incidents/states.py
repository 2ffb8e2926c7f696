"""What the lifecycles of calls, incidents and patients share: one way to advance, and where a time is known from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from dispatch.kernel.errors import Conflict

State = TypeVar("State", bound=StrEnum)


class Source(StrEnum):
    """Where a time or a statement is known from."""

    AUTO = "auto"
    """The program itself, in the moment of the act."""
    EXCHANGE = "exchange"
    """The telephone exchange."""
    MANUAL = "manual"
    """A person at a screen."""
    DEVICE = "device"
    VOICE = "voice"
    """Told over the radio or the telephone, and written down by somebody else."""
    PAPER = "paper"
    """Copied from a form that was filled in while the program was out of reach."""
    INFERRED = "inferred"
    """Not observed: the earliest moment that anything else was seen."""


LATE_SOURCES: Final = frozenset({Source.VOICE, Source.PAPER})
"""Sources that tell of the past; they must say when it was."""


class IllegalTransition(Conflict):
    """A lifecycle does not lead from the one state to the other (`incident.transition` and the like)."""

    def __init__(self, noun: str, old: StrEnum, new: StrEnum) -> None:
        super().__init__(f"{noun.replace('-', '_')}.transition", f"A {noun} that is {old} cannot become {new}.")
        self.noun = noun
        self.old = old
        self.new = new


def step(noun: str, table: Mapping[State, frozenset[State]], old: State, new: State) -> State:
    """Return `new` if the table leads there from `old`. Raises IllegalTransition."""
    if new not in table[old]:
        raise IllegalTransition(noun, old, new)
    return new
