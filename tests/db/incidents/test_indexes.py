"""The boards read what is not over by small indexes, however many years lie behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from factories.fleet import START
from factories.incidents import act_of, an_incident
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_board import list_board_calls, list_board_incidents
from dispatch.incidents.queries_calls import list_call_backs
from dispatch.incidents.queries_incidents import list_hints
from dispatch.incidents.rules_duplicates import Telling
from dispatch.kernel.db import Database

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]

QUESTIONS: dict[str, tuple[Callable[[AsyncSession], Awaitable[object]], set[str]]] = {
    "calls": (lambda session: list_board_calls(session, "aksu"), {"ix_calls_open", "ix_call_backs_due"}),
    "incidents": (lambda session: list_board_incidents(session, "aksu"), {"ix_incidents_active"}),
    "call-backs": (lambda session: list_call_backs(session, "aksu"), {"ix_call_backs_due"}),
    "hints": (
        lambda session: list_hints(session, "aksu", Telling(START, number_digest="d")),
        {"ix_incidents_active", "ix_personal_values_digest"},
    ),
}


async def scans(session: AsyncSession) -> dict[str, int]:
    found = await session.execute(text("SELECT indexrelname, idx_scan FROM pg_stat_user_indexes"))
    return {row.indexrelname: row.idx_scan for row in found}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_boards_use_the_indexes_of_what_is_not_over(database: Database, question: str) -> None:
    ask, wanted = QUESTIONS[question]
    async with database.write() as session:
        await an_incident(act_of(session))
    async with database.write() as session:
        before = await scans(session)
    async with database.write() as session:
        # Few rows would be read whole; a plan made before the values are known must do too.
        for setting in ("enable_seqscan = off", "enable_bitmapscan = off", "plan_cache_mode = force_generic_plan"):
            await session.execute(text(f"SET LOCAL {setting}"))
        await session.execute(text("DROP INDEX ix_calls_region_t0, ix_incidents_region_t0"))
        await ask(session)
        await session.execute(text("SELECT pg_stat_force_next_flush()"))
    async with database.write() as session:
        after = await scans(session)
    assert {name for name in wanted if after[name] > before[name]} == wanted
