"""Figures of plans, read from `plans.toml`: how long things take, when drivers rest, where roads climb. Pure.

Source: proposed here; needs sign-off by a medical director.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dispatch.kernel.figures import shipped

_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds as they usually are, and as they are when all goes slowly: to hold nine times of ten."""

    likely: float
    slow: float

    def __add__(self, other: Times) -> Times:
        """One after the other."""
        return Times(self.likely + other.likely, self.slow + other.slow)

    def latest(self, other: Times) -> Times:
        """Who waits for both."""
        return Times(max(self.likely, other.likely), max(self.slow, other.slow))


NOW: Final = Times(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Mountain:
    """A box on the map where roads climb. top_m: how high whoever flies across must be."""

    name_zh: str
    name_en: str
    south: float
    west: float
    north: float
    east: float
    top_m: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a place is in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """All of `plans.toml`; times in seconds, lengths in metres, speeds in m/s."""

    version: str
    minutes: Mapping[str, Times]
    slow_factor: float
    bad_factor: float
    longest_s: float
    rest_s: float
    change_s: float
    two_drivers_s: float
    refuel_m: float
    refuel_s: float
    guess_mps: float
    guess_detour: float
    grades: frozenset[str]
    looked_at: int
    gain_s: float
    detour_s: float
    mountain_m: float
    handlings: int
    weather_old_s: float
    primary: int
    secondary: int
    crew_of_ambulance: int
    mountains: tuple[Mountain, ...]


def times(minutes: Sequence[float]) -> Times:
    """Seconds of a usual and a slow number of minutes."""
    likely, slow = minutes
    return Times(likely * _MINUTE, slow * _MINUTE)


def _read(data: Mapping[str, Any]) -> PlanFigures:
    driving, risks, team, meeting = data["driving"], data["risks"], data["team"], data["rendezvous"]
    return PlanFigures(
        version=data["version"],
        minutes={name: times(pair) for name, pair in data["minutes"].items()},
        slow_factor=driving["slow_factor"],
        bad_factor=driving["bad_factor"],
        longest_s=driving["longest_min"] * _MINUTE,
        rest_s=driving["rest_min"] * _MINUTE,
        change_s=driving["change_min"] * _MINUTE,
        two_drivers_s=driving["two_drivers_min"] * _MINUTE,
        refuel_m=driving["refuel_km"] * 1000.0,
        refuel_s=driving["refuel_min"] * _MINUTE,
        guess_mps=driving["guess_kmh"] / 3.6,
        guess_detour=driving["guess_detour"],
        grades=frozenset(meeting["grades"]),
        looked_at=meeting["looked_at"],
        gain_s=meeting["gain_min"] * _MINUTE,
        detour_s=risks["detour_min"] * _MINUTE,
        mountain_m=risks["mountain_km"] * 1000.0,
        handlings=risks["handlings"],
        weather_old_s=risks["weather_old_min"] * _MINUTE,
        primary=team["primary"],
        secondary=team["secondary"],
        crew_of_ambulance=team["crew_of_ambulance"],
        mountains=tuple(
            Mountain(one["name_zh"], one["name_en"], south, west, north, east, one["top_m"])
            for one in data["mountains"]
            for south, west, north, east in (one["box"],)
        ),
    )


FIGURES: Final = _read(shipped("dispatch.ecmo", "plans.toml"))
