"""Plans of legs for one patient, compared: by road, half way, brought, by air. Pure. Figures: `plans.toml`.

A patient without a circuit is moved only once somebody has said by name that he is fit for it; until then such a plan
is shown and never recommended. The plan recommended is the one whose slow time to the circuit is the soonest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from dispatch.ecmo.rules_air import Aircraft, Airport, Hop, Judgement, Weather, judge_flight
from dispatch.ecmo.rules_figures import FIGURES, NOW, Times
from dispatch.ecmo.rules_legs import Draft, Drive, Leg, Place, drivers_for
from dispatch.ecmo.rules_risks import RiskTold, risks_of
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_plans import Hindrance, LegKind, PlanKind, PlanMark, Sky, Track

_TEAM, _PATIENT, _VEHICLE, _AIRCRAFT = Track.TEAM, Track.PATIENT, Track.VEHICLE, Track.AIRCRAFT
_TOGETHER: Final = (_TEAM, _PATIENT)
_ALL: Final = (_TEAM, _PATIENT, _VEHICLE)


@dataclass(frozen=True, slots=True)
class Case:
    """What is planned for, and all that is known for it.

    centre: where team and kit are; origin: where the patient is; bed: where he is taken. vehicle: how long until the
    team's vehicle stands at the centre; None: there is none. drives: by the keys of two places; what no road joins is
    missing. turned_down: codes of aircraft whose operators said no.
    """

    at: datetime
    mode: Mode
    on_circuit: bool
    fit_to_move: bool
    centre: Place
    origin: Place
    bed: Place
    vias: tuple[Place, ...]
    drives: Mapping[tuple[str, str], Drive]
    vehicle: Times | None
    road_weather: Weather | None
    aircraft: tuple[Aircraft, ...] = ()
    airports: tuple[Airport, ...] = ()
    weather: Mapping[str, Weather] = field(default_factory=dict)
    turned_down: frozenset[str] = frozenset()
    held_open: frozenset[str] = frozenset()

    def drive(self, start: Place, goal: Place) -> Drive | None:
        """How one drives from place to place; None: not at all."""
        return self.drives.get((start.key, goal.key))


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. marks: seconds from the case's moment; distance_m: of all that the team travels.

    via: where team and patient meet; aircraft, judgement: of a flight. loads: of the patient into a vehicle or out.
    """

    kind: PlanKind
    legs: tuple[Leg, ...]
    marks: Mapping[PlanMark, Times]
    distance_m: float
    people: int
    drivers: int
    via: Place | None
    aircraft: Aircraft | None
    judgement: Judgement | None
    risks: tuple[RiskTold, ...]
    hindrances: tuple[Hindrance, ...]
    moves_uncannulated: bool
    recommended: bool = False

    @property
    def to_circuit(self) -> Times:
        """Seconds until blood flows through the team's circuit."""
        return self.marks[PlanMark.ON_CIRCUIT]

    @property
    def to_bed(self) -> Times:
        """Seconds until the patient is handed over at his bed."""
        return self.marks[PlanMark.BED]


def compare(case: Case) -> tuple[Plan, ...]:
    """All plans that there are for a case: the recommended one, others that can be had, the rest; soonest first."""
    made = [plan for plan in (_road(case), _rendezvous(case), _brought(case), *_by_air(case)) if plan is not None]
    made.sort(key=lambda one: (len(one.hindrances) > 0, one.to_circuit.slow, one.to_bed.slow))
    if made and not made[0].hindrances:
        made[0] = replace(made[0], recommended=True)
    return tuple(made)


def _road(case: Case) -> Plan | None:
    out, back = case.drive(case.centre, case.origin), case.drive(case.origin, case.bed)
    if out is None or back is None:
        return None
    draft = _set_out(case, drivers_for((out, back)))
    draft.mark(PlanMark.AT_PATIENT, draft.drive((_TEAM, _VEHICLE), LegKind.DRIVE, out, case.centre, case.origin))
    _on_circuit(case, draft, case.origin)
    _carried_home(case, draft, case.origin, back)
    return _plan(case, PlanKind.ROAD, draft)


def _rendezvous(case: Case) -> Plan | None:
    """The hospital half way at which the circuit runs the soonest, if that gains enough."""
    if case.on_circuit:
        return None
    made = [plan for via in case.vias if (plan := _meeting(case, via)) is not None]
    if not made:
        return None
    best = min(made, key=lambda one: (one.to_circuit.slow, one.to_bed.slow))
    straight = _road(case)
    gains = straight is None or straight.to_circuit.slow - best.to_circuit.slow >= FIGURES.gain_s
    return best if gains else None


def _meeting(case: Case, via: Place) -> Plan | None:
    out, moved, back = case.drive(case.centre, via), case.drive(case.origin, via), case.drive(via, case.bed)
    if out is None or moved is None or back is None:
        return None
    draft = _set_out(case, drivers_for((out, back)))
    there = draft.drive((_TEAM, _VEHICLE), LegKind.DRIVE, out, case.centre, via)
    _moved(draft, case.origin, via, moved)
    draft.mark(PlanMark.AT_PATIENT, there.latest(draft.clocks[_PATIENT]))
    _on_circuit(case, draft, via)
    _carried_home(case, draft, via, back)
    return _plan(case, PlanKind.RENDEZVOUS, draft, via=via, moves=True)


