"""Coverage of a scene as it is told: table, hours of the day, map, further stations. Runs in a thread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from api.reports.coverage_scene import Scene, labelled
from api.reports.coverage_schemas import (
    Basis,
    CoverageHead,
    CoverageHoursOut,
    CoverageMapOut,
    CoverageOut,
    CoveredOut,
    SiteOut,
    SitingOut,
)
from dispatch.reports.rules_coverage import Places, Reached, crewed_at, groups_of, hour_of, moments_of, sited
from dispatch.units.states import Capability
from dispatch.units.tables import Station
from geo.covering import Spots, areas, each_within, soonest_s
from geo.network.attributes import StreetName
from geo.places.own import OwnPlace
from geo.points import METRES_PER_DEGREE
from geo.travel import Question

Asked = tuple[Basis, int | None, Capability | None]
"""From what coverage is searched, at which hour of the day, and with ambulances that can do what."""
_MOST_CANDIDATES: Final = 600
_NEAR_M: Final = 5_000.0
_MAP_CELL_M: Final = 200.0
_CORNERS_M: Final = 60.0
"""Corners of areas that a map of the whole region does not show are left out."""
_SQUARE_DEG: Final = 0.01
"""About a kilometre: the people of one such square are one cell of the map."""


def coverage_told(scene: Scene, asked: Asked) -> CoverageOut:
    """Return coverage by group. How many ambulances a county needs is said of all of them together only."""
    scene = scene.of(asked[2])
    sources = _sources(scene, asked)
    people, incidents = (scene.roads.reached(sources, some) for some in (scene.people_at, scene.incidents_at))
    groups = groups_of(
        scene.figures, (scene.lives.places, people), (scene.incidents, incidents), scene.vehicles(), scene.lives.names
    )
    if scene.capability is not None:
        groups = [msgspec.structs.replace(one, base=None, needed=None, missing=None) for one in groups]
    return CoverageOut(**_fields(scene.told(*asked[:2], len(sources))), groups=groups)


def hours_told(scene: Scene) -> CoverageHoursOut:
    """Return coverage by hour of the day: its usual stations, its speeds, the closures of now."""
    made, limits, roads = [], scene.figures.limits(), scene.roads
    for hour in range(24):
        at = moments_of(hour, scene.at, 1)[0] + timedelta(days=1)
        weighted = roads.engine.weights.made(Question(at=at, closures_at=scene.at), roads.overlay)
        stations, days = _usual(scene, hour)
        sources = roads.put(*_points(stations))
        rows = np.flatnonzero(scene.hours == hour)
        people = roads.reached(sources, scene.people_at, weighted)
        happened = roads.reached(sources, scene.incidents_at.at(rows), weighted)
        made.append(
            hour_of(
                hour,
                (len(stations), days),
                limits,
                (scene.lives.places, people),
                (_rows(scene.incidents, rows), happened),
            )
        )
    head = scene.told("stations", None, len(scene.crewed_stations))
    return CoverageHoursOut(**_fields(head), days=scene.figures.crewed_days, hours=made)


def map_told(scene: Scene, asked: Asked) -> bytes:
    """Return GeoJSON: areas within each time, the largest first, then cells of people, then what is searched from."""
    scene = scene.of(asked[2])
    sources = _sources(scene, asked)
    reached = scene.roads.reached(sources, scene.people_at)
    head = scene.told(*asked[:2], len(sources))
    features = [*_areas(scene, sources), *_cells(scene.lives.places, reached), *_from(scene, asked)]
    return msgspec.json.encode(CoverageMapOut(**_fields(head), features=features))


def siting_told(scene: Scene, minutes: float, count: int, capability: Capability | None) -> SitingOut:
    """Return where further stations would help most, beside all stations that have an ambulance (of a capability)."""
    scene = scene.of(capability)
    roads, weight = scene.roads, scene.lives.places.weight
    homes = {unit.station_id for unit in scene.units}
    stations = roads.put(*_points([one for one in scene.stations if one.id in homes]))
    limits, within_s = roads.engine.limits, minutes * 60.0
    already = np.isfinite(soonest_s(roads.weighted, stations, scene.people_at, limits, within_s))
    places = _candidates(scene, already)
    at = roads.put(*_points(places))
    reach = np.zeros((len(places), len(weight)), dtype=bool)
    for row, held in enumerate(each_within(roads.weighted, at, scene.people_at, limits, within_s)):
        reach[row] = held
    steps = sited(weight, already, reach, count)
    lat, lon = _points(places)
    where, whole = labelled(lat, lon, np.ones(len(lat)), scene.lives.zones), float(weight.sum())

    def covered(people: float) -> dict[str, Any]:
        return {"people": round(people), "share": people / whole if whole else None}

    told = [
        SiteOut(
            rank=rank, place_id=place.id, name_zh=place.names.zh or place.names.name, name_en=place.names.en,
            name_ug=place.names.ug, kind=place.kind, lat=place.lat, lon=place.lon, county=where.county[step.candidate],
            organisation=where.organisation[step.candidate], gained_people=round(step.gained), **covered(step.people),
        )
        for rank, step in enumerate(steps, start=1)
        for place in [places[step.candidate]]
    ]  # fmt: skip
    head = scene.told("stations", None, len(stations))
    return SitingOut(
        **_fields(head), minutes=minutes, candidates=len(places),
        already=CoveredOut(**covered(float(weight[already].sum()))), steps=told,
    )  # fmt: skip


def _fields(head: CoverageHead) -> dict[str, Any]:
    return msgspec.structs.asdict(head)


def _points(places: Sequence[Station] | Sequence[OwnPlace]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([one.lat for one in places], dtype=np.float64), np.array(
        [one.lon for one in places], dtype=np.float64
    )


def _rows(places: Places, rows: NDArray[np.intp]) -> Places:
    return Places(*(getattr(places, name)[rows] for name in Places.__slots__))


def _usual(scene: Scene, hour: int) -> tuple[list[Station], int]:
    crewed, days = crewed_at(hour, scene.at, scene.figures, scene.duties)
    return [one for one in scene.stations if one.id in crewed], days


def _searched(scene: Scene, asked: Asked) -> list[tuple[float, float, dict[str, Any]]]:
    basis, hour, _ = asked
    if basis == "units":
        return [
            (unit.reckoning.point.lat, unit.reckoning.point.lon, {"name": unit.call_sign, "call_sign": unit.call_sign,
             "station": unit.station_code, "organisation": unit.organisation})
            for unit in scene.free
        ]  # fmt: skip
    stations = scene.crewed_stations if hour is None else _usual(scene, hour)[0]
    return [
        (one.lat, one.lon, {"name": one.name_zh, "call_sign": None, "station": one.code,
         "organisation": one.organisation})
        for one in stations
    ]  # fmt: skip


def _sources(scene: Scene, asked: Asked) -> Spots:
    found = _searched(scene, asked)
    return scene.roads.put(np.array([lat for lat, _, _ in found]), np.array([lon for _, lon, _ in found]))


def _areas(scene: Scene, sources: Spots) -> list[dict[str, Any]]:
    wanted = [limit for limit in scene.figures.limits() if limit.within_s is not None]
    if not len(sources):
        return []
    made = areas(
        scene.roads.weighted,
        sources,
        scene.roads.engine.limits,
        [float(one.within_s or 0) for one in wanted],
        _MAP_CELL_M,
    )
    coarse = _CORNERS_M / METRES_PER_DEGREE
    return [
        {
            "type": "Feature", "geometry": shapely.geometry.mapping(_rounded(one.area, coarse)),
            "properties": {"kind": "area", "limit": limit.id, "within_s": limit.within_s},
        }
        for limit, one in reversed(list(zip(wanted, made, strict=True)))
    ]  # fmt: skip


def _rounded(area: shapely.Geometry, coarse: float) -> shapely.Geometry:
    return shapely.set_precision(shapely.simplify(area, coarse, preserve_topology=True), 1e-5)


def _cells(places: Places, reached: Reached) -> list[dict[str, Any]]:
    """Squares of people: where their middle is, and how soon and how far those of them that are reached are."""
    squares = np.stack([np.floor(places.lat / _SQUARE_DEG), np.floor(places.lon / _SQUARE_DEG)])
    _, first, owner = np.unique(squares, axis=1, return_index=True, return_inverse=True)
    owner = owner.reshape(-1)

    def mean(values: NDArray[np.float64]) -> list[float | None]:
        known = np.isfinite(values)
        weight = np.bincount(owner[known], places.weight[known], len(first))
        whole = np.bincount(owner[known], places.weight[known] * values[known], len(first))
        return [
            total / people if people else None for total, people in zip(whole.tolist(), weight.tolist(), strict=True)
        ]

    people = np.bincount(owner, places.weight, len(first)).tolist()
    rows = zip(
        mean(places.lat),
        mean(places.lon),
        people,
        mean(reached.eta_s),
        mean(reached.road_m),
        first.tolist(),
        strict=True,
    )
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon or 0.0, 5), round(lat or 0.0, 5)]},
            "properties": {
                "kind": "cell", "people": round(lives, 1), "eta_s": None if eta_s is None else round(eta_s),
                "distance_m": None if road_m is None else round(road_m), "county": places.county[row],
                "organisation": places.organisation[row], "ground": places.ground[row],
            },
        }
        for lat, lon, lives, eta_s, road_m, row in rows
    ]  # fmt: skip


def _from(scene: Scene, asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"kind": "source", **named},
        }
        for lat, lon, named in _searched(scene, asked)
    ]  # fmt: skip


def _candidates(scene: Scene, already: NDArray[np.bool_]) -> list[OwnPlace]:
    """Own places, or the middles of cells where a region has few; of many those with most people about not covered."""
    lives = scene.lives.places
    left = np.flatnonzero(~already)
    places = list(scene.lives.own)
    if len(places) < 20:
        heavy = left[np.argsort(-lives.weight[left], kind="stable")[:_MOST_CANDIDATES]]
        places += [OwnPlace("", float(lives.lat[row]), float(lives.lon[row]), "cell", StreetName()) for row in heavy]
    lat, lon = _points(places)
    high, wide = (
        _NEAR_M / METRES_PER_DEGREE,
        _NEAR_M / METRES_PER_DEGREE / math.cos(math.radians(float(lat.mean()) if len(lat) else 0.0)),
    )
    about = [
        float(lives.weight[left][(np.abs(lives.lat[left] - y) < high) & (np.abs(lives.lon[left] - x) < wide)].sum())
        for y, x in zip(lat.tolist(), lon.tolist(), strict=True)
    ]
    order = np.argsort(-np.array(about), kind="stable")[:_MOST_CANDIDATES]
    return [places[row] for row in order.tolist() if about[row] > 0.0]
