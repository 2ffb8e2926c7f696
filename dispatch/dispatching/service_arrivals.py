"""When vehicles under way will be there, by the roads as they are now. Nothing here writes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import RunNow, list_runs_now
from dispatch.dispatching.rules_arrivals import Arrival, Goal, goal_of
from dispatch.dispatching.service_reach import DEFAULT, Choosing, arrivals_at
from dispatch.units.queries_fleet import DutyUnit, list_duty_units
from geo.points import GeoPoint
from geo.travel import TravelTimes


async def arrivals_now(
    session: AsyncSession,
    region: str,
    travel: TravelTimes,
    now: datetime,
    *,
    unit_ids: Collection[UUID] | None = None,
    choosing: Choosing = DEFAULT,
) -> dict[UUID, Arrival]:
    """When each unit under way reaches its scene or its hospital, by assignment; of all units, or of some.

    Left out are units that are there, that nobody knows of, and those whose goal has no place. The roads are asked in
    a thread, under the closures that lie on them now.
    """
    runs = {run.unit_id: run for run in await list_runs_now(session, region)}
    wanted = runs.keys() if unit_ids is None else runs.keys() & set(unit_ids)
    if not wanted:
        return {}
    units = await list_duty_units(session, region, now, ids=wanted, policy=choosing.duty)
    found = await asyncio.to_thread(_reckoned, travel, units, runs, now, choosing)
    return {one.assignment_id: one for one in found}


def goal_now(unit: DutyUnit, run: RunNow) -> tuple[Goal, GeoPoint] | None:
    """Where a unit is going on its run, and where that is; None where it goes nowhere, or nobody knows."""
    goal = goal_of(unit.standing.status) if unit.standing.run_id == run.assignment_id else None
    point = run.point if goal is Goal.SCENE else run.destination
    return None if goal is None or point is None else (goal, point)


def _reckoned(
    travel: TravelTimes, units: Sequence[DutyUnit], runs: Mapping[UUID, RunNow], now: datetime, choosing: Choosing
) -> list[Arrival]:
    groups: dict[tuple[Goal, GeoPoint], list[DutyUnit]] = {}
    for unit in units:
        going = goal_now(unit, runs[unit.id])
        if going is not None:
            groups.setdefault(going, []).append(unit)
    return [
        one
        for (goal, point), group in groups.items()
        for one in arrivals_at(travel, goal, point, group, runs, now, choosing)
    ]
