"""Undo, ends, returns, the queue, escalation, swaps, sharing and times, decided without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.dispatching.rules_assignment import (
    Waiting,
    how_ended,
    may_undo,
    offer_to,
    queue_order,
    returns,
    status_after,
    swap_worth,
    unacknowledged,
)
from dispatch.dispatching.rules_policy import PROPOSED
from dispatch.dispatching.rules_sharing import OPEN, Party, ShareRule, SharingPolicy, withheld
from dispatch.dispatching.rules_times import Heard, status_times
from dispatch.dispatching.states import AssignmentState, EndReason, IllegalTransition, Point, Returns, advance
from dispatch.dispatching.states_recommendation import Excluded, ShareLevel
from dispatch.incidents.states_incidents import Priority
from dispatch.units.states_duty import ON_RUN, TRANSITIONS, Effect, Source, UnitStatus
from dispatch.units.states_duty import advance as advance_unit

S = UnitStatus
CIVIL, CORPS = Party("示例医院", "civil"), Party("示例兵团医院", "corps")
RUN = UUID(int=7)


def waiting(number: int, priority: Priority, t0_s: float, **told: object) -> Waiting:
    made = Waiting(UUID(int=number), f"2026-{number:06d}", priority, START + timedelta(seconds=t0_s))
    return replace(made, **told)  # type: ignore[arg-type]  # tests name the fields


@pytest.mark.parametrize(
    ("passed_s", "status", "may"), [(8, S.ASSIGNED, True), (8.001, S.ASSIGNED, False), (1, S.EN_ROUTE, False)]
)
def test_undo_is_for_a_slip_of_the_hand(passed_s: float, status: UnitStatus, may: bool) -> None:
    assert may_undo(START, status, START + timedelta(seconds=passed_s)) is may


def test_an_assignment_that_is_over_stays_over() -> None:
    assert advance(AssignmentState.ACTIVE, AssignmentState.ENDED) == AssignmentState.ENDED
    with pytest.raises(IllegalTransition):
        advance(AssignmentState.ENDED, AssignmentState.ENDED)


@given(st.sampled_from(sorted(ON_RUN)), st.sampled_from(sorted(UnitStatus)))
def test_who_is_called_off_can_always_be_given_its_status(status: UnitStatus, before: UnitStatus) -> None:
    home = status_after(status, before)
    assert advance_unit(status, home, Source.DISPATCHER) == home


@given(st.sampled_from(sorted(ON_RUN)), st.sampled_from(sorted(UnitStatus)))
def test_every_way_out_of_a_run_ends_it(before: UnitStatus, to: UnitStatus) -> None:
    if to not in TRANSITIONS[before]:
        return
    ended = how_ended(before, to)
    assert (ended is None) == (to in ON_RUN or to == S.UNKNOWN)
    if ended is EndReason.COMPLETED:
        assert before not in (S.ASSIGNED, S.EN_ROUTE, S.STAGING), "nobody completes what it never reached"


def test_what_waits_again() -> None:
    alone = {"others": 0, "patients": 0, "open_patients": 0}
    assert returns(EndReason.STOOD_DOWN, S.EN_ROUTE, **alone) is Returns.STOOD_DOWN
    assert returns(EndReason.BROKEN_DOWN, S.TRANSPORTING, others=0, patients=1, open_patients=1) is Returns.BROKEN_DOWN
    assert returns(EndReason.BROKEN_DOWN, S.TRANSPORTING, others=0, patients=2, open_patients=0) is None
    assert returns(EndReason.STOOD_DOWN, S.EN_ROUTE, others=1, patients=0, open_patients=0) is None
    assert returns(EndReason.BROKEN_DOWN, S.AT_HOSPITAL, **alone) is None
    assert returns(EndReason.COMPLETED, S.AT_PATIENT, **alone) is None


def test_a_crew_is_silent_from_the_deadline_on() -> None:
    limit_s = PROPOSED.assignment.acknowledge_s
    due, early = START + timedelta(seconds=limit_s), START + timedelta(seconds=limit_s - 0.001)
    assert unacknowledged(START, S.ASSIGNED, due, acknowledged=False)
    assert not unacknowledged(START, S.ASSIGNED, early, acknowledged=False)
    assert not unacknowledged(START, S.ASSIGNED, due, acknowledged=True)
    assert not unacknowledged(START, S.EN_ROUTE, due, acknowledged=False)


def test_a_swap_is_worth_it_before_half_way_only() -> None:
    assert swap_worth(1_000.0, 501.0, 381.0)
    assert not swap_worth(1_000.0, 500.0, 10.0), "half way"
    assert not swap_worth(1_000.0, 501.0, 382.0), "saves less than what counts"
    assert not swap_worth(None, 501.0, 10.0)
    assert not swap_worth(1_000.0, 900.0, None)


WAITING = st.lists(
    st.builds(
        waiting, st.integers(1, 10**6), st.sampled_from(list(Priority)), st.integers(0, 9_999).map(float),
        returned_at=st.none() | st.just(START), capabilities=st.sampled_from(["", "B", "AB"]),
    ),
    max_size=12,
    unique_by=lambda one: one.incident_id,
)  # fmt: skip


@given(WAITING)
def test_the_queue_goes_by_priority_then_who_lost_a_unit_then_age(queue: list[Waiting]) -> None:
    found = queue_order(queue)
    assert found == queue_order(queue[::-1])
    keys = [(one.priority, one.returned_at is None, one.t0) for one in found]
    assert keys == sorted(keys)


@given(WAITING)
def test_an_offer_never_puts_a_less_urgent_one_first_and_hides_nobody(queue: list[Waiting]) -> None:
    offered = offer_to(queue, CORPS, "B", OPEN)
    assert {one.incident_id for one in offered} == {one.incident_id for one in queue}
    assert [one.priority for one in offered] == sorted(one.priority for one in queue)


def test_an_offer_heeds_what_may_be_shared() -> None:
    keeps = SharingPolicy((ShareRule("corps", "civil", ShareLevel.URGENT),))
    queue = [waiting(1, Priority.P3, 0, requester=CIVIL), waiting(2, Priority.P3, 1, requester=CORPS)]
    assert [one.incident_id.int for one in offer_to(queue, CORPS, "B", keeps)] == [2]
    urgent = [replace(one, priority=Priority.P2) for one in queue]
    assert [one.incident_id.int for one in offer_to(urgent, CORPS, "B", keeps)] == [1, 2]


def test_the_rule_that_names_organisations_counts_before_that_of_systems() -> None:
    system = ShareRule("corps", "civil", ShareLevel.NONE)
    named = ShareRule("示例兵团医院", "civil", ShareLevel.URGENT)
    assert SharingPolicy((system, named)).rule(CORPS, CIVIL) == named
    assert SharingPolicy((system,)).rule(CORPS, CIVIL) == system
    assert SharingPolicy((system,)).rule(CIVIL, CORPS) == ShareRule(), "pairs are ordered"
    nobody = SharingPolicy(otherwise=ShareRule(level=ShareLevel.NONE))
    assert withheld(nobody.rule(CIVIL, CIVIL), Priority.P4) is None, "one's own are one's own"
    assert withheld(nobody.rule(CIVIL, CORPS), Priority.P1) is Excluded.NOT_SHARED


def test_times_are_of_this_run_only() -> None:
    def heard(number: int, status: UnitStatus, at_s: float, effect: Effect, run: UUID | None) -> Heard:
        at = START + timedelta(seconds=at_s)
        return Heard(UUID(int=number), status, effect, at, at, "crew", "device:d-1", run)

    entries = [
        heard(1, S.AT_STATION, 0, Effect.APPLIED, None),
        heard(2, S.ASSIGNED, 0, Effect.APPLIED, RUN),
        heard(3, S.EN_ROUTE, 30, Effect.LATE, RUN),
        heard(4, S.AT_PATIENT, 40, Effect.REFUSED, RUN),
        heard(5, S.ASSIGNED, 60, Effect.APPLIED, UUID(int=8)),
        heard(6, S.ON_SCENE, 61, Effect.OTHER_RUN, RUN),
        heard(7, S.AT_STATION, 90, Effect.APPLIED, None),
    ]
    found = status_times(RUN, START, START + timedelta(seconds=60), entries)
    assert {point: one.entry_id.int for point, one in found.items()} == {Point.T3: 2, Point.T5: 3}
    home = [*entries[:3], entries[6]]
    found = status_times(RUN, START, START + timedelta(seconds=60), home)
    assert {point: one.entry_id.int for point, one in found.items()} == {
        Point.T3: 2, Point.T5: 3, Point.T11: 7, Point.T12: 7
    }  # fmt: skip
