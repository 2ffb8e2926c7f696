"""How long until the circuit runs, both ways: the patient brought to the cannulator, and the cannulator to the patient.

Pure. What is measured counts as it is, a time of the roads with a spread, and what nobody can know yet by a figure of
`assessment.toml`; a leg for which there is none of these stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatch.ecmo.rules_low_flow import CANNULATION, TO_CANNULATOR, TO_PATIENT, LowFlowTold, Span, low_flow
from dispatch.kernel.figures import shipped

_DATA: Final = shipped("dispatch.ecmo", "assessment.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
SIGNED_OFF_BY: Final[str] = _DATA["signed_off_by"]
_FIGURES: Final = {name: Span(*map(float, pair)) for name, pair in _DATA["legs"].items() if name != "road_spread"}
ROAD_SPREAD: Final[tuple[float, float]] = tuple(_DATA["legs"]["road_spread"])
_NONE: Final = Span(0.0, 0.0)


class Basis(StrEnum):
    """How a leg is known."""

    MEASURED = "measured"
    ROAD = "road"
    FIGURE = "figure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a way; span None where it is unknown."""

    name: str
    basis: Basis
    span: Span | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its legs in order, and how their sum compares with the limit. unflowed: without the time elapsed."""

    legs: tuple[Leg, ...]
    told: LowFlowTold

    @property
    def to_circuit(self) -> Span | None:
        """Minutes from now until flow; None where a leg is unknown."""
        spans = [leg.span for leg in self.legs if leg.name != "elapsed"]
        known = [one for one in spans if one is not None]
        return None if len(known) < len(spans) else Span(sum(one.low for one in known), sum(one.high for one in known))


@dataclass(frozen=True, slots=True)
class Situation:
    """What both ways are reckoned from.

    arrest_at: when the heart stood still, None: not known, or it beats. in_hospital: the patient needs nobody to come
    to a scene. at_scene: a vehicle is with him there; aboard: he is in it. to_scene_s, to_centre_s, to_patient_s:
    seconds of road, None: nobody knows or none leads.
    special: hypothermia, drowning in cold water, intoxication or a child.
    """

    now: datetime
    arrest_at: datetime | None
    in_hospital: bool
    to_scene_s: float | None = None
    to_centre_s: float | None = None
    to_patient_s: float | None = None
    special: bool = False
    at_scene: bool = False
    aboard: bool = False


def both_ways(one: Situation) -> tuple[Way, Way]:
    """The patient brought to the cannulator; the cannulator brought to the patient."""
    elapsed = None
    if one.arrest_at is not None and one.arrest_at <= one.now:
        minutes = (one.now - one.arrest_at).total_seconds() / 60.0
        elapsed = Span(minutes, minutes)
    past = {
        "to_scene": one.in_hospital or one.at_scene or one.aboard, "on_scene": one.in_hospital or one.aboard,
        "loading": one.aboard,
    }  # fmt: skip
    measured = {"elapsed": elapsed} | {name: _NONE for name, is_past in past.items() if is_past}
    roads = {"to_scene": one.to_scene_s, "road": one.to_centre_s, "team_road": one.to_patient_s}
    return (
        _way(TO_CANNULATOR, measured, roads, special=one.special),
        _way(TO_PATIENT, measured, roads, special=one.special),
    )


def _way(
    names: tuple[str, ...], measured: Mapping[str, Span | None], roads: Mapping[str, float | None], *, special: bool
) -> Way:
    legs = tuple(_leg(name, measured, roads) for name in names)
    known = {leg.name: leg.span for leg in legs if leg.span is not None}
    return Way(legs, low_flow(names, known, special=special))


def _leg(name: str, measured: Mapping[str, Span | None], roads: Mapping[str, float | None]) -> Leg:
    if name in measured:
        span = measured[name]
        return Leg(name, Basis.UNKNOWN if span is None else Basis.MEASURED, span)
    if name in roads:
        seconds = roads[name]
        if seconds is None:
            return Leg(name, Basis.UNKNOWN, None)
        low, high = ROAD_SPREAD
        return Leg(name, Basis.ROAD, Span(seconds / 60.0 * low, seconds / 60.0 * high))
    return Leg(name, Basis.FIGURE, CANNULATION if name == "cannulation" else _FIGURES[name])
