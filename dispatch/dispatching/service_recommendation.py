"""Recommending units for an incident: load, ask the roads, decide, store. Nothing here commits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.dispatching.events import RecommendationMade
from dispatch.dispatching.queries import RunNow, list_carrying, list_runs_now
from dispatch.dispatching.queries_recommendation import SCHEMA, write_body
from dispatch.dispatching.queries_sharing import get_sharing
from dispatch.dispatching.rules_arrivals import Arrival, Course, Goal, arrival, goal_of
from dispatch.dispatching.rules_candidates import Candidate, Reached, Recommendation, Running, Wanted, lack_text
from dispatch.dispatching.rules_policy import PROPOSED, RankingFigures
from dispatch.dispatching.rules_recommendation import BY_TIME, Policy, recommend
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.tables import RecommendationRow
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service import Act
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.errors import Refused
from dispatch.units.queries_fleet import DutyUnit, list_duty_units
from dispatch.units.rules import VehicleSize
from dispatch.units.rules_duty import PROPOSED as PROPOSED_DUTY
from dispatch.units.rules_duty import DutyPolicy
from dispatch.units.states import Capability
from dispatch.units.states_duty import ENDS_BY_ITSELF, ON_RUN, OutReason, UnitStatus
from geo.points import GeoPoint
from geo.speeds import Profile
from geo.travel import Nearest, Origin, Question, TravelTimes

_NOBODY: Final = Party("", "")


def plain_profile(size: VehicleSize) -> Profile:
    """An emergency run of a vehicle of that size."""
    return Profile("emergency", size.height_cm, size.width_cm, size.weight_kg)


@dataclass(frozen=True, slots=True)
class Choosing:
    """How to choose. profile_of: by what a vehicle is routed; the edge may put sizes into classes."""

    policy: Policy = BY_TIME
    figures: RankingFigures = PROPOSED.ranking
    duty: DutyPolicy = PROPOSED_DUTY
    profile_of: Callable[[VehicleSize], Profile] = plain_profile


DEFAULT: Final = Choosing()


async def recommend_units(
    act: Act, travel: TravelTimes, incident_id: UUID, *, requester: Party | None = None, choosing: Choosing = DEFAULT
) -> tuple[RecommendationRow, Recommendation]:
    """Rank all units of the region for an incident, and store the answer with all that was looked at.

    requester: for whom units of others are lent, by the region's rules; without one everybody's are lent.
    The roads are asked in a thread; no row is locked meanwhile. Raises NotFound (`incident.not_found`), Refused
    (`recommendation.no_place`).
    """
    async with act.together():
        incident = await get_incident(act.session, act.region, incident_id)
        if incident.lat is None or incident.lon is None:
            raise Refused("recommendation.no_place", "This incident has no place yet.", "Put it on the map.")
        now = act.clock.now()
        target = GeoPoint(lat=incident.lat, lon=incident.lon)
        sharing = await get_sharing(act.session, act.region)
        wanted = Wanted(
            incident.id, Priority(incident.priority), incident.capabilities, requester or _NOBODY, now,
            sharing.policy, sharing.version,
        )  # fmt: skip
        units = await list_duty_units(act.session, act.region, now, policy=choosing.duty)
        runs = {run.unit_id: run for run in await list_runs_now(act.session, act.region)}
        carrying = await list_carrying(act.session)
        made = await asyncio.to_thread(_decide, travel, wanted, target, units, runs, carrying, choosing)
        row = RecommendationRow(
            id=act.new_id(), region=act.region, incident_id=incident.id, at=now, actor=act.actor,
            priority=wanted.priority, place_version=incident.place_version,
            requester_organisation=wanted.requester.organisation, requester_system=wanted.requester.system,
            policy=made.inputs.policy, chosen=made.chosen, network_version=made.inputs.network_version,
            overlay_version=made.inputs.overlay_version, schema=SCHEMA, body=write_body(made),
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            RecommendationMade(
                incident_id=incident.id, recommendation_id=row.id, chosen=made.chosen,
                offered=len(made.considered), excluded=len(made.excluded_because), policy=row.policy,
                network_version=row.network_version, overlay_version=row.overlay_version,
            )
        )  # fmt: skip
        return row, made


async def arrives_s(act: Act, travel: TravelTimes, unit_id: UUID, *, choosing: Choosing = DEFAULT) -> float | None:
    """Seconds until a unit reaches the scene that it is sent to; None where that is not known, or it has none."""
    now = act.clock.now()
    run = next((one for one in await list_runs_now(act.session, act.region) if one.unit_id == unit_id), None)
    units = await list_duty_units(act.session, act.region, now, policy=choosing.duty)
    unit = next((one for one in units if one.id == unit_id), None)
    if run is None or unit is None:
        return None
    found = await asyncio.to_thread(arrivals, travel, [unit], {unit_id: run}, now, choosing)
    return found.get(unit_id)


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


def reach(
    travel: TravelTimes,
    target: GeoPoint,
    units: Sequence[DutyUnit],
    points: Mapping[UUID, GeoPoint],
    now: datetime,
    choosing: Choosing,
) -> tuple[dict[UUID, Reached], Nearest]:
    """Ask the roads once for each size of vehicle; the second value is the last answer, for its versions."""
    groups: dict[Profile, list[Origin]] = {}
    for unit in units:
        groups.setdefault(choosing.profile_of(unit.size), []).append(Origin(str(unit.id), points[unit.id]))
    found: dict[UUID, Reached] = {}
    answer = Nearest(())
    for profile, origins in groups.items():
        question = Question(profile, at=now, closures_at=now)
        answer = travel.nearest(target, origins, len(origins), question)
        found |= {UUID(one.id): Reached(one.travel, one.pinned) for one in answer.ranked}
    return found, answer


def _decide(
    travel: TravelTimes,
    wanted: Wanted,
    target: GeoPoint,
    units: Sequence[DutyUnit],
    runs: Mapping[UUID, RunNow],
    carrying: frozenset[UUID],
    choosing: Choosing,
) -> Recommendation:
    less_urgent = [unit for unit in units if (run := runs.get(unit.id)) and run.priority.rank > wanted.priority.rank]
    arriving = arrivals(travel, less_urgent, runs, wanted.at, choosing)
    candidates = [
        _candidate(wanted, unit, runs.get(unit.id), arriving.get(unit.id), unit.id in carrying, choosing)
        for unit in units
    ]
    points = {one.id: one.point for one in candidates}
    reached, answer = reach(travel, target, units, points, wanted.at, choosing)
    return recommend(
        wanted, candidates, reached, policy=choosing.policy, figures=choosing.figures,
        network_version=answer.network_version, overlay_version=answer.overlay_version, warnings=answer.warnings,
    )  # fmt: skip


def _candidate(
    wanted: Wanted, unit: DutyUnit, run: RunNow | None, arriving_s: float | None, on_board: bool, choosing: Choosing
) -> Candidate:
    letters = {Capability(letter) for letter in wanted.capabilities}
    own = run if run is not None and unit.standing.run_id == run.assignment_id else None
    there = unit.reckoning
    cleared = own.clear_point if own is not None and unit.standing.status in ON_RUN else None
    return Candidate(
        id=unit.id, call_sign=unit.call_sign, party=Party(unit.organisation, unit.system),
        station_id=unit.station_id, status=unit.standing.status, since=unit.standing.since,
        point=cleared or there.point, basis="clears" if cleared else str(there.basis), fix_at=there.fix_at,
        age_s=there.age_s, widen_s=there.widen_s, stale=there.stale, letters=unit.abilities.letters,
        missing=tuple(map(lack_text, unit.abilities.lacks(letters))),
        hindrances=tuple(str(one.reason) for one in unit.availability.hindrances),
        overdue=any(one.overdue for one in unit.availability.hindrances),
        run=Running(own.assignment_id, own.incident_id, own.priority, arriving_s, on_board) if own else None,
        clears_at=_clears_at(wanted.at, unit, own, choosing.figures), version=unit.version,
    )  # fmt: skip


def _clears_at(now: datetime, unit: DutyUnit, run: RunNow | None, figures: RankingFigures) -> datetime | None:
    """When a unit will be free: as somebody told, as is usual after arrival at a hospital, or never known."""
    standing = unit.standing
    if run is not None and run.clear_at is not None and standing.status in ON_RUN:
        return max(run.clear_at, now)
    if standing.status is UnitStatus.AT_HOSPITAL and standing.since is not None:
        return max(standing.since + timedelta(seconds=figures.turnaround_s), now)
    # A repair takes as long as it takes.
    if standing.status in ENDS_BY_ITSELF and standing.reason is not OutReason.FAULT:
        return standing.expected_end_at
    return None