def _brought(case: Case) -> Plan | None:
    """The patient is driven to his bed by whoever is there; the team waits for him."""
    moved, there = case.drive(case.origin, case.bed), case.drive(case.centre, case.bed)
    if case.on_circuit or case.origin.key == case.bed.key or moved is None or there is None:
        return None
    draft = Draft(1)
    draft.mark(PlanMark.WHEELS, draft.usual((_TEAM,), LegKind.PREPARE, _ready(case), case.centre))
    if case.centre.key != case.bed.key:
        draft.drive((_TEAM,), LegKind.DRIVE, there, case.centre, case.bed)
    draft.mark(PlanMark.DEPARTED, _moved(draft, case.origin, case.bed, moved))
    arrived = draft.clocks[_PATIENT]
    draft.mark(PlanMark.ARRIVED, arrived)
    draft.mark(PlanMark.AT_PATIENT, arrived.latest(draft.clocks[_TEAM]))
    _on_circuit(case, draft, case.bed)
    draft.mark(PlanMark.BED, draft.clocks[_PATIENT])
    return _plan(case, PlanKind.BRING, draft, via=case.bed, moves=True)


def _by_air(case: Case) -> Iterator[Plan]:
    for aircraft in case.aircraft:
        plan = _flown(case, aircraft)
        if plan is not None:
            yield plan


def _flown(case: Case, aircraft: Aircraft) -> Plan | None:
    """From the airport nearest to the team to the one nearest to the patient, and on to the one nearest to the bed."""
    home = _nearest(case, lambda port: case.drive(case.centre, port))
    away = _nearest(case, lambda port: case.drive(port, case.origin))
    end = _nearest(case, lambda port: case.drive(port, case.bed))
    if home is None or away is None or end is None or away in (home, end):
        return None
    to_air, to_patient = case.drive(case.centre, _at(home)), case.drive(_at(away), case.origin)
    from_patient, to_bed = case.drive(case.origin, _at(away)), case.drive(_at(end), case.bed)
    if to_air is None or to_patient is None or from_patient is None or to_bed is None:
        return None
    kind, draft = aircraft.type, Draft(1)
    draft.go((_AIRCRAFT,), LegKind.PREPARE, kind.ready, _at(aircraft.base))
    hops: list[tuple[Leg, Airport, Airport, int]] = []

    def fly(tracks: Sequence[Track], what: LegKind, start: Airport, goal: Airport, people: int) -> None:
        metres = start.point.distance_m(goal.point)
        draft.go(tracks, what, kind.flight(metres), _at(start), _at(goal), distance_m=metres)
        hops.append((draft.legs[-1], start, goal, people))

    team = _team(case)
    if aircraft.base != home:
        fly((_AIRCRAFT,), LegKind.FERRY, aircraft.base, home, 0)
        draft.go((_AIRCRAFT,), LegKind.PREPARE, Times(kind.turnaround_min * 60, kind.turnaround_min * 60), _at(home))
    draft.mark(PlanMark.WHEELS, draft.usual((_TEAM,), LegKind.PREPARE, _ready(case), case.centre))
    draft.drive((_TEAM,), LegKind.DRIVE, to_air, case.centre, _at(home))
    draft.go((_TEAM, _AIRCRAFT), LegKind.LOAD, kind.loading, _at(home))
    fly((_TEAM, _AIRCRAFT), LegKind.FLY, home, away, team)
    draft.go((_TEAM,), LegKind.UNLOAD, FIGURES.minutes["unload"], _at(away))
    there = draft.drive((_TEAM,), LegKind.DRIVE, to_patient, _at(away), case.origin)
    draft.mark(PlanMark.AT_PATIENT, there)
    _on_circuit(case, draft, case.origin)
    draft.mark(PlanMark.DEPARTED, draft.usual(_TOGETHER, LegKind.LOAD, "load", case.origin))
    draft.drive(_TOGETHER, LegKind.CARRY, from_patient, case.origin, _at(away))
    draft.go((*_TOGETHER, _AIRCRAFT), LegKind.LOAD, kind.loading, _at(away))
    fly((*_TOGETHER, _AIRCRAFT), LegKind.FLY_CARRYING, away, end, team + 1)
    draft.go(_TOGETHER, LegKind.UNLOAD, kind.loading, _at(end))
    draft.mark(PlanMark.ARRIVED, draft.drive(_TOGETHER, LegKind.CARRY, to_bed, _at(end), case.bed))
    draft.usual(_TOGETHER, LegKind.UNLOAD, "unload", case.bed)
    draft.mark(PlanMark.BED, draft.usual(_TOGETHER, LegKind.HANDOVER, "handover", case.bed))

    def judged(*, slow: bool) -> Judgement:
        flights = [
            Hop(start, goal, _when(case, leg.begins, slow=slow), _when(case, leg.ends, slow=slow), people)
            for leg, start, goal, people in hops
        ]
        return judge_flight(
            aircraft, flights, case.weather, case.at, turned_down=aircraft.code in case.turned_down,
            held_open=case.held_open,
        )  # fmt: skip

    judgement = judged(slow=False)
    late = bool(judged(slow=True).reasons - judgement.reasons)
    wing = PlanKind.HELICOPTER if kind.rotary else PlanKind.FIXED_WING
    return _plan(case, wing, draft, aircraft=aircraft, judgement=judgement, late=late)


