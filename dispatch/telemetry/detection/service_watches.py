"""Setting down what is to be watched of a vehicle under way, and taking it up again. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.incidents.service import Act
from dispatch.telemetry.detection.queries_watches import list_found_of, list_watches
from dispatch.telemetry.detection.service import end
from dispatch.telemetry.detection.states import AT_HOSPITAL, AT_SCENE, Goal
from dispatch.telemetry.detection.tables import Watch
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class WatchFigures:
    """How a goal is watched: metres round it, metres off the expected way, seconds of standing still."""

    radius_m: float
    off_route_m: float | None
    stopped_s: float | None


PROPOSED: Final = {Goal.SCENE: WatchFigures(150.0, 300.0, 120.0), Goal.HOSPITAL: WatchFigures(200.0, 300.0, 120.0)}
"""Proposed; no outside authority."""
_OFFERS: Final = {Goal.SCENE: AT_SCENE, Goal.HOSPITAL: AT_HOSPITAL}


async def set_watch(
    act: Act,
    unit_id: UUID,
    assignment_id: UUID,
    incident_id: UUID,
    goal: Goal,
    point: GeoPoint,
    *,
    at: datetime | None = None,
) -> Watch:
    """Watch a vehicle on its way to a goal; another goal of the same kind takes the place of the one before.

    at: since when, for an order that was told later; None: from now on.
    """
    async with act.together():
        await _end(act, assignment_id, goal)
        figures = PROPOSED[goal]
        row = Watch(
            id=act.new_id(), unit_id=unit_id, assignment_id=assignment_id, incident_id=incident_id, goal=goal,
            lat=point.lat, lon=point.lon, radius_m=figures.radius_m, off_route_m=figures.off_route_m,
            stopped_s=figures.stopped_s, set_at=at or act.clock.now(), ended_at=None,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        return row


async def end_watches(act: Act, assignment_id: UUID) -> None:
    """Watch nothing of an assignment any more; what goes on of it is over."""
    async with act.together():
        await _end(act, assignment_id, None)


async def _end(act: Act, assignment_id: UUID, goal: Goal | None) -> None:
    now = act.clock.now()
    for row in await list_watches(act.session, assignment_id):
        if goal is None or row.goal == goal:
            row.ended_at = max(now, row.set_at)
    await act.session.flush()
    for one in await list_found_of(act.session, assignment_id):
        if goal is None or one.code == _OFFERS[goal]:
            await end(act, one, now)
