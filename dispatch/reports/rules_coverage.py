"""Who is covered: shares of people and incidents within limits, vehicles for people, where one more would help. Pure.

People and incidents are places; how soon and by how long a road each is reached is found by `geo.covering`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.kernel.figures import laid_over, read_toml, shipped, unusable
from dispatch.reports.rules_views import ZONE
from dispatch.reports.states_coverage import (
    PER,
    CoverageFigures,
    CoverageGroup,
    CoverageHour,
    CoverageLimit,
    CoverageWithin,
    GroupName,
    Step,
)

_OF: Final = "coverage"
_ZONE: Final = ZoneInfo(ZONE)
_Names = NDArray[np.object_]
Named = Mapping[str, tuple[str, str, str]]
"""Names of counties in Chinese, English and Uyghur, by their zones."""


@dataclass(frozen=True, slots=True)
class Places:
    """Places [n] and how many people (or incidents) each stands for; county, organisation and ground, None: no zone."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    weight: NDArray[np.float64]
    county: _Names
    organisation: _Names
    ground: _Names

    def named(self, group: GroupName) -> _Names:
        """What each place is called in a grouping."""
        if group == "all":
            return np.full(len(self.lat), "", dtype=np.object_)
        found: _Names = {"county": self.county, "organisation": self.organisation, "ground": self.ground}[group]
        return np.array([name or "" for name in found], dtype=np.object_)


@dataclass(frozen=True, slots=True)
class Reached:
    """Of places [n]: seconds and metres by road from the nearest source; inf where none reaches them."""

    eta_s: NDArray[np.float64]
    road_m: NDArray[np.float64]

    def within(self, limit: CoverageLimit) -> NDArray[np.bool_]:
        """Which are covered by a limit."""
        return self.eta_s <= limit.within_s if limit.within_s is not None else self.road_m <= (limit.within_m or 0)


class Vehicle(msgspec.Struct, frozen=True):
    """An ambulance by the county of its station and its organisation; crewed now, free now."""

    county: str
    organisation: str
    crewed: bool
    free: bool


def read_coverage(text: str = "") -> CoverageFigures:
    """Return the figures that ship with own ones in their place. Raises Invalid (`figures.invalid`)."""
    usual, own = shipped("dispatch.reports", "coverage.toml"), read_toml(text, _OF)
    counties = own.pop("counties", {})
    if not isinstance(counties, dict) or not all(_is_base(one) for one in counties.values()):
        raise unusable(_OF, "counties gives zones more than 0 people for each vehicle")
    laid = {**laid_over(own, usual, _OF), "counties": counties}
    try:
        made = msgspec.convert(laid, CoverageFigures)
    except msgspec.ValidationError as error:
        raise unusable(_OF, str(error)) from None
    if not _is_base(made.people_per_vehicle) or not 1 <= made.crewed_days <= 31 or not made.incident_days:
        raise unusable(_OF, "people_per_vehicle and incident_days are more than 0, crewed_days 1 to 31")
    if not 0 <= made.negative_pressure_share <= 1:
        raise unusable(_OF, "negative_pressure_share is from 0 to 1")
    if not 0 < made.crewed_share <= 1 or not all(0 < one <= 600 for one in (*made.within_min, *made.within_km)):
        raise unusable(_OF, "crewed_share is above 0 and at most 1, limits are above 0 and at most 600")
    if not {*made.urban_km, *made.rural_km} <= {*made.within_km}:
        raise unusable(_OF, "urban_km and rural_km are among within_km")
    return made


