"""Priorities that follow a card and people at once."""

from __future__ import annotations

from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.cards.rules_following import following, letters_after, stands_on_unknown
from dispatch.incidents.rules_priority import PriorityChange
from dispatch.incidents.states_incidents import CAPABILITY_LETTERS, Priority, PriorityMove

MOVES = [PriorityMove.RAISED, PriorityMove.LOWERED, PriorityMove.BY_CARD]
PRIORITIES = st.sampled_from(Priority)
RULES = st.sets(st.sampled_from(["K03.p1.sweat", "K03.p1.faint", "K03.p2.age", "all.p1.arrest"]))
LETTERS = st.sets(st.sampled_from(CAPABILITY_LETTERS)).map(lambda some: "".join(sorted(some)))


@st.composite
def histories(draw: st.DrawFn) -> list[PriorityChange]:
    made = [PriorityChange(draw(PRIORITIES), START, PriorityMove.INITIAL)]
    moves = draw(st.lists(st.sampled_from(MOVES), max_size=4))
    return [*made, *(PriorityChange(draw(PRIORITIES), START, move) for move in moves)]


@given(histories(), RULES, RULES, PRIORITIES, PRIORITIES)
def test_the_card_is_never_overruled_to_less_but_by_a_lowering(
    history: list[PriorityChange], before: set[str], held: set[str], first: Priority, now: Priority
) -> None:
    after = following(history, before, held, first, now)
    lowered = history[-1].move is PriorityMove.LOWERED
    if lowered and held <= before:
        assert after is history[-1].priority
    if lowered:
        assert after.rank <= history[-1].priority.rank
    else:
        assert after.rank <= now.rank
        spoken = [one.priority for one in history if one.move in MOVES[:2]]
        if spoken:
            assert after.rank <= spoken[-1].rank


def test_a_priority_in_doubt_is_nobodys_own_word() -> None:
    p1, p2, p3, _ = Priority

    def doubted(*history: tuple[Priority, PriorityMove], first: Priority = p1) -> bool:
        steps = [PriorityChange(priority, START, move) for priority, move in history]
        return stands_on_unknown(steps, first, p1, following(steps, (), ("K03.p1.sweat",), first, p1))

    assert doubted((p1, PriorityMove.INITIAL))
    assert doubted((p3, PriorityMove.INITIAL), first=p3)
    assert doubted((p3, PriorityMove.INITIAL), (p2, PriorityMove.RAISED), first=p3)
    assert not doubted((p1, PriorityMove.INITIAL), first=p3), "a person opened it as P1"
    assert not doubted((p2, PriorityMove.INITIAL), (p1, PriorityMove.RAISED), first=p2)
    assert doubted((p2, PriorityMove.INITIAL), (p3, PriorityMove.LOWERED), first=p2), "the danger is new"


@given(LETTERS, LETTERS, LETTERS)
def test_letters_of_the_card_come_and_go_and_a_persons_stay(present: str, before: str, now: str) -> None:
    after = set(letters_after(present, before, now))
    assert set(now) <= after
    assert set(present) - set(before) <= after
    assert after <= set(now) | (set(present) - set(before))
