"""The figures of choosing and sending, from `dispatching.toml`, with those of units on duty. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from dispatch.kernel.errors import Invalid
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


_SHIPPED: Final = tomllib.loads(files("dispatch.dispatching").joinpath("dispatching.toml").read_text("utf-8"))


def read_figures(text: str = "") -> Figures:
    """Return the figures that ship with the program, those of a TOML text in their place: of both files.

    Raises Invalid (`figures.invalid`): no TOML, a figure that there is not, or one that is no number of 0 or more.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"no TOML: {error}") from None
    for section in sorted(given.keys() - _SHIPPED.keys() - DUTY_KEYS):
        raise _invalid(f"there is no section {section}")
    duty = {key: value for key, value in given.items() if key in DUTY_KEYS | {"source"}}
    ranking = _section(given, "ranking")
    if ranking["k"] < 1 or ranking["k"] != int(ranking["k"]):
        raise _invalid("ranking.k is a whole number from 1")
    return Figures(
        str(given.get("source", _SHIPPED["source"])),
        RankingFigures(**(ranking | {"k": int(ranking["k"])})),
        AssignmentFigures(**_section(given, "assignment")),
        read_duty(duty),
    )


def _section(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    own, shipped = given.get(name, {}), _SHIPPED[name]
    if not isinstance(own, dict):
        raise _invalid(f"{name} is no section")
    for key, value in own.items():
        if key not in shipped:
            raise _invalid(f"there is no figure {name}.{key}")
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < math.inf:
            raise _invalid(f"{name}.{key} is a number of 0 or more")
    return {**shipped, **own}


def _invalid(reason: str) -> Invalid:
    return Invalid("figures.invalid", f"The figures of dispatching cannot be used: {reason}.")


PROPOSED: Final = read_figures()
