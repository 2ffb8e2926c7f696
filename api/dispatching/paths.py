"""The way of a vehicle on the map."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import numpy as np

from api.dispatching.choosing import choosing_of
from api.dispatching.schemas import PathOut
from api.regions.live import Served
from api.roads.asking import metres, roads_of, standing_warnings
from api.roads.schemas import LineOut
from dispatch.dispatching.rules_arrivals import Goal
from dispatch.dispatching.rules_policy import PROPOSED
from dispatch.units.rules import VehicleSize
from geo.points import GeoPoint
from geo.travel import Question


async def path_of(
    served: Served, now: datetime, unit_id: UUID, size: VehicleSize, goal: Goal, origin: GeoPoint, target: GeoPoint
) -> PathOut:
    """Ask the roads for the way, under the closures of now, as an emergency run of a vehicle of that size."""
    profile = choosing_of(served, PROPOSED).profile_of(size)
    found = await asyncio.to_thread(
        served.engine.route, origin, target, Question(profile, at=now, closures_at=now)
    )  # fmt: skip
    travel = found.travel
    return PathOut(
        unit_id=unit_id,
        goal=goal,
        lat=origin.lat,
        lon=origin.lon,
        eta_s=travel.eta_s,
        distance_m=metres(travel.distance_m),
        source=travel.source.value,
        reasons=[reason.value for reason in travel.reasons],
        geometry=LineOut(np.round(found.line, 7).tolist()) if len(found.line) >= 2 else None,
        roads=roads_of(served),
        warnings=standing_warnings(served),
    )
