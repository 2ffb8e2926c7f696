"""Boards and recommendations cost the same however many calls lie behind: no growing table is read whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import asyncpg
import pytest
from factories.dispatching import Centre, make_centre
from factories.incidents import REGION
from factories.year import fill_year
from fakes.travel import StraightTravelTimes
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import (
    list_active_assignments,
    list_carrying,
    list_runs_now,
    list_unexplained,
    list_waiting,
)
from dispatch.dispatching.queries_board import list_board_assignments, list_board_runs
from dispatch.dispatching.service_arrivals import arrivals_now
from dispatch.dispatching.service_look import look
from dispatch.dispatching.service_recommendation import recommend_units
from dispatch.dispatching.service_watch import escalate_unacknowledged, suggest_swaps
from dispatch.incidents.queries_board import list_board_calls, list_board_incidents
from dispatch.incidents.queries_calls import list_call_backs
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database
from dispatch.units.queries_fleet import list_duty_units

pytestmark = pytest.mark.database
CALLS: Final = 3_000
# Each has a row for every call, or for every shift, and keeps it.
GROWING: Final = frozenset((
    "calls", "incidents", "incident_places", "incident_calls", "priority_steps", "call_backs", "personal_values",
    "notes", "patients", "patient_care", "patient_outcomes", "recommendations", "assignments", "assignment_times",
    "unit_status_entries", "crew_duties", "unit_kit", "journal",
))  # fmt: skip


async def read_whole(session: AsyncSession) -> dict[str, int]:
    found = await session.execute(text("SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE seq_scan > 0"))
    return {row.relname: row.seq_tup_read for row in found if row.relname in GROWING}


def questions(centre: Centre, incident: UUID) -> dict[str, Callable[[AsyncSession], Awaitable[object]]]:
    """Of every board, the recommendation and the loops behind them."""
    now, ids = centre.clock.now(), list(centre.units)
    return {
        "calls": lambda session: list_board_calls(session, REGION),
        "incidents": lambda session: list_board_incidents(session, REGION),
        "call-backs": lambda session: list_call_backs(session, REGION),
        "fleet": lambda session: list_duty_units(session, REGION, now),
        "some units": lambda session: list_duty_units(session, REGION, now, ids=ids),
        "runs": lambda session: list_board_runs(session, REGION),
        "assignments": lambda session: list_board_assignments(session, REGION),
        "arrivals": lambda session: arrivals_now(session, REGION, StraightTravelTimes(), now),
        "queue": lambda session: list_waiting(session, REGION),
        "active": lambda session: list_active_assignments(session, REGION),
        "unexplained": lambda session: list_unexplained(session, REGION),
        "runs now": lambda session: list_runs_now(session, REGION),
        "carrying": list_carrying,
        "a look": lambda session: look(session, REGION, now),
        "a recommendation": lambda session: recommend_units(centre.act(session), StraightTravelTimes(), incident),
        "escalation": lambda session: escalate_unacknowledged(centre.act(session)),
        "swaps": lambda session: suggest_swaps(centre.act(session), StraightTravelTimes(), ids[1]),
    }


async def test_no_growing_table_is_read_whole(database: Database, database_url: str) -> None:
    centre = await make_centre(database, units=4, clock=SystemClock())
    running, waiting = await centre.incident(), await centre.incident()
    await centre.send(running, 0)
    owner = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await fill_year(owner, REGION, centre.clock.now(), CALLS)
    finally:
        await owner.close()
    found: dict[str, dict[str, int]] = {}
    for name, ask in questions(centre, waiting).items():
        async with database.write() as session:
            before = await read_whole(session)
        async with database.write() as session:
            await ask(session)
            await session.execute(text("SELECT pg_stat_force_next_flush()"))
        async with database.write() as session:
            after = await read_whole(session)
        grown = {table: after[table] - before.get(table, 0) for table in after}
        if any(grown.values()):
            found[name] = {table: rows for table, rows in grown.items() if rows}
    assert not found


async def test_a_table_without_an_index_would_be_found(database: Database, database_url: str) -> None:
    centre = await make_centre(database, units=4, clock=SystemClock())
    owner = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await fill_year(owner, REGION, centre.clock.now(), CALLS)
        await owner.execute("DROP INDEX ix_patient_care_carrying")
    finally:
        await owner.close()
    async with database.write() as session:
        before = await read_whole(session)
    async with database.write() as session:
        await list_carrying(session)
        await session.execute(text("SELECT pg_stat_force_next_flush()"))
    async with database.write() as session:
        after = await read_whole(session)
    assert after["patient_care"] - before.get("patient_care", 0) > CALLS // 2
