"""What a crew does once its patients are cared for: it is free, goes home, pauses, and changes shift. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from dispatch.simulation.rules_actions import ChangeShift
from dispatch.simulation.rules_crew import Turn
from dispatch.simulation.rules_shifts import next_shift
from dispatch.simulation.states import Phase
from dispatch.units.states_duty import OutReason, UnitStatus

_NEAR_M: Final = 300.0


def done(turn: Turn, *, after_s: float = 0.0) -> None:
    """Have done here, at once or after a while."""
    if after_s:
        turn.become(Phase.TIDYING, after_s=after_s)
        return
    free(turn)


def free(turn: Turn) -> None:
    """Be free, and go home; what must be cleaned cannot be sent on its way."""
    plan = turn.run.plan
    soiled = plan.pause is not None and plan.pause[0] is OutReason.DECONTAMINATION
    turn.report(UnitStatus.RETURNING if soiled else UnitStatus.RETURNING_AVAILABLE)
    turn.leave_run()
    turn.crew = replace(turn.crew, pause=plan.pause)
    go_home(turn)


def go_home(turn: Turn) -> None:
    """Drive to the station."""
    station = turn.vehicle.station
    turn.become(Phase.HOMEWARD)
    turn.find_way(station)


def at_home(turn: Turn) -> None:
    """Stand at the station: ready, or out of service for what is due."""
    turn.arrive()
    pause = turn.crew.pause
    turn.crew = replace(turn.crew, pause=None)
    if pause is None or pause[0] is not OutReason.DECONTAMINATION:
        turn.report(UnitStatus.AT_STATION)
    if turn.crew.mute_until is None:
        turn.crew = replace(turn.crew, run=None)
    if pause is None:
        idle(turn)
        return
    reason, lasts_s = pause
    until = turn.now + timedelta(seconds=lasts_s)
    turn.report(UnitStatus.OUT_OF_SERVICE, reason=reason, until=until)
    turn.become(Phase.OUT, at=until)


def idle(turn: Turn) -> None:
    """Wait, until the shift is over at the latest."""
    turn.become(Phase.IDLE, at=max(turn.crew.shift_at, turn.now))


def back_in_service(turn: Turn) -> None:
    """End a pause, at the station or on the road."""
    if turn.crew.place.distance_m(turn.vehicle.station) <= _NEAR_M:
        turn.report(UnitStatus.AT_STATION)
        idle(turn)
        return
    turn.report(UnitStatus.RETURNING_AVAILABLE)
    go_home(turn)


def change_shift(turn: Turn) -> None:
    """Let the next team take over."""
    team = 1 - turn.crew.team
    turn.actions.append(ChangeShift(turn.crew.call_sign, team))
    later = next_shift(turn.setting, turn.crew.call_sign, turn.now)
    turn.crew = replace(turn.crew, team=team, shift_at=later)
    idle(turn)
