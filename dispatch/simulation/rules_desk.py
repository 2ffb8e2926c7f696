"""Callers on the line, and what a simulated dispatcher makes of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.dispatching.states import OverrideReason
from dispatch.incidents.states_calls import Attempt, Outcome, Signal
from dispatch.incidents.states_incidents import CancelReason, LinkKind
from dispatch.simulation.rules_actions import (
    Action,
    Answer,
    CallBack,
    CancelIncident,
    Link,
    Open,
    Order,
    PassOn,
    Settle,
    Signals,
)
from dispatch.simulation.rules_calls import Caller
from dispatch.simulation.rules_dice import pick
from dispatch.simulation.rules_news import Choice, Recommended
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.states import FOLLOWING, CallKind, CaseStep, LineState

_RATHER_FREE_S: Final = 180.0
_KNOWS_BETTER_S: Final = 300.0
"""Nobody sends the second who would be there later than this: in a county with one such vehicle it is an hour away."""
_TOO_LATE_S: Final = 1_500.0
_HOLDS_FOR_PERSON_S: Final = 600.0
"""A caller stays on the line so long for a person who has not settled the call."""
_UNANSWERED: Final = frozenset(CallKind) - {CallKind.SILENT, CallKind.CUT_OFF}
_OUTCOMES: Final = {
    CallKind.INQUIRY: Outcome.INQUIRY,
    CallKind.MISDIAL: Outcome.MISDIAL,
    CallKind.NUISANCE: Outcome.NUISANCE,
    CallKind.SILENT: Outcome.SILENT,
    CallKind.CUT_OFF: Outcome.CUT_OFF,
    CallKind.ABANDONS: Outcome.MISDIAL,
}
_LINKS: Final = {
    CallKind.SECOND: LinkKind.LINKED,
    CallKind.ASKS_AGAIN: LinkKind.ASKED_AGAIN,
    CallKind.CALLS_OFF: LinkKind.CALLER_CANCELS,
}
_REASONS: Final = (OverrideReason.KNOWS_BETTER, OverrideReason.ROAD, OverrideReason.CREW, OverrideReason.COVERAGE)


@dataclass(frozen=True, slots=True)
class Line:
    """A call on the line. gives_up_at: while it rings; answer_at: when the simulated dispatcher picks up.

    by_person: a person answered, and says what comes of it. told: the simulated dispatcher has settled it.
    """

    caller: Caller
    state: LineState
    gives_up_at: datetime
    answer_at: datetime | None = None
    talks_until: datetime | None = None
    by_person: bool = False
    told: bool = False

    @property
    def due(self) -> datetime:
        """When something happens by itself."""
        if self.state is LineState.RINGING:
            return min(self.gives_up_at, self.answer_at or self.gives_up_at)
        return self.talks_until or self.gives_up_at


@dataclass(frozen=True, slots=True)
class Case:
    """An incident of the simulated dispatcher.

    wanted: units still to be sent. choices: whom of, the first first; `first` is who was recommended first.
    """

    incident_id: UUID
    number: str
    key: str
    step: CaseStep
    due: datetime | None
    wanted: int
    recommendation_id: UUID | None = None
    choices: tuple[Choice, ...] = ()
    first: str = ""
    orders: int = 0
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """Somebody whom the simulated dispatcher is to call back. attempts: made so far."""

    caller: Caller
    due: datetime | None
    attempts: int = 0


def owes(setting: Setting, caller: Caller, now: datetime) -> Owed:
    """Call somebody back a little later."""
    after_s = setting.dice.seconds(setting.figures.dispatcher.call_back_s, "call back", caller.key)
    return Owed(caller, now + timedelta(seconds=after_s + setting.habits.patience_s))


def call_back(setting: Setting, owed: Owed) -> tuple[Owed, CallBack]:
    """Try once, or give up after enough tries."""
    figures, caller = setting.figures.dispatcher, owed.caller
    met = None
    if owed.attempts <= len(figures.call_again_s):
        met = pick(setting.dice.of("met", caller.key, owed.attempts), figures.met)
    return replace(owed, due=None), CallBack(caller, met)


def called_back(setting: Setting, owed: Owed, met: Attempt | None, now: datetime) -> tuple[Owed | None, list[Action]]:
    """Go on after a try: somebody reached says what it was about; another is tried again later."""
    figures, caller = setting.figures.dispatcher, owed.caller
    if met is None:
        return None, [Settle(caller.key, Outcome.MISDIAL)] if caller.kind in _UNANSWERED else []
    if met is not Attempt.REACHED:
        pause_s = figures.call_again_s[min(owed.attempts, len(figures.call_again_s) - 1)]
        return replace(owed, attempts=owed.attempts + 1, due=now + timedelta(seconds=pause_s)), []
    cut_off = caller.kind is CallKind.CUT_OFF
    needs = cut_off and setting.dice.happens(figures.cut_off_emergency, "was in need", caller.key)
    if needs or caller.kind is CallKind.EMERGENCY:
        return None, [Open(caller)]
    return None, [Settle(caller.key, Outcome.INQUIRY)]


def ring(setting: Setting, caller: Caller, now: datetime) -> tuple[Line, list[Action]]:
    """Let a call ring."""
    habits, figures, dice = setting.habits, setting.figures.dispatcher, setting.dice
    gives_up_at = now + timedelta(seconds=caller.patience_s * habits.waits)
    answer_at = None
    if habits.dispatcher:
        busy = dice.happens(figures.busy, "busy", caller.key)
        needs_s = dice.seconds(figures.busy_s if busy else figures.answer_s, "answer", caller.key)
        answer_at = now + timedelta(seconds=needs_s + habits.patience_s)
    return Line(caller, LineState.RINGING, gives_up_at, answer_at), [Signals(caller, Signal.RINGING)]


def answered(line: Line, now: datetime, *, by_person: bool, waits: float) -> Line:
    """Talk: all is told after a while; to a person, the caller speaks until the call is settled."""
    talk_s = line.caller.talk_s
    if by_person and line.caller.kind not in (CallKind.CUT_OFF, CallKind.SILENT):
        talk_s = _HOLDS_FOR_PERSON_S * waits
    until = now + timedelta(seconds=talk_s)
    return replace(line, state=LineState.TALKING, answer_at=None, talks_until=until, by_person=by_person)


def settled(line: Line, now: datetime) -> Line:
    """Hang up soon: a person has settled the call."""
    if not line.by_person or line.state is not LineState.TALKING:
        return line
    return replace(line, talks_until=now + timedelta(seconds=line.caller.holds_s))


def wake_line(line: Line, now: datetime, case: Case | None) -> tuple[Line | None, list[Action]]:
    """Do what is due on a line; None: it is over. case: the incident that the caller speaks of, if it stands."""
    caller = line.caller
    if line.state is LineState.RINGING:
        if line.gives_up_at <= now:
            return None, [Signals(caller, Signal.ABANDONED)]
        return replace(line, answer_at=None), [Answer(caller)]
    if line.by_person or line.told:
        return None, [Signals(caller, Signal.ENDED)]
    if caller.kind is CallKind.CUT_OFF:
        return None, [Signals(caller, Signal.ENDED), Settle(caller.key, Outcome.CUT_OFF)]
    told = replace(line, told=True, talks_until=now + timedelta(seconds=caller.holds_s))
    return told, _made_of(caller, case)


def _made_of(caller: Caller, case: Case | None) -> list[Action]:
    if caller.kind is CallKind.EMERGENCY:
        return [Open(caller)]
    if caller.kind is CallKind.ELSEWHERE:
        return [PassOn(caller.key)]
    if caller.kind not in FOLLOWING:
        return [Settle(caller.key, _OUTCOMES[caller.kind])]
    if case is None:
        # Nobody knows of the first call any more, or a person deals with it.
        return [Settle(caller.key, Outcome.INQUIRY)]
    made: list[Action] = [Link(caller.key, case.incident_id, _LINKS[caller.kind])]
    if caller.kind is CallKind.CALLS_OFF:
        made.append(CancelIncident(case.incident_id, CancelReason.CALLER_CANCELLED))
    return made


def units_wanted(setting: Setting, caller: Caller) -> int:
    """How many units a dispatcher sends for what a caller tells: a crash with many hurt takes more than one."""
    course = setting.figures.complaints[caller.complaint].course
    if course == "many":
        return 3
    return 2 if course == "crash" and caller.priority.rank == 1 else 1


def recommended(setting: Setting, case: Case, news: Recommended, now: datetime) -> Case:
    """Look at a recommendation: decide soon, or ask again later where nobody can go."""
    figures = setting.figures.dispatcher
    choices = _in_order(setting, case, news.choices)
    if not choices:
        again = now + timedelta(seconds=figures.again_s)
        return replace(case, step=CaseStep.TO_RECOMMEND, due=again)
    decide_s = setting.dice.seconds(figures.decide_s, "decide", case.key, case.orders)
    return replace(
        case, step=CaseStep.TO_ORDER, due=now + timedelta(seconds=decide_s), recommendation_id=news.recommendation_id,
        choices=choices, first=news.choices[0].call_sign,
    )  # fmt: skip


def _in_order(setting: Setting, case: Case, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Take a free unit before one that would leave somebody else, if it is nearly as soon; now and then the second."""
    if choices and choices[0].diverted:
        soon = [one for one in choices if not one.diverted and later_s(one, choices[0]) <= _RATHER_FREE_S]
        if soon:
            return (soon[0], *(one for one in choices if one is not soon[0]))
    if len(choices) < 2 or later_s(choices[1], choices[0]) > _KNOWS_BETTER_S:
        return choices
    if not setting.dice.happens(setting.figures.dispatcher.overrides, "override", case.key, case.orders):
        return choices
    return (choices[1], choices[0], *choices[2:])


def later_s(one: Choice, first: Choice) -> float:
    """By how much later a unit is there than another; a time that is not known is later than any."""
    if one.eta_s is None or first.eta_s is None:
        return float("inf")
    return one.eta_s - first.eta_s


def further(case: Case, sent: str) -> tuple[Choice, ...]:
    """Return whom else to send after one: nobody who would be there far later."""
    first = case.choices[0] if case.choices else None
    return tuple(
        one
        for one in case.choices
        if one.call_sign != sent and first is not None and later_s(one, first) <= _TOO_LATE_S
    )


def order_of(setting: Setting, case: Case) -> Order:
    """Return the order for the first choice that is left."""
    choice = case.choices[0]
    reason = None
    if choice.call_sign != case.first:
        reason = setting.dice.of("reason", case.key, case.orders).choice(_REASONS)
    return Order(case.incident_id, choice.call_sign, case.recommendation_id, reason, choice.diverted)
