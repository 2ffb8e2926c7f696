"""A small fleet and a few places, to play simulated days with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from dispatch.simulation.rules_crew import Crew
from dispatch.simulation.rules_dice import Dice
from dispatch.simulation.rules_figures import INVENTED, Figures
from dispatch.simulation.rules_places import Country, Locality
from dispatch.simulation.rules_setting import Habits, Hospital, Setting, Vehicle
from dispatch.simulation.rules_shifts import next_shift
from dispatch.simulation.states import Phase
from geo.points import GeoPoint

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""Nine o'clock by Beijing time."""
AKSU = GeoPoint(lat=41.17, lon=80.26)
ALAR = GeoPoint(lat=40.55, lon=81.28)


def a_setting(
    seed: int = 7, *, vehicles: int = 12, per_day: float = 200.0, habits: Habits | None = None, start: datetime = START,
    figures: Figures = INVENTED,
) -> Setting:  # fmt: skip
    """Two towns with a hospital each, a village, and vehicles by turns in the one and the other."""
    towns = (AKSU, ALAR)
    fleet = [Vehicle(f"示例-{number:02}", "civil", towns[number % 2]) for number in range(vehicles)]
    hospitals = tuple(
        Hospital(UUID(int=9_000 + number), town, "civil", "3", frozenset()) for number, town in enumerate(towns)
    )
    country = Country.of(
        [
            Locality("阿克苏市", AKSU, 2_500.0, 600_000.0, rural=False),
            Locality("阿拉尔市", ALAR, 2_000.0, 300_000.0, rural=False),
            Locality("10团5连", GeoPoint(lat=40.65, lon=81.25), 350.0, 60_000.0, rural=True),
        ]
    )
    calls = replace(figures.calls, per_day=per_day)
    return Setting(
        replace(figures, calls=calls), Dice(seed), country, {one.call_sign: one for one in fleet}, hospitals, start,
        habits or Habits(),
    )  # fmt: skip


def crews_of(setting: Setting) -> list[Crew]:
    """Every crew at its station."""
    return [
        Crew(one.call_sign, Phase.IDLE, one.station, next_shift(setting, one.call_sign, setting.start))
        for one in setting.vehicles.values()
    ]