def _set_out(case: Case, drivers: int) -> Draft:
    draft = Draft(drivers)
    draft.usual((_TEAM,), LegKind.PREPARE, _ready(case), case.centre)
    draft.go((_VEHICLE,), LegKind.PREPARE, case.vehicle or NOW, case.centre)
    draft.mark(PlanMark.WHEELS, draft.clocks[_TEAM].latest(draft.clocks[_VEHICLE]))
    return draft


def _moved(draft: Draft, origin: Place, goal: Place, drive: Drive) -> Times:
    """Move the patient without a circuit; returns when he left."""
    draft.usual((_PATIENT,), LegKind.PREPARE, "prepare_patient", origin)
    left = draft.usual((_PATIENT,), LegKind.LOAD, "load", origin)
    draft.drive((_PATIENT,), LegKind.MOVE, drive, origin, goal)
    draft.usual((_PATIENT,), LegKind.UNLOAD, "unload", goal)
    return left


def _on_circuit(case: Case, draft: Draft, place: Place) -> None:
    draft.usual((_TEAM,), LegKind.PREPARE, "set_up", place)
    if case.on_circuit:
        runs = draft.usual(_TOGETHER, LegKind.TAKE_OVER, "take_over", place)
    else:
        runs = draft.usual(_TOGETHER, LegKind.CANNULATE, f"cannulate_{case.mode}", place)
    draft.mark(PlanMark.ON_CIRCUIT, runs)
    draft.usual(_TOGETHER, LegKind.STABILISE, "stabilise", place)


def _carried_home(case: Case, draft: Draft, start: Place, drive: Drive) -> None:
    draft.mark(PlanMark.DEPARTED, draft.usual(_ALL, LegKind.LOAD, "load", start))
    draft.mark(PlanMark.ARRIVED, draft.drive(_ALL, LegKind.CARRY, drive, start, case.bed))
    draft.usual(_ALL, LegKind.UNLOAD, "unload", case.bed)
    draft.mark(PlanMark.BED, draft.usual(_TOGETHER, LegKind.HANDOVER, "handover", case.bed))


def _plan(
    case: Case,
    kind: PlanKind,
    draft: Draft,
    *,
    via: Place | None = None,
    moves: bool = False,
    aircraft: Aircraft | None = None,
    judgement: Judgement | None = None,
    late: bool = False,
) -> Plan:
    legs = tuple(draft.legs)
    ambulances = {PlanKind.ROAD: 0, PlanKind.RENDEZVOUS: 1, PlanKind.BRING: 1}.get(kind, 2)
    people = _team(case) + draft.drivers + ambulances * FIGURES.crew_of_ambulance
    hindrances: list[Hindrance] = []
    if moves and not case.fit_to_move:
        hindrances.append(Hindrance.NOT_FIT_TO_MOVE)
    if kind in (PlanKind.ROAD, PlanKind.RENDEZVOUS) and case.vehicle is None:
        hindrances.append(Hindrance.NO_VEHICLE)
    if judgement is not None and judgement.sky is not Sky.GO:
        hindrances.append(Hindrance.FLIGHT)
    return Plan(
        kind=kind, legs=legs, marks=dict(draft.marks),
        distance_m=sum(one.distance_m for one in legs if _TEAM in one.tracks), people=people, drivers=draft.drivers,
        via=via, aircraft=aircraft, judgement=judgement,
        risks=risks_of(legs, case.at, case.road_weather, via=via, moves=moves, late=late),
        hindrances=tuple(hindrances), moves_uncannulated=moves,
    )  # fmt: skip


def _ready(case: Case) -> str:
    return "team_ready_ecpr" if case.mode is Mode.ECPR else "team_ready"


def _team(case: Case) -> int:
    return FIGURES.secondary if case.on_circuit else FIGURES.primary


def _when(case: Case, at: Times, *, slow: bool) -> datetime:
    return case.at + timedelta(seconds=at.slow if slow else at.likely)


def _at(airport: Airport) -> Place:
    return Place(airport.code, airport.point)


def _nearest(case: Case, drive_of: Callable[[Place], Drive | None]) -> Airport | None:
    found = [(drive.times.likely, port.code, port) for port in case.airports if (drive := drive_of(_at(port)))]
    return min(found)[2] if found else None
