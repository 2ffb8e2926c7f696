"""What a day makes of what is heard. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from dispatch.simulation.rules_actions import BeginTour, CallBack, Close, Order, Recommend, SettleLeft
from dispatch.simulation.rules_crew import Scene
from dispatch.simulation.rules_crew_tours import break_off
from dispatch.simulation.rules_crew_turns import called_off, on_the_way_to_hospital, ordered, status_set, way_found
from dispatch.simulation.rules_day import Scratch
from dispatch.simulation.rules_desk import Case, answered, called_back, further, recommended, settled, units_wanted
from dispatch.simulation.rules_news import (
    CalledBack,
    CallSettled,
    CallTaken,
    IncidentMade,
    IncidentOver,
    IncidentTouched,
    News,
    Ordered,
    Recommended,
    Refused,
    Returned,
    RunOver,
    StatusSet,
    WayFound,
)
from dispatch.simulation.rules_people import sufferers
from dispatch.simulation.states import CaseStep, LineState, Phase

_SOON: Final = timedelta(seconds=3)
_CLOSE_AGAIN: Final = timedelta(seconds=300)
_MOST_REFUSALS: Final = 12
_ENOUGH_REFUSALS: Final = 6
"""A lost link comes back before; who has said nothing by then is a crew of a day that was broken off."""


def hear(scratch: Scratch, news: News) -> None:
    """Take note of one piece of news. What it speaks of may be gone by now: then there is nothing to note."""
    _HEARD[type(news)](scratch, news)


def _call_taken(scratch: Scratch, news: CallTaken) -> None:
    line = scratch.lines.get(news.key)
    if line is not None and line.state is LineState.RINGING:
        waits = scratch.setting.habits.waits
        scratch.lines[news.key] = answered(line, scratch.now, by_person=news.by_person, waits=waits)


def _call_settled(scratch: Scratch, news: CallSettled) -> None:
    line = scratch.lines.get(news.key)
    if line is not None:
        scratch.lines[news.key] = settled(line, scratch.now)
    if news.incident_id is not None:
        scratch.opened.setdefault(news.key, news.incident_id)


def _called_back(scratch: Scratch, news: CalledBack) -> None:
    owed = scratch.owed.pop(news.key, None)
    if owed is not None:
        left, actions = called_back(scratch.setting, owed, news.met, scratch.now)
        scratch.actions.extend(actions)
        if left is not None:
            scratch.owed[news.key] = left


def _incident_made(scratch: Scratch, news: IncidentMade) -> None:
    line = scratch.lines.get(news.key)
    wanted = units_wanted(scratch.setting, line.caller) if line is not None else 1
    scratch.opened[news.key] = news.incident_id
    scratch.cases[news.incident_id] = Case(
        news.incident_id, news.number, news.key, CaseStep.TO_RECOMMEND, scratch.now, wanted
    )


def _incident_touched(scratch: Scratch, news: IncidentTouched) -> None:
    scratch.cases.pop(news.incident_id, None)


def _incident_over(scratch: Scratch, news: IncidentOver) -> None:
    scratch.cases.pop(news.incident_id, None)
    scratch.relieve(news.incident_id, all_of_them=True)
    if not scratch.having(news.incident_id):
        scratch.scenes.pop(news.incident_id, None)
        for key in [key for key, incident_id in scratch.opened.items() if incident_id == news.incident_id]:
            del scratch.opened[key]


def _recommended(scratch: Scratch, news: Recommended) -> None:
    case = scratch.cases.get(news.incident_id)
    if case is not None and case.step is CaseStep.RECOMMENDING:
        scratch.cases[news.incident_id] = recommended(scratch.setting, case, news, scratch.now)


def _ordered(scratch: Scratch, news: Ordered) -> None:
    if news.incident_id not in scratch.scenes:
        setting = scratch.setting
        patients = sufferers(setting.figures, setting.dice, news.number, news.complaint)
        scratch.scenes[news.incident_id] = Scene(patients)
    scene = scratch.scenes[news.incident_id]
    if scene.stranded:
        # It goes to where the patients are.
        news = replace(news, point=scene.stranded[0].point)
    crew = scratch.crews.get(news.call_sign)
    if crew is not None:
        turn = scratch.turn(crew)
        ordered(turn, news)
        turn.scene = None
        scratch.take(turn)
    case = scratch.cases.get(news.incident_id)
    if case is None or news.by_person:
        scratch.cases.pop(news.incident_id, None)
        return
    left = further(case, news.call_sign)
    case = replace(case, orders=case.orders + 1, wanted=case.wanted - 1, choices=left)
    if case.wanted <= 0 or not left:
        case = replace(case, step=CaseStep.SENT, due=None)
    else:
        case = replace(case, step=CaseStep.TO_ORDER, due=scratch.now + _SOON)
    scratch.cases[news.incident_id] = case


def _run_over(scratch: Scratch, news: RunOver) -> None:
    crew = scratch.crews.get(news.call_sign)
    if crew is not None and crew.run is not None and crew.run.assignment_id == news.assignment_id:
        turn = scratch.turn(crew)
        called_off(turn)
        scratch.take(turn)


def _returned(scratch: Scratch, news: Returned) -> None:
    case = scratch.cases.get(news.incident_id)
    if case is not None:
        wanted = max(case.wanted, 1)
        scratch.cases[news.incident_id] = replace(case, step=CaseStep.TO_RECOMMEND, due=scratch.now, wanted=wanted)


def _status_set(scratch: Scratch, news: StatusSet) -> None:
    crew = scratch.crews.get(news.call_sign)
    if crew is not None:
        turn = scratch.turn(crew)
        status_set(turn, news)
        scratch.take(turn)


def _way_found(scratch: Scratch, news: WayFound) -> None:
    crew = scratch.crews.get(news.call_sign)
    if crew is None:
        return
    turn = scratch.turn(crew)
    way_found(turn, news)
    if turn.crew.phase is Phase.TO_HOSPITAL:
        on_the_way_to_hospital(turn)
    scratch.take(turn)


def _refused(scratch: Scratch, news: Refused) -> None:
    action = news.action
    if isinstance(action, CallBack):
        # Somebody else dealt with it.
        scratch.owed.pop(action.caller.key, None)
    if isinstance(action, BeginTour):
        _not_begun(scratch, action)
    if not isinstance(action, Recommend | Order | Close):
        return
    case = scratch.cases.get(action.incident_id)
    if case is None:
        return
    case = replace(case, refusals=case.refusals + 1)
    if news.code == "incident.over" or case.refusals > _MOST_REFUSALS:
        # A person may still bring it to its end.
        del scratch.cases[action.incident_id]
    elif isinstance(action, Close):
        if case.refusals > _ENOUGH_REFUSALS and news.code == "incident.open_patients":
            scratch.actions.append(SettleLeft(action.incident_id))
        scratch.cases[action.incident_id] = replace(case, step=CaseStep.CLOSING, due=scratch.now + _CLOSE_AGAIN)
    else:
        scratch.cases[action.incident_id] = replace(case, step=CaseStep.TO_RECOMMEND, due=scratch.now + _SOON)


def _not_begun(scratch: Scratch, action: BeginTour) -> None:
    crew = scratch.crews.get(action.call_sign)
    if crew is not None and crew.tour is not None and crew.tour.key == action.key:
        turn = scratch.turn(crew)
        break_off(turn)
        scratch.take(turn)


_HEARD: Final[Mapping[type, Callable[[Scratch, Any], None]]] = {
    CallTaken: _call_taken,
    CallSettled: _call_settled,
    CalledBack: _called_back,
    IncidentMade: _incident_made,
    IncidentTouched: _incident_touched,
    IncidentOver: _incident_over,
    Recommended: _recommended,
    Ordered: _ordered,
    RunOver: _run_over,
    Returned: _returned,
    StatusSet: _status_set,
    WayFound: _way_found,
    Refused: _refused,
}
