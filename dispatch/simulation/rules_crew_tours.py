"""Crews on timed runs: they drive from stop to stop, stay as long as they are needed, and go home. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dispatch.simulation.rules_actions import BeginTour, EndTour
from dispatch.simulation.rules_crew import Crew, Turn
from dispatch.simulation.rules_crew_home import go_home
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.rules_tours import Tour
from dispatch.simulation.states import Phase

_LEFT_BEHIND: Final = 1
"""So many others stay ready at a station that gives a unit for a timed run."""


def spare(setting: Setting, crews: Mapping[str, Crew], tour: Tour) -> Crew | None:
    """Return the nearest crew that stands ready and is not the last of its station; None: none can be spared."""
    idle = [crew for crew in crews.values() if crew.phase is Phase.IDLE]
    ready = Counter(setting.vehicles[crew.call_sign].station for crew in idle)
    able = [crew for crew in idle if ready[setting.vehicles[crew.call_sign].station] > _LEFT_BEHIND]
    first = tour.stops[0].point
    return min(able, key=lambda crew: (crew.place.distance_m(first), crew.call_sign), default=None)


def begin_tour(turn: Turn, tour: Tour) -> None:
    """Set off on a timed run."""
    turn.actions.append(
        BeginTour(tour.key, turn.crew.call_sign, tour.kind, tour.until, tour.words, tour.stops[0].point)
    )
    turn.crew = replace(turn.crew, tour=tour, stop=0)
    _drive_to_stop(turn)


def at_stop(turn: Turn) -> None:
    """Stand at a stop, as long as it takes."""
    turn.arrive()
    turn.become(Phase.STOPPED, after_s=_tour(turn).stops[turn.crew.stop].stay_s)


def leave_stop(turn: Turn) -> None:
    """Drive on to the next stop; after the last one the run is over."""
    tour = _tour(turn)
    turn.crew = replace(turn.crew, stop=turn.crew.stop + 1)
    if turn.crew.stop < len(tour.stops):
        _drive_to_stop(turn)
        return
    turn.actions.append(EndTour(tour.key, turn.crew.call_sign))
    break_off(turn)


def break_off(turn: Turn) -> None:
    """Be on no timed run any more, and go home."""
    turn.crew = replace(turn.crew, tour=None, stop=0)
    go_home(turn)


def _drive_to_stop(turn: Turn) -> None:
    turn.become(Phase.TOURING)
    turn.find_way(_tour(turn).stops[turn.crew.stop].point)


def _tour(turn: Turn) -> Tour:
    if turn.crew.tour is None:
        raise ValueError(f"{turn.crew.call_sign} is on no timed run")
    return turn.crew.tour
