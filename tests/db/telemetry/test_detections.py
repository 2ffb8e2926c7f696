"""Detections on a real PostgreSQL: kept once, latched, acknowledged by each side for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from factories.dispatching import Centre, make_centre
from sqlalchemy import text

from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.service_patients import add_patient
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, NotFound, Refused
from dispatch.telemetry.detection.queries import Seat, list_acknowledgements, list_kept, list_open, list_running
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import acknowledge, keep_found
from dispatch.telemetry.detection.states import Side
from dispatch.telemetry.detection.tables import Detection

pytestmark = pytest.mark.database
DISPATCH: Seat = (Side.DISPATCH, "")
FIRST: Seat = (Side.HOSPITAL, "first")


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=2)


async def subject(centre: Centre) -> Subject:
    incident_id = await centre.incident()
    async with centre.database.write() as session:
        patient = await add_patient(centre.act(session), incident_id)
    return Subject(centre.units[0], 1, incident_id, patient.id)


def sign(centre: Centre, at_s: float = 10.0, *, over: bool = False) -> Sign:
    began = centre.clock.now() + timedelta(seconds=at_s - 10.0)
    at = centre.clock.now() + timedelta(seconds=at_s)
    return Sign("limit.spo2_low", at, began, AlarmPriority.MEDIUM, 89.0, 92.0, over=over)


async def keep(centre: Centre, *found: Found) -> None:
    async with centre.database.write() as session:
        await keep_found(centre.act(session), found)


async def kept(centre: Centre, incident_id: UUID) -> Sequence[Detection]:
    async with centre.database.read() as session:
        return await list_kept(session, "aksu", incident_id)


async def waiting(centre: Centre, *seats: Seat) -> list[UUID]:
    async with centre.database.read() as session:
        return [one.id for one in await list_open(session, "aksu", seats)]


async def journal(centre: Centre) -> list[tuple[str, str | None]]:
    async with centre.database.read() as session:
        rows = await session.execute(
            text("SELECT type, payload->>'again' FROM journal WHERE type ~ '^detection' ORDER BY seq")
        )
        return [(row[0], row[1]) for row in rows]


async def test_what_is_told_twice_is_kept_once_and_ends_once(centre: Centre) -> None:
    at = await subject(centre)
    found, over = Found(at, sign(centre)), Found(at, sign(centre, 60.0, over=True))
    await keep(centre, found, found)
    await keep(centre, found)
    (row,) = await kept(centre, at.incident_id)
    assert (row.code, row.priority, row.value, row.ended_at) == ("limit.spo2_low", "medium", 89.0, None)
    async with centre.database.read() as session:
        assert [one.id for one in await list_running(session, [at.unit_id])] == [row.id]
    await keep(centre, over, over)
    (row,) = await kept(centre, at.incident_id)
    assert row.ended_at == over.sign.at
    assert await journal(centre) == [("detection.raised", "false"), ("detection.ended", None)]


async def test_an_alarm_latches_for_every_side_until_it_is_acknowledged_there(centre: Centre) -> None:
    at = await subject(centre)
    await keep(centre, Found(at, sign(centre)), Found(at, sign(centre, 60.0, over=True)))
    (row,) = await kept(centre, at.incident_id)
    assert await waiting(centre, DISPATCH) == await waiting(centre, FIRST) == [row.id]
    async with centre.database.write() as session:
        act = centre.act(session)
        assert (await acknowledge(act, row.id, [DISPATCH], version=row.version)).version == row.version + 1
        # Again, with what was looked at before: it is done already.
        assert (await acknowledge(act, row.id, [DISPATCH], version=row.version)).version == row.version + 1
    assert await waiting(centre, DISPATCH) == []
    assert await waiting(centre, FIRST) == [row.id]
    async with centre.database.read() as session:
        (by,) = (await list_acknowledgements(session, [row.id]))[row.id]
    assert (by.side, by.organisation, by.actor) == ("dispatch", "", str(centre.act(session).context.actor))


async def test_what_comes_again_goes_on_until_somebody_saw_it_and_is_new_after(centre: Centre) -> None:
    at = await subject(centre)
    again = [Found(at, sign(centre, 60.0, over=True)), Found(at, sign(centre, 90.0))]
    await keep(centre, Found(at, sign(centre)), *again)
    (row,) = await kept(centre, at.incident_id)
    assert (row.times, row.ended_at) == (2, None)
    async with centre.database.write() as session:
        await acknowledge(centre.act(session), row.id, [FIRST], version=row.version)
    await keep(centre, Found(at, sign(centre, 120.0, over=True)), Found(at, sign(centre, 200.0)))
    newest, first = await kept(centre, at.incident_id)
    assert (first.id, first.times, newest.times) == (row.id, 2, 1)
    assert newest.ended_at is None
    assert [one[1] for one in await journal(centre) if one[0] == "detection.raised"] == ["false", "true", "false"]


async def test_late_findings_stand_by_themselves(centre: Centre) -> None:
    at = await subject(centre)
    late = Found(at, sign(centre, -300.0), late=True)
    await keep(centre, Found(at, sign(centre)), late, late)
    await keep(centre, Found(at, sign(centre, -200.0, over=True), late=False))
    rows = await kept(centre, at.incident_id)
    assert [one.late for one in rows] == [False, True]


async def test_what_is_looked_at_and_by_whom_counts(centre: Centre) -> None:
    at = await subject(centre)
    await keep(centre, Found(at, sign(centre)))
    (row,) = await kept(centre, at.incident_id)
    async with centre.database.write() as session:
        act = centre.act(session)
        with pytest.raises(Conflict) as changed:
            await acknowledge(act, row.id, [FIRST], version=row.version + 1)
        assert changed.value.code == "detection.changed"
        with pytest.raises(NotFound):
            await acknowledge(act, UUID(int=1), [FIRST], version=1)
        nobody = replace(act, context=replace(act.context, actor=replace(act.context.actor, kind="system")))
        with pytest.raises(Refused):
            await acknowledge(nobody, row.id, [FIRST], version=row.version)
