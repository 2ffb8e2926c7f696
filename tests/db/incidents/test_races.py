"""Many connections at once: numbers, keys, edits, links and closing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from factories.fleet import START
from factories.incidents import DISPATCHER, DOCTOR, PHONE, a_call, act_of, an_incident, on_scene
from sqlalchemy import func, select

from dispatch.incidents.queries_incidents import get_incident, list_links
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.service import Act, forget_keys
from dispatch.incidents.service_calls import NewCall, open_call
from dispatch.incidents.service_incidents import Changes, NewIncident, edit_incident, open_incident
from dispatch.incidents.service_links import link_call
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.service_progress import cancel_incident, close_incident
from dispatch.incidents.states_incidents import CancelReason, LinkKind, Priority
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Conflict
from dispatch.kernel.journal_table import JournalLine
from dispatch.roads.queries import lock_region

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]

T = TypeVar("T")
CONNECTIONS = 16


async def compete(database_url: str, count: int, work: Callable[[Act, int], Awaitable[T]]) -> list[T | BaseException]:
    """Do the work in so many transactions, on as many connections, all at once."""
    engine = make_engine(database_url, pool_size=CONNECTIONS, max_overflow=0)
    async with Database(engine) as database:

        async def one(index: int) -> T:
            async with database.write() as session:
                return await work(act_of(session), index)

        return await asyncio.gather(*(one(index) for index in range(count)), return_exceptions=True)


async def test_spoken_numbers_are_unique_and_without_gaps(database: Database, database_url: str) -> None:
    async def work(act: Act, index: int) -> str:
        incident = await open_incident(act, NewIncident(Priority.P3))
        if index % 4 == 0:
            raise LookupError(incident.number)
        return incident.number

    found = await compete(database_url, 64, work)
    numbers = sorted(number for number in found if isinstance(number, str))
    assert numbers == [f"2026-{count:06d}" for count in range(1, 49)], "one that failed leaves no gap"
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Incident)) == 48
        seqs = (await session.scalars(select(JournalLine.seq).order_by(JournalLine.seq))).all()
        assert list(seqs) == list(range(1, 50)), "the region's making is the first"


async def test_one_key_makes_one_call(database: Database, database_url: str) -> None:
    async def work(act: Act, _: int) -> object:
        return (await open_call(act, NewCall(PHONE), key="k-1")).id

    found = await compete(database_url, CONNECTIONS, work)
    assert len(set(found)) == 1
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Call)) == 1


async def test_one_key_makes_one_incident(database: Database, database_url: str) -> None:
    async def work(act: Act, _: int) -> object:
        return (await open_incident(act, NewIncident(Priority.P1, note="示例"), key="k-1")).id

    found = await compete(database_url, CONNECTIONS, work)
    assert len(set(found)) == 1
    async with database.read() as session:
        assert [row.number for row in await session.scalars(select(Incident))] == ["2026-000001"]


async def test_a_key_with_another_body_is_refused_and_one_of_another_person_is_another(database: Database) -> None:
    async with database.write() as session:
        first = await open_call(act_of(session), NewCall(PHONE), key="k-1")
    async with database.write() as session:
        with pytest.raises(Conflict) as refused:
            await open_call(act_of(session), NewCall("13900000000"), key="k-1")
        assert refused.value.code == "request.key_reused"
        other = await open_call(act_of(session, actor=DOCTOR), NewCall("13900000000"), key="k-1")
        again = await open_call(act_of(session, actor=DISPATCHER), NewCall(PHONE), key="k-1")
    assert (again.id, other.id != first.id) == (first.id, True)


async def test_a_call_never_waits_for_an_import(database: Database, database_url: str) -> None:
    async def work(act: Act, _: int) -> str:
        return (await an_incident(act)).number

    async with database.write() as session:
        await lock_region(session, "aksu")
        # Would end in the test's own timeout.
        assert await compete(database_url, 1, work) == ["2026-000001"]


async def test_old_keys_are_forgotten(database: Database) -> None:
    async with database.write() as session:
        first = await open_call(act_of(session), NewCall(PHONE), key="k-1")
        assert await forget_keys(session, "aksu", START) == 0
        assert await forget_keys(session, "aksu", START + timedelta(seconds=1)) == 1
        assert (await open_call(act_of(session), NewCall(PHONE), key="k-1")).id != first.id


async def test_of_sixteen_edits_on_one_version_one_wins(database: Database, database_url: str) -> None:
    async with database.write() as session:
        incident_id = (await an_incident(act_of(session))).id

    async def work(act: Act, index: int) -> str:
        changes = Changes(complaint=f"K{index + 10}")
        return (await edit_incident(act, incident_id, changes, expected_version=1)).complaint

    found = await compete(database_url, CONNECTIONS, work)
    (winner,) = (complaint for complaint in found if isinstance(complaint, str))
    losers = [error for error in found if isinstance(error, Outdated)]
    assert len(losers) == CONNECTIONS - 1
    assert {error.current["complaint"] for error in losers} == {winner}
    async with database.read() as session:
        assert (await get_incident(session, "aksu", incident_id)).complaint == winner


async def test_one_call_goes_to_one_incident(database: Database, database_url: str) -> None:
    async with database.write() as session:
        act = act_of(session)
        targets = [(await an_incident(act)).id for _ in range(4)]
        call_id = (await a_call(act)).id

    async def work(act: Act, index: int) -> object:
        return (await link_call(act, call_id, targets[index % 4], LinkKind.LINKED)).id

    found = await compete(database_url, CONNECTIONS, work)
    winners = {result for result in found if not isinstance(result, BaseException)}
    assert len(winners) == 1
    assert all(isinstance(result, Conflict) for result in found if isinstance(result, BaseException))
    async with database.read() as session:
        links = [link for target in targets for link in await list_links(session, target)]
        assert sum(link.call_id == call_id for link in links) == 1


async def test_duplicates_of_each_other_end_with_one_incident(database: Database, database_url: str) -> None:
    async with database.write() as session:
        act = act_of(session)
        pair = [(await an_incident(act)).id for _ in range(2)]

    async def work(act: Act, index: int) -> object:
        one, other = pair[index % 2], pair[(index + 1) % 2]
        return (await cancel_incident(act, one, CancelReason.DUPLICATE, duplicate_of=other)).id

    found = await compete(database_url, 8, work)
    errors = [result for result in found if isinstance(result, BaseException)]
    assert len(errors) == 7
    assert all(isinstance(error, Conflict) for error in errors)
    async with database.read() as session:
        states = [(await get_incident(session, "aksu", one)).state for one in pair]
        assert sorted(states) == ["cancelled", "open"]
        alive = pair[states.index("open")]
        assert len(await list_links(session, alive)) == 2


async def test_no_patient_slips_into_an_incident_that_closes(database: Database, database_url: str) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident_id = (await on_scene(act)).id
        await add_patient(act, incident_id, outcome=OutcomeGiven(PatientOutcome.TREATED_LEFT))

    async def work(act: Act, index: int) -> str:
        if index % 2:
            return (await close_incident(act, incident_id)).state
        return (await add_patient(act, incident_id)).state

    found = await compete(database_url, 2, work)
    errors = [result for result in found if isinstance(result, BaseException)]
    assert len(errors) == 1
    assert isinstance(errors[0], Conflict)
