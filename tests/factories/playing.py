"""A manned fleet of two organisations in a database, and a day played on the services with a clock moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from factories.fleet import CONTEXT, STATION, UNIT, make_region, table
from factories.incidents import DIGESTER, REGION
from factories.simulation import START
from fakes.travel import StraightTravelTimes

from api.simulator.fast import FastWorld
from dispatch.accounts.service_people import add_organisation
from dispatch.dispatching.rules_sharing import Party
from dispatch.hospitals.service import import_hospitals
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Actor, ActorKind, Context, system
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.organisations import System
from dispatch.simulation.rules_actions import Action
from dispatch.simulation.rules_day import Day
from dispatch.simulation.rules_figures import INVENTED, Figures
from dispatch.simulation.rules_news import News
from dispatch.simulation.rules_setting import Habits, Setting
from dispatch.simulation.service_acting import carry_out
from dispatch.simulation.service_cast import Seat
from dispatch.simulation.service_casting import Actors, Script, load_day
from dispatch.simulation.service_manning import man_fleet
from dispatch.simulation.service_playing import play
from dispatch.simulation.service_stage import Stage
from dispatch.units.service import import_stations, import_units
from dispatch.units.service_position import MAX_FIXES

CIVIL: Final = "示例医院"
CORPS: Final = "示例兵团医院"
SEATS: Final = (
    Seat(Actor(ActorKind.PERSON, "p-civil", CIVIL, frozenset({"dispatcher"})), Party(CIVIL, "civil")),
    Seat(Actor(ActorKind.PERSON, "p-corps", CORPS, frozenset({"dispatcher"})), Party(CORPS, "corps")),
)
ACTORS: Final = Actors(
    SEATS,
    {one: Actor(ActorKind.DEVICE, f"d-{number}", one) for number, one in enumerate((CIVIL, CORPS))},
    Actor(ActorKind.DEVICE, "d-exchange", CIVIL),
)
TOWNS: Final[dict[str, Any]] = {
    "town": [
        {
            "id": "aksu", "zh": "阿克苏市", "lat": 41.17, "lon": 80.26, "population": 700_000, "columns": 20,
            "rows": 20, "spacing_m": 200,
        }
    ],
    "regiments": {"columns": 6, "rows": 6, "spacing_m": 150, "list": []},
}  # fmt: skip


class OneByOne(FastWorld):
    """A world where each action is a transaction of its own, beside which others may write: as a service has it."""

    async def do(self, actions: Sequence[Action], now: datetime) -> None:
        """See `World.do`."""
        del now
        for action in actions:
            async with self._database.write() as session:
                self._heard += await carry_out(self.stage, session, action)
                if len(self.stage.fixes) >= MAX_FIXES:
                    await self.stage.write_fixes(session)


@dataclass
class Played:
    """A day that was played, and the world that it was played in."""

    setting: Setting
    day: Day
    world: FastWorld
    clock: ManualClock


async def make_fleet_and_people(database: Database, clock: ManualClock, *, vehicles: int, figures: Figures) -> None:
    """A region with two stations, vehicles of both organisations by turns, two hospitals, and crews on board."""
    stations = (STATION, {**STATION, "id": "ST-2", "organisation": CORPS, "system": "兵团", "lon": "80.30"})
    owners: tuple[dict[str, str], ...] = ({}, {"organisation": CORPS, "system": "兵团", "station": "ST-2"})
    units = [
        {**UNIT, "call_sign": f"示例-{number:02}", "type": "抢救监护型", "capabilities": "A;B", **owners[number % 2]}
        for number in range(vehicles)
    ]
    hospitals = [
        {
            "id": f"h-{number}", "name_zh": f"示例{number}医院", "organisation": CIVIL, "system": "地方",
            "lat": f"{41.16 + number / 50}", "lon": "80.27", "datum": "wgs84", "level": "三级",
            "capabilities": "trauma;icu",
        }
        for number in range(2)
    ]  # fmt: skip
    async with database.write() as session:
        await make_region(session, REGION)
        for service, rows in ((import_stations, stations), (import_units, units), (import_hospitals, hospitals)):
            report = await service(session, clock, CONTEXT, REGION, table(*rows))
            assert report.ok, report.errors
        for code, of in ((CIVIL, System.CIVIL), (CORPS, System.CORPS)):
            await add_organisation(session, clock, CONTEXT, code=code, name_zh=code, name_en="", system=of)
        act = Act(session, clock, Context.begin(clock, system("demo")), DIGESTER, REGION)
        assert await man_fleet(act, figures) == vehicles
        assert await man_fleet(act, figures) == 0, "nothing is done twice"


async def play_hours(
    database: Database,
    hours: float,
    *,
    clock: ManualClock | None = None,
    seed: int = 7,
    figures: Figures = INVENTED,
    per_day: float = 200.0,
    habits: Habits | None = None,
    news: tuple[News, ...] = (),
    world_of: type[FastWorld] = FastWorld,
) -> Played:
    """Play on the services, from how everything stands."""
    clock = clock or ManualClock(START)
    figures = replace(figures, calls=replace(figures.calls, per_day=per_day))
    script = Script(seed, clock.now(), f"SIM-{seed}-{clock.now():%H%M}", figures, habits or Habits())
    async with database.read() as session:
        loaded = await load_day(session, REGION, TOWNS, script, ACTORS)
    setting, day = loaded.setting, loaded.day
    stage = Stage(
        setting, loaded.cast, clock, DIGESTER, REGION, StraightTravelTimes(), patients=loaded.carried,
        openers=loaded.openers,
    )  # fmt: skip
    until = clock.now() + timedelta(hours=hours)
    async with world_of(stage, database, clock) as world:
        world.hear(news)
        day = await play(setting, day, world, until=until)
    return Played(setting, day, world, clock)
