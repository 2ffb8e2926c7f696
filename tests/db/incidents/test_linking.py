"""Calls tied to incidents and untied again, at random: only the incidents concerned change, and T0 is the least."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from factories.fleet import START
from factories.incidents import PHONE, act_of
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_priority import OnDuty
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_calls import NewCall, open_call
from dispatch.incidents.service_incidents import NewIncident, change_priority, open_incident
from dispatch.incidents.service_links import link_call, unlink_call
from dispatch.incidents.states_incidents import LinkKind, Priority
from dispatch.incidents.tables_calls import Call, IncidentCall
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.events import LATE_SOURCE, read_event
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]


async def rows(session: AsyncSession) -> dict[UUID, tuple[object, ...]]:
    """Every incident with all its values, as the database has them."""
    await session.flush()
    found = await session.execute(select(*Incident.__table__.columns))
    return {row.id: tuple(row) for row in found}


@pytest.mark.parametrize("seed", range(4))
async def test_linking_changes_the_incidents_concerned_and_no_other(database: Database, seed: int) -> None:
    random = Random(seed)
    async with database.write() as session:
        act = act_of(session, ManualClock(START))
        calls: list[Call] = []
        for _ in range(6):
            at = START - timedelta(seconds=random.randrange(3_600))
            calls.append(await open_call(act, NewCall(PHONE, told=Told(at))))
        incidents = [(await open_incident(act, NewIncident(Priority.P3, call_id=call.id))).id for call in calls[:3]]
        t0: dict[UUID, datetime] = {incident: call.t0 for incident, call in zip(incidents, calls, strict=False)}
        held: dict[UUID, UUID] = {call.id: incident for call, incident in zip(calls, incidents, strict=False)}
        for _ in range(30):
            before = await rows(session)
            call = random.choice(calls)
            if call.id in held:
                touched = held.pop(call.id)
                await unlink_call(act, call.id)
            else:
                touched = held[call.id] = random.choice(incidents)
                await link_call(act, call.id, touched, random.choice([LinkKind.LINKED, LinkKind.ASKED_AGAIN]))
            times = [one.t0 for one in calls if held.get(one.id) == touched]
            t0[touched] = min(times, default=t0[touched])
            after = await rows(session)
            assert {key for key in after if after[key] != before[key]} <= {touched}
            found = await session.execute(select(Incident.id, Incident.t0))
            assert {row.id: row.t0 for row in found} == t0
        present = await session.execute(
            select(IncidentCall.call_id, IncidentCall.incident_id).where(IncidentCall.undone_at.is_(None))
        )
        assert {row.call_id: row.incident_id for row in present} == held


async def test_every_line_of_the_journal_reads_back_as_its_event(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        told = Told(START - timedelta(minutes=9))
        call = await open_call(act, NewCall(PHONE, "示例人", told=told))
        new = NewIncident(Priority.P3, "K10", "AR", PlaceGiven(40.5, 81.2, words="桥下"), "备注", call.id, told)
        incident = await open_incident(act, new)
        await change_priority(act, incident.id, Priority.P1, told=told, on_duty=OnDuty(supervisor=True))
        ours = JournalLine.subject != "aksu"  # the region was made before
        lines = (await session.scalars(select(JournalLine).where(ours).order_by(JournalLine.seq))).all()
    assert len({line.type for line in lines}) >= 8
    for line in lines:
        event = read_event(line.type, line.payload)
        assert event.subject == line.subject
        assert event.payload() == {key: value for key, value in line.payload.items() if key != LATE_SOURCE}
        assert (line.actor, line.organisation) == ("person:p-dispatcher", "示例调度")
    late = [line for line in lines if LATE_SOURCE in line.payload]
    assert {line.occurred_at for line in late} == {told.at}
