"""Plans of legs for any two hospitals: roads, vehicles and cover looked at, then decided purely. It only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from dispatch.dispatching.rules_recommendation import mobilise_s
from dispatch.dispatching.service_cover import CoverTold, cover_of
from dispatch.dispatching.service_look import FleetNow
from dispatch.dispatching.service_reach import reach
from dispatch.ecmo.rules_air import AIRCRAFT, AIRPORTS, Weather
from dispatch.ecmo.rules_figures import FIGURES, Times
from dispatch.ecmo.rules_legs import DRIVEN, Drive, Place
from dispatch.ecmo.rules_plans import Case, Plan, compare
from dispatch.ecmo.rules_risks import BAD_ROADS
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_plans import ROADS, Known, LegKind, PlanKind, Track
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.tables import Hospital
from dispatch.units.queries_fleet import DutyUnit
from dispatch.units.states import Capability, Special
from geo.points import GeoPoint
from geo.speeds import EMERGENCY, Profile
from geo.travel import Question, TravelTimes

_OFF_NETWORK_M: Final = 5_000.0
"""A place further from any road of the network is not on it."""
_GUESSED_M: Final = 100_000.0
"""Straight lines are guessed no longer than this."""
_OUT_OF_THE_WAY: Final = 1.4
_MS: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared. held_open: airports; unit_id: the team's vehicle, where it is known already."""

    centre: Hospital
    origin: Hospital
    bed: Hospital
    mode: Mode
    on_circuit: bool
    fit_to_move: bool
    hospitals: Sequence[Hospital]
    weather: Mapping[str, Weather] = field(default_factory=dict)
    turned_down: frozenset[str] = frozenset()
    held_open: frozenset[str] = frozenset()
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A vehicle that a plan takes from the network. track: for whom; until: seconds from now until it is free again."""

    plan: Plan
    track: Track
    unit: DutyUnit
    until: Times


@dataclass(frozen=True, slots=True)
class Compared:
    """The plans, the vehicles that they take, and what cover each vehicle takes away, by its id."""

    at: datetime
    plans: tuple[Plan, ...]
    taken: tuple[Taken, ...]
    cover: Mapping[UUID, CoverTold]


def compare_plans(travel: TravelTimes, fleet: FleetNow, asked: Asked) -> Compared:
    """Compare all plans for a patient. It computes for tens of milliseconds, and asks the roads; thread-safe."""
    centre, origin, bed = (_place(one) for one in (asked.centre, asked.origin, asked.bed))
    team_unit, ready = _team_vehicle(travel, fleet, centre, asked.unit_id)
    profile = EMERGENCY if team_unit is None else fleet.choosing.profile_of(team_unit.size)
    vias = _between(asked, centre, origin)
    ports = [Place(one.code, one.point) for one in AIRPORTS.values()]
    places = {one.key: one for one in (centre, origin, bed, *vias, *ports)}
    roads = asked.weather.get(ROADS)
    bad = roads is not None and not roads.old(fleet.at) and roads.phenomenon in BAD_ROADS
    asking = _Roads(travel, profile, fleet.at, bad=bad)
    drives = asking.between(list(places.values()))
    case = Case(
        at=fleet.at, mode=asked.mode, on_circuit=asked.on_circuit, fit_to_move=asked.fit_to_move, centre=centre,
        origin=origin, bed=bed, vias=vias, drives=drives, vehicle=ready, road_weather=roads,
        aircraft=tuple(AIRCRAFT.values()), airports=tuple(AIRPORTS.values()), weather=asked.weather,
        turned_down=asked.turned_down, held_open=asked.held_open,
    )  # fmt: skip
    # What mountains and closures do is asked only for drives that a plan holds.
    held = {(leg.start, leg.goal) for plan in compare(case) for leg in plan.legs if leg.kind in DRIVEN}
    plans = compare(replace(case, drives=drives | asking.looked_into(held, drives)))
    taken = _vehicles(travel, fleet, case, plans, team_unit)
    cover = {one: cover_of(travel, fleet, one) for one in dict.fromkeys(taken_by.unit.id for taken_by in taken)}
    return Compared(fleet.at, plans, taken, cover)


@dataclass(frozen=True, slots=True)
class _Roads:
    """The roads, for one vehicle at one moment. bad: ice or sand lies on them."""

    travel: TravelTimes
    profile: Profile
    at: datetime
    bad: bool

    def between(self, places: Sequence[Place]) -> dict[tuple[str, str], Drive]:
        """Drives between all pairs; a short one that no road makes is guessed, a long one left out."""
        points = [one.point for one in places]
        told = self.travel.matrix(points, points, Question(self.profile, at=self.at, closures_at=self.at))
        found: dict[tuple[str, str], Drive] = {}
        for row, start in enumerate(places):
            for column, goal in enumerate(places):
                ms = int(told.time_ms[row, column])
                far = max(told.off_road_origin_m[row], told.off_road_target_m[column]) > _OFF_NETWORK_M
                if start.key == goal.key:
                    found[start.key, goal.key] = Drive(Times(0.0, 0.0), 0.0, Known.ROAD)
                elif ms >= 0 and not far:
                    metres = float(told.distance_m[row, column])
                    found[start.key, goal.key] = Drive(self._times(ms / _MS), metres, Known.ROAD)
                elif start.point.distance_m(goal.point) <= _GUESSED_M:
                    metres = start.point.distance_m(goal.point) * FIGURES.guess_detour
                    found[start.key, goal.key] = Drive(self._times(metres / FIGURES.guess_mps), metres, Known.GUESS)
        return found

    def looked_into(
        self, pairs: set[tuple[Place, Place]], drives: Mapping[tuple[str, str], Drive]
    ) -> dict[tuple[str, str], Drive]:
        """The same drives with the length that lies in mountains, and what closures cost."""
        closed = Question(self.profile, at=self.at, closures_at=self.at)
        found: dict[tuple[str, str], Drive] = {}
        for start, goal in pairs:
            drive = drives[start.key, goal.key]
            if drive.known is not Known.ROAD or start.key == goal.key:
                continue
            route = self.travel.route(start.point, goal.point, closed)
            free = self.travel.matrix([start.point], [goal.point], replace(closed, closures_at=None))
            free_s = int(free.time_ms[0, 0]) / _MS
            detour_s = max(0.0, (route.travel.eta_s or 0.0) - free_s) if free_s >= 0 else 0.0
            line = route.line
            inside = sum(
                GeoPoint(float(a[1]), float(a[0])).distance_m(GeoPoint(float(b[1]), float(b[0])))
                for a, b in pairwise(line)
                if any(one.holds(float(a[1]), float(a[0])) for one in FIGURES.mountains)
            )
            found[start.key, goal.key] = replace(drive, detour_s=detour_s, mountain_m=inside)
        return found

    def _times(self, seconds: float) -> Times:
        usual = seconds * (FIGURES.bad_factor if self.bad else 1.0)
        return Times(usual, usual * FIGURES.slow_factor)


def _place(hospital: Hospital) -> Place:
    able = HospitalCapability.ICU in hospital.capabilities
    return Place(str(hospital.id), GeoPoint(hospital.lat, hospital.lon), able)


def _between(asked: Asked, centre: Place, origin: Place) -> tuple[Place, ...]:
    """Hospitals of a grade that lie on the way, those nearest to half way first."""
    straight = centre.point.distance_m(origin.point)
    ends = {asked.centre.id, asked.origin.id, asked.bed.id}
    found: list[tuple[float, Place]] = []
    for one in asked.hospitals:
        place = _place(one)
        to_centre, to_origin = centre.point.distance_m(place.point), origin.point.distance_m(place.point)
        on_the_way = to_centre + to_origin <= straight * _OUT_OF_THE_WAY and max(to_centre, to_origin) < straight
        if one.id not in ends and one.level in FIGURES.grades and on_the_way:
            found.append((max(to_centre, to_origin), place))
    found.sort(key=lambda pair: (pair[0], pair[1].key))
    return tuple(place for _, place in found[: FIGURES.looked_at])


def _team_vehicle(
    travel: TravelTimes, fleet: FleetNow, centre: Place, unit_id: UUID | None
) -> tuple[DutyUnit | None, Times | None]:
    """The vehicle that carries circuits and is soonest at the centre; the mission's own one, where it has one."""
    able = [one for one in fleet.units if Capability.ECMO in one.abilities.letters or one.special == Special.ECMO]
    if unit_id is not None:
        able = [one for one in fleet.units if one.id == unit_id]
    else:
        able = [one for one in able if one.availability.available]
    return _soonest(travel, fleet, centre, able)


