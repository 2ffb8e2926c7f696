"""Newest values: which arrival is worth telling to who counts down another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.dispatching.arrivals import ArrivalOut
from api.live.latest import Newest, is_news
from api.live.messages import Arriving
from api.live.sight import Marks
from api.live.topics import Topic
from dispatch.dispatching.rules_arrivals import Goal

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RUN, UNIT = UUID(int=1), UUID(int=2)


def arriving(
    after_s: float = 0.0,
    eta_s: float = 240.0,
    *,
    high_s: float = 300.0,
    age_s: float | None = 5.0,
    stale: bool = False,
    source: str = "road",
    goal: Goal = Goal.SCENE,
) -> Arriving:
    """An arrival as it is reckoned so long after noon."""
    now = NOON + timedelta(seconds=after_s)
    at = now + timedelta(seconds=eta_s)
    out = ArrivalOut(RUN, UNIT, goal, eta_s, eta_s * 0.9, high_s, at, source, 3_000.0, age_s, stale, now)
    return Arriving(RUN, out)


def counted(after_s: float, more_s: float = 0.0, worst_s: float = 0.0) -> Arriving:
    """What the clock makes of `arriving()`, `more_s` later than that, at worst another `worst_s` later."""
    first = arriving().arrival
    assert first is not None
    later = arriving(after_s, first.eta_s - after_s + more_s, high_s=300.0 - after_s + more_s + worst_s)
    assert later.arrival is not None
    low_s, age_s = max(first.low_s - after_s, 0.0) + more_s, 5.0 + after_s
    made = {name: getattr(later.arrival, name) for name in later.arrival.__struct_fields__}
    return Arriving(RUN, ArrivalOut(**(made | {"low_s": low_s, "age_s": age_s})))


@pytest.mark.parametrize("after_s", [0.0, 1.0, 20.0, 200.0])
def test_what_only_the_clock_changes_is_no_news(after_s: float) -> None:
    assert not is_news(arriving(), counted(after_s))
    assert not is_news(arriving(), counted(after_s, more_s=1.9))
    assert is_news(arriving(), counted(after_s, more_s=2.1))
    assert not is_news(arriving(), counted(after_s, worst_s=4.9))
    assert is_news(arriving(), counted(after_s, worst_s=5.1))


@pytest.mark.parametrize(
    "other",
    [
        arriving(age_s=3.0),
        arriving(stale=True),
        arriving(source="estimate"),
        arriving(goal=Goal.HOSPITAL),
        Arriving(RUN, None),
    ],
)
def test_another_age_way_or_goal_is_news(other: Arriving) -> None:
    assert is_news(arriving(), other)
    assert is_news(other, arriving())
    assert not is_news(other, other)


def test_values_keep_their_version_until_there_is_news() -> None:
    newest: Newest[Arriving] = Newest(Topic.ASSIGNMENTS, is_news)
    marks = Marks(units=frozenset({UNIT}))
    assert newest.take([(arriving(), marks)])
    assert not newest.take([(counted(1.0), marks)])
    assert newest.version == 1
    assert newest.take([(counted(2.0, more_s=3.0), marks)])
    assert not newest.take([]), "that it is gone its board tells"
    assert newest.version == 2


def test_of_whom_nothing_was_read_all_stays_as_it_was() -> None:
    newest: Newest[Arriving] = Newest(Topic.ASSIGNMENTS, is_news)
    marks = Marks(frozenset({"a"}), frozenset())
    other = Arriving(UUID(int=99), None)
    assert newest.take([(arriving(), marks), (other, marks)])
    assert newest.take([(arriving(20.0), marks)], all_of_them=False)
    assert not newest.take([(arriving(20.0), marks), (other, marks)])
    assert not newest.take([], all_of_them=False)
