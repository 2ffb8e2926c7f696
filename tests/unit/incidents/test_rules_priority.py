"""Who may change a priority, and by which one an incident is judged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.rules_priority import CLINICIANS, OnDuty, PriorityChange, change_of, judged
from dispatch.incidents.states_incidents import Priority, PriorityMove
from dispatch.kernel.errors import Invalid, Refused

P1, P2, P3, P4 = Priority
ROLES = ["dispatcher", "crew", "emergency_doctor", "ecmo_coordinator", "supervisor", "administrator"]


@given(
    st.sampled_from(Priority),
    st.sampled_from(Priority),
    st.frozensets(st.sampled_from(ROLES)),
    st.booleans(),
    st.sampled_from([None, "", "  ", "误报"]),
    st.builds(OnDuty, supervisor=st.booleans(), clinicians=st.integers(0, 2)),
)
def test_anybody_raises_and_few_lower(
    present: Priority, wanted: Priority, roles: frozenset[str], is_person: bool, reason: str | None, on_duty: OnDuty
) -> None:
    def change() -> PriorityMove | None:
        return change_of(present, wanted, roles=roles, is_person=is_person, reason=reason, on_duty=on_duty)

    if wanted is present:
        assert change() is None
    elif wanted.rank < present.rank:
        assert change() is PriorityMove.RAISED
    elif not is_person or not roles & {"emergency_doctor", "supervisor"}:
        with pytest.raises(Refused, match=r"priority\.not_allowed"):
            raise_code(change)
    elif "emergency_doctor" not in roles and on_duty.clinicians:
        with pytest.raises(Refused, match=r"priority\.clinician_on_duty"):
            raise_code(change)
    elif "emergency_doctor" not in roles and not on_duty.supervisor:
        with pytest.raises(Refused, match=r"priority\.supervisor_off_duty"):
            raise_code(change)
    elif reason != "误报":
        with pytest.raises(Invalid, match=r"priority\.reason"):
            raise_code(change)
    else:
        assert change() is PriorityMove.LOWERED


def raise_code(call: object) -> None:
    try:
        call()  # type: ignore[operator]
    except (Refused, Invalid) as error:
        raise type(error)(error.code, error.code) from error


def test_a_shared_device_is_nobody() -> None:
    with pytest.raises(Refused):
        change_of(
            P1, P2, roles=frozenset({"supervisor"}), is_person=False, reason="说明", on_duty=OnDuty(supervisor=True)
        )


def history(*steps: tuple[Priority, int]) -> list[PriorityChange]:
    made: list[PriorityChange] = []
    for priority, minute in steps:
        at = START + timedelta(minutes=minute)
        if not made:
            move = PriorityMove.INITIAL
        else:
            move = PriorityMove.RAISED if priority.rank < made[-1].priority.rank else PriorityMove.LOWERED
        made.append(PriorityChange(priority, at, move))
    return made


def test_judged_from_the_time_of_the_upgrade() -> None:
    found = judged(history((P3, 0), (P1, 4)), START + timedelta(minutes=9))
    assert (found.priority, found.since) == (P1, START + timedelta(minutes=4))


def test_lowered_after_arrival_does_not_count_and_before_does() -> None:
    steps = history((P1, 0), (P4, 10))
    assert judged(steps, START + timedelta(minutes=9)).priority is P1
    assert judged(steps, START + timedelta(minutes=10)).priority is P1
    assert judged(steps, START + timedelta(minutes=11)).priority is P4
    assert judged(steps, None).priority is P4


def test_raised_again_to_what_counts_anyway_keeps_its_time() -> None:
    found = judged(history((P2, 0), (P3, 12), (P2, 15)), START + timedelta(minutes=9))
    assert (found.priority, found.since) == (P2, START)


STEPS = st.lists(st.tuples(st.sampled_from(Priority), st.integers(0, 60)), min_size=1, max_size=8).map(
    lambda steps: [(priority, sum(gap for _, gap in steps[: index + 1])) for index, (priority, _) in enumerate(steps)]
)


@given(STEPS, st.one_of(st.none(), st.integers(0, 300)))
def test_judged_invariants(steps: list[tuple[Priority, int]], arrived: int | None) -> None:
    made = history(*steps)
    arrived_at = None if arrived is None else START + timedelta(minutes=arrived)
    found = judged(made, arrived_at)
    assert any(change.priority is found.priority and change.at == found.since for change in made)
    if arrived_at is None:
        assert found.priority is made[-1].priority
        return
    before = [change for change in made if change.at < arrived_at] or made[:1]
    after = made[len(before) :]
    # Never eased by what was entered after arrival; raised by the most urgent of it.
    assert found.priority.rank == min([before[-1].priority.rank, *(change.priority.rank for change in after)])


def test_clinicians_are_doctors() -> None:
    assert frozenset({"emergency_doctor"}) == CLINICIANS
