"""The figures of choosing and sending (`dispatching.toml`), with those of units on duty and of calling back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatch.incidents.rules_call_backs import PROPOSED as PROPOSED_CALL_BACKS
from dispatch.incidents.rules_call_backs import CallBackPolicy, read_call_backs
from dispatch.kernel.figures import laid_over, read_toml, shipped, unusable
from dispatch.units.rules_duty import DUTY_KEYS, DutyPolicy, read_duty
from dispatch.units.rules_duty import PROPOSED as PROPOSED_DUTY


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """See `dispatching.toml`."""

    mobilise_station_s: float
    mobilise_road_s: float
    mobilise_running_s: float
    road_low: float
    road_high: float
    estimate_low: float
    estimate_high: float
    turnaround_s: float
    clears_within_s: float
    arriving_s: float
    k: int


@dataclass(frozen=True, slots=True)
class AssignmentFigures:
    """See `dispatching.toml`."""

    undo_s: float
    acknowledge_s: float
    swap_gain_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it; `source` says whose figures they are."""

    source: str
    ranking: RankingFigures
    assignment: AssignmentFigures
    duty: DutyPolicy = PROPOSED_DUTY
    call_back: CallBackPolicy = PROPOSED_CALL_BACKS


_OF: Final = "dispatching"
_SHIPPED: Final = shipped("dispatch.dispatching", "dispatching.toml")


def read_figures(text: str = "") -> Figures:
    """Return the figures that ship with the program, those of a TOML text in their place: of all three files.

    Raises Invalid (`figures.invalid`): no TOML, a figure that there is not, or one that is no number of 0 or more.
    """
    given = read_toml(text, _OF)
    call_back = given.pop("call_back", {})
    duty = {key: given.pop(key) for key in DUTY_KEYS & given.keys()}
    own = laid_over(given, _SHIPPED, _OF)
    ranking = own["ranking"]
    if ranking["k"] < 1 or ranking["k"] != int(ranking["k"]):
        raise unusable(_OF, "ranking.k is a whole number from 1")
    return Figures(
        own["source"],
        RankingFigures(**(ranking | {"k": int(ranking["k"])})),
        AssignmentFigures(**own["assignment"]),
        read_duty(duty | {"source": own["source"]} if "source" in given else duty),
        read_call_backs(call_back),
    )


PROPOSED: Final = read_figures()
