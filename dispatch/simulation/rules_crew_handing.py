"""Patients who change from one vehicle to another on the way: after a breakdown, by relay, to a crew with more skill.

The one that gives them stands and waits; where it stands is where their incident is from then on. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from dispatch.incidents.states_patients import CareReason, PatientOutcome
from dispatch.simulation.rules_actions import MovePlace, TakeOver
from dispatch.simulation.rules_crew import Stranded, Turn
from dispatch.simulation.rules_crew_home import done
from dispatch.simulation.states import Mishap, Phase
from dispatch.units.states import Capability
from dispatch.units.states_duty import OutReason, UnitStatus

ON_THE_WAY: Final = frozenset((Mishap.FAILS_LOADED, Mishap.RELAYS))
"""What happens with patients on board."""
_WORDS: Final = {CareReason.BREAKDOWN: "示例：车辆故障处", CareReason.RELAY: "示例：途中接力处"}
_TIDIES_S: Final = 120.0


def strand(turn: Turn) -> None:
    """Go no further, with patients on board: another unit is to come here."""
    run, scene, crew = turn.run, turn.scene, turn.crew
    if scene is None:
        return
    here = crew.where(turn.now).point
    aboard = tuple(one for one in run.taken if scene.patients[one].outcome is PatientOutcome.TRANSPORTED)
    broken = run.plan.mishap is Mishap.FAILS_LOADED
    reason = CareReason.BREAKDOWN if broken else CareReason.RELAY
    figures = turn.setting.figures.crew.mishap_figures
    wait_s, repair_s = (
        turn.setting.dice.seconds(span, "strands", crew.call_sign, crew.runs, span)
        for span in (figures.waits_s, figures.repair_s)
    )
    if broken:
        turn.report(UnitStatus.OUT_OF_SERVICE, reason=OutReason.FAULT, until=turn.now + timedelta(seconds=repair_s))
    turn.become(Phase.STRANDED, after_s=None if broken else wait_s)
    turn.crew = replace(
        turn.crew,
        run=replace(run, plan=replace(run.plan, mishap=None)),
        pause=(OutReason.FAULT, repair_s) if broken else None,
    )
    turn.scene = replace(scene, stranded=(*scene.stranded, Stranded(crew.call_sign, here, aboard, reason)))
    if not run.by_person:
        turn.actions.append(MovePlace(run.incident_id, here, _WORDS[reason]))


def take_over(turn: Turn, from_: Stranded) -> None:
    """Take all patients of a unit that stands and waits."""
    run, scene = turn.run, turn.scene
    if scene is None:
        return
    turn.report(UnitStatus.AT_PATIENT)
    reason = from_.reason
    skilled = Capability.ALS in turn.vehicle.letters
    if reason is CareReason.RELAY and skilled and Capability.ALS not in _letters(turn, from_.call_sign):
        reason = CareReason.RENDEZVOUS
    for place in from_.places:
        turn.send(TakeOver(turn.crew.call_sign, run.incident_id, place, reason))
    turn.scene = replace(scene, stranded=tuple(one for one in scene.stranded if one is not from_))
    span = turn.setting.figures.crew.mishap_figures.transfer_s
    turn.become(
        Phase.TREATING, after_s=turn.setting.dice.seconds(span, "changes over", turn.crew.call_sign, turn.crew.runs)
    )
    # A relay is not relayed again.
    mishap = None if run.plan.mishap is Mishap.RELAYS else run.plan.mishap
    turn.crew = replace(turn.crew, run=replace(run, taken=from_.places, plan=replace(run.plan, mishap=mishap)))


def relieved(turn: Turn) -> None:
    """Have nobody on board any more: go home, or wait for the repair."""
    pause = turn.crew.pause
    turn.crew = replace(turn.crew, run=replace(turn.run, taken=()))
    if pause is not None:
        turn.crew = replace(turn.crew, run=None, pause=None)
        turn.become(Phase.OUT, after_s=pause[1])
        return
    done(turn, after_s=_TIDIES_S)


def drive_on(turn: Turn) -> None:
    """Nobody has come: drive on to the hospital after all."""
    run, scene = turn.run, turn.scene
    if scene is not None:
        left = tuple(one for one in scene.stranded if one.call_sign != turn.crew.call_sign)
        turn.scene = replace(scene, stranded=left)
    if run.hospital is not None:
        turn.find_way(run.hospital.point)
        turn.set_off(Phase.TO_HOSPITAL)


def is_stranded(turn: Turn) -> bool:
    """Whether this crew's patients still wait for another unit."""
    scene = turn.scene
    return scene is not None and any(one.call_sign == turn.crew.call_sign for one in scene.stranded)


def _letters(turn: Turn, call_sign: str) -> str:
    return turn.setting.vehicles[call_sign].letters
