"""The HTTP service with vehicles of two organisations on duty, each with a crew, a basic kit and a device."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from factories.ascii_map import Drawing
from factories.fleet import CONTEXT
from factories.people import CIVIL, CORPS, make_person, populate
from factories.service import REGION, Service, drawing, keep_network, opened_parts, running
from sqlalchemy import select

from api.parts import Parts
from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind, Role
from dispatch.dispatching.service_following import report_unit_status
from dispatch.hospitals.service import import_hospitals
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.digests import Digester
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.tabular import read_table
from dispatch.units.service import import_stations, import_units
from dispatch.units.service_crew import Joining, sign_on
from dispatch.units.service_kit import set_kit
from dispatch.units.service_position import make_partitions
from dispatch.units.service_status import StatusReport
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import Source, UnitStatus
from dispatch.units.tables import Unit

OWNERS = {"阿-01": CIVIL, "阿-02": CIVIL, "师-07": CORPS, "师-08": CORPS}
STATIONS = {CIVIL: ("s1", "A", "地方"), CORPS: ("s2", "L", "兵团")}


@dataclass
class OnDuty:
    """A running service. `units`, `crews`, `tokens` are by call sign; a crew is a driver and a nurse."""

    service: Service
    units: dict[str, UUID]
    crews: dict[str, list[UUID]]
    tokens: dict[str, str]

    @property
    def client(self) -> httpx.AsyncClient:
        """A dispatcher's of the first organisation."""
        return self.service.client

    @property
    def clock(self) -> ManualClock:
        assert isinstance(self.service.parts.clock, ManualClock)
        return self.service.parts.clock

    def later(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def device(self, call_sign: str) -> httpx.AsyncClient:
        """The device of a vehicle."""
        client = self.service.stranger()
        client.headers["authorization"] = f"Bearer {self.tokens[call_sign]}"
        return client

    async def post(self, path: str, client: httpx.AsyncClient | None = None, **body: object) -> httpx.Response:
        return await (client or self.client).post(f"/api/{path}", json=body)

    async def say(
        self, call_sign: str, status: str, client: httpx.AsyncClient | None = None, **told: object
    ) -> dict[str, Any]:
        """Report a status; it must be taken."""
        answered = await self.post(f"fleet/{self.units[call_sign]}/status", client, status=status, **told)
        assert answered.status_code == 200, answered.text
        found: dict[str, Any] = answered.json()
        return found

    async def row(self, call_sign: str) -> dict[str, Any]:
        rows = (await self.client.get("/api/fleet")).json()["units"]
        found: dict[str, Any] = next(row for row in rows if row["call_sign"] == call_sign)
        return found

    async def incident(self, letter: str = "F", priority: Priority = Priority.P2, needs: str = "B") -> UUID:
        """An incident at a letter of the map."""
        point = self.service.map.points[letter]
        async with self.service.parts.database.write() as session:
            door = self.service.app.state.doorkeeper
            act = Act(session, self.service.parts.clock, CONTEXT, door.digester, REGION)
            place = PlaceGiven(lat=point.lat, lon=point.lon)
            return (await open_incident(act, NewIncident(priority, "K03", needs, place))).id

    async def stop_deadlines(self) -> None:
        """As if this process were gone: its turn is free."""
        deadlines = self.service.app.state.deadlines
        await deadlines.leave()

    async def corps_supervisor(self) -> httpx.AsyncClient:
        """A supervisor of the second organisation."""
        async with self.service.parts.database.write() as session:
            await make_person(session, self.clock, "corps-supervisor", Role.SUPERVISOR, organisation=CORPS)
        return await self.service.logged_in("corps-supervisor")

    async def lines(self, kind: str) -> list[Mapping[str, Any]]:
        """The payloads of all journal lines of a type."""
        async with self.service.parts.database.read() as session:
            wanted = select(JournalLine.payload).where(JournalLine.type == kind).order_by(JournalLine.seq)
            return list(await session.scalars(wanted))


@dataclass(frozen=True)
class Filled:
    """Who and what is in the database, by name or call sign."""

    people: dict[str, UUID]
    units: dict[str, UUID]
    crews: dict[str, list[UUID]]
    tokens: dict[str, str]


@asynccontextmanager
async def on_duty(
    url: str, home: Path, *, clock: Clock | None = None, filled: Filled | None = None
) -> AsyncIterator[OnDuty]:
    """The service on what `manned` has filled, or fills now."""
    filled = filled or await manned(url, home, clock=clock)
    async with opened_parts(url, home, clock=clock) as parts, running(parts, filled.people) as service:
        yield OnDuty(service, filled.units, filled.crews, filled.tokens)


async def manned(url: str, home: Path, *, clock: Clock | None = None) -> Filled:
    """Fill a database and a home with the drawn region, with two vehicles of each organisation at their stations."""
    map_ = drawing()
    async with opened_parts(url, home, clock=clock) as parts:
        await keep_network(parts, map_.network())
        people = await populate(parts.database, parts.clock)
        return await _filled(parts, map_, people)


async def _filled(parts: Parts, map_: Drawing, people: dict[str, UUID]) -> Filled:
    at = map_.points
    stations = "".join(
        f"{code},示例站,{owner},{system},{at[letter].lat},{at[letter].lon}\n"
        for owner, (code, letter, system) in STATIONS.items()
    )
    units = "".join(
        f"{name},basic,{owner},{STATIONS[owner][2]},{STATIONS[owner][0]},B\n" for name, owner in OWNERS.items()
    )
    hospital = f"h1,示例医院,{CIVIL},地方,{at['D'].lat},{at['D'].lon}\n"
    tables = (
        (import_stations, "id,name_zh,organisation,system,lat,lon\n" + stations),
        (import_units, "call_sign,type,organisation,system,station,capabilities\n" + units),
        (import_hospitals, "id,name_zh,organisation,system,lat,lon\n" + hospital),
    )
    digester = Digester.of_home(parts.settings.home)
    crews: dict[str, list[UUID]] = {}
    tokens: dict[str, str] = {}
    async with parts.database.write() as session:
        await make_partitions(session, parts.clock)
        for step, text in tables:
            report = await step(session, parts.clock, CONTEXT, REGION, read_table(text.encode()))
            assert report.ok, report.errors
        ids = {row.call_sign: row.id for row in await session.execute(select(Unit.call_sign, Unit.id))}
        act = Act(session, parts.clock, CONTEXT, digester, REGION)
        for number, (name, owner) in enumerate(OWNERS.items()):
            crews[name] = [
                await make_person(session, parts.clock, f"crew-{number}-{skill}", Role.CREW, organisation=owner)
                for skill in (Skill.DRIVER, Skill.NURSE)
            ]
            for person, skill in zip(crews[name], (Skill.DRIVER, Skill.NURSE), strict=True):
                await sign_on(session, parts.clock, CONTEXT, ids[name], Joining(person, skill))
            await set_kit(session, parts.clock, CONTEXT, ids[name], ["bls", "aed"])
            await report_unit_status(act, ids[name], StatusReport(UnitStatus.AT_STATION, Source.DISPATCHER))
            _, tokens[name] = await add_device(
                session, parts.clock, CONTEXT, kind=DeviceKind.VEHICLE, organisation=owner, region=REGION,
                call_sign=name,
            )  # fmt: skip
    return Filled(people, ids, crews, tokens)
