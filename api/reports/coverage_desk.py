"""Coverage for many askers at once: one is reckoned at a time, in a thread, and kept for half a minute."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar, cast

from api.figures import coverage_of
from api.parts import Parts
from api.regions.live import LiveRegion
from api.reports.asking import Period
from api.reports.coverage_scene import Inhabited, Scene, inhabited, scene_of
from api.reports.desk import Desk
from dispatch.reports.queries_coverage import list_duties
from dispatch.roads.queries import list_own_places, list_zones
from dispatch.roads.queries_people import find_people
from dispatch.units.queries import list_stations
from dispatch.units.queries_fleet import list_duty_units

FRESH_S: Final = 30.0
"""What is older is reckoned anew for the next who asks."""
_KEPT: Final = 32

Told = TypeVar("Told")


class CoverageDesk:
    """Answers about coverage. One per process; raises Invalid (`figures.*`) for own figures that cannot be used."""

    def __init__(self, parts: Parts, live: LiveRegion, desk: Desk) -> None:
        self._parts, self._live, self._desk = parts, live, desk
        self.figures = coverage_of(parts.settings)
        self._one_at_a_time = asyncio.Lock()
        self._kept: OrderedDict[object, tuple[float, object]] = OrderedDict()
        self._inhabited: tuple[int, Inhabited] | None = None

    async def told(self, asked: object, period: Period | None, make: Callable[[Scene], Told]) -> Told:
        """Return what `make` says of the present scene. asked: what the answer is kept by, with its kind.

        Raises Unavailable (`region.no_roads`, `report.building`), DatabaseUnavailable.
        """
        async with self._one_at_a_time:
            known = self._kept.get((asked, period))
            if known is not None and time.monotonic() - known[0] < FRESH_S:
                return cast("Told", known[1])
            scene = await self._scene(period)
            made = await asyncio.to_thread(make, scene)
            self._kept[asked, period] = time.monotonic(), made
            self._kept.move_to_end((asked, period))
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return made

    async def _scene(self, period: Period | None) -> Scene:
        views = await self._desk.views()
        served = await self._live.ask()
        now = self._parts.clock.now()
        figures = self.figures
        begins, until = period or (now - timedelta(days=figures.incident_days), now)
        async with self._parts.database.read() as session:
            units = await list_duty_units(session, served.name, now)
            stations = await list_stations(session, served.name)
            duties = await list_duties(session, served.name, now - timedelta(days=figures.crewed_days + 1), now)
            lives = self._inhabited
            if lives is None or lives[0] != served.versions.data_version:
                read: tuple[Any, ...] = (
                    await find_people(session, served.name), await list_zones(session, served.name),
                    await list_own_places(session, served.name),
                )  # fmt: skip
                made = await asyncio.to_thread(inhabited, *read)
                self._inhabited = lives = served.versions.data_version, made
        return await asyncio.to_thread(
            scene_of, views, served, lives[1], figures, (begins, until), units, stations, duties, _moment(now)
        )


def _moment(now: datetime) -> datetime:
    """Whole seconds: it is told, not measured."""
    return now.replace(microsecond=0)
