"""A region with 200 vehicles of two organisations on duty, for figures of a whole service."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select

from api.cli.demo_people import ORGANISATIONS
from api.parts import Parts
from dispatch.accounts.states import PersonState
from dispatch.accounts.tables import Person
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_following import report_unit_status
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.actor import Context, system
from dispatch.kernel.digests import Digester
from dispatch.kernel.ids import new_id
from dispatch.kernel.tabular import read_table
from dispatch.units.rules_capability import standard_kit
from dispatch.units.rules_position import Fix
from dispatch.units.service import import_stations, import_units
from dispatch.units.service_crew import Joining, sign_on
from dispatch.units.service_kit import set_kit
from dispatch.units.service_position import add_fixes, make_partitions
from dispatch.units.service_status import StatusReport
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import Source, UnitStatus
from dispatch.units.tables import Unit
from geo.network.model import RoadNetwork

UNITS: Final = 200
STATIONS: Final = 40
RUNNING: Final = 20
"""So many are on a run, each to an incident of its own."""
ABROAD: Final = 40
"""So many are on their way home with a position of their own."""
WAITING: Final = 20
"""Incidents that units are recommended for."""
_CREW: Final = (Skill.DRIVER, Skill.NURSE, Skill.PHYSICIAN)


@dataclass(frozen=True)
class Staffed:
    """Who and what is there. `waiting`: incidents without a unit."""

    units: list[UUID]
    waiting: list[UUID]
    running: list[UUID]


async def staff(parts: Parts, network: RoadNetwork, *, units: int = UNITS, waiting_count: int = WAITING) -> Staffed:
    """Fill the served region, whose people are there: stations beside roads, vehicles with crew and kit, runs."""
    rng = random.Random(11)
    clock, region = parts.clock, parts.settings.region
    context = Context.begin(clock, system("bench"))

    def place() -> tuple[float, float]:
        point = network.node_point(rng.randrange(network.node_count))
        return point.lat + rng.uniform(-0.0003, 0.0003), point.lon + rng.uniform(-0.0003, 0.0003)

    owners = [(one.code, {"civil": "地方", "corps": "兵团"}[one.system]) for one in ORGANISATIONS]
    stations = ["id,name_zh,organisation,system,lat,lon"]
    for number in range(STATIONS):
        lat, lon = place()
        stations.append(f"B{number:02},示例站{number},{','.join(owners[number % 2])},{lat},{lon}")
    vehicles = ["call_sign,type,organisation,system,station,capabilities"]
    for number in range(units):
        kind, letters = ("als", "B;A") if number % 3 == 0 else ("basic", "B")
        owner = ",".join(owners[number % 2])
        vehicles.append(f"测-{number:03},{kind},{owner},B{number % STATIONS:02},{letters}")
    async with parts.database.write() as session:
        await make_partitions(session, clock)
        for load, rows in ((import_stations, stations), (import_units, vehicles)):
            report = await load(session, clock, context, region, read_table("\n".join(rows).encode()))
            assert report.ok, report.errors
        crew: list[dict[str, Any]] = [
            {"id": new_id(clock), "organisation": owners[0][0], "state": PersonState.ACTIVE, "created_at": clock.now()}
            for _ in range(units * len(_CREW))
        ]
        await session.execute(insert(Person), crew)
        found = {row.call_sign: row.id for row in await session.execute(select(Unit.call_sign, Unit.id))}
    ids = [found[f"测-{number:03}"] for number in range(units)]
    digester = Digester.of_home(parts.settings.home)
    running: list[UUID] = []
    waiting: list[UUID] = []
    async with parts.database.write() as session:
        act = Act(session, clock, context, digester, region)
        for number, unit_id in enumerate(ids):
            for seat, skill in enumerate(_CREW[: 3 if number % 3 == 0 else 2]):
                who = crew[number * len(_CREW) + seat]["id"]
                await sign_on(session, clock, context, unit_id, Joining(who, skill))
            await set_kit(session, clock, context, unit_id, standard_kit("BA" if number % 3 == 0 else "B"))
            home = UnitStatus.RETURNING_AVAILABLE if number < ABROAD else UnitStatus.AT_STATION
            await report_unit_status(act, unit_id, StatusReport(home, Source.DISPATCHER))
        away = [Fix(unit_id, clock.now(), *place(), speed_mps=11.0) for unit_id in ids[: ABROAD + RUNNING]]
        await add_fixes(session, clock, away)
    async with parts.database.write() as session:
        act = Act(session, clock, context, digester, region)
        for number in range(RUNNING + waiting_count):
            priority = Priority.P3 if number < RUNNING else Priority.P1
            lat, lon = place()
            made = await open_incident(act, NewIncident(priority, "K03", "BA", PlaceGiven(lat=lat, lon=lon)))
            (running if number < RUNNING else waiting).append(made.id)
        for number, incident_id in enumerate(running):
            unit_id = ids[ABROAD + number]
            run = await assign(act, incident_id, Order(unit_id))
            await report_unit_status(act, unit_id, StatusReport(UnitStatus.EN_ROUTE, Source.CREW, run_id=run.id))
    return Staffed(ids, waiting, running)
