"""Many connections at once: no unit is had twice, and nothing is left half done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import pytest
from factories.dispatching import OVERLAPS, Centre, make_centre
from factories.duty import S
from factories.patience import times
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dispatch.audit.service import verify
from dispatch.dispatching.queries import list_active_assignments, list_of_incident, list_waiting
from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.service_assignment import Order, assign, divert
from dispatch.dispatching.service_calling_off import cancel, stand_down
from dispatch.dispatching.service_following import report_unit_status
from dispatch.dispatching.states import EndReason
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service import Act
from dispatch.incidents.states_incidents import IncidentState, Priority
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Conflict, Refused
from dispatch.units.queries_duty import find_status
from dispatch.units.service_status import StatusReport
from dispatch.units.states_duty import OutReason, Source

pytestmark = pytest.mark.database

T = TypeVar("T")
CONNECTIONS = 16
TAKEN, UNITS = times(60, 100_000), times(20, 200)


async def compete(
    centre: Centre, database_url: str, work: list[Callable[[Act], Awaitable[T]]]
) -> list[T | BaseException]:
    """Do all of it at once, each in a transaction on one of 16 connections."""
    async with Database(make_engine(database_url, pool_size=CONNECTIONS, max_overflow=0)) as database:

        async def one(step: Callable[[Act], Awaitable[T]]) -> T:
            async with database.write() as session:
                return await step(centre.act(session))

        return await asyncio.gather(*map(one, work), return_exceptions=True)


async def overlaps(centre: Centre) -> int:
    async with centre.database.read() as session:
        return int((await session.execute(OVERLAPS)).scalar_one())


@pytest.mark.soak
async def test_sixteen_connections_race_for_units(database: Database, database_url: str) -> None:
    centre = await make_centre(database, units=UNITS, clock=SystemClock())
    incidents = [await centre.incident() for _ in range(16)]
    # On a busy machine the turn of one may come late: that is no overlap.
    patient = make_engine(database_url, pool_size=CONNECTIONS, max_overflow=0, statement_timeout_ms=3_600_000)
    async with Database(patient) as racing:
        taken = lost = 0
        told: set[tuple[bool, bool]] = set()

        async def dispatcher(number: int) -> None:
            nonlocal taken, lost
            kept: Assignment | None = None
            for step in count():
                if taken >= TAKEN:
                    break
                unit_id = centre.units[(step * 7 + number // 4) % UNITS]
                try:
                    async with racing.write() as session:
                        made = await assign(centre.act(session), incidents[number], Order(unit_id))
                    taken += 1
                except UnitTaken as error:
                    told.add((error.current["unit_id"] == str(unit_id), bool(error.current["incident_number"])))
                    lost += 1
                    continue
                # One of three stays until the next that stays: units are had for a moment, or for longer.
                ended, kept = (made, kept) if step % 3 else (kept, made)
                if ended is not None:
                    async with racing.write() as session:
                        await cancel(centre.act(session), ended.id)

        await asyncio.gather(*(dispatcher(number) for number in range(16)))
    assert told == {(True, True)}, "losers are told who has it"
    assert taken >= TAKEN
    assert lost > 20, "the race was one"
    assert await overlaps(centre) == 0
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Assignment)) == taken
        for active in await list_active_assignments(session, "aksu"):
            held = await find_status(session, active.unit_id)
            assert held is not None
            assert (held.status, held.run_id) == (S.ASSIGNED, active.id)
        assert (await verify(session)).whole


async def test_two_dispatchers_and_one_unit(database: Database, database_url: str) -> None:
    centre = await make_centre(database, clock=SystemClock())
    incidents = [await centre.incident() for _ in range(8)]

    def order(incident_id: UUID) -> Callable[[Act], Awaitable[Assignment]]:
        return lambda act: assign(act, incident_id, Order(centre.units[0]))

    found = await compete(centre, database_url, [order(incident) for incident in incidents])
    (winner,) = [one for one in found if isinstance(one, Assignment)]
    losers = [one for one in found if isinstance(one, UnitTaken)]
    assert len(losers) == 7
    assert {one.current["incident_id"] for one in losers} == {str(winner.incident_id)}


@pytest.mark.parametrize("attempt", range(5))
async def test_an_order_and_a_breakdown_at_the_same_moment(database: Database, database_url: str, attempt: int) -> None:
    centre = await make_centre(database, clock=SystemClock())
    incident = await centre.incident()
    steps: list[Callable[[Act], Awaitable[Any]]] = [
        lambda act: assign(act, incident, Order(centre.units[0])),
        lambda act: report_unit_status(
            act, centre.units[0], StatusReport(S.OUT_OF_SERVICE, Source.CREW, reason=OutReason.FAULT)
        ),
    ]
    ordered, reported = await compete(centre, database_url, steps if attempt % 2 else steps[::-1])
    ordered, reported = (ordered, reported) if attempt % 2 else (reported, ordered)
    assert not isinstance(reported, BaseException), "a breakdown is never refused"
    async with database.read() as session:
        made = await list_of_incident(session, incident)
        state = (await get_incident(session, "aksu", incident)).state
        waiting = [one.incident_id for one in await list_waiting(session, "aksu")]
    assert (state, waiting) == (IncidentState.OPEN, [incident])
    if isinstance(ordered, Refused):
        assert (ordered.code, made) == ("assignment.unavailable", [])
    else:
        assert [one.end_reason for one in made] == [EndReason.BROKEN_DOWN]
    assert await centre.active(0) is None


async def test_diversions_across_each_other_end_without_a_deadlock(database: Database, database_url: str) -> None:
    centre = await make_centre(database, units=4, clock=SystemClock())
    incidents = [await centre.incident(Priority.P3) for _ in range(4)]
    for number, incident in enumerate(incidents):
        await centre.send(incident, number)

    def move(unit: int, incident_id: UUID) -> Callable[[Act], Awaitable[Assignment]]:
        return lambda act: divert(act, incident_id, Order(centre.units[unit]), arrives_s=900.0)

    work = [move(unit, incidents[(unit + step) % 4]) for step in (1, 2, 3) for unit in range(4)]
    found = await compete(centre, database_url, work)
    assert all(isinstance(one, Assignment | Conflict) for one in found), found
    assert await overlaps(centre) == 0
    async with database.read() as session:
        active = await list_active_assignments(session, "aksu")
        assert {one.unit_id for one in active} == set(centre.units)
        had = {one.incident_id for one in active}
        for incident_id in incidents:
            incident = await get_incident(session, "aksu", incident_id)
            assert incident.state == (IncidentState.DISPATCHED if incident_id in had else IncidentState.OPEN)


async def test_a_unit_called_off_by_two_is_called_off_once(database: Database, database_url: str) -> None:
    centre = await make_centre(database, clock=SystemClock())
    made = await centre.send(await centre.incident(), 0)
    steps: list[Callable[[Act], Awaitable[Any]]] = [lambda act: stand_down(act, made.id)] * 6
    found = await compete(centre, database_url, steps)
    assert sorted(type(one).__name__ for one in found) == ["Assignment", *["Conflict"] * 5]


async def test_the_database_itself_refuses_a_second_active_assignment(database: Database) -> None:
    centre = await make_centre(database)
    made = await centre.send(await centre.incident(), 0)
    other = await centre.incident()
    copy = {name: getattr(made, name) for name in Assignment.__table__.columns.keys()}  # noqa: SIM118 - not a dict
    with pytest.raises(IntegrityError, match="uq_assignments_active_unit"):
        async with database.write() as session:
            session.add(Assignment(**{**copy, "id": UUID(int=5), "incident_id": other}))
    assert isinstance(made.assigned_at, datetime)
