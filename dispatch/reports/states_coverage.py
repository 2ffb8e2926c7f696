"""What coverage is told with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

PER: Final = (30_000, 50_000)
"""Vehicles are told per so many people, whatever the base of a county."""
GroupName = Literal["all", "county", "organisation", "ground"]


class CoverageLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A place is covered within so many seconds of travel, or so many metres of road; the other is None."""

    id: str
    within_s: int | None
    within_m: int | None


class CoverageFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures of `coverage.toml`. counties: people for each vehicle, by the code of a county's zone."""

    awaits: str
    within_min: tuple[float, ...]
    within_km: tuple[float, ...]
    urban_km: tuple[float, ...]
    rural_km: tuple[float, ...]
    people_per_vehicle: float
    negative_pressure_share: float
    crewed_days: int
    crewed_share: float
    incident_days: int
    counties: Mapping[str, float]

    def limits(self) -> tuple[CoverageLimit, ...]:
        """Minutes first, then kilometres, each from the least."""
        by_time = [
            CoverageLimit(id=f"{one:g}min", within_s=round(one * 60), within_m=None) for one in sorted(self.within_min)
        ]
        by_road = [
            CoverageLimit(id=f"{one:g}km", within_s=None, within_m=round(one * 1000)) for one in sorted(self.within_km)
        ]
        return (*by_time, *by_road)


class CoverageWithin(msgspec.Struct, frozen=True, kw_only=True):
    """How many are covered by a limit. share: from 0 to 1; None of nobody."""

    id: str
    count: int
    share: float | None


class CoverageGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Coverage of one part of the region, and the vehicles stationed there.

    vehicles, crewed, free, base (people for each), needed, missing, per_30000, per_50000: None where vehicles are of no
    such part, or nobody lives there. name_*: of a county's zone, else "".
    """

    group: GroupName
    key: str
    name_zh: str
    name_en: str
    name_ug: str
    people: int
    people_within: list[CoverageWithin]
    incidents: int
    incidents_within: list[CoverageWithin]
    vehicles: int | None
    crewed: int | None
    free: int | None
    base: float | None
    needed: int | None
    missing: int | None
    per_30000: float | None
    per_50000: float | None


class CoverageHour(msgspec.Struct, frozen=True, kw_only=True):
    """Coverage at one hour of the day. stations: crewed then. incidents: of the period, in that hour.

    days: of the last days, those of which it is known who was on board; of 0 nothing is told, every share is None.
    """

    hour: int
    days: int
    stations: int
    people_within: list[CoverageWithin]
    incidents: int
    incidents_within: list[CoverageWithin]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One further station: the candidate's place in the list that was looked at, and what it adds to those before."""

    candidate: int
    gained: float
    people: float
