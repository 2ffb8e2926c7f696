"""What coverage is told with: always with its moment, its fleet, its roads, and whose count of people it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from api.reports.schemas import AsOf
from dispatch.reports.states_coverage import CoverageGroup, CoverageHour, CoverageLimit
from dispatch.units.states import Capability

Basis = Literal["units", "stations"]
Share = Annotated[float, Meta(description="From 0 to 1; null of nobody.")]


class FleetAt(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the fleet that the figures hold for."""

    units: Annotated[int, Meta(description="Ambulances of the region.")]
    crewed: Annotated[int, Meta(description="With somebody on board.")]
    free: Annotated[int, Meta(description="To be sent at once.")]
    stations: int
    stations_crewed: Annotated[int, Meta(description="With at least one crewed ambulance, at home or out.")]
    sources: Annotated[int, Meta(description="Places that were searched from.")]
    negative_pressure: Annotated[int, Meta(description="Ambulances that are built with negative pressure.")]
    negative_pressure_least: Annotated[float, Meta(description="The share of all that is asked for.")]


class RoadsAt(msgspec.Struct, frozen=True, kw_only=True):
    """The roads that were searched."""

    network_version: int
    overlay_version: int
    closures: Annotated[int, Meta(description="In force at the moment; they are respected.")]
    schematic: bool


class PeopleOf(msgspec.Struct, frozen=True, kw_only=True):
    """Whose count of people it is."""

    source: str
    estimate: Annotated[bool, Meta(description="Figures of larger areas spread over places, not counted there.")]
    total: int
    cells: int
    imported_at: datetime


class CoverageNear(msgspec.Struct, frozen=True, kw_only=True):
    """Which limits the rule of the radius of service asks for: city, country."""

    urban: list[str]
    rural: list[str]


class CoverageHead(msgspec.Struct, frozen=True, kw_only=True):
    """What figures of coverage hold for."""

    as_of: Annotated[AsOf, Meta(description="Of the incidents.")]
    at: Annotated[datetime, Meta(description="The moment of fleet, closures and speeds.")]
    basis: Annotated[Basis, Meta(description="From free units where they stand, or from crewed stations.")]
    hour: Annotated[int, Meta(description="Hour of the day, Beijing time; null: now.")] | None
    capability: Annotated[Capability, Meta(description="Only ambulances with it; null: all.")] | None
    begins: Annotated[datetime, Meta(description="Incidents from then on")]
    until: Annotated[datetime, Meta(description="up to then are counted.")]
    fleet: FleetAt
    roads: RoadsAt
    people: Annotated[PeopleOf, Meta(description="Null: nobody has said how many people live where.")] | None
    limits: Annotated[list[CoverageLimit], Meta(description="Minutes on an emergency run, then kilometres by road.")]
    near: CoverageNear
    awaits: str


class CoverageOut(CoverageHead, frozen=True, kw_only=True):
    """Coverage of all, then of each county, organisation and ground."""

    groups: list[CoverageGroup]


class CoverageHoursOut(CoverageHead, frozen=True, kw_only=True):
    """Coverage by hour of the day, from the stations that are usually crewed then."""

    days: Annotated[int, Meta(description="Last days that were looked at for who was on board.")]
    hours: list[CoverageHour]


class CoveredOut(msgspec.Struct, frozen=True, kw_only=True):
    """People who are covered."""

    people: int
    share: Share | None


class SiteOut(msgspec.Struct, frozen=True, kw_only=True):
    """One further station, after those before it."""

    rank: int
    place_id: Annotated[str, Meta(description="Of the region's own places; empty: the middle of a cell of people.")]
    name_zh: str
    name_en: str
    name_ug: str
    kind: str
    lat: float
    lon: float
    county: str | None
    organisation: str | None
    gained_people: int
    people: Annotated[int, Meta(description="Covered with it and those before.")]
    share: Share | None


class SitingOut(CoverageHead, frozen=True, kw_only=True):
    """Where further stations would help most: a preview, each step the best by itself."""

    minutes: float
    candidates: Annotated[int, Meta(description="Places that were looked at.")]
    already: Annotated[CoveredOut, Meta(description="By the stations that have an ambulance, crewed or not.")]
    steps: list[SiteOut]


_HEAD: Final[dict[str, Any]] = {
    "as_of": {"at": "2026-11-22T04:00:00Z", "seq": 48211, "imports": []},
    "at": "2026-11-22T04:00:00Z", "basis": "units", "hour": None, "capability": None,
    "begins": "2026-10-23T04:00:00Z", "until": "2026-11-22T04:00:00Z",
    "fleet": {"units": 49, "crewed": 38, "free": 31, "stations": 27, "stations_crewed": 25, "sources": 31,
              "negative_pressure": 8, "negative_pressure_least": 0.4},
    "roads": {"network_version": 1, "overlay_version": 3, "closures": 2, "schematic": True},
    "people": {
        "source": "2020 census, 1 km grid", "estimate": False, "total": 3042663, "cells": 6120,
        "imported_at": "2026-11-01T02:00:00Z",
    },
    "limits": [
        {"id": "8min", "within_s": 480, "within_m": None}, {"id": "5km", "within_s": None, "within_m": 5000},
    ],
    "near": {"urban": ["5km"], "rural": ["10km", "20km"]}, "awaits": "sign-off by the region's health commission",
}  # fmt: skip
_WITHIN: Final = [{"id": "8min", "count": 1520000, "share": 0.5}, {"id": "5km", "count": 1825000, "share": 0.6}]
_FEW: Final = [{"id": "8min", "count": 3000, "share": 0.5}, {"id": "5km", "count": 3600, "share": 0.6}]
COVERAGE_EXAMPLE: Final = {
    **_HEAD,
    "groups": [
        {
            "group": "all", "key": "", "name_zh": "", "name_en": "", "name_ug": "", "people": 3042663,
            "people_within": _WITHIN, "incidents": 6000, "incidents_within": _FEW, "vehicles": 49, "crewed": 38,
            "free": 31, "base": 50000.0, "needed": 61, "missing": 12, "per_30000": 0.483, "per_50000": 0.805,
        }
    ],
}  # fmt: skip
HOURS_EXAMPLE: Final = {
    **_HEAD, "basis": "stations", "days": 7,
    "hours": [
        {"hour": 0, "days": 7, "stations": 22, "people_within": _WITHIN, "incidents": 180, "incidents_within": _FEW},
    ],
}  # fmt: skip
SITING_EXAMPLE: Final = {
    **_HEAD, "basis": "stations", "minutes": 15.0, "candidates": 420, "already": {"people": 2100000, "share": 0.69},
    "steps": [
        {
            "rank": 1, "place_id": "v-kuqa-07", "name_zh": "示例乡", "name_en": "Example", "name_ug": "",
            "kind": "village", "lat": 41.8, "lon": 82.9, "county": "county-kuqa", "organisation": None,
            "gained_people": 41000, "people": 2141000, "share": 0.704,
        }
    ],
}  # fmt: skip


class CoverageMapOut(CoverageHead, frozen=True, kw_only=True, tag_field="type", tag="FeatureCollection"):
    """GeoJSON FeatureCollection: `area`, then `cell`, then `source` features, by their property `kind`."""

    features: list[dict[str, Any]]
