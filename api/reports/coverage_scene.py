"""All that coverage is reckoned from, at one moment: where people live, where incidents were, who is where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.regions.live import Served
from api.reports.asking import Period, as_of
from api.reports.coverage_schemas import Basis, CoverageHead, CoverageNear, FleetAt, PeopleOf, RoadsAt
from api.reports.desk import Views
from api.reports.schemas import AsOf
from dispatch.reports.queries_context import zones_of
from dispatch.reports.rules_coverage import Named, Places, Reached, Vehicle
from dispatch.reports.rules_period import within
from dispatch.reports.rules_views import ZONE
from dispatch.reports.states_coverage import CoverageFigures
from dispatch.roads.rules_people import People
from dispatch.units.queries_fleet import DutyUnit
from dispatch.units.states import Capability, Special
from dispatch.units.tables import Station
from geo.covering import Spots, shortest_m, soonest_s, spots
from geo.engine import RoadEngine
from geo.overlay import Overlay
from geo.places.own import OwnPlace
from geo.routing.weighted import Weighted
from geo.travel import Question
from geo.zones import Zone, ZoneKind

_NO_AMBULANCE: Final = frozenset({Special.COMMAND, Special.SUPPLY})
Duties = Sequence[tuple[UUID, datetime, datetime | None]]


@dataclass(frozen=True)
class Inhabited:
    """What changes with the region's data only: people by places, names of counties, the region's own places."""

    people: People | None
    places: Places
    zones: Sequence[Zone]
    names: Named
    own: Sequence[OwnPlace]


class Roads:
    """The roads of one moment: times, lengths, and everything put on them once."""

    def __init__(self, engine: RoadEngine, question: Question, overlay: Overlay) -> None:
        self.engine, self.question, self.overlay = engine, question, overlay
        self.weighted = engine.weighted(question, overlay)
        self.lengths = engine.weights.lengths(self.weighted)

    def put(self, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Spots:
        """Put places on them."""
        return spots(self.engine.snapper, self.weighted, lat, lon)

    def reached(self, sources: Spots, places: Spots, weighted: Weighted | None = None) -> Reached:
        """How soon and by how long a road places are reached. weighted: other times on the same roads."""
        limits = self.engine.limits
        return Reached(
            soonest_s(weighted or self.weighted, sources, places, limits),
            shortest_m(self.lengths, sources, places, limits),
        )


@dataclass(frozen=True)
class Scene:
    """One moment. incidents: of the period, with their hour of the day [n]; stations: all, by their id."""

    head: AsOf
    served: Served
    lives: Inhabited
    figures: CoverageFigures
    period: Period
    units: Sequence[DutyUnit]
    stations: Sequence[Station]
    duties: Duties
    at: datetime
    incidents: Places
    hours: NDArray[np.int64]
    roads: Roads
    people_at: Spots
    incidents_at: Spots
    capability: Capability | None = None
    """Only ambulances that are built for it; crewed and free are those that meet it with who is on board."""

    def of(self, capability: Capability | None) -> Scene:
        """The same moment with the ambulances that are built for a capability."""
        if capability is None:
            return self
        built = [unit for unit in self.units if capability in unit.abilities.built_for()]
        return replace(self, units=built, capability=capability)

    @property
    def crewed(self) -> list[DutyUnit]:
        """Ambulances with somebody on board, who meet the capability."""
        return [unit for unit in self.units if unit.crew and (self.capability or "") in unit.abilities.letters]

    @property
    def free(self) -> list[DutyUnit]:
        """Units that may be sent."""
        wanted = self.capability or ""
        return [unit for unit in self.units if unit.availability.available and wanted in unit.abilities.letters]

    @property
    def crewed_stations(self) -> list[Station]:
        """Stations with at least one crewed ambulance, wherever that is."""
        crewed = {unit.station_id for unit in self.crewed}
        return [station for station in self.stations if station.id in crewed]

    def vehicles(self) -> list[Vehicle]:
        """Ambulances by the county of their station."""
        lat, lon = (np.array([getattr(unit.station_point, name) for unit in self.units]) for name in ("lat", "lon"))
        county = labelled(lat, lon, np.ones(len(lat)), self.lives.zones).named("county").tolist()
        crewed, free = ({unit.id for unit in some} for some in (self.crewed, self.free))
        return [
            Vehicle(where, unit.organisation, unit.id in crewed, unit.id in free)
            for unit, where in zip(self.units, county, strict=True)
        ]

    def told(self, basis: Basis, hour: int | None, sources: int) -> CoverageHead:
        """What an answer of this moment begins with."""
        figures, people, served = self.figures, self.lives.people, self.served
        return CoverageHead(
            as_of=self.head, at=self.at, basis=basis, hour=hour, capability=self.capability, begins=self.period[0],
            until=self.period[1],
            fleet=FleetAt(
                units=len(self.units), crewed=len(self.crewed), free=len(self.free),
                stations=len(self.stations), stations_crewed=len(self.crewed_stations), sources=sources,
                negative_pressure=sum(Capability.NEGATIVE_PRESSURE in one.abilities.built_for() for one in self.units),
                negative_pressure_least=figures.negative_pressure_share,
            ),
            roads=RoadsAt(
                network_version=served.network_version, overlay_version=self.roads.overlay.version,
                closures=len(self.roads.overlay.active(self.at)), schematic=served.schematic,
            ),
            people=None
            if people is None
            else PeopleOf(
                source=people.source, estimate=people.estimate, total=round(float(people.people.sum())),
                cells=len(people.people), imported_at=people.imported_at,
            ),
            limits=list(figures.limits()),
            near=CoverageNear(urban=_ids(figures.urban_km), rural=_ids(figures.rural_km)),
            awaits=figures.awaits,
        )  # fmt: skip


def _ids(kilometres: Sequence[float]) -> list[str]:
    return [f"{one:g}km" for one in kilometres]


def inhabited(people: People | None, zones: Sequence[Zone], own: Sequence[OwnPlace]) -> Inhabited:
    """Say of every cell of people in which county it is, on whose ground, and whether that is built up."""
    nowhere = np.zeros(0)
    lat, lon, weight = (people.lat, people.lon, people.people) if people is not None else (nowhere, nowhere, nowhere)
    names = {
        zone.id: (zone.names.zh or zone.names.name, zone.names.en, zone.names.ug)
        for zone in zones
        if zone.kind == ZoneKind.COUNTY
    }
    return Inhabited(people, labelled(lat, lon, weight, zones), zones, names, own)


def labelled(
    lat: NDArray[np.float64], lon: NDArray[np.float64], weight: NDArray[np.float64], zones: Sequence[Zone]
) -> Places:
    """Places with their zones."""
    found = zones_of(lat, lon, zones)
    return Places(lat, lon, weight, found["county"], found["area_organisation"], found["ground"])


def scene_of(
    views: Views,
    served: Served,
    lives: Inhabited,
    figures: CoverageFigures,
    period: Period,
    units: Sequence[DutyUnit],
    stations: Sequence[Station],
    duties: Duties,
    at: datetime,
) -> Scene:
    """Put everything on the roads of the moment. Incidents are those that count for response and lie in the region."""
    roads = Roads(served.engine, Question(at=at, closures_at=at), served.engine.overlay)
    west, south, east, north = served.network.bbox
    rows = (
        within(views.lazy()["incidents"], *period)
        .filter(pl.col("exclusion").is_null())
        .filter(pl.col("lat").is_between(south, north), pl.col("lon").is_between(west, east))
        .select("lat", "lon", pl.col("at").dt.convert_time_zone(ZONE).dt.hour().alias("hour"))
        .collect()
    )  # fmt: skip
    lat, lon = (rows[name].to_numpy().astype(np.float64) for name in ("lat", "lon"))
    incidents = labelled(lat, lon, np.ones(len(lat)), lives.zones)
    return Scene(
        head=as_of(views), served=served, lives=lives, figures=figures, period=period,
        units=[unit for unit in units if unit.special not in _NO_AMBULANCE], stations=stations, duties=duties, at=at,
        incidents=incidents, hours=rows["hour"].to_numpy().astype(np.int64), roads=roads,
        people_at=roads.put(lives.places.lat, lives.places.lon), incidents_at=roads.put(lat, lon),
    )  # fmt: skip
