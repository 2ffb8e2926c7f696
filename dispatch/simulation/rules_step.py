"""One step of a simulated day. Pure: the same seed, times and news give the same actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.incidents.states_calls import TO_CALL_BACK, Signal
from dispatch.simulation.rules_actions import Action, Close, FixTold, Positions, Recommend, Settle, Signals
from dispatch.simulation.rules_calls import Caller, calls_of_hour
from dispatch.simulation.rules_crew import Crew, fix_of, moves
from dispatch.simulation.rules_crew_tours import begin_tour, spare
from dispatch.simulation.rules_crew_turns import COMING, wake
from dispatch.simulation.rules_day import Day, Scratch
from dispatch.simulation.rules_desk import Case, call_back, order_of, owes, ring, wake_line
from dispatch.simulation.rules_hearing import hear
from dispatch.simulation.rules_news import News
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.rules_tours import tours_of_hour
from dispatch.simulation.states import CallKind, CaseStep, Phase
from dispatch.units.states import Capability

_HOUR: Final = timedelta(hours=1)
_RADIOED: Final = timedelta(seconds=30)
"""So long until a dispatcher acts on what a crew says by radio."""
_STILL_PARTS: Final = 6
"""Standing vehicles tell in so many groups, one after the other, so that they do not all speak at once."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a step made: the day, what is done, in this order, and when to step again if nothing is heard before."""

    day: Day
    actions: tuple[Action, ...]
    next_at: datetime


def step(setting: Setting, day: Day, now: datetime, news: Sequence[News] = ()) -> Stepped:
    """Hear the news, then do all that is due. `now` never goes back."""
    scratch = Scratch(setting, day, now)
    for one in news:
        hear(scratch, one)
    _draw(scratch)
    _ring(scratch)
    _lines(scratch)
    _call_backs(scratch)
    _crews(scratch)
    _tours(scratch)
    _cases(scratch)
    _positions(scratch)
    return Stepped(scratch.day(), tuple(scratch.actions), _next_at(scratch))


def _draw(scratch: Scratch) -> None:
    setting = scratch.setting
    while scratch.drawn_until <= scratch.now:
        begins = scratch.drawn_until
        number = (begins.astimezone(LEGAL_TIME).date() - setting.start.astimezone(LEGAL_TIME).date()).days
        drawn = calls_of_hour(setting.figures, setting.country, setting.dice, begins, number)
        coming = [caller for caller in drawn if caller.at >= setting.start]
        scratch.to_come = tuple(sorted((*scratch.to_come, *coming), key=lambda one: (one.at, one.key)))
        tours = [tour for tour in tours_of_hour(setting, begins, number) if tour.at >= setting.start]
        scratch.tours = tuple(sorted((*scratch.tours, *tours), key=lambda one: (one.at, one.key)))
        scratch.drawn_until = begins + _HOUR


def _ring(scratch: Scratch) -> None:
    while scratch.to_come and scratch.to_come[0].at <= scratch.now:
        caller, *rest = scratch.to_come
        scratch.to_come = tuple(rest)
        if _has_reason(scratch, caller):
            line, actions = ring(scratch.setting, caller, scratch.now)
            scratch.lines[caller.key] = line
            scratch.actions.extend(actions)


def _has_reason(scratch: Scratch, caller: Caller) -> bool:
    """Whether somebody who calls again still has a reason to: no vehicle is there yet."""
    if caller.kind not in (CallKind.ASKS_AGAIN, CallKind.CALLS_OFF):
        return True
    incident_id = scratch.opened.get(caller.about)
    return incident_id is not None and all(
        crew.phase in COMING and crew.phase is not Phase.AT_SCENE for crew in scratch.having(incident_id)
    )


def _lines(scratch: Scratch) -> None:
    for key, line in list(scratch.lines.items()):
        if line.due > scratch.now:
            continue
        about = line.caller.about or line.caller.key
        left, actions = wake_line(line, scratch.now, scratch.case_of(about))
        scratch.actions.extend(actions)
        if scratch.setting.habits.dispatcher and any(map(_leaves_open, actions)):
            scratch.owed[key] = owes(scratch.setting, line.caller, scratch.now)
        if left is None:
            del scratch.lines[key]
        else:
            scratch.lines[key] = left


def _leaves_open(action: Action) -> bool:
    """Whether nobody knows yet what the call was about."""
    if isinstance(action, Settle):
        return action.outcome in TO_CALL_BACK
    return isinstance(action, Signals) and action.signal is Signal.ABANDONED


def _call_backs(scratch: Scratch) -> None:
    for key, owed in list(scratch.owed.items()):
        if owed.due is not None and owed.due <= scratch.now:
            scratch.owed[key], action = call_back(scratch.setting, owed)
            scratch.actions.append(action)


