"""Crews as they stand when a day begins: at their stations, or in the middle of what an earlier one began. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.simulation.rules_calls import Caller
from dispatch.simulation.rules_crew import Crew, Run, Scene
from dispatch.simulation.rules_desk import Case, Owed, owes
from dispatch.simulation.rules_people import sufferers
from dispatch.simulation.rules_places import Whereabouts
from dispatch.simulation.rules_plan import plan_of
from dispatch.simulation.rules_setting import Setting, hospital_for
from dispatch.simulation.rules_shifts import next_shift
from dispatch.simulation.states import CallKind, CaseStep, Phase
from dispatch.units.states_duty import FREE, ON_RUN, TIMED_RUN, UnitStatus
from geo.points import GeoPoint

_SOON: Final = timedelta(seconds=20)
_PHASES: Final = {
    UnitStatus.ASSIGNED: Phase.CALLED,
    # They ask for their way and set off again from where they are.
    UnitStatus.EN_ROUTE: Phase.MOBILISING,
    UnitStatus.STAGING: Phase.MOBILISING,
    UnitStatus.ON_SCENE: Phase.AT_SCENE,
    UnitStatus.AT_PATIENT: Phase.TREATING,
    UnitStatus.TRANSPORTING: Phase.TREATING,
    UnitStatus.AT_HOSPITAL: Phase.HANDING_OVER,
}


@dataclass(frozen=True, slots=True)
class RunStanding:
    """The active assignment of a unit, as a day begins. carried: how many patients are with the unit."""

    assignment_id: UUID
    incident_id: UUID
    number: str
    complaint: str
    point: GeoPoint | None
    by_person: bool
    carried: int


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit as a day begins. team: which of its two is on board, None where nobody is."""

    call_sign: str
    status: UnitStatus
    place: GeoPoint
    team: int | None
    until: datetime | None = None
    run: RunStanding | None = None


@dataclass(frozen=True, slots=True)
class IncidentStanding:
    """An incident that a simulated dispatcher opened before the day began, and that is not over. waits: has no unit."""

    incident_id: UUID
    number: str
    waits: bool

    @property
    def key(self) -> str:
        """What stands for the key of its call, which is not known any more."""
        return f"before-{self.number}"


def owed_of(setting: Setting, keys: Sequence[str]) -> dict[str, Owed]:
    """Return who still waits to be called back since before the day began. Nothing more is known of them."""
    nowhere = Whereabouts(GeoPoint(lat=0.0, lon=0.0), "", "", rural=False)
    callers = [
        Caller(
            key, setting.start, CallKind.INQUIRY, nowhere, phone="", name="", language="", patience_s=0.0, talk_s=0.0,
            holds_s=0.0,
        )
        for key in keys
    ]  # fmt: skip
    return {caller.key: owes(setting, caller, setting.start) for caller in callers}


def cases_of(setting: Setting, incidents: Sequence[IncidentStanding]) -> dict[UUID, Case]:
    """Return the simulated dispatcher's incidents as they go on: whoever waits gets a unit, the rest is closed."""
    return {
        one.incident_id: Case(
            one.incident_id, one.number, one.key, CaseStep.TO_RECOMMEND if one.waits else CaseStep.SENT,
            due=setting.start if one.waits else None, wanted=1 if one.waits else 0,
        )
        for one in incidents
    }  # fmt: skip


def standing(setting: Setting, units: Sequence[UnitStanding]) -> tuple[list[Crew], dict[UUID, Scene]]:
    """Return crews as they go on from how their units stand, and the scenes that they have."""
    scenes: dict[UUID, Scene] = {}
    for unit in units:
        run = unit.run
        if run is not None and run.point is not None:
            patients = sufferers(setting.figures, setting.dice, run.number, run.complaint)
            known = scenes.setdefault(run.incident_id, Scene(patients))
            free = known.left[: run.carried]
            scenes[run.incident_id] = replace(known, taken=known.taken | set(free))
    return [_crew(setting, unit, scenes) for unit in units], scenes


def _crew(setting: Setting, unit: UnitStanding, scenes: Mapping[UUID, Scene]) -> Crew:
    now, shift_at = setting.start, next_shift(setting, unit.call_sign, setting.start)
    crew = Crew(unit.call_sign, Phase.AWAY, unit.place, shift_at, team=unit.team or 0)
    if unit.team is None:
        return replace(crew, phase=Phase.OFF)
    if unit.status is UnitStatus.AT_STATION:
        return replace(crew, phase=Phase.IDLE, place=setting.vehicles[unit.call_sign].station)
    if unit.status is UnitStatus.OUT_OF_SERVICE or unit.status in TIMED_RUN:
        return replace(crew, phase=Phase.OUT, due=max(unit.until or now, now + _SOON))
    if unit.status in FREE or unit.status is UnitStatus.RETURNING:
        # As one that is back in service somewhere: it goes home.
        return replace(crew, phase=Phase.OUT, due=now + _SOON)
    if unit.status in ON_RUN and unit.run is not None and unit.run.point is not None:
        return _on_run(setting, crew, unit.status, unit.run, scenes[unit.run.incident_id])
    return crew


def _on_run(setting: Setting, crew: Crew, status: UnitStatus, stands: RunStanding, scene: Scene) -> Crew:
    plan = plan_of(setting.figures.crew, setting.dice, crew.call_sign, 0, on_road=True)
    handing = status is UnitStatus.AT_HOSPITAL
    run = Run(
        stands.assignment_id, stands.incident_id, stands.complaint, stands.point or crew.place, stands.by_person,
        replace(plan, mishap=None, mute_s=0.0, forgets=None),
        taken=tuple(sorted(scene.taken))[: stands.carried],
        hospital=hospital_for(setting.hospitals, stands.complaint, crew.place) if handing else None,
    )  # fmt: skip
    return replace(crew, phase=_PHASES[status], run=run, due=setting.start + _SOON)
