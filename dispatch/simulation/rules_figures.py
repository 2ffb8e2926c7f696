"""The figures of the simulated day, from `simulation.toml`. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import msgspec

from dispatch.incidents.states_calls import Attempt
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.simulation.states import CallKind, Mishap
from dispatch.units.states_duty import OutReason

Span = tuple[float, float]
"""The least and the most; seconds where nothing else is said."""


@dataclass(frozen=True, slots=True)
class CallFigures:
    """How many calls, when, and what they are about. by_hour: 24 weights by Beijing time."""

    per_day: float
    by_hour: tuple[float, ...]
    kinds: Mapping[CallKind, float]


@dataclass(frozen=True, slots=True)
class CallerFigures:
    """How callers behave."""

    patience_s: Span
    abandons_after_s: Span
    talk_s: Span
    holds_s: Span
    second: float
    second_after_s: Span
    asks_again: float
    asks_again_after_s: Span
    calls_off: float
    calls_off_after_s: Span
    uyghur: float
    positioned: float
    accuracy_m: Span


@dataclass(frozen=True, slots=True)
class MishapFigures:
    """How much goes wrong when something does."""

    slow_factor: Span
    no_answer_s: Span
    link_lost_s: Span
    repair_s: Span
    transfer_s: Span
    waits_s: Span


@dataclass(frozen=True, slots=True)
class After:
    """A pause after a run."""

    share: float
    lasts_s: Span


@dataclass(frozen=True, slots=True)
class CrewFigures:
    """How crews behave."""

    acknowledge_s: Span
    mobilise_s: Span
    turn_round_s: Span
    to_patient_s: Span
    handover_s: Span
    tidy_s: Span
    drive: Span
    mishaps: Mapping[Mishap, float]
    mishap_figures: MishapFigures
    after: Mapping[OutReason, After]


@dataclass(frozen=True, slots=True)
class TourFigures:
    """Timed runs: stand-bys at events and planned transfers, between two hours by Beijing time."""

    standbys_per_day: float
    standby_s: Span
    transfers_per_day: float
    loading_s: Span
    unloading_s: Span
    from_hour: int
    until_hour: int


@dataclass(frozen=True, slots=True)
class DispatcherFigures:
    """How a simulated dispatcher behaves."""

    answer_s: Span
    busy: float
    busy_s: Span
    decide_s: Span
    close_s: Span
    again_s: float
    overrides: float
    call_back_s: Span
    call_again_s: tuple[float, ...]
    met: Mapping[Attempt, float]
    cut_off_emergency: float


@dataclass(frozen=True, slots=True)
class Complaint:
    """A card: how often, how urgent (per cent of P1 to P4), what it needs, and the course that it takes."""

    weight: float
    priority: tuple[float, ...]
    needs: str
    course: str
    zh: str


@dataclass(frozen=True, slots=True)
class Course:
    """What comes of patients (weights), how many there are (weights of 1, 2, …), and treatment on the scene."""

    outcome: Mapping[PatientOutcome, float]
    patients: tuple[float, ...]
    treat_s: Span


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """Where callers are."""

    rural: float
    village_m: float
    regiment_people: float


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """How the fleet stands. shift_at_hours: Beijing time."""

    out_of_service: float
    shift_at_hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it; `source` says what they are worth."""

    source: str
    calls: CallFigures
    callers: CallerFigures
    crew: CrewFigures
    tours: TourFigures
    dispatcher: DispatcherFigures
    complaints: Mapping[str, Complaint]
    courses: Mapping[str, Course]
    places: PlaceFigures
    fleet: FleetFigures


def read_figures(text: str | None = None) -> Figures:
    """Read a TOML text; without one, the figures that ship with the program. Raises msgspec.ValidationError."""
    data: dict[str, Any] = tomllib.loads(
        text or files("dispatch.simulation").joinpath("simulation.toml").read_text("utf-8")
    )
    return msgspec.convert(data, Figures)


INVENTED: Final = read_figures()