def _soonest(
    travel: TravelTimes, fleet: FleetNow, goal: Place, units: Sequence[DutyUnit]
) -> tuple[DutyUnit | None, Times | None]:
    points = {one.id: one.reckoning.point for one in units}
    reached, _ = reach(travel, goal.point, units, points, fleet.at, fleet.choosing)
    ranked = [
        (mobilise_s(one.standing.status, fleet.choosing.figures) + told.travel.eta_s, one.call_sign, one)
        for one in units
        if (told := reached.get(one.id)) is not None and told.travel.eta_s is not None
    ]
    if not ranked:
        return None, None
    seconds, _, unit = min(ranked, key=lambda one: one[:2])
    return unit, Times(seconds, seconds * FIGURES.slow_factor)


def _vehicles(
    travel: TravelTimes, fleet: FleetNow, case: Case, plans: Sequence[Plan], team_unit: DutyUnit | None
) -> tuple[Taken, ...]:
    """For each plan the team's own vehicle, and the ambulance near the patient that moves or carries him.

    Who flies is driven to the airport and fetched there again: by the team's vehicle, or the ambulance next to it.
    """
    free = [one for one in fleet.units if one.availability.available and Capability.ALS in one.abilities.letters]
    own = team_unit.id if team_unit is not None else None
    near, _ = _soonest(travel, fleet, case.origin, [one for one in free if one.id != own])
    home = team_unit
    if home is None and any(one.aircraft is not None for one in plans):
        home, _ = _soonest(travel, fleet, case.centre, [one for one in free if near is None or one.id != near.id])
    taken: list[Taken] = []
    for plan in plans:
        if team_unit is not None and plan.kind in (PlanKind.ROAD, PlanKind.RENDEZVOUS):
            taken.append(Taken(plan, Track.VEHICLE, team_unit, plan.to_bed))
        if home is not None and plan.aircraft is not None:
            taken.append(Taken(plan, Track.TEAM, home, plan.to_bed))
        moved = [one for one in plan.legs if one.kind in (LegKind.MOVE, LegKind.CARRY) and one.start == case.origin]
        if near is not None and moved and plan.kind is not PlanKind.ROAD:
            taken.append(Taken(plan, Track.PATIENT, near, moved[0].ends))
    return tuple(taken)
