"""The served region as a process holds it: network, closures, fleet; checked with the database before an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import structlog
from numpy.typing import NDArray

from api.parts import Parts
from api.regions.gate import Gate
from api.regions.networks import path_of, saved_sha256
from api.regions.sizes import Size, SizeClasses
from api.regions.watch import VersionWatch
from dispatch.kernel.errors import Unavailable
from dispatch.roads.queries import Versions, get_region, get_versions, list_own_places, load_overlay
from dispatch.settings import Settings
from dispatch.units.queries import PlacedUnit, list_units
from geo.engine import RoadEngine
from geo.errors import NetworkUnreadable
from geo.network.model import RoadNetwork
from geo.network.storage import open_network
from geo.overlay import Overlay
from geo.places.gazetteer import Gazetteer
from geo.places.own import OwnPlace
from geo.progress import Progress, silent
from geo.ranking import Limits
from geo.tiles import geometry as tile_geometry
from geo.tiles.maker import TileMaker

RETRY_S: Final = 10.0
"""How long a network that could not be opened is left alone."""

log = structlog.get_logger("tarim.region")


@dataclass(frozen=True, slots=True)
class FleetUnit:
    """What an answer says about one of the region's own units."""

    id: str
    call_sign: str
    type: str
    organisation: str
    system: str
    position_source: str


@dataclass(frozen=True)
class OwnFleet:
    """The region's own units: `lat` and `lon` are [units], in the order of `units`; `sizes` as the vehicles are."""

    units: tuple[FleetUnit, ...]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    sizes: tuple[Size, ...]


@dataclass(frozen=True)
class Served:
    """A region at one moment. Immutable but for the engine's closures, which are swapped in place."""

    name: str
    schematic: bool
    versions: Versions
    network_version: int
    """Of the network in use; differs from `versions` while a new file cannot be opened."""
    network: RoadNetwork
    engine: RoadEngine
    fleet: OwnFleet
    sizes: SizeClasses
    places: tuple[OwnPlace, ...]
    problem: str = ""


