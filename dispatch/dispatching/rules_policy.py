"""The figures of choosing and sending, from `dispatching.toml`. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final


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


def read_figures(text: str | None = None) -> Figures:
    """Read a TOML text; without one, the figures that ship with the program."""
    data = tomllib.loads(text or files("dispatch.dispatching").joinpath("dispatching.toml").read_text("utf-8"))
    return Figures(data["source"], RankingFigures(**data["ranking"]), AssignmentFigures(**data["assignment"]))


PROPOSED: Final = read_figures()
