"""A world in memory, for tests of how simulated people behave: units, runs and incidents, and straight roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fakes.travel import StraightTravelTimes

from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_incidents import Priority
from dispatch.simulation.rules_actions import (
    Action,
    Answer,
    BeginTour,
    CallBack,
    CancelIncident,
    Close,
    EndTour,
    FindWay,
    MovePlace,
    Open,
    Order,
    Recommend,
    Report,
    Signals,
)
from dispatch.simulation.rules_news import (
    CalledBack,
    CallTaken,
    Choice,
    IncidentMade,
    IncidentOver,
    News,
    Ordered,
    Recommended,
    Refused,
    Returned,
    RunOver,
    WayFound,
)
from dispatch.simulation.rules_path import Path, path_of
from dispatch.simulation.rules_setting import Setting
from dispatch.units.states_duty import FREE, UnitStatus
from geo.points import GeoPoint
from geo.travel import Question


@dataclass
class Incident:
    """An incident of this world."""

    number: str
    complaint: str
    priority: Priority
    point: GeoPoint


@dataclass
class FakeWorld:
    """Carries actions out at once. `log`: all actions with their times; `paths`: every way that was found."""

    setting: Setting
    now: datetime
    log: list[tuple[datetime, Action]] = field(default_factory=list)
    paths: list[tuple[datetime, str, Path]] = field(default_factory=list)
    runs: dict[str, UUID] = field(default_factory=dict)
    """The active assignment of each unit."""
    of_run: dict[UUID, UUID] = field(default_factory=dict)
    incidents: dict[UUID, Incident] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)
    over: set[UUID] = field(default_factory=set)
    ringing: set[str] = field(default_factory=set)
    news: list[News] = field(default_factory=list)
    travel: StraightTravelTimes = field(default_factory=StraightTravelTimes)
    _ids: int = 0

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    async def do(self, actions: Sequence[Action], now: datetime) -> None:
        assert now == self.now
        for action in actions:
            self.log.append((now, action))
            self._do(action)

    async def wait(self, until: datetime) -> tuple[datetime, Sequence[News]]:
        if not self.news:
            self.now = max(self.now, until)
        heard, self.news = self.news, []
        return self.now, heard

    def _do(self, action: Action) -> None:
        match action:
            case Signals():
                (self.ringing.add if action.signal is Signal.RINGING else self.ringing.discard)(action.caller.key)
            case Answer():
                assert action.caller.key in self.ringing
                self.news.append(CallTaken(action.caller.key, by_person=False))
            case Open():
                made, caller = self.new_id(), action.caller
                number = f"2026-{len(self.incidents) + 1:06}"
                self.incidents[made] = Incident(number, caller.complaint, caller.priority, caller.where.point)
                self.news.append(IncidentMade(caller.key, made, number))
            case CallBack():
                self.news.append(CalledBack(action.caller.key, action.met))
            case Recommend():
                self._recommend(action)
            case Order():
                self._order(action)
            case Report():
                self._report(action)
            case FindWay():
                found = path_of(
                    self.travel.route(action.origin, action.target, Question()), action.origin, action.target
                )
                self.paths.append((self.now, action.call_sign, found))
                self.news.append(WayFound(action.call_sign, action.number, found))
            case Close() | CancelIncident():
                self._end(action)
            case _:
                self._do_besides(action)

    def _do_besides(self, action: Action) -> None:
        match action:
            case MovePlace():
                self.incidents[action.incident_id].point = action.point
            case BeginTour():
                self.out.add(action.call_sign)
            case EndTour():
                self.out.discard(action.call_sign)
            case _:
                pass

    def _recommend(self, action: Recommend) -> None:
        incident = self.incidents[action.incident_id]
        free = [
            one for one in self.setting.vehicles.values() if one.call_sign not in self.runs | dict.fromkeys(self.out)
        ]
        near = sorted(free, key=lambda one: one.station.distance_m(incident.point))
        choices = tuple(Choice(one.call_sign, one.station.distance_m(incident.point) / 15.0) for one in near[:6])
        self.news.append(Recommended(action.incident_id, self.new_id(), choices))

    def _order(self, action: Order) -> None:
        if action.call_sign in self.runs or action.incident_id in self.over:
            code = "incident.over" if action.incident_id in self.over else "assignment.unit_taken"
            self.news.append(Refused(action, code))
            return
        made, incident = self.new_id(), self.incidents[action.incident_id]
        self.runs[action.call_sign], self.of_run[made] = made, action.incident_id
        self.news.append(
            Ordered(
                action.call_sign, made, action.incident_id, incident.number, incident.complaint, incident.priority,
                incident.point,
            )
        )  # fmt: skip

    def _report(self, action: Report) -> None:
        out = action.status in (UnitStatus.OUT_OF_SERVICE, UnitStatus.RETURNING)
        (self.out.add if out else self.out.discard)(action.call_sign)
        run = self.runs.get(action.call_sign)
        if run is None or not (out or action.status in FREE):
            return
        del self.runs[action.call_sign]
        self.news.append(RunOver(action.call_sign, run))
        broken = action.status is UnitStatus.OUT_OF_SERVICE
        if broken and self.of_run[run] not in {self.of_run[one] for one in self.runs.values()}:
            self.news.append(Returned(self.of_run[run]))

    def _end(self, action: Close | CancelIncident) -> None:
        self.over.add(action.incident_id)
        for call_sign, run in list(self.runs.items()):
            if self.of_run[run] == action.incident_id:
                assert isinstance(action, CancelIncident), "an incident is closed while a unit has it"
                del self.runs[call_sign]
                self.news.append(RunOver(call_sign, run))
        self.news.append(IncidentOver(action.incident_id))
