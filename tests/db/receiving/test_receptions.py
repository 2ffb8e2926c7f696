"""Handing over at the hospital on a real PostgreSQL: three times, one T10, a crew that waits, no signature."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from factories.dispatching import Centre, make_centre
from factories.receiving import choose, hospitals, lines

from dispatch.dispatching.queries import get_assignment, list_times
from dispatch.dispatching.service_times import tell_time
from dispatch.dispatching.states import Point
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.service_personal import erase_patient
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.actor import Actor, ActorKind
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.receiving.queries_receptions import list_arrived, list_attached, list_waiting, witness_names
from dispatch.receiving.service_receptions import (
    ask_signatures,
    close_unsigned,
    close_witnessed,
    sign_reception,
    tell_here,
    tell_off_stretcher,
    tell_waits,
)
from dispatch.receiving.states_emergency import Unsigned
from dispatch.receiving.tables_receptions import Reception
from dispatch.telemetry.service_attachments import attach
from dispatch.units.states_duty import UnitStatus

pytestmark = pytest.mark.database
T = TypeVar("T")
FIRST, SECOND = (Actor(ActorKind.PERSON, f"0198c0de-0000-7000-8000-00000000000{one}") for one in (1, 2))
WAY = (UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT, UnitStatus.TRANSPORTING)


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=1)


async def done(centre: Centre, work: Callable[[Act], Awaitable[T]], by: Actor = FIRST) -> T:
    """Do something in a transaction of its own."""
    async with centre.database.write() as session:
        return await work(centre.act(session, by))


async def brought(centre: Centre, count: int = 1, *, here: bool = True) -> tuple[UUID, UUID, list[UUID]]:
    """The hospital, the run and its patients, whom a vehicle brought there."""
    near, _ = await hospitals(centre)
    incident = await centre.incident()
    run = await centre.send(incident, 0)
    who = [(await done(centre, lambda act: add_patient(act, incident))).id for _ in range(count)]
    for status in WAY:
        centre.manual.advance(timedelta(minutes=4))
        await centre.say(0, status)
    for patient in who:
        await choose(centre, patient, near, centre.units[0])
    if here:
        centre.manual.advance(timedelta(minutes=4))
        await centre.say(0, UnitStatus.AT_HOSPITAL)
    return near, run.id, who


async def handed_at(centre: Centre, run_id: UUID) -> datetime | None:
    """T10 of the run, as the core keeps it."""
    async with centre.database.read() as session:
        run = await get_assignment(session, "aksu", run_id)
        return next((one.at for one in await list_times(session, run) if one.point is Point.T10), None)


async def test_three_times_by_name_and_the_signature_is_the_runs_t10(centre: Centre) -> None:
    near, run, (who,) = await brought(centre)
    came = centre.clock.now()
    await done(centre, lambda act: attach(act, centre.units[0], 1, who))
    early = Told(came - timedelta(minutes=1))
    with pytest.raises(Invalid, match="before the patient arrived"):
        await done(centre, lambda act: tell_off_stretcher(act, who, near, early))
    centre.manual.advance(timedelta(minutes=5))
    off_at = centre.clock.now()
    await done(centre, lambda act: tell_off_stretcher(act, who, near))
    centre.manual.advance(timedelta(minutes=2))
    signed = await asyncio.gather(
        *(done(centre, lambda act: sign_reception(act, who, near, detaches=True), by) for by in (FIRST, SECOND))
    )
    assert signed[0].signed_by == signed[1].signed_by
    assert await handed_at(centre, run) == signed[0].signed_at == centre.clock.now()
    async with centre.database.read() as session:
        (told,) = await list_arrived(session, "aksu", [near], came)
        assert told.row is not None
        assert (told.at, told.row.off_at, told.row.signed_at, told.times.handed_at) == (
            came, off_at, centre.clock.now(), centre.clock.now()
        )  # fmt: skip
        assert await list_attached(session, who) == ()
    (line,) = await lines(centre, "reception.signed")
    assert (line["payload"]["last"], line["payload"]["detached"]) == (True, 1)
    with pytest.raises(Conflict, match="already"):
        await done(centre, lambda act: tell_off_stretcher(act, who, near))


async def test_of_two_patients_the_last_signature_tells_t10_whoever_signs_at_once(centre: Centre) -> None:
    near, run, (one, two) = await brought(centre, 2)
    await asyncio.gather(
        *(done(centre, lambda act, who=who: sign_reception(act, who, near, detaches=False)) for who in (one, two))  # type: ignore[misc]  # a default binds it
    )
    assert await handed_at(centre, run) == centre.clock.now()
    assert sorted(line["payload"]["last"] for line in await lines(centre, "reception.signed")) == [False, True]


async def test_what_the_crew_told_stays_and_a_hospital_tells_what_it_did_not(centre: Centre) -> None:
    near, run, (who,) = await brought(centre, here=False)
    here = await done(centre, lambda act: tell_here(act, who, near))
    assert here.arrived_at == centre.clock.now()
    told = await done(centre, lambda act: tell_time(act, run, Point.T10))
    centre.manual.advance(timedelta(minutes=3))
    await done(centre, lambda act: sign_reception(act, who, near, detaches=False))
    assert await handed_at(centre, run) == told.at


async def test_a_crew_that_waits_is_told_once_and_no_more_once_the_patient_is_off(centre: Centre) -> None:
    near, _, (who,) = await brought(centre)
    came = centre.clock.now()

    async def waiting() -> list[tuple[datetime, str]]:
        async with centre.database.read() as session:
            return [(one.since, one.call_sign) for one in await list_waiting(session, "aksu")]

    centre.manual.advance(timedelta(minutes=14))
    assert await done(centre, tell_waits) == []
    centre.manual.advance(timedelta(minutes=1))
    both = await asyncio.gather(done(centre, tell_waits), done(centre, tell_waits))
    assert sorted(len(told) for told in both) == [0, 1]
    assert await waiting() == [(came, "示例-000")]
    assert len(await lines(centre, "reception.waits")) == 1
    await done(centre, lambda act: tell_off_stretcher(act, who, near))
    assert await waiting() == []


async def test_without_a_signature_it_is_closed_before_a_witness_who_is_somebody_else(centre: Centre) -> None:
    near, run, (who,) = await brought(centre)
    with pytest.raises(Conflict, match="somebody else"):
        await done(centre, lambda act: close_unsigned(act, who, near, Unsigned.REFUSED, str(FIRST)))
    row = await done(centre, lambda act: close_unsigned(act, who, near, Unsigned.NOBODY_CAME, str(SECOND)))
    assert (row.closed_by, row.witness, row.signed_at) == (str(FIRST), str(SECOND), None)
    assert await handed_at(centre, run) == row.closed_at
    with pytest.raises(Conflict, match="already"):
        await done(centre, lambda act: sign_reception(act, who, near, detaches=False))


async def test_a_crew_that_tells_t10_and_drives_off_leaves_somebody_to_sign(centre: Centre) -> None:
    near, run, (who,) = await brought(centre)
    assert await done(centre, ask_signatures) == []
    told_at = centre.clock.now()
    await done(centre, lambda act: tell_time(act, run, Point.T10))
    await centre.say(0, UnitStatus.RETURNING)
    both = await asyncio.gather(done(centre, ask_signatures), done(centre, ask_signatures))
    assert both == [[], []]
    (asked,) = await lines(centre, "reception.asked")
    assert asked["payload"]["assignment_id"] == str(run)

    async def left() -> list[tuple[UUID, datetime | None, datetime | None]]:
        async with centre.database.read() as session:
            found = await list_arrived(session, "aksu", [near], centre.clock.now())
            return [(one.patient_id, one.times.handed_at, one.row.asked_at if one.row else None) for one in found]

    assert await left() == [(who, told_at, told_at)]
    centre.manual.advance(timedelta(minutes=9))
    assert await done(centre, ask_signatures) == []
    centre.manual.advance(timedelta(minutes=1))
    (late,) = await done(centre, ask_signatures)
    assert (late.patient_id, late.unsigned_told_at) == (who, centre.clock.now())
    assert await done(centre, ask_signatures) == []
    assert len(await lines(centre, "reception.unsigned")) == 1
    assert [one[0] for one in await left()] == [who]
    row = await done(centre, lambda act: sign_reception(act, who, near, detaches=False))
    assert row.signed_at == centre.clock.now()
    assert await handed_at(centre, run) == told_at
    assert await done(centre, ask_signatures) == []


async def test_somebody_without_an_account_witnesses_that_nobody_signs_at_its_true_time_once(centre: Centre) -> None:
    near, run, (who,) = await brought(centre)
    at = centre.clock.now()
    centre.manual.advance(timedelta(minutes=10))

    async def close(act: Act) -> Reception:
        return await close_witnessed(act, who, near, Unsigned.NOBODY_CAME, "示例保安", Told(at))

    row = await done(centre, close)
    assert (row.closed_by, row.closed_at, row.witness) == (str(FIRST), at, None)
    assert await handed_at(centre, run) == at
    again = await done(centre, close)
    assert (again.witness_id, again.closed_at) == (row.witness_id, at)
    async with centre.database.read() as session:
        assert await witness_names(session, [row]) == {str(row.witness_id): "示例保安"}
    (told,) = await lines(centre, "reception.witnessed")
    assert told["payload"]["last"]
    assert "示例保安" not in str(told)
    with pytest.raises(Conflict, match="already"):
        await done(centre, lambda act: sign_reception(act, who, near, detaches=False))
    await done(centre, lambda act: erase_patient(act, who, ErasureBasis.REQUEST))
    async with centre.database.read() as session:
        assert await witness_names(session, [row]) == {}
