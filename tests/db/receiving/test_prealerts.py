"""Pre-alerts on a real PostgreSQL: raised with the choice, acknowledged once, escalated once, withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from factories.dispatching import Centre, make_centre
from factories.receiving import choose, hospitals, lines
from sqlalchemy import select

from dispatch.dispatching.service_times import project_clearing
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import add_patient, set_patient_outcome
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.kernel.actor import Actor, ActorKind
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict
from dispatch.receiving.queries_prealerts import list_astray, list_unanswered
from dispatch.receiving.service_prealerts import acknowledge_prealert, escalate_prealerts, set_right
from dispatch.receiving.tables_prealerts import Prealert

pytestmark = pytest.mark.database
T = TypeVar("T")
FIRST, SECOND = (Actor(ActorKind.PERSON, f"0198c0de-0000-7000-8000-00000000000{one}") for one in (1, 2))


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=2)


async def done(centre: Centre, work: Callable[[Act], Awaitable[T]], by: Actor | None = None) -> T:
    """Do something in a transaction of its own."""
    async with centre.database.write() as session:
        return await work(centre.act(session, by) if by is not None else centre.act(session))


async def patient(centre: Centre) -> UUID:
    incident = await centre.incident()
    return (await done(centre, lambda act: add_patient(act, incident))).id


async def kept(centre: Centre) -> list[Prealert]:
    async with centre.database.read() as session:
        return list(await session.scalars(select(Prealert).order_by(Prealert.raised_at, Prealert.id)))


async def test_a_choice_tells_the_hospital_once_and_another_choice_withdraws_it(centre: Centre) -> None:
    near, far = await hospitals(centre)
    who = await patient(centre)
    await choose(centre, who, near)
    await choose(centre, who, near)
    assert [(one.hospital_id, one.withdrawn_at) for one in await kept(centre)] == [(near, None)]
    centre.manual.advance(timedelta(seconds=30))
    await choose(centre, who, far)
    gone, held = await kept(centre)
    assert (gone.hospital_id, gone.withdrawal, gone.withdrawn_at) == (near, "elsewhere", centre.clock.now())
    assert (held.hospital_id, held.withdrawn_at) == (far, None)
    with pytest.raises(Conflict, match="not brought to this hospital") as refused:
        await done(centre, lambda act: acknowledge_prealert(act, gone.id), FIRST)
    assert refused.value.code == "prealert.withdrawn"
    # Chosen again it sounds again: nobody there has acknowledged this one.
    centre.manual.advance(timedelta(seconds=30))
    await choose(centre, who, near)
    assert [(one.hospital_id, one.withdrawal) for one in await kept(centre)] == [
        (near, "elsewhere"), (far, "elsewhere"), (near, None)
    ]  # fmt: skip
    assert [one["type"] for one in await lines(centre, "prealert")] == [
        "prealert.raised", "prealert.withdrawn", "prealert.raised", "prealert.withdrawn", "prealert.raised"
    ]  # fmt: skip


async def test_of_two_who_acknowledge_at_once_one_counts_and_both_are_told_who(centre: Centre) -> None:
    near, _ = await hospitals(centre)
    await choose(centre, await patient(centre), near)
    (row,) = await kept(centre)
    answers = await asyncio.gather(
        *(done(centre, lambda act: acknowledge_prealert(act, row.id), by) for by in (FIRST, SECOND) * 4)
    )
    assert len({(one.acknowledged_by, one.acknowledged_at) for one in answers}) == 1
    assert answers[0].acknowledged_by in {str(FIRST), str(SECOND)}
    assert len(await lines(centre, "prealert.acknowledged")) == 1


async def test_an_acknowledgement_races_with_another_choice_and_one_of_them_wins(centre: Centre) -> None:
    near, far = await hospitals(centre)
    for _ in range(4):
        who = await patient(centre)
        await choose(centre, who, near)
        row = next(one for one in await kept(centre) if one.patient_id == who)

        async def acknowledge(key: UUID = row.id) -> object:
            return await done(centre, lambda act: acknowledge_prealert(act, key), FIRST)

        taken, _ = await asyncio.gather(acknowledge(), choose(centre, who, far), return_exceptions=True)
        after = next(one for one in await kept(centre) if one.id == row.id)
        assert after.withdrawal == "elsewhere"
        if isinstance(taken, Conflict):
            assert (taken.code, after.acknowledged_at) == ("prealert.withdrawn", None)
        else:
            assert isinstance(taken, Prealert)
            assert after.acknowledged_by == str(FIRST)


async def test_it_is_escalated_once_after_the_time_that_is_set_unless_somebody_took_note(centre: Centre) -> None:
    near, far = await hospitals(centre)
    await choose(centre, await patient(centre), near)
    await choose(centre, await patient(centre), far)
    waits, seen = await kept(centre)
    await done(centre, lambda act: acknowledge_prealert(act, seen.id), FIRST)
    centre.manual.advance(timedelta(seconds=119))
    assert await done(centre, escalate_prealerts) == []
    centre.manual.advance(timedelta(seconds=1))
    first, second = await asyncio.gather(done(centre, escalate_prealerts), done(centre, escalate_prealerts))
    assert [one.id for one in (*first, *second)] == [waits.id]
    async with centre.database.read() as session:
        assert [(one.prealert.id, one.hospital.id) for one in await list_unanswered(session, "aksu")] == [
            (waits.id, near)
        ]  # fmt: skip
    await done(centre, lambda act: acknowledge_prealert(act, waits.id), SECOND)
    async with centre.database.read() as session:
        assert await list_unanswered(session, "aksu") == []
    assert [one["payload"]["late"] for one in await lines(centre, "prealert.acknowledged")] == [False, True]


async def test_a_vehicle_that_is_sent_there_tells_it_too_and_the_outcome_ends_it(centre: Centre) -> None:
    near, far = await hospitals(centre)
    incident = await centre.incident()
    run = await centre.send(incident, 0)
    who = (await done(centre, lambda act: add_patient(act, incident))).id

    async def astray() -> list[UUID]:
        async with centre.database.read() as session:
            return await list_astray(session, "aksu")

    async def sent_to(hospital: UUID) -> None:
        await done(centre, lambda act: project_clearing(act, run.id, None, destination_id=hospital))
        assert await astray() == [who]
        await done(centre, lambda act: set_right(act, who))
        assert await astray() == []

    await sent_to(near)
    await sent_to(far)
    assert [(one.hospital_id, one.withdrawal) for one in await kept(centre)] == [(near, "elsewhere"), (far, None)]
    given = OutcomeGiven(PatientOutcome.TRANSPORTED, destination_id=far)
    await done(centre, lambda act: set_patient_outcome(act, who, given))
    assert await astray() == [who]
    await done(centre, lambda act: set_right(act, who))
    assert (await kept(centre))[-1].withdrawal == "over"