class LiveRegion:
    """Serves `Settings.region`. `ask()` is called before every answer. `progress` is told of the first opening."""

    def __init__(self, parts: Parts, progress: Progress = silent) -> None:
        self._parts = parts
        self._progress = progress
        self._name = parts.settings.region
        self._watch = VersionWatch(parts.database, self._name, parts.revive)
        self._gate = Gate(self._check)
        self._served: Served | None = None
        self._retry_at_s = 0.0
        self._gazetteer: tuple[Served, Gazetteer] | None = None
        self._tiles: tuple[Served, TileMaker] | None = None
        self._building = asyncio.Lock()

    @property
    def known(self) -> Served | None:
        """What is served, unchecked; None before the first answer."""
        return self._served

    async def ask(self) -> Served:
        """Return the region as the database has it now.

        Raises DatabaseUnavailable, NotFound (`region.not_found`), Unavailable (`region.no_roads`).
        """
        return await self._gate.ask()

    async def close(self) -> None:
        """Let the database go."""
        await self._watch.close()

    async def gazetteer(self, served: Served) -> Gazetteer:
        """Return the place search of what is served, made at its first use."""
        async with self._building:
            if self._gazetteer is None or not _same_map(self._gazetteer[0], served):
                made = Gazetteer(served.network, served.places)
                await asyncio.to_thread(made.prepare)
                self._gazetteer = (served, made)
            return self._gazetteer[1]

    async def tiles(self, served: Served) -> TileMaker:
        """Return the tiles of what is served, made at their first use."""
        async with self._building:
            if self._tiles is None or not _same_map(self._tiles[0], served):
                self._tiles = (served, await asyncio.to_thread(TileMaker, served.network, served.places))
            return self._tiles[1]

    async def _check(self) -> Served:
        versions = await self._watch.read()
        served = self._served
        waits = served is not None and (not served.problem or time.perf_counter() < self._retry_at_s)
        if served is not None and waits and served.versions == versions:
            return served
        self._served = await self._taken_up(served)
        return self._served

    async def _taken_up(self, old: Served | None) -> Served:
        """Take up what has changed. The old network goes on when the new one cannot be opened."""
        async with self._parts.database.read() as session:
            versions = await get_versions(session, self._name)
            region = await get_region(session, self._name)
            overlay = await load_overlay(session, self._name)
            keep_data = old is not None and old.versions.data_version == versions.data_version
            fleet = old.fleet if old and keep_data else _fleet(await list_units(session, self._name))
            places = old.places if old and keep_data else tuple(await list_own_places(session, self._name))
        name, schematic = region.name, region.schematic
        problem = ""
        keep_network = old is not None and not old.problem and _same_file(old.versions, versions)
        if old is not None and keep_network:
            network_version, engine = versions.network_version, old.engine
        else:
            try:
                network_version, engine = versions.network_version, await self._opened(versions)
            except (NetworkUnreadable, OSError, Unavailable) as error:
                problem = str(error)
                self._retry_at_s = time.perf_counter() + RETRY_S
                log.warning("network cannot be opened", region=name, version=versions.network_version, reason=problem)
                if old is None:
                    raise _no_roads(name, problem) from error
                network_version, engine = old.network_version, old.engine
        if problem:
            # Edges are numbered per network: those of the new one mean other roads on the old one.
            overlay = Overlay(overlay.version, tuple(closure for closure in overlay.closures if not closure.edges))
        engine.overlay = overlay
        log.info("region taken up", region=name, network=network_version, closures=len(overlay.closures))
        sizes = old.sizes if old and old.engine is engine else SizeClasses(engine.network)
        return Served(name, schematic, versions, network_version, engine.network, engine, fleet, sizes, places, problem)

    async def _opened(self, versions: Versions) -> RoadEngine:
        if versions.network_file is None:
            raise Unavailable("region.no_roads", f"The region {self._name} has no roads yet.")
        path = path_of(self._parts.settings.home, versions.network_file)
        network = await asyncio.to_thread(open_network, path)
        if await asyncio.to_thread(saved_sha256, path) != versions.network_sha256:
            raise NetworkUnreadable(f"{path} is not the network that the database names.", "Import the roads again.")
        engine = engine_on(network, self._parts.settings, versions.network_version)
        # The first question of a kind builds its graph; that is done before anybody waits for an answer.
        await asyncio.to_thread(engine.warm_up, self._progress if self._served is None else silent)
        await asyncio.to_thread(tile_geometry.warm_up)
        return engine


def engine_on(network: RoadNetwork, settings: Settings, version: int) -> RoadEngine:
    """Return an engine with the limits that are set."""
    limits = Limits(
        off_road_m=settings.off_road_m,
        walking_speed_mps=settings.walking_speed_mps,
        detour_factor=settings.detour_factor,
        estimate_speed_mps=settings.estimate_speed_mps,
    )
    return RoadEngine(network, limits=limits, network_version=str(version))


def _fleet(placed: Sequence[PlacedUnit]) -> OwnFleet:
    units = tuple(
        FleetUnit(
            str(item.unit.id),
            item.unit.call_sign,
            item.unit.special or item.unit.type,
            item.unit.organisation,
            item.unit.system,
            item.position_source.value,
        )
        for item in placed
    )
    return OwnFleet(
        units,
        np.array([item.point.lat for item in placed], dtype=np.float64),
        np.array([item.point.lon for item in placed], dtype=np.float64),
        tuple((item.size.height_cm, item.size.width_cm, item.size.weight_kg) for item in placed),
    )


def _same_file(one: Versions, other: Versions) -> bool:
    return (one.network_file, one.network_sha256) == (other.network_file, other.network_sha256)


def _same_map(one: Served, other: Served) -> bool:
    return one.network is other.network and one.places is other.places


def _no_roads(region: str, reason: str) -> Unavailable:
    return Unavailable("region.no_roads", reason, f"Import them: tarim roads import FILE --region {region}.")
