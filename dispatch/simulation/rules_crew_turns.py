"""What crews do when their time has come, and when they hear something. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dispatch.dispatching.states import Point
from dispatch.incidents.states_incidents import TRANSFER_CARD
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.simulation.rules_actions import SettlePatient, TakePatient, TellClearing, TellTime, Watch
from dispatch.simulation.rules_crew import Crew, Run, Turn
from dispatch.simulation.rules_crew_handing import ON_THE_WAY, drive_on, strand, take_over
from dispatch.simulation.rules_crew_home import at_home, back_in_service, change_shift, done, free, go_home
from dispatch.simulation.rules_crew_tours import at_stop, break_off, leave_stop
from dispatch.simulation.rules_news import Ordered, StatusSet, WayFound
from dispatch.simulation.rules_plan import plan_of
from dispatch.simulation.rules_setting import hospital_for
from dispatch.simulation.states import DRIVING, ON_ORDER, ON_TOUR, Mishap, Phase
from dispatch.units.states import Capability
from dispatch.units.states_duty import FREE, ON_RUN, OutReason, UnitStatus

COMING: Final = frozenset((Phase.CALLED, Phase.MOBILISING, Phase.TO_SCENE, Phase.AT_SCENE))
"""Has not reached the patients yet."""
_ON_RUN_ALREADY: Final = frozenset((*DRIVING, *ON_ORDER, *ON_TOUR))
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
    if news.by_person and news.complaint == TRANSFER_CARD and Capability.ECMO in turn.vehicle.letters:
        # A mission lasts as long as its people make it last; who rehearses it drives the vehicle.
        turn.become(Phase.AWAY)
        turn.crew = replace(turn.crew, pause=None, tour=None)
        return
    on_road = crew.phase in _ON_RUN_ALREADY
    plan = plan_of(turn.setting.figures.crew, turn.setting.dice, crew.call_sign, crew.runs, on_road=on_road)
    run = Run(news.assignment_id, news.incident_id, news.complaint, news.point, news.by_person, plan)
    turn.become(Phase.CALLED, after_s=plan.acknowledge_s)
    turn.crew = replace(turn.crew, run=run, runs=crew.runs + 1, pause=None, tour=None)
    turn.find_way(news.point)


def called_off(turn: Turn) -> None:
    """Go home: the assignment was ended by somebody else."""
    was = turn.crew.phase
    if was is Phase.STRANDED and turn.crew.pause is not None:
        return  # broken down, with patients on board: it stays until they are taken over
    turn.crew = replace(turn.crew, run=None)
    if was in ON_ORDER:
        go_home(turn)


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
        if turn.crew.phase in ON_TOUR:
            break_off(turn)
        elif turn.crew.phase in (Phase.OUT, Phase.AWAY):
            go_home(turn)
    elif news.status is not UnitStatus.RETURNING:
        turn.become(Phase.AWAY)
        turn.crew = replace(turn.crew, tour=None)


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
    """Let a mishap happen before the scene is reached, or the hospital."""
    crew = turn.crew
    if crew.drive is None or crew.run is None:
        return
    plan = crew.run.plan
    fails = crew.phase is Phase.TO_SCENE and plan.mishap in (Mishap.BREAKS_DOWN, Mishap.TURNS_BACK)
    # Who has a relay sent is the simulated dispatcher; of a breakdown everybody hears.
    asks = plan.mishap is Mishap.FAILS_LOADED or not crew.run.by_person
    if fails or (crew.phase is Phase.TO_HOSPITAL and plan.mishap in ON_THE_WAY and asks):
        gone = (crew.drive.ends - crew.drive.began) * plan.fails_at
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
        go_home(turn)
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
    if scene is not None and scene.stranded:
        take_over(turn, scene.stranded[0])
        return
    left = scene.left if scene is not None else ()
    # Each crew takes one; the last of those who are sent takes all that are left.
    mine = left[:1] if turn.others else left
    if scene is None or not mine:
        done(turn, after_s=_LOOKS_AROUND_S)
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
        done(turn)
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
    drive = turn.crew.drive
    if drive is not None and turn.now < drive.ends:
        strand(turn)
        return
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


def _nothing(_turn: Turn) -> None:
    """Wait for what is heard."""


_WAKES: Final[Mapping[Phase, Callable[[Turn], None]]] = {
    Phase.OFF: _nothing,
    Phase.AWAY: _nothing,
    Phase.IDLE: change_shift,
    Phase.CALLED: _acknowledge,
    Phase.MOBILISING: _depart,
    Phase.TO_SCENE: _at_scene,
    Phase.AT_SCENE: _to_patient,
    Phase.TREATING: _leave_scene,
    Phase.TO_HOSPITAL: _at_hospital,
    Phase.STRANDED: drive_on,
    Phase.HANDING_OVER: _handed_over,
    Phase.TIDYING: free,
    Phase.HOMEWARD: at_home,
    Phase.OUT: back_in_service,
    Phase.TOURING: at_stop,
    Phase.STOPPED: leave_stop,
}


def first_due(crew: Crew, now: datetime) -> Crew:
    """Give a crew that stands idle its next shift."""
    return replace(crew, due=max(crew.shift_at, now)) if crew.phase is Phase.IDLE else crew
