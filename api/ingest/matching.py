"""Matches positions to the road as they come, before anything is looked for in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final, Protocol

import structlog

from api.regions.live import LiveRegion
from dispatch.kernel.errors import Unavailable
from dispatch.telemetry.detection.rules_watching import Seen
from geo.engine import RoadEngine
from geo.matching.matcher import VehicleFix

PACE_S: Final = 0.1
"""What comes within it is matched by one call: ten turns of a thread a second, whatever the number of vehicles."""

log = structlog.get_logger("tarim.matching")


class Roads(Protocol):
    """The served roads, for what is found of vehicles that drive on them."""

    async def now(self) -> RoadEngine | None:
        """Those that are served now; None while there are none."""
        ...

    def known(self) -> RoadEngine | None:
        """Those that were served last, at once."""
        ...


class ServedRoads:
    """`Roads` of a region."""

    def __init__(self, live: LiveRegion) -> None:
        self._live = live

    async def now(self) -> RoadEngine | None:
        """See `Roads.now`."""
        try:
            return (await self._live.ask()).engine
        except Unavailable:
            return None

    def known(self) -> RoadEngine | None:
        """See `Roads.known`."""
        served = self._live.known
        return None if served is None else served.engine


class Matching:
    """Made once, with the gateway. passed: handed every position after that, with its road where that is sure."""

    def __init__(self, roads: Roads | None, passed: Callable[[Sequence[Seen]], None]) -> None:
        """roads: on which positions are matched; None: they are passed on as they come."""
        self._roads, self._passed = roads, passed
        self._waiting: list[Seen] = []
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Match while the block lasts; what still waits at its end is passed on."""
        working = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait([working])
            self._passed(self._waiting)
            self._waiting = []

    def take(self, places: Sequence[Seen]) -> None:
        """Take positions that were committed."""
        if places:
            self._waiting += places
            self._wake.set()

    async def _go_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            places = self._waiting
            self._waiting = []
            try:
                places = await asyncio.to_thread(self._matched, places)
            except Exception:
                log.exception("positions were not matched to the road")
            finally:
                self._passed(places)
            await asyncio.sleep(PACE_S)

    def _matched(self, places: list[Seen]) -> list[Seen]:
        """Each with its road; those who ask about journeys of these vehicles know it from here on."""
        roads = self._roads.known() if self._roads is not None else None
        if roads is None:
            return places
        found = roads.matched.see([_fix_of(one) for one in places])
        return [one if match is None else replace(one, match=match) for one, match in zip(places, found, strict=True)]


def _fix_of(place: Seen) -> VehicleFix:
    return VehicleFix(
        str(place.unit_id), place.at.timestamp(), place.lat, place.lon, place.accuracy_m, place.heading_deg,
        place.speed_mps,
    )  # fmt: skip
