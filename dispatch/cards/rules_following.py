"""How an incident's priority and capabilities follow its card while people raise and lower them by hand. Pure.

Whoever raised by hand is not overruled by a card that says less; a doctor's or supervisor's lowering stands until the
answers show a danger that they did not show then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dispatch.incidents.rules_priority import PriorityChange
from dispatch.incidents.rules_texts import capability_letters
from dispatch.incidents.states_incidents import Priority, PriorityMove

_LEVELS = {"p1": Priority.P1, "p2": Priority.P2}


def following(
    history: Sequence[PriorityChange], before: Iterable[str], held: Iterable[str], first: Priority, now: Priority
) -> Priority:
    """The priority of an incident after its answers changed.

    history: its priorities so far, the initial one first. before, held: the rules that held before and hold now.
    first: what the card said of the first answers, now: what it says of the present ones.
    """
    present = history[-1]
    if present.move is PriorityMove.LOWERED:
        fresh = [_level(rule) for rule in set(held) - set(before)]
        return min([present.priority, *fresh], key=lambda priority: priority.rank)
    return min(now, _by_hand(history, first) or now, key=lambda priority: priority.rank)


def stands_on_unknown(history: Sequence[PriorityChange], first: Priority, now: Priority, priority: Priority) -> bool:
    """Whether a priority that follows from provisional answers is nobody's but theirs: `P1?`, to be asked again.

    history, first, now: as in `following`; priority: what it gave.
    """
    by_hand = _by_hand(history, first)
    return priority is now and (by_hand is None or priority.rank < by_hand.rank)


def letters_after(present: str, before: str, now: str) -> str:
    """The letters needed: those of the card now, and whatever a person added to those that it asked for before."""
    return capability_letters(now + "".join(set(present) - set(before)))


def _by_hand(history: Sequence[PriorityChange], first: Priority) -> Priority | None:
    """What people said last; None: nobody said anything of his own."""
    spoken = [change.priority for change in history if change.move in (PriorityMove.RAISED, PriorityMove.LOWERED)]
    # An incident opened as more urgent than its first answers make it was opened so by a person.
    initial = history[0].priority
    return spoken[-1] if spoken else initial if initial.rank < first.rank else None


def _level(rule: str) -> Priority:
    return _LEVELS.get(rule.split(".")[1], Priority.P4)
