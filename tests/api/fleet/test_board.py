from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from factories.dispatching import CORPS, Centre, make_centre
from factories.duty import S
from factories.incidents import REGION
from sqlalchemy import event

from api.dispatching import board as assignments
from api.fleet import board as fleet
from dispatch.dispatching.service_times import tell_time
from dispatch.dispatching.states import EndReason, Point
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.db import Database
from dispatch.units.rules_availability import Basis, Reason
from dispatch.units.states_duty import OutReason, Source

pytestmark = pytest.mark.database


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=4)


async def test_a_row_for_every_unit_available_or_not(centre: Centre) -> None:
    incident = await centre.incident(Priority.P1)
    sent = await centre.send(incident, 1)
    await centre.say(2, S.OUT_OF_SERVICE, reason=OutReason.FUEL)
    await centre.place(1, 41.2, 80.3)
    centre.manual.advance(timedelta(seconds=1_000))
    async with centre.database.read() as session:
        free, busy, out, _ = await fleet.rows(session, REGION, centre.clock.now())
    assert [free.id, busy.id, out.id] == list(centre.units[:3])
    assert (free.available, free.hindrances, free.status, free.version) == (True, [], S.AT_STATION, 1)
    assert (free.position.basis, free.position.fix_at, free.station.code) == (Basis.STATION, None, "ST-1")
    assert (len(free.crew), free.capabilities, free.assignment) == (2, "", None)
    assert busy.organisation == CORPS.organisation
    assert busy.assignment is not None
    assert (busy.assignment.assignment_id, busy.assignment.priority) == (sent.id, Priority.P1)
    assert busy.assignment.incident_number.endswith("000001")
    assert [(one.reason, one.words.en) for one in busy.hindrances] == [(Reason.ON_RUN, "on a run")]
    there = busy.position
    assert (there.lat, there.lon, there.age_s, there.stale, there.source) == (41.2, 80.3, 1_000, True, Source.VOICE)
    assert there.words is not None
    assert there.words.zh == "位置过时·电台核实"
    assert (out.hindrances[0].reason, out.hindrances[0].code, out.overdue) == (Reason.OUT_OF_SERVICE, "fuel", True)
    assert msgspec.json.decode(msgspec.json.encode([free, busy, out]), type=list[fleet.FleetRow]) == [free, busy, out]


async def test_some_rows_are_asked_by_their_ids_whatever_their_state(centre: Centre) -> None:
    incident = await centre.incident()
    gone, going = await centre.send(incident, 0), await centre.send(incident, 1)
    async with centre.database.write() as session:
        await tell_time(centre.act(session), gone.id, Point.T4)
    await centre.say(0, S.ON_SCENE, run_id=gone.id)
    await centre.say(0, S.AT_STATION)
    async with centre.database.read() as session:
        (active,) = await assignments.rows(session, REGION, centre.clock.now())
        (ended,) = await assignments.rows(session, REGION, centre.clock.now(), [gone.id, UUID(int=1)])
        (unit,) = await fleet.rows(session, REGION, centre.clock.now(), [centre.units[3]])
        assert await fleet.rows(session, "elsewhere", centre.clock.now()) == []
        assert await assignments.rows(session, REGION, centre.clock.now(), []) == []
    assert (active.id, active.status, active.acknowledged_at, active.call_sign) == (
        going.id,
        S.ASSIGNED,
        None,
        "示例-001",
    )
    assert active.undo_until == going.assigned_at + timedelta(seconds=8)
    assert (ended.id, ended.end_reason, ended.undo_until) == (gone.id, EndReason.COMPLETED, None)
    assert ended.acknowledged_at == centre.clock.now()
    assert unit.id == centre.units[3]
    centre.manual.advance(timedelta(seconds=9))
    async with centre.database.read() as session:
        (active,) = await assignments.rows(session, REGION, centre.clock.now())
    assert active.undo_until is None


async def test_a_board_takes_a_fixed_number_of_statements(centre: Centre) -> None:
    incident = await centre.incident()
    for number in range(4):
        await centre.send(incident, number)
    told: list[str] = []

    def note(*arguments: object) -> None:
        told.append(str(arguments[2]))

    async with centre.database.read() as session:
        event.listen(centre.database.engine.sync_engine, "before_cursor_execute", note)
        assert len(await fleet.rows(session, REGION, centre.clock.now())) == 4
        assert len(told) == 2
        assert len(await assignments.rows(session, REGION, centre.clock.now())) == 4
        assert len(told) == 3
