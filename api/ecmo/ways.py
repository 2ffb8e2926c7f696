"""Both ways to the circuit by the roads as they are now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from api.ecmo.assessing import case_of, rules_out, way_out
from api.ecmo.schemas_assessment import CentreWaysOut, WaysOut
from api.regions.live import LiveRegion, Served
from dispatch.ecmo.queries_case import list_values
from dispatch.ecmo.queries_requests import list_hospitals_named, list_joined
from dispatch.ecmo.queries_scene import SceneNow, scene_now
from dispatch.ecmo.rules_case import Case
from dispatch.ecmo.rules_low_flow import LIMIT_MIN
from dispatch.ecmo.rules_ways import Situation, both_ways
from dispatch.ecmo.states_requests import Ward
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.queries import list_ecmo_centres
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_incidents import get_incident
from dispatch.kernel.clock import Clock
from dispatch.kernel.db import Session
from dispatch.kernel.errors import Unavailable
from geo.points import GeoPoint
from geo.speeds import EMERGENCY
from geo.travel import Question

_ON_THE_WAY = frozenset({Ward.SCENE, Ward.AMBULANCE})
Road = tuple[float | None, float | None, float | None]
"""Seconds to the centre, metres to the centre, seconds back; None: no road leads, or nobody knows the place."""


async def roads_there(live: LiveRegion) -> Served | None:
    """The region's roads; None where it has none: then ways are unknown, and nothing else waits for them."""
    try:
        return await live.ask()
    except Unavailable as problem:
        if problem.code != "region.no_roads":
            raise
        return None


async def ways_of(session: Session, clock: Clock, served: Served | None, row: EcmoRequest) -> WaysOut:
    """Tell both ways of every centre that can be asked, the region's by road; to one outside no road is known."""
    case = case_of(row, await list_values(session, await list_joined(session, row.id)), clock.now())
    centres = await list_ecmo_centres(session, row.region)
    here = await _place(session, row)
    inside = [one for one in centres if not one.is_outside]
    roads: dict[UUID, Road] = {}
    reached = None if row.incident_id is None else await scene_now(session, row.incident_id, case.now)
    if served is not None and here is not None:
        question = Question(EMERGENCY, at=case.now, closures_at=case.now)
        if inside:
            roads = await asyncio.to_thread(_roads, served, here, inside, question)
        if reached is not None and reached.coming:
            to_scene = await asyncio.to_thread(_soonest, served, here, reached.coming, question)
            reached = replace(reached, to_scene_s=to_scene)
    return WaysOut(
        at=case.now,
        limit_min=LIMIT_MIN,
        applies=not case.special,
        centres=[_centre(one, case, row, roads.get(one.id, (None, None, None)), reached) for one in centres],
        rules=[one for one in rules_out() if one.name == "ways"],
    )


def longest_of(told: WaysOut) -> float | None:
    """The longest that the time without flow may be on the way that is the faster at its end; None: none is known."""
    known = [
        way.high for one in told.centres for way in (one.to_cannulator, one.to_patient) if way.to_circuit is not None
        and way.legs[0].low is not None
    ]  # fmt: skip
    return min(known, default=None)


def _centre(one: Hospital, case: Case, row: EcmoRequest, road: Road, scene: SceneNow | None) -> CentreWaysOut:
    in_hospital = row.hospital_id is not None and (row.ward is None or Ward(row.ward) not in _ON_THE_WAY)
    situation = Situation(
        now=case.now,
        arrest_at=case.time("arrest_at"),
        in_hospital=in_hospital,
        to_centre_s=road[0],
        to_patient_s=road[2],
        special=case.special,
        to_scene_s=None if scene is None else scene.to_scene_s,
        at_scene=scene is not None and scene.is_there,
        aboard=row.ward == Ward.AMBULANCE or (scene is not None and scene.is_aboard),
    )
    brought, visited = both_ways(situation)
    metres = road[1]
    return CentreWaysOut(one.id, None if metres is None else metres / 1000.0, way_out(brought), way_out(visited))


async def _place(session: Session, row: EcmoRequest) -> GeoPoint | None:
    if row.lat is not None and row.lon is not None:
        return GeoPoint(lat=row.lat, lon=row.lon)
    if row.hospital_id is not None:
        hospital = (await list_hospitals_named(session, [row.hospital_id]))[row.hospital_id]
        return GeoPoint(lat=hospital.lat, lon=hospital.lon)
    if row.incident_id is not None:
        incident = await get_incident(session, row.region, row.incident_id)
        if incident.lat is not None and incident.lon is not None:
            return GeoPoint(lat=incident.lat, lon=incident.lon)
    return None


def _soonest(served: Served, here: GeoPoint, coming: Sequence[GeoPoint], question: Question) -> float | None:
    """Seconds until the first of those that come is there; None: no road leads."""
    told = served.engine.matrix(list(coming), [here], question)
    return min((float(ms) / 1000.0 for ms in told.time_ms[:, 0] if ms >= 0), default=None)


def _roads(served: Served, here: GeoPoint, centres: Sequence[Hospital], question: Question) -> dict[UUID, Road]:
    there = [GeoPoint(lat=one.lat, lon=one.lon) for one in centres]
    out = served.engine.matrix([here], there, question)
    back = served.engine.matrix(there, [here], question)
    found: dict[UUID, Road] = {}
    for place, one in enumerate(centres):
        metres = float(out.distance_m[0, place])
        leads = out.time_ms[0, place] >= 0 and np.isfinite(metres)
        returns = back.time_ms[place, 0] >= 0
        found[one.id] = (
            float(out.time_ms[0, place]) / 1000.0 if leads else None,
            metres if leads else None,
            float(back.time_ms[place, 0]) / 1000.0 if returns else None,
        )
    return found