def _is_base(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def covered(
    places: Places, reached: Reached, limits: Sequence[CoverageLimit], rows: NDArray[np.bool_]
) -> list[CoverageWithin]:
    """Return how many of the places of `rows` [n] each limit covers."""
    whole = float(places.weight[rows].sum())
    found = []
    for limit in limits:
        count = float(places.weight[rows & reached.within(limit)].sum())
        found.append(CoverageWithin(id=limit.id, count=round(count), share=count / whole if whole else None))
    return found


def groups_of(
    figures: CoverageFigures,
    people: tuple[Places, Reached],
    incidents: tuple[Places, Reached],
    vehicles: Sequence[Vehicle],
    names: Named,
) -> list[CoverageGroup]:
    """Return coverage of all, then of each county, organisation and ground; a key of "": no zone says."""
    limits = figures.limits()
    made: list[CoverageGroup] = []
    kinds: tuple[GroupName, ...] = ("all", "county", "organisation", "ground")
    for group in kinds:
        of_people, of_incidents = people[0].named(group), incidents[0].named(group)
        own = None if group == "ground" else [_key(group, one) for one in vehicles]
        keys = {*of_people.tolist(), *of_incidents.tolist(), *(own or []), *([""] if group == "all" else [])}
        for key in sorted(keys):
            here = None if own is None else [one for one, where in zip(vehicles, own, strict=True) if where == key]
            base = _base(figures, people[0], group, key)
            rows, happened = of_people == key, of_incidents == key
            lives = float(people[0].weight[rows].sum())
            zh, en, ug = names.get(key, ("", "", "")) if group == "county" else ("", "", "")
            made.append(
                CoverageGroup(
                    group=group, key=key, name_zh=zh, name_en=en, name_ug=ug, people=round(lives),
                    people_within=covered(*people, limits, rows), incidents=int(happened.sum()),
                    incidents_within=covered(*incidents, limits, happened), **_vehicles(here, lives, base),
                )
            )  # fmt: skip
    return made


def _key(group: GroupName, one: Vehicle) -> str:
    return {"county": one.county, "organisation": one.organisation}.get(group, "")


def _base(figures: CoverageFigures, people: Places, group: GroupName, key: str) -> float | None:
    """People for each vehicle: a county's own; of several counties what all of theirs together come to."""
    if group == "county":
        return figures.counties.get(key, figures.people_per_vehicle)
    rows = people.named(group) == key
    lives = float(people.weight[rows].sum())
    if not lives:
        return figures.people_per_vehicle
    counties = people.named("county")[rows]
    need = sum(
        float(people.weight[rows][counties == county].sum()) / figures.counties.get(county, figures.people_per_vehicle)
        for county in set(counties.tolist())
    )
    return lives / need


def _vehicles(here: Sequence[Vehicle] | None, people: float, base: float | None) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("vehicles", "crewed", "free", "base", "needed", "missing", "per_30000", "per_50000")
    )  # of ground: a vehicle is of no such part
    if here is None:
        return nothing
    count = len(here)
    told = {**nothing, "vehicles": count, "crewed": sum(one.crewed for one in here)}
    told["free"] = sum(one.free for one in here)
    if people and base:
        needed = math.ceil(people / base - 1e-9)
        told |= {"base": base, "needed": needed, "missing": max(0, needed - count)}
        told |= {f"per_{per}": count * per / people for per in PER}
    return told


def moments_of(hour: int, now: datetime, days: int) -> list[datetime]:
    """The middle of an hour of the day, Beijing time, on each of the last days; none of them in the future."""
    local = now.astimezone(_ZONE).replace(hour=hour, minute=30, second=0, microsecond=0)
    last = local if local <= now else local - timedelta(days=1)
    return [last - timedelta(days=day) for day in range(days)]


def crewed_at(
    hour: int, now: datetime, figures: CoverageFigures, duties: Iterable[tuple[UUID, datetime, datetime | None]]
) -> tuple[frozenset[UUID], int]:
    """Stations that had a crew at an hour of the day on enough of the last days that are known, and how many these are.

    duties: station, since when, until when (None: still) of each person on board of one of its vehicles.
    """
    duties = list(duties)
    known_from = min((since for _, since, _ in duties), default=now)
    moments = [at for at in moments_of(hour, now, figures.crewed_days) if at >= known_from]
    crewed: dict[UUID, set[datetime]] = {}
    for station, since, until in duties:
        crewed.setdefault(station, set()).update(at for at in moments if since <= at and (until is None or at < until))
    enough = figures.crewed_share * len(moments)
    return frozenset(one for one, at in crewed.items() if at and len(at) >= enough), len(moments)


def hour_of(
    hour: int,
    known: tuple[int, int],
    limits: Sequence[CoverageLimit],
    people: tuple[Places, Reached],
    incidents: tuple[Places, Reached],
) -> CoverageHour:
    """Return what an hour of the day comes to; the incidents are those of that hour. known: stations, and days."""
    stations, days = known
    everybody, all_happened = (np.full(len(some[0].lat), days > 0) for some in (people, incidents))
    return CoverageHour(
        hour=hour, days=days, stations=stations, people_within=covered(*people, limits, everybody),
        incidents=len(incidents[0].lat), incidents_within=covered(*incidents, limits, all_happened),
    )  # fmt: skip


def sited(weight: NDArray[np.float64], already: NDArray[np.bool_], reach: NDArray[np.bool_], count: int) -> list[Step]:
    """Choose stations one after another, each time the candidate that covers most people not covered yet.

    weight, already: [n]; reach: [candidates, n]. Ties: the earlier candidate. Ends when none would help. Each step is
    the best by itself; all together may not be the best that there is.
    """
    left = np.where(already, 0.0, weight)
    steps: list[Step] = []
    covers = float(weight[already].sum())
    for _ in range(min(count, len(reach))):
        gains = reach @ left
        best = int(np.argmax(gains))
        if gains[best] <= 0.5:
            break
        covers += float(gains[best])
        steps.append(Step(candidate=best, gained=float(gains[best]), people=covers))
        left[reach[best]] = 0.0
    return steps
