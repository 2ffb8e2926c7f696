"""What is asked of the roads for units: how long each needs to a place, and when those under way arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.dispatching.queries import RunNow
from dispatch.dispatching.rules_arrivals import Arrival, Course, Goal, arrival, goal_of
from dispatch.dispatching.rules_candidates import Reached
from dispatch.dispatching.rules_policy import PROPOSED, RankingFigures
from dispatch.dispatching.rules_recommendation import BY_TIME, Policy
from dispatch.units.queries_fleet import DutyUnit
from dispatch.units.rules import VehicleSize
from dispatch.units.rules_duty import DutyPolicy
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint
from geo.speeds import Profile
from geo.travel import Nearest, Origin, Question, TravelTimes


def plain_profile(size: VehicleSize) -> Profile:
    """An emergency run of a vehicle of that size."""
    return Profile("emergency", size.height_cm, size.width_cm, size.weight_kg)


@dataclass(frozen=True, slots=True)
class Choosing:
    """How to choose. profile_of: by what a vehicle is routed; the edge may put sizes into classes.

    duty: figures of units on duty other than those that the session works by.
    """

    policy: Policy = BY_TIME
    figures: RankingFigures = PROPOSED.ranking
    duty: DutyPolicy | None = None
    profile_of: Callable[[VehicleSize], Profile] = plain_profile


DEFAULT: Final = Choosing()


def arrivals(
    travel: TravelTimes, units: Sequence[DutyUnit], runs: Mapping[UUID, RunNow], now: datetime, choosing: Choosing
) -> dict[UUID, float]:
    """Seconds until each unit reaches its scene. One whose position is old has come nearer since.

    Units whose incident has no place, or that no road leads there, are left out.
    """
    by_target: dict[GeoPoint, list[DutyUnit]] = {}
    for unit in units:
        run = runs.get(unit.id)
        if run is not None and run.point is not None and goal_of(unit.standing.status) is Goal.SCENE:
            by_target.setdefault(run.point, []).append(unit)
    return {
        one.unit_id: one.eta_s
        for target, group in by_target.items()
        for one in arrivals_at(travel, Goal.SCENE, target, group, runs, now, choosing)
    }


def arrivals_at(
    travel: TravelTimes,
    goal: Goal,
    target: GeoPoint,
    units: Sequence[DutyUnit],
    runs: Mapping[UUID, RunNow],
    now: datetime,
    choosing: Choosing,
) -> list[Arrival]:
    """When each of these units, all on their way to one place, is there; none for whom no time is to be had."""
    points = {unit.id: unit.reckoning.point for unit in units}
    reached, _ = reach(travel, target, units, points, now, choosing)
    found = [
        arrival(_course(unit, runs[unit.id]), goal, reached[unit.id].travel, now, choosing.figures)
        for unit in units
        if unit.id in reached
    ]
    return [one for one in found if one is not None]


def _course(unit: DutyUnit, run: RunNow) -> Course:
    there = unit.reckoning
    return Course(
        run.assignment_id, unit.id, unit.standing.status, run.assigned_at,
        run.before_run is UnitStatus.AT_STATION, there.age_s, there.widen_s, there.stale,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """Units that are routed alike, each from where it is reckoned. ids: of the units, by the names of the origins."""

    profile: Profile
    origins: tuple[Origin, ...]
    ids: Mapping[str, UUID]


def by_size(units: Iterable[DutyUnit], points: Mapping[UUID, GeoPoint], choosing: Choosing) -> tuple[SizeGroup, ...]:
    """Put units that go from `points` into groups, for each of which the roads are asked once."""
    sizes: dict[VehicleSize, list[UUID]] = {}
    for unit in units:
        sizes.setdefault(unit.size, []).append(unit.id)
    groups: dict[Profile, dict[str, UUID]] = {}
    for size, unit_ids in sizes.items():
        groups.setdefault(choosing.profile_of(size), {}).update((str(unit_id), unit_id) for unit_id in unit_ids)
    return tuple(
        SizeGroup(profile, tuple(Origin(name, points[unit_id]) for name, unit_id in ids.items()), ids)
        for profile, ids in groups.items()
    )


def reach_by_size(
    travel: TravelTimes, target: GeoPoint, groups: Iterable[SizeGroup], now: datetime
) -> tuple[dict[UUID, Reached], Nearest]:
    """Ask the roads for each group; the second value is the last answer, for its versions."""
    found: dict[UUID, Reached] = {}
    answer = Nearest(())
    for group in groups:
        question = Question(group.profile, at=now, closures_at=now)
        answer = travel.nearest(target, group.origins, len(group.origins), question)
        for one in answer.ranked:
            found[group.ids[one.id]] = Reached(one.travel, one.pinned)
    return found, answer


def reach(
    travel: TravelTimes,
    target: GeoPoint,
    units: Iterable[DutyUnit],
    points: Mapping[UUID, GeoPoint],
    now: datetime,
    choosing: Choosing,
) -> tuple[dict[UUID, Reached], Nearest]:
    """Ask the roads once for each size of vehicle; see `reach_by_size`."""
    return reach_by_size(travel, target, by_size(units, points, choosing), now)
