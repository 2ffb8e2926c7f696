"""What crews do when their time has come, and when they hear something. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dispatch.dispatching.states import Point
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.simulation.rules_actions import ChangeShift, SettlePatient, TakePatient, TellClearing, TellTime, Watch
from dispatch.simulation.rules_crew import Crew, Run, Turn
from dispatch.simulation.rules_news import Ordered, StatusSet, WayFound
from dispatch.simulation.rules_plan import plan_of
from dispatch.simulation.rules_setting import hospital_for
from dispatch.simulation.rules_shifts import next_shift
from dispatch.simulation.states import DRIVING, ON_ORDER, Mishap, Phase
from dispatch.units.states_duty import FREE, ON_RUN, OutReason, UnitStatus

COMING: Final = frozenset((Phase.CALLED, Phase.MOBILISING, Phase.TO_SCENE, Phase.AT_SCENE))
"""Has not reached the patients yet."""
_NEAR_M: Final = 300.0
_ON_RUN_ALREADY: Final = frozenset((*DRIVING, *ON_ORDER))
_LOOKS_AROUND_S: Final = 150.0
"""A crew for whom nobody is left, or who finds nobody, goes after so long."""
_UNKEPT: Final = frozenset((PatientOutcome.NOT_FOUND, PatientOutcome.HANDED_ON))
"""Outcomes of patients whom no crew looks after."""


# What is heard.


def ordered(turn: Turn, news: Ordered) -> None:
    """Take an order: from the station, from the road, or away from another run."""
    crew = turn.crew
    if crew.run is not None and crew.run.assignment_id == news.assignment_id:
        return
    on_road = crew.phase in _ON_RUN_ALREADY
    plan = plan_of(turn.setting.figures.crew, turn.setting.dice, crew.call_sign, crew.runs, on_road=on_road)
    run = Run(news.assignment_id, news.incident_id, news.complaint, news.point, news.by_person, plan)
    turn.become(Phase.CALLED, after_s=plan.acknowledge_s)
    turn.crew = replace(turn.crew, run=run, runs=crew.runs + 1, pause=None)
    turn.find_way(news.point)


def called_off(turn: Turn) -> None:
    """Go home: the assignment was ended by somebody else."""
    was = turn.crew.phase
    turn.crew = replace(turn.crew, run=None)
    if was in ON_ORDER:
        _home(turn)


def way_found(turn: Turn, news: WayFound) -> None:
    """Take the way; a crew that waited for it drives off."""
    if news.number != turn.crew.way:
        return
    if turn.crew.phase in DRIVING and turn.crew.drive is None:
        turn.drive(news.path)
        _may_fail(turn)
    else:
        turn.crew = replace(turn.crew, path=news.path)


def status_set(turn: Turn, news: StatusSet) -> None:
    """Do as a person says of a unit that is not under way to somebody."""
    if turn.crew.phase in ON_ORDER or news.status in ON_RUN or turn.crew.phase is Phase.OFF:
        return
    if news.status in FREE:
        if turn.crew.phase in (Phase.OUT, Phase.AWAY):
            _home(turn)
    elif news.status is not UnitStatus.RETURNING:
        turn.become(Phase.AWAY)


# What comes by itself.


def wake(turn: Turn) -> None:
    """Do what is due."""
    if turn.crew.mute_until is not None and turn.crew.mute_until <= turn.now:
        turn.link_back()
    if turn.crew.due is not None and turn.crew.due <= turn.now:
        turn.crew = replace(turn.crew, due=None)
        _WAKES[turn.crew.phase](turn)


def _acknowledge(turn: Turn) -> None:
    run = turn.run
    if run.plan.mishap is Mishap.NO_ANSWER:
        turn.actions.append(Watch())
    turn.tell(TellTime(turn.crew.call_sign, run.assignment_id, Point.T4))
    turn.crew = replace(turn.crew, phase=Phase.MOBILISING, due=turn.now + timedelta(seconds=run.plan.mobilise_s))


def _depart(turn: Turn) -> None:
    turn.report(UnitStatus.EN_ROUTE)
    plan = turn.run.plan
    if plan.mute_s and turn.vehicle.device:
        turn.crew = replace(turn.crew, mute_until=turn.now + timedelta(seconds=plan.mute_s))
    if turn.crew.way == 0:
        # On this run since before the day began.
        turn.find_way(turn.run.point)
    turn.set_off(Phase.TO_SCENE)
    _may_fail(turn)


def _may_fail(turn: Turn) -> None:
    """Let a mishap happen before the scene is reached."""
    crew = turn.crew
    if crew.phase is not Phase.TO_SCENE or crew.drive is None or crew.run is None:
        return
    if crew.run.plan.mishap in (Mishap.BREAKS_DOWN, Mishap.TURNS_BACK):
        gone = (crew.drive.ends - crew.drive.began) * crew.run.plan.fails_at
        turn.crew = replace(crew, due=crew.drive.began + gone)


def _at_scene(turn: Turn) -> None:
    run, drive = turn.run, turn.crew.drive
    if drive is not None and turn.now < drive.ends:
        _fail(turn)
        return
    turn.arrive()
    turn.report(UnitStatus.ON_SCENE)
    turn.become(Phase.AT_SCENE, after_s=run.plan.to_patient_s)


def _fail(turn: Turn) -> None:
    plan = turn.run.plan
    if plan.mishap is Mishap.TURNS_BACK:
        turn.report(UnitStatus.RETURNING_AVAILABLE)
        turn.leave_run()
        _home(turn)
        return
    repair_s = turn.setting.dice.seconds(
        turn.setting.figures.crew.mishap_figures.repair_s, "repair", turn.crew.call_sign, turn.crew.runs
    )
    until = turn.now + timedelta(seconds=repair_s)
    turn.report(UnitStatus.OUT_OF_SERVICE, reason=OutReason.FAULT, until=until)
    turn.leave_run()
    turn.become(Phase.OUT, at=until)


def _to_patient(turn: Turn) -> None:
    run, scene = turn.run, turn.scene
    left = scene.left if scene is not None else ()
    # Each crew takes one; the last of those who are sent takes all that are left.
    mine = left[:1] if turn.others else left
    if scene is None or not mine:
        _done(turn, after_s=_LOOKS_AROUND_S)
        return
    patients = [(place, scene.patients[place]) for place in mine]
    turn.report(UnitStatus.AT_PATIENT)
    for place, patient in patients:
        if patient.outcome not in _UNKEPT:
            turn.send(TakePatient(turn.crew.call_sign, run.incident_id, place, patient))
    turn.scene = replace(scene, taken=scene.taken | set(mine))
    treat_s = max(patient.treat_s for _, patient in patients)
    turn.become(Phase.TREATING, after_s=treat_s)
    turn.crew = replace(turn.crew, run=replace(run, taken=mine))


def _leave_scene(turn: Turn) -> None:
    run, scene = turn.run, turn.scene
    patients = [(place, scene.patients[place]) for place in run.taken] if scene is not None else []
    aboard = [one for one in patients if one[1].outcome is PatientOutcome.TRANSPORTED]
    hospital = hospital_for(turn.setting.hospitals, run.complaint, turn.crew.place) if aboard else None
    for place, patient in patients:
        if patient.outcome is not PatientOutcome.TRANSPORTED:
            turn.send(SettlePatient(turn.crew.call_sign, run.incident_id, place, patient))
    if hospital is None:
        _done(turn)
        return
    turn.report(UnitStatus.TRANSPORTING)
    turn.crew = replace(turn.crew, run=replace(run, hospital=hospital))
    turn.find_way(hospital.point)
    turn.set_off(Phase.TO_HOSPITAL)


def on_the_way_to_hospital(turn: Turn) -> None:
    """Tell when and where the unit will be free, as soon as its way is known."""
    run, drive = turn.run, turn.crew.drive
    if run.hospital is None or drive is None or turn.crew.mute_until is not None:
        return
    clear_at = drive.ends + timedelta(seconds=run.plan.handover_s + run.plan.tidy_s)
    turn.actions.append(
        TellClearing(turn.crew.call_sign, run.assignment_id, clear_at, run.hospital.point, run.hospital.id)
    )


def _at_hospital(turn: Turn) -> None:
    turn.arrive()
    turn.report(UnitStatus.AT_HOSPITAL)
    turn.become(Phase.HANDING_OVER, after_s=turn.run.plan.handover_s)


def _handed_over(turn: Turn) -> None:
    run, scene = turn.run, turn.scene
    for place in run.taken if scene is not None else ():
        patient = scene.patients[place] if scene is not None else None
        if patient is not None and patient.outcome is PatientOutcome.TRANSPORTED:
            hospital_id = run.hospital.id if run.hospital is not None else None
            turn.send(SettlePatient(turn.crew.call_sign, run.incident_id, place, patient, hospital_id))
    turn.tell(TellTime(turn.crew.call_sign, run.assignment_id, Point.T10))
    turn.become(Phase.TIDYING, after_s=run.plan.tidy_s)


def _done(turn: Turn, *, after_s: float = 0.0) -> None:
    """The crew has done here, at once or after a while."""
    if after_s:
        turn.become(Phase.TIDYING, after_s=after_s)
        return
    _free(turn)


def _free(turn: Turn) -> None:
    plan = turn.run.plan
    # What must be cleaned cannot be sent on its way home.
    soiled = plan.pause is not None and plan.pause[0] is OutReason.DECONTAMINATION
    turn.report(UnitStatus.RETURNING if soiled else UnitStatus.RETURNING_AVAILABLE)
    turn.leave_run()
    turn.crew = replace(turn.crew, pause=plan.pause)
    _home(turn)


def _home(turn: Turn) -> None:
    station = turn.vehicle.station
    turn.become(Phase.HOMEWARD)
    turn.find_way(station)


def _at_home(turn: Turn) -> None:
    turn.arrive()
    pause = turn.crew.pause
    turn.crew = replace(turn.crew, pause=None)
    if pause is None or pause[0] is not OutReason.DECONTAMINATION:
        turn.report(UnitStatus.AT_STATION)
    if turn.crew.mute_until is None:
        turn.crew = replace(turn.crew, run=None)
    if pause is None:
        _idle(turn)
        return
    reason, lasts_s = pause
    until = turn.now + timedelta(seconds=lasts_s)
    turn.report(UnitStatus.OUT_OF_SERVICE, reason=reason, until=until)
    turn.become(Phase.OUT, at=until)


def _idle(turn: Turn) -> None:
    turn.become(Phase.IDLE, at=max(turn.crew.shift_at, turn.now))


def _back_in_service(turn: Turn) -> None:
    if turn.crew.place.distance_m(turn.vehicle.station) <= _NEAR_M:
        turn.report(UnitStatus.AT_STATION)
        _idle(turn)
        return
    turn.report(UnitStatus.RETURNING_AVAILABLE)
    _home(turn)


def _change_shift(turn: Turn) -> None:
    team = 1 - turn.crew.team
    turn.actions.append(ChangeShift(turn.crew.call_sign, team))
    later = next_shift(turn.setting, turn.crew.call_sign, turn.now)
    turn.crew = replace(turn.crew, team=team, shift_at=later)
    _idle(turn)


def _nothing(_turn: Turn) -> None:
    """Wait for what is heard."""


_WAKES: Final[Mapping[Phase, Callable[[Turn], None]]] = {
    Phase.OFF: _nothing,
    Phase.AWAY: _nothing,
    Phase.IDLE: _change_shift,
    Phase.CALLED: _acknowledge,
    Phase.MOBILISING: _depart,
    Phase.TO_SCENE: _at_scene,
    Phase.AT_SCENE: _to_patient,
    Phase.TREATING: _leave_scene,
    Phase.TO_HOSPITAL: _at_hospital,
    Phase.HANDING_OVER: _handed_over,
    Phase.TIDYING: _free,
    Phase.HOMEWARD: _at_home,
    Phase.OUT: _back_in_service,
}


def first_due(crew: Crew, now: datetime) -> Crew:
    """Give a crew that stands idle its next shift."""
    return replace(crew, due=max(crew.shift_at, now)) if crew.phase is Phase.IDLE else crew
