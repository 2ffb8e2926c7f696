"""When a vehicle under way will be there, from the road that is left to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dispatch.dispatching.rules_policy import PROPOSED, RankingFigures
from dispatch.units.states_duty import TRAVELLING, UnitStatus
from geo.travel import Source, Travel


class Goal(StrEnum):
    """Where a vehicle under way is going."""

    SCENE = "scene"
    HOSPITAL = "hospital"


@dataclass(frozen=True, slots=True)
class Course:
    """A unit on its run, as far as its arrival goes.

    age_s: of its position, None where it has none; widen_s, stale: as `units.rules_availability.Reckoning`.
    """

    assignment_id: UUID
    unit_id: UUID
    status: UnitStatus
    assigned_at: datetime
    from_station: bool
    age_s: float | None
    widen_s: float
    stale: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a unit will be there: seconds from `computed_at`, and the clock time.

    source: `road`, or `estimate` where no road is known. distance_m: of road that was left at its last position.
    age_s: of that position; stale: it is out of date.
    """

    assignment_id: UUID
    unit_id: UUID
    goal: Goal
    eta_s: float
    low_s: float
    high_s: float
    at: datetime
    source: str
    distance_m: float | None
    age_s: float | None
    stale: bool
    computed_at: datetime


def goal_of(status: UnitStatus) -> Goal | None:
    """Where a unit of that status is going; None: it is there, or nobody knows."""
    if status in (UnitStatus.ASSIGNED, UnitStatus.EN_ROUTE, UnitStatus.STAGING):
        return Goal.SCENE
    return Goal.HOSPITAL if status is UnitStatus.TRANSPORTING else None


def arrival(
    course: Course, goal: Goal, travel: Travel, now: datetime, figures: RankingFigures = PROPOSED.ranking
) -> Arrival | None:
    """Reckon from the road left at its last position; None where no time is to be had.

    One that moves has come nearer since by the age of that position; one that has not left mobilises first.
    """
    if travel.eta_s is None:
        return None
    moving = course.status in TRAVELLING
    before_s = 0.0 if moving else _mobilises_s(course, now, figures)
    gone_s = (course.age_s or 0.0) if moving else 0.0
    guessed = travel.source is Source.ESTIMATE
    low, high = (figures.estimate_low, figures.estimate_high) if guessed else (figures.road_low, figures.road_high)
    eta_s = before_s + max(travel.eta_s - gone_s, 0.0)
    return Arrival(
        course.assignment_id, course.unit_id, goal, eta_s,
        before_s + max(travel.eta_s * low - gone_s, 0.0),
        before_s + max(travel.eta_s * high - gone_s, 0.0) + course.widen_s,
        now + timedelta(seconds=eta_s), str(travel.source), travel.distance_m, course.age_s, course.stale, now,
    )  # fmt: skip


def _mobilises_s(course: Course, now: datetime, figures: RankingFigures) -> float:
    """What is left of mobilisation; who waits near a scene, or should have left by now, only turns out."""
    if course.status is UnitStatus.STAGING:
        return figures.mobilise_running_s
    whole_s = figures.mobilise_station_s if course.from_station else figures.mobilise_road_s
    return max(whole_s - (now - course.assigned_at).total_seconds(), min(figures.mobilise_road_s, whole_s))
