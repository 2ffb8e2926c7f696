"""A simulated day at one moment: all callers, crews, and the simulated dispatcher's incidents. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from dispatch.simulation.rules_actions import Action
from dispatch.simulation.rules_calls import Caller, hour_before, opening_calls
from dispatch.simulation.rules_crew import Crew, Scene, Turn
from dispatch.simulation.rules_crew_handing import is_stranded, relieved
from dispatch.simulation.rules_crew_turns import COMING, first_due
from dispatch.simulation.rules_desk import Case, Line, Owed
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.rules_tours import Tour
from dispatch.simulation.states import Phase


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that changes.

    to_come: calls drawn but not rung yet, by time; tours: timed runs not begun; drawn_until: the hours drawn so far.
    lines: by the call's key.
    cases: incidents of the simulated dispatcher. opened: incidents by the key of their first call, a person's too.
    owed: who is to be called back by the simulated dispatcher, by the call's key. scenes: the patients of incidents.
    fixes_at, still_at: when the receivers of moving and standing vehicles tell next.
    """

    crews: Mapping[str, Crew]
    drawn_until: datetime
    fixes_at: datetime
    still_at: datetime
    to_come: tuple[Caller, ...] = ()
    tours: tuple[Tour, ...] = ()
    lines: Mapping[str, Line] = field(default_factory=dict)
    cases: Mapping[UUID, Case] = field(default_factory=dict)
    opened: Mapping[str, UUID] = field(default_factory=dict)
    owed: Mapping[str, Owed] = field(default_factory=dict)
    scenes: Mapping[UUID, Scene] = field(default_factory=dict)


def begin(
    setting: Setting,
    crews: Sequence[Crew],
    scenes: Mapping[UUID, Scene] | None = None,
    cases: Mapping[UUID, Case] | None = None,
    owed: Mapping[str, Owed] | None = None,
) -> Day:
    """Return a day that begins at the setting's start, with crews, scenes, incidents and call-backs as they stand."""
    now = setting.start
    opening = setting.habits.opening
    return Day(
        crews={crew.call_sign: first_due(crew, now) for crew in crews},
        drawn_until=hour_before(now),
        fixes_at=now,
        still_at=now,
        to_come=opening_calls(setting.figures, setting.country, setting.dice, now) if opening else (),
        scenes=scenes or {},
        cases=cases or {},
        owed=owed or {},
    )


class Scratch:
    """A day being changed: copies of what changes, and the actions so far."""

    def __init__(self, setting: Setting, day: Day, now: datetime) -> None:
        self.setting, self.now, self._day = setting, now, day
        self.crews, self.lines = dict(day.crews), dict(day.lines)
        self.cases, self.opened, self.scenes = dict(day.cases), dict(day.opened), dict(day.scenes)
        self.owed = dict(day.owed)
        self.to_come, self.tours = day.to_come, day.tours
        self.drawn_until, self.fixes_at, self.still_at = day.drawn_until, day.fixes_at, day.still_at
        self.actions: list[Action] = []

    def day(self) -> Day:
        """Return the day as it has become."""
        return replace(
            self._day, crews=self.crews, lines=self.lines, cases=self.cases, opened=self.opened, scenes=self.scenes,
            owed=self.owed, to_come=self.to_come, tours=self.tours,
            drawn_until=self.drawn_until, fixes_at=self.fixes_at, still_at=self.still_at,
        )  # fmt: skip

    def turn(self, crew: Crew) -> Turn:
        """Begin a crew's turn."""
        if crew.run is None:
            return Turn(self.setting, crew, self.now)
        incident_id = crew.run.incident_id
        others = sum(other.phase in COMING for other in self.having(incident_id) if other is not crew)
        return Turn(self.setting, crew, self.now, self.scenes.get(incident_id), others=others)

    def take(self, turn: Turn, incident_id: UUID | None = None) -> None:
        """Take over what a turn made; incident_id: whose scene it may have changed."""
        self.crews[turn.crew.call_sign] = turn.crew
        if incident_id is not None and turn.scene is not None:
            self.scenes[incident_id] = turn.scene
        self.actions.extend(turn.actions)

    def relieve(self, incident_id: UUID, *, all_of_them: bool = False) -> None:
        """Let crews go that waited with patients on board, once those are taken over, or the incident is over."""
        for crew in self.having(incident_id):
            turn = self.turn(crew)
            if crew.phase is Phase.STRANDED and (all_of_them or not is_stranded(turn)):
                relieved(turn)
                self.take(turn)

    def having(self, incident_id: UUID) -> list[Crew]:
        """Crews that have this incident."""
        return [crew for crew in self.crews.values() if crew.run is not None and crew.run.incident_id == incident_id]

    def case_of(self, key: str) -> Case | None:
        """The simulated dispatcher's incident of a first call, while it stands."""
        incident_id = self.opened.get(key)
        return self.cases.get(incident_id) if incident_id is not None else None
