"""Vehicles of two organisations on duty, and incidents that wait for them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from factories.duty import make_people
from factories.fleet import CONTEXT, START, STATION, UNIT, make_region, table
from factories.incidents import DIGESTER, DISPATCHER, REGION
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import find_active
from dispatch.dispatching.queries_sharing import Sharing, get_sharing
from dispatch.dispatching.rules_sharing import Party, ShareRule
from dispatch.dispatching.service_assignment import Order, assign
from dispatch.dispatching.service_following import report_unit_status
from dispatch.dispatching.service_sharing import set_sharing
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.actor import Actor, Context
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.db import Database
from dispatch.units.service import import_stations, import_units
from dispatch.units.service_crew import Joining, sign_on
from dispatch.units.service_position import make_partitions, place_by_voice
from dispatch.units.service_status import StatusOutcome, StatusReport
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import OutReason, Source, UnitStatus
from dispatch.units.tables import Unit
from geo.points import GeoPoint

CIVIL = Party("示例医院", "civil")
CORPS = Party("示例兵团医院", "corps")
STATIONS = (STATION, {**STATION, "id": "ST-2", "organisation": CORPS.organisation, "system": "兵团", "lon": "80.358"})
SCENE = PlaceGiven(lat=41.168, lon=80.268)
# Each of these rows would be half an order.
HALVES = {
    "a unit that is assigned to nothing": """
        SELECT count(*) FROM unit_statuses s LEFT JOIN assignments a ON a.id = s.run_id AND a.state = 'active'
        WHERE s.status = 'assigned' AND a.id IS NULL""",
    "an assignment whose unit does not know it": """
        SELECT count(*) FROM assignments a LEFT JOIN unit_statuses s ON s.run_id = a.id
        WHERE a.state = 'active' AND s.unit_id IS NULL""",
    "an incident without the unit that it says": """
        SELECT count(*) FROM incidents i WHERE (i.state = 'dispatched') <> EXISTS (
            SELECT FROM assignments a WHERE a.incident_id = i.id AND a.state = 'active')""",
}
OVERLAPS = text("""
    SELECT count(*) FROM (
        SELECT assigned_at, lag(ended_at) OVER (PARTITION BY unit_id ORDER BY assigned_at, id) AS before,
               lag(id) OVER (PARTITION BY unit_id ORDER BY assigned_at, id) AS earlier
        FROM assignments
    ) AS paired WHERE earlier IS NOT NULL AND (before IS NULL OR before > assigned_at)
""")
"""How often a unit had a second incident before it was done with the first."""


@dataclass(frozen=True)
class Centre:
    """A centre with its clock; even vehicles are the corps'."""

    database: Database
    clock: Clock
    units: tuple[UUID, ...]

    def act(self, session: AsyncSession, actor: Actor = DISPATCHER) -> Act:
        return Act(session, self.clock, Context.begin(self.clock, actor), DIGESTER, REGION)

    @property
    def manual(self) -> ManualClock:
        assert isinstance(self.clock, ManualClock)
        return self.clock

    async def incident(
        self, priority: Priority = Priority.P2, *, needs: str = "B", place: PlaceGiven | None = SCENE
    ) -> UUID:
        async with self.database.write() as session:
            made = await open_incident(self.act(session), NewIncident(priority, "K03", needs, place))
            return made.id

    async def send(self, incident_id: UUID, unit: int, **told: object) -> Assignment:
        async with self.database.write() as session:
            return await assign(self.act(session), incident_id, Order(self.units[unit], **told))  # type: ignore[arg-type]  # tests name the fields

    async def say(
        self,
        unit: int,
        status: UnitStatus,
        *,
        source: Source = Source.CREW,
        run_id: UUID | None = None,
        reason: OutReason | None = None,
    ) -> StatusOutcome:
        async with self.database.write() as session:
            report = StatusReport(status, source, run_id=run_id, reason=reason)
            return await report_unit_status(self.act(session), self.units[unit], report)

    async def share(self, *rules: ShareRule) -> Sharing:
        async with self.database.write() as session:
            act = self.act(session)
            version = (await get_sharing(session, REGION)).version
            return await set_sharing(act, rules, expected_version=version)

    async def active(self, unit: int) -> Assignment | None:
        async with self.database.read() as session:
            return await find_active(session, self.units[unit])

    async def place(self, unit: int, lat: float, lon: float) -> None:
        async with self.database.write() as session:
            act = self.act(session)
            await place_by_voice(session, self.clock, act.context, self.units[unit], GeoPoint(lat=lat, lon=lon))


async def make_centre(database: Database, *, units: int = 2, clock: Clock | None = None) -> Centre:
    """A region with vehicles at two stations, each with a driver on board and at its station; committed."""
    clock = clock or ManualClock(START)
    names = [f"示例-{number:03}" for number in range(units)]
    async with database.write() as session:
        await make_region(session, REGION)
        await make_partitions(session, clock)
        await import_stations(session, clock, CONTEXT, REGION, table(*STATIONS))
        owners = [{}, {"organisation": CORPS.organisation, "system": "兵团", "station": "ST-2"}]
        rows = [
            {**UNIT, "call_sign": name, "capabilities": "B", **owners[place % 2]} for place, name in enumerate(names)
        ]
        await import_units(session, clock, CONTEXT, REGION, table(*rows))
        found = {row.call_sign: row.id for row in await session.execute(select(Unit.call_sign, Unit.id))}
        ids = tuple(found[name] for name in names)
        crew = await make_people(session, clock, units * 2)
    centre = Centre(database, clock, ids)
    async with database.write() as session:
        act = centre.act(session)
        for place, unit_id in enumerate(ids):
            for person, skill in zip(crew[place * 2 : place * 2 + 2], (Skill.DRIVER, Skill.NURSE), strict=True):
                await sign_on(session, clock, act.context, unit_id, Joining(person, skill))
            await report_unit_status(act, unit_id, StatusReport(UnitStatus.AT_STATION, Source.DISPATCHER))
    return centre