def _crews(scratch: Scratch) -> None:
    for crew in list(scratch.crews.values()):
        due = crew.next_due
        if due is not None and due <= scratch.now:
            turn = scratch.turn(crew)
            wake(turn)
            incident_id = crew.run.incident_id if crew.run is not None else None
            scratch.take(turn, incident_id)
            if incident_id is not None:
                _change_over(scratch, incident_id, crew, turn.crew)


def _change_over(scratch: Scratch, incident_id: UUID, before: Crew, after: Crew) -> None:
    """Send somebody to a crew that goes no further, and let go whose patients were taken over."""
    case = scratch.cases.get(incident_id)
    if after.phase is Phase.STRANDED and case is not None:
        due = scratch.now + _RADIOED
        scratch.cases[incident_id] = replace(case, step=CaseStep.TO_RECOMMEND, due=due, wanted=1)
    if before.phase is Phase.AT_SCENE:
        scratch.relieve(incident_id)


def _tours(scratch: Scratch) -> None:
    while scratch.tours and scratch.tours[0].at <= scratch.now:
        tour, *rest = scratch.tours
        scratch.tours = tuple(rest)
        crew = spare(scratch.setting, scratch.crews, tour)
        if crew is not None and scratch.setting.habits.dispatcher:
            turn = scratch.turn(crew)
            begin_tour(turn, tour)
            scratch.take(turn)


def _cases(scratch: Scratch) -> None:
    attended = {crew.run.incident_id for crew in scratch.crews.values() if crew.run is not None}
    for incident_id, case in list(scratch.cases.items()):
        if case.step is CaseStep.SENT and incident_id not in attended:
            close_s = scratch.setting.dice.seconds(scratch.setting.figures.dispatcher.close_s, "close", case.key)
            due = scratch.now + timedelta(seconds=close_s)
            scratch.cases[incident_id] = replace(case, step=CaseStep.CLOSING, due=due)
        elif case.due is not None and case.due <= scratch.now:
            scratch.cases[incident_id] = _wake_case(scratch, case)


def _wake_case(scratch: Scratch, case: Case) -> Case:
    if case.step is CaseStep.TO_RECOMMEND:
        scratch.actions.append(Recommend(case.incident_id))
        return replace(case, step=CaseStep.RECOMMENDING, due=None)
    if case.step is CaseStep.TO_ORDER:
        scratch.actions.append(order_of(scratch.setting, case))
        return replace(case, step=CaseStep.ORDERING, due=None)
    scratch.actions.append(Close(case.incident_id))
    return replace(case, step=CaseStep.OVER, due=None)


def _positions(scratch: Scratch) -> None:
    setting, now = scratch.setting, scratch.now
    fixes: list[FixTold] = []
    if scratch.fixes_at <= now:
        for crew in list(scratch.crews.values()):
            if moves(crew) and setting.vehicles[crew.call_sign].device:
                fixes += _told(scratch, crew.call_sign)
        scratch.fixes_at = _later(scratch.fixes_at, now, setting.habits.fix_every_s)
    if scratch.still_at <= now:
        part_s = setting.habits.still_every_s / _STILL_PARTS
        begun = scratch.still_at == setting.start
        part = round((scratch.still_at - setting.start).total_seconds() / part_s) % _STILL_PARTS
        for place, crew in enumerate(list(scratch.crews.values())):
            mine = begun or place % _STILL_PARTS == part
            if mine and not _elsewhere(setting, crew) and not moves(crew) and setting.vehicles[crew.call_sign].device:
                fixes += _told(scratch, crew.call_sign)
        scratch.still_at = _later(scratch.still_at, now, part_s)
    if fixes:
        scratch.actions.append(Positions(tuple(fixes)))


def _elsewhere(setting: Setting, crew: Crew) -> bool:
    """Whether the vehicle is on a mission that is not played here: where it is, others tell."""
    return crew.phase is Phase.AWAY and Capability.ECMO in setting.vehicles[crew.call_sign].letters


def _told(scratch: Scratch, call_sign: str) -> list[FixTold]:
    crew = scratch.crews[call_sign]
    fix = fix_of(crew, scratch.now)
    if crew.mute_until is None:
        return [fix]
    scratch.crews[call_sign] = replace(crew, held=(*crew.held, Positions((fix,))))
    return []


def _later(was: datetime, now: datetime, every_s: float) -> datetime:
    gone = int((now - was).total_seconds() / every_s)
    return was + timedelta(seconds=every_s) * (gone + 1)


def _next_at(scratch: Scratch) -> datetime:
    times = [scratch.drawn_until, scratch.fixes_at, scratch.still_at]
    times += [scratch.to_come[0].at] if scratch.to_come else []
    times += [scratch.tours[0].at] if scratch.tours else []
    times += [owed.due for owed in scratch.owed.values() if owed.due is not None]
    times += [line.due for line in scratch.lines.values()]
    times += [due for crew in scratch.crews.values() if (due := crew.next_due) is not None]
    times += [case.due for case in scratch.cases.values() if case.due is not None]
    return max(min(times), scratch.now)
