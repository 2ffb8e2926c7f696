"""Where callers are: towns by their people, villages and companies around them. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from dispatch.simulation.rules_figures import PlaceFigures
from geo.places.own import OwnPlace
from geo.points import METRES_PER_DEGREE, GeoPoint

_VILLAGE_KINDS = ("village", "company")
_TOWN_SPREAD = 0.45
"""Most of a town's people live within this share of its half width from the middle."""


@dataclass(frozen=True, slots=True)
class Locality:
    """Somewhere that people call from. spread_m: their usual distance from its middle; weight: how many there are."""

    name: str
    point: GeoPoint
    spread_m: float
    weight: float
    rural: bool


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A caller's place, and how it is said."""

    point: GeoPoint
    words: str
    locality: str
    rural: bool


@dataclass(frozen=True, slots=True)
class Country:
    """All localities, with the running sum of their weights."""

    localities: tuple[Locality, ...]
    sums: tuple[float, ...]

    @classmethod
    def of(cls, localities: Iterable[Locality]) -> Country:
        """Take localities in their order."""
        kept = tuple(localities)
        return cls(kept, tuple(accumulate(one.weight for one in kept)))

    def draw(self, random: Random) -> Whereabouts:
        """Draw a place: the more people, the more calls."""
        where = random.choices(self.localities, cum_weights=self.sums)[0]
        # Twice the spread is as far as anybody lives.
        away_m = min(abs(random.gauss(0.0, where.spread_m)), 2.0 * where.spread_m)
        bearing = random.uniform(0.0, math.tau)
        shrink = math.cos(math.radians(where.point.lat))
        point = GeoPoint(
            lat=round(where.point.lat + away_m * math.cos(bearing) / METRES_PER_DEGREE, 6),
            lon=round(where.point.lon + away_m * math.sin(bearing) / (METRES_PER_DEGREE * shrink), 6),
        )
        return Whereabouts(point, _words(random, where), where.name, where.rural)


def localities_of(tables: Mapping[str, Any], places: Sequence[OwnPlace], figures: PlaceFigures) -> tuple[Locality, ...]:
    """Make the localities of the built-in region: its towns (`geo/demo/towns.toml`), its villages and companies.

    A town's people live partly in the villages around it; those are known by their ids (`v-TOWN-01`, `k-TOWN-01`).
    """
    towns = [(row["id"], row["zh"], row, float(row["population"]), _half_m(row)) for row in tables["town"]]
    common = tables["regiments"]
    for row in common["list"]:
        label = f"{row['number']}团" if row["number"] else row["zh"]
        towns.append((row["id"], label, row, figures.regiment_people, _half_m(common)))
    villages: dict[str, list[OwnPlace]] = {}
    for place in places:
        if place.kind in _VILLAGE_KINDS:
            villages.setdefault(place.id.split("-")[1], []).append(place)
    made: list[Locality] = []
    for town_id, name, row, people, half_m in towns:
        around = sorted(villages.get(town_id, ()), key=lambda one: one.id)
        rural = figures.rural if around else 0.0
        point = GeoPoint(lat=row["lat"], lon=row["lon"])
        made.append(Locality(name, point, half_m * _TOWN_SPREAD, people * (1.0 - rural), rural=False))
        for place in around:
            at = GeoPoint(lat=place.lat, lon=place.lon)
            made.append(Locality(place.names.name, at, figures.village_m, people * rural / len(around), rural=True))
    return tuple(made)


def _half_m(row: Mapping[str, Any]) -> float:
    streets: int = min(row["columns"], row["rows"])
    return streets * float(row["spacing_m"]) / 2.0


def _words(random: Random, where: Locality) -> str:
    if where.rural:
        return f"{where.name} 示例农户{random.randint(1, 180)}号"
    house, door, floor = random.randint(1, 60), random.randint(1, 4), random.randint(1, 6)
    return f"{where.name} 示例小区{house}号楼{door}单元{floor}0{random.randint(1, 4)}"
