"""A small fleet on duty with clearly invented people, for tests of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from factories.fleet import CONTEXT, START, STATION, UNIT, make_region, table
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.states import PersonState
from dispatch.accounts.tables import Organisation, Person
from dispatch.kernel.actor import Actor, ActorKind, Context, system
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.service import import_stations, import_units
from dispatch.units.service_status import StatusOutcome, StatusReport, report_status
from dispatch.units.states_duty import Source, UnitStatus
from dispatch.units.tables import Unit

S = UnitStatus


@dataclass(frozen=True)
class Fleet:
    """The ids of units by call sign, and of people who can be on board."""

    clock: ManualClock
    units: dict[str, UUID]
    people: list[UUID]

    @property
    def first(self) -> UUID:
        return self.units["示例-01"]

    @property
    def second(self) -> UUID:
        return self.units["示例-02"]

    def at(self, seconds: float) -> datetime:
        return START + timedelta(seconds=seconds)

    def context(self, who: int = 0) -> Context:
        return Context.begin(self.clock, Actor(ActorKind.PERSON, f"dispatcher-{who}", "示例医院"))


async def make_fleet(database: Database, *, units: int = 2, people: int = 4) -> Fleet:
    """A region with units 示例-01 … and people, committed; nobody is on board, nothing was told of any unit."""
    clock = ManualClock(START)
    names = [f"示例-{number:02}" for number in range(1, units + 1)]
    async with database.write() as session:
        await make_region(session)
        await import_stations(session, clock, CONTEXT, "aksu", table(STATION))
        rows = [UNIT | {"call_sign": name, "capabilities": "B;A"} for name in names]
        await import_units(session, clock, CONTEXT, "aksu", table(*rows))
        ids = {row.call_sign: row.id for row in await session.execute(select(Unit.call_sign, Unit.id))}
        crew = await make_people(session, clock, people)
    return Fleet(clock, ids, crew)


async def make_people(session: AsyncSession, clock: Clock, count: int) -> list[UUID]:
    """People without names or passwords: nobody asks these tests who they are."""
    code = "demo-hospital"
    await session.execute(
        insert(Organisation).values(code=code, name_zh="示例医院", name_en="", system="civil", created_at=clock.now())
    )
    rows: list[dict[str, Any]] = [
        {"id": new_id(clock), "organisation": code, "state": PersonState.ACTIVE, "created_at": clock.now()}
        for _ in range(count)
    ]
    await session.execute(insert(Person), rows)
    return [row["id"] for row in rows]


async def say(
    database: Database,
    fleet: Fleet,
    unit_id: UUID,
    status: UnitStatus,
    *,
    source: Source = Source.DISPATCHER,
    expected_version: int | None = None,
    **told: Any,  # noqa: ANN401 - the other fields of a report
) -> StatusOutcome:
    """Report a status in a transaction of its own."""
    report = StatusReport(status, source, **told)
    async with database.write() as session:
        return await report_status(
            session, fleet.clock, fleet.context(), unit_id, report, expected_version=expected_version
        )


async def journal_types(session: AsyncSession) -> list[str]:
    """The types of all lines of the journal but those of the region's making, in their order."""
    told = await session.scalars(select(JournalLine.type).order_by(JournalLine.seq))
    return [name for name in told if not name.startswith("region.")]


def own(clock: Clock) -> Context:
    """What Tarim does by itself."""
    return Context.begin(clock, system("test"))
