"""When a vehicle under way will be there, by the road left to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.dispatching.rules_arrivals import Arrival, Course, Goal, arrival, goal_of
from dispatch.dispatching.rules_policy import PROPOSED
from dispatch.units.states_duty import ON_RUN, UnitStatus
from geo.travel import Source, Travel

S = UnitStatus
ROAD = Travel(Source.ROAD, 600.0, 9_000.0)
ROLLING = Course(UUID(int=1), UUID(int=2), S.EN_ROUTE, START, True, 0.0, 0.0, False)
FIGURES = PROPOSED.ranking


def reckoned(course: Course, travel: Travel = ROAD, after_s: float = 0.0) -> Arrival:
    found = arrival(course, Goal.SCENE, travel, START + timedelta(seconds=after_s))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("status", "goal"),
    [(S.ASSIGNED, Goal.SCENE), (S.STAGING, Goal.SCENE), (S.TRANSPORTING, Goal.HOSPITAL), (S.ON_SCENE, None)],
)
def test_where_a_unit_is_going(status: UnitStatus, goal: Goal | None) -> None:
    assert goal_of(status) is goal


def test_one_that_moves_has_come_nearer_since_its_position_grew_old() -> None:
    fresh, old = reckoned(ROLLING), reckoned(replace(ROLLING, age_s=100.0, widen_s=100.0, stale=True))
    assert (fresh.eta_s, old.eta_s) == (600.0, 500.0)
    assert old.at == START + timedelta(seconds=500)
    assert old.high_s - old.eta_s > fresh.high_s - fresh.eta_s
    assert reckoned(replace(ROLLING, age_s=5_000.0)).eta_s == 0.0


def test_one_that_has_not_left_mobilises_first_and_is_given_less_the_longer_it_takes() -> None:
    waits = replace(ROLLING, status=S.ASSIGNED, age_s=300.0)
    assert [reckoned(waits, after_s=after).eta_s for after in (0, 40, 500)] == [690.0, 650.0, 615.0]
    assert reckoned(replace(waits, from_station=False)).eta_s == 615.0
    assert reckoned(replace(waits, status=S.STAGING), after_s=500).eta_s == 600.0 + FIGURES.mobilise_running_s


def test_an_estimate_is_far_wider_and_without_a_time_there_is_none() -> None:
    guess = reckoned(ROLLING, Travel(Source.ESTIMATE, 600.0, 9_000.0))
    assert (guess.source, guess.high_s - guess.low_s) == (
        "estimate",
        600 * (FIGURES.estimate_high - FIGURES.estimate_low),
    )
    assert arrival(ROLLING, Goal.SCENE, Travel(Source.UNREACHABLE, None, None), START) is None


@given(
    st.sampled_from(sorted(ON_RUN)),
    st.floats(0, 20_000),
    st.none() | st.floats(0, 20_000),
    st.floats(0, 2_000),
    st.floats(0, 5_000),
    st.booleans(),
)
def test_the_range_always_holds_the_time_and_never_lies_in_the_past(
    status: UnitStatus, road_s: float, age_s: float | None, widen_s: float, after_s: float, from_station: bool
) -> None:
    course = replace(ROLLING, status=status, age_s=age_s, widen_s=widen_s, from_station=from_station)
    found = reckoned(course, Travel(Source.ROAD, road_s, 1.0), after_s)
    assert 0.0 <= found.low_s <= found.eta_s <= found.high_s
    assert found.at >= found.computed_at
