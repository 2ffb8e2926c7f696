"""A county hospital that asks for ECMO, a centre of the region with two physicians, and one outside with one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from factories.fleet import CONTEXT, START, make_region, table
from factories.incidents import DIGESTER, REGION
from factories.people import make_person
from sqlalchemy import select

from dispatch.accounts.service_people import add_organisation
from dispatch.accounts.states import Role
from dispatch.ecmo.queries_alerting import list_alerts
from dispatch.ecmo.queries_requests import get_request, list_offers, list_pressing
from dispatch.ecmo.rules_requests import Decided
from dispatch.ecmo.service_alerting import press
from dispatch.ecmo.service_asking import ask_centres
from dispatch.ecmo.service_deciding import decide
from dispatch.ecmo.service_on_call import Roster, enter_on_call
from dispatch.ecmo.service_requests import Typed, save_request
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_offers import Decision
from dispatch.ecmo.states_requests import Origin
from dispatch.ecmo.tables_alerting import EcmoAlert
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Actor, ActorKind, Context
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.ids import new_id
from dispatch.kernel.organisations import System

T = TypeVar("T")
COUNTY, CENTRE, OUTSIDE = "示例县医院", "示例中心", "示例区外中心"
HOSPITALS = (
    {"id": "county", "organisation": COUNTY, "lat": "41.21", "lon": "79.22", "capabilities": "icu"},
    {"id": "centre", "organisation": CENTRE, "lat": "41.17", "lon": "80.26", "capabilities": "ecmo;icu"},
    {
        "id": "outside",
        "organisation": OUTSIDE,
        "lat": "43.80",
        "lon": "87.60",
        "capabilities": "ecmo",
        "outside": "yes",
    },
)


@dataclass
class Ward:
    """A county hospital, two centres, and who works there. centre has a first and a second on call, outside one."""

    database: Database
    clock: ManualClock
    hospitals: dict[str, UUID]
    people: dict[str, UUID]

    def actor(self, name: str) -> Actor:
        return Actor(ActorKind.PERSON, str(self.people[name]))

    async def done(self, work: Callable[[Act], Awaitable[T]], by: str = "asker") -> T:
        """Do something in a transaction of its own."""
        async with self.database.write() as session:
            context = Context.begin(self.clock, self.actor(by))
            return await work(Act(session, self.clock, context, DIGESTER, REGION))

    def later(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    async def typed(self, **fields: object) -> UUID:
        """A draft of the county hospital."""
        made = new_id(self.clock)
        typed = Typed({"hospital_id": self.hospitals["county"], "mode": Mode.VV, **fields})
        await self.done(lambda act: save_request(act, made, Origin.HOSPITAL, COUNTY, typed))
        return made

    async def asked(self, *centres: str, at_once: bool = False, **fields: object) -> UUID:
        """A request put before centres."""
        made = await self.typed(**fields)
        await self.ask(made, *(centres or ("centre",)), at_once=at_once)
        return made

    async def ask(self, request_id: UUID, *centres: str, at_once: bool = False) -> EcmoRequest:
        ids = [self.hospitals[one] for one in centres]
        return await self.done(lambda act: ask_centres(act, request_id, ids, at_once=at_once))

    async def request(self, request_id: UUID) -> EcmoRequest:
        async with self.database.read() as session:
            return await get_request(session, REGION, request_id)

    async def offers(self, request_id: UUID) -> dict[str, EcmoOffer]:
        """By the name of the centre."""
        names = {key: name for name, key in self.hospitals.items()}
        async with self.database.read() as session:
            return {names[one.hospital_id]: one for one in await list_offers(session, [request_id])}

    async def alerts(self, request_id: UUID) -> list[EcmoAlert]:
        offers = await self.offers(request_id)
        async with self.database.read() as session:
            return list(await list_alerts(session, [one.id for one in offers.values()]))

    async def decide(self, request_id: UUID, centre: str, decided: Decided, by: str = "first") -> EcmoOffer:
        offer = (await self.offers(request_id))[centre]
        version = offer.version
        return await self.done(lambda act: decide(act, request_id, offer.hospital_id, decided, version=version), by)

    def accepting(self, minutes: float = 90, *conditions: str) -> Decided:
        return Decided(
            Decision.CONDITIONAL if conditions else Decision.ACCEPT,
            self.clock.now() + timedelta(minutes=minutes),
            conditions=conditions,
        )

    async def press(self) -> int:
        """Do what time has brought; return to how many requests."""
        async with self.database.read() as session:
            pressing = await list_pressing(session, REGION)
        return sum([await self.done(lambda act, key=one: press(act, key)) for one in pressing])  # type: ignore[misc]


async def make_ward(database: Database) -> Ward:
    """All of it, committed."""
    clock = ManualClock(START)
    async with database.write() as session:
        await make_region(session, REGION)
        rows = [{"outside": "no", "system": "地方", "name_zh": f"示例{one['id']}", **one} for one in HOSPITALS]
        report = await import_hospitals(session, clock, CONTEXT, REGION, table(*rows))
        assert report.ok, report.errors
        hospitals = {row.code: row.id for row in await session.scalars(select(Hospital))}
        for code in (COUNTY, CENTRE, OUTSIDE):
            await add_organisation(session, clock, CONTEXT, code=code, name_zh=code, name_en="", system=System.CIVIL)
        people = {}
        for name, role, organisation in (
            ("asker", Role.EMERGENCY_DOCTOR, COUNTY), ("first", Role.ECMO_PHYSICIAN, CENTRE),
            ("second", Role.ECMO_PHYSICIAN, CENTRE), ("far", Role.ECMO_PHYSICIAN, OUTSIDE),
            ("coordinator", Role.ECMO_COORDINATOR, CENTRE),
        ):  # fmt: skip
            people[name] = await make_person(session, clock, name, role, organisation=organisation)
    ward = Ward(database, clock, hospitals, people)
    for place, (name, centre) in enumerate((("first", "centre"), ("second", "centre"), ("far", "outside")), start=1):
        entry = Roster(people[name], place, START - timedelta(hours=1), START + timedelta(hours=23))
        await ward.done(lambda act, c=centre, e=entry: enter_on_call(act, hospitals[c], e), "coordinator")  # type: ignore[misc]
    return ward
