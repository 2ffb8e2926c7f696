"""Orders on a real PostgreSQL: assign, undo, call off, divert, follow, queue."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from factories.dispatching import CIVIL, CORPS, Centre, make_centre
from factories.duty import S, journal_types
from sqlalchemy import select

from dispatch.dispatching.queries import list_of_incident, list_times, list_unexplained, list_waiting
from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.rules_sharing import ShareRule
from dispatch.dispatching.service_assignment import Order, assign, divert, explain_override
from dispatch.dispatching.service_calling_off import cancel, cancel_incident_and_units, stand_down, undo
from dispatch.dispatching.service_following import correct_unit_status
from dispatch.dispatching.service_times import correct_time, tell_time
from dispatch.dispatching.service_watch import escalate_unacknowledged
from dispatch.dispatching.states import EndReason, OverrideReason, Point
from dispatch.dispatching.states_recommendation import ShareLevel
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service_care import CareGiven, begin_care
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.states_incidents import CancelReason, IncidentState, Priority
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Refused
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.states_duty import Effect, OutReason, Source

pytestmark = pytest.mark.database


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database)


async def state_of(centre: Centre, incident_id: object) -> str:
    async with centre.database.read() as session:
        return (await get_incident(session, "aksu", incident_id)).state  # type: ignore[arg-type]  # an id


async def payloads(centre: Centre, kind: str) -> list[dict[str, object]]:
    async with centre.database.read() as session:
        lines = await session.scalars(select(JournalLine).where(JournalLine.type == kind).order_by(JournalLine.seq))
        return [line.payload for line in lines]


async def test_a_run_has_its_times_from_the_order_to_the_station(centre: Centre) -> None:
    incident = await centre.incident()
    made = await centre.send(incident, 0)
    assert await state_of(centre, incident) == IncidentState.DISPATCHED
    centre.manual.advance(timedelta(seconds=30))
    async with centre.database.write() as session:
        told = await tell_time(centre.act(session), made.id, Point.T4)
        assert (await tell_time(centre.act(session), made.id, Point.T4)).id == told.id
    for status in (S.EN_ROUTE, S.ON_SCENE, S.AT_PATIENT, S.TRANSPORTING, S.AT_HOSPITAL):
        centre.manual.advance(timedelta(minutes=5))
        await centre.say(0, status, run_id=made.id)
    assert await state_of(centre, incident) == IncidentState.ON_SCENE
    async with centre.database.write() as session:
        await tell_time(centre.act(session), made.id, Point.T10, source=Source.VOICE)
        await correct_time(centre.act(session), told.id, centre.clock.now() - timedelta(minutes=26))
    for status in (S.RETURNING_AVAILABLE, S.AT_STATION):
        centre.manual.advance(timedelta(minutes=5))
        await centre.say(0, status)
    async with centre.database.read() as session:
        ended = (await list_of_incident(session, incident))[0]
        times = await list_times(session, ended)
        types = await journal_types(session)
    assert ended.end_reason == EndReason.COMPLETED
    assert [one.point for one in times] == ["T4", "T3", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12"]
    assert [one.corrected for one in times] == [True, *[False] * 9]
    assert await state_of(centre, incident) == IncidentState.ON_SCENE, "its patients close it, not the unit"
    assert types.index("unit.status_changed") < types.index("assignment.made")
    assert types.count("assignment.ended") == 1


async def test_a_unit_is_never_had_twice_and_the_loser_is_told_who_has_it(centre: Centre) -> None:
    first, second = await centre.incident(), await centre.incident()
    made = await centre.send(first, 0)
    for incident in (first, second):
        with pytest.raises(UnitTaken) as caught:
            await centre.send(incident, 0)
        assert caught.value.current["id"] == str(made.id)
        assert caught.value.current["incident_number"] == "2026-000001"
        assert caught.value.current["actor"] == "person:p-dispatcher"
    await centre.send(first, 1)
    async with centre.database.read() as session:
        assert len(await list_of_incident(session, first, active_only=True)) == 2


async def test_one_key_makes_one_assignment(centre: Centre) -> None:
    incident = await centre.incident()
    made = []
    for _ in range(2):
        async with centre.database.write() as session:
            made.append((await assign(centre.act(session), incident, Order(centre.units[0]), key="k-1")).id)
    assert made[0] == made[1]


async def test_an_order_is_taken_back_within_seconds_and_t3_stays(centre: Centre) -> None:
    incident = await centre.incident()
    made = await centre.send(incident, 0)
    centre.manual.advance(timedelta(seconds=8))
    async with centre.database.write() as session:
        gone = await undo(centre.act(session), made.id)
    assert gone.end_reason == EndReason.UNDONE
    assert await state_of(centre, incident) == IncidentState.OPEN
    async with centre.database.read() as session:
        assert [one.point for one in await list_times(session, gone)] == ["T3", "T11", "T12", "TX"]
    again = await centre.send(incident, 0)
    centre.manual.advance(timedelta(seconds=9))
    with pytest.raises(Refused, match="too late"):
        async with centre.database.write() as session:
            await undo(centre.act(session), again.id)
    async with centre.database.write() as session:
        await cancel(centre.act(session), again.id)
    with pytest.raises(Conflict, match="over"):
        async with centre.database.write() as session:
            await cancel(centre.act(session), again.id)
    assert [line["alarm"] for line in await payloads(centre, "assignment.incident_returned")] == [False, False]


@pytest.mark.parametrize("how", ["stood_down", "broken_down", "turned_back", "diverted"])
async def test_who_loses_its_unit_waits_at_the_head_with_its_first_t0_and_an_alarm(centre: Centre, how: str) -> None:
    older = await centre.incident(Priority.P3)
    centre.manual.advance(timedelta(minutes=1))
    lost = await centre.incident(Priority.P3)
    urgent = await centre.incident(Priority.P1) if how == "diverted" else None
    made = await centre.send(lost, 0)
    await centre.say(0, S.EN_ROUTE, run_id=made.id)
    centre.manual.advance(timedelta(minutes=1))
    match how:
        case "stood_down":
            async with centre.database.write() as session:
                await stand_down(centre.act(session), made.id)
        case "broken_down":
            await centre.say(0, S.OUT_OF_SERVICE, reason=OutReason.FAULT)
        case "turned_back":
            await centre.say(0, S.RETURNING_AVAILABLE)
        case _:
            assert urgent is not None
            async with centre.database.write() as session:
                await divert(centre.act(session), urgent, Order(centre.units[0]), arrives_s=600.0)
    async with centre.database.read() as session:
        waiting = await list_waiting(session, "aksu")
        incident = await get_incident(session, "aksu", lost)
        ended = (await list_of_incident(session, lost))[0]
    assert [one.incident_id for one in waiting] == [lost, older]
    assert waiting[0].t0 == incident.t0
    assert ended.end_reason == {"turned_back": "stood_down"}.get(how, how)
    told = await payloads(centre, "assignment.incident_returned")
    assert [(line["alarm"], line["waits"], line["why"]) for line in told] == [(True, True, ended.end_reason)]
    offered = [line["incident_id"] for line in await payloads(centre, "queue.offered")]
    assert offered == ([str(lost)] if how in ("stood_down", "turned_back") else [])


async def test_what_binds_a_unit_is_not_diverted(centre: Centre) -> None:
    low, high = await centre.incident(Priority.P4), await centre.incident(Priority.P1)

    async def attempt(arrives_s: float | None) -> None:
        async with centre.database.write() as session:
            await divert(centre.act(session), high, Order(centre.units[0]), arrives_s=arrives_s)

    with pytest.raises(Conflict, match="no incident"):
        await attempt(None)
    made = await centre.send(low, 0)
    await centre.say(0, S.EN_ROUTE, run_id=made.id)
    for arrives_s in (180.0, 0.0, None):
        with pytest.raises(Refused) as caught:
            await attempt(arrives_s)
        assert caught.value.code == "assignment.bound"
    async with centre.database.write() as session:
        act = centre.act(session)
        async with act.together():
            patient = await add_patient(act, low)
            await begin_care(act, patient.id, CareGiven(centre.units[0]))
    with pytest.raises(Refused, match="patient is on board"):
        await attempt(3_000.0)
    with pytest.raises(Refused, match="patient on board"):
        async with centre.database.write() as session:
            await stand_down(centre.act(session), made.id)
    active = await centre.active(0)
    assert active is not None
    assert active.incident_id == low


async def test_a_report_of_a_run_that_was_left_is_kept_and_moves_nothing(centre: Centre) -> None:
    low, high = await centre.incident(Priority.P4), await centre.incident(Priority.P1)
    left = await centre.send(low, 0)
    await centre.say(0, S.EN_ROUTE, run_id=left.id)
    async with centre.database.write() as session:
        now_on = await divert(centre.act(session), high, Order(centre.units[0]), arrives_s=500.0)
    centre.manual.advance(timedelta(seconds=20))
    outcome = await centre.say(0, S.ON_SCENE, run_id=left.id)
    assert outcome.effect is Effect.OTHER_RUN
    assert await state_of(centre, high) == IncidentState.DISPATCHED
    async with centre.database.write() as session:
        await tell_time(centre.act(session), left.id, Point.T4)
    assert [line["kept"] for line in await payloads(centre, "assignment.time_told")] == [True]
    async with centre.database.read() as session:
        first = (await list_of_incident(session, low))[0]
        assert [one.point for one in await list_times(session, first)] == ["T3", "T5", "TX", "T4"]
    assert now_on.before_run == S.EN_ROUTE


async def test_a_crew_that_never_answers_is_told_once(centre: Centre) -> None:
    incident = await centre.incident(Priority.P1)
    await centre.send(incident, 0)
    moved = await centre.send(incident, 1)
    await centre.say(1, S.EN_ROUTE, run_id=moved.id)
    told = []
    for wait_s in (59, 1, 60):
        centre.manual.advance(timedelta(seconds=wait_s))
        async with centre.database.write() as session:
            told.append([one.unit_id for one in await escalate_unacknowledged(centre.act(session))])
    assert told == [[], [centre.units[0]], []]


async def test_a_unit_that_may_not_be_shared_needs_an_agreement(centre: Centre) -> None:
    incident = await centre.incident(Priority.P3)
    await centre.share(ShareRule("corps", "civil", ShareLevel.URGENT))
    with pytest.raises(Refused) as caught:
        async with centre.database.write() as session:
            await assign(centre.act(session), incident, Order(centre.units[1]), requester=CIVIL)
    assert caught.value.code == "assignment.not_shared"
    agreed = Order(centre.units[1], reason=OverrideReason.AGREED_WITH_OWNER, words="示例：电话同意")
    async with centre.database.write() as session:
        made = await assign(centre.act(session), incident, agreed, requester=CIVIL)
    assert made.organisation == CORPS.organisation
    assert made.override_note_id is not None


async def test_a_status_cannot_stand_for_an_order(centre: Centre) -> None:
    with pytest.raises(Refused, match="not by its status"):
        await centre.say(0, S.ASSIGNED, source=Source.DISPATCHER, run_id=uuid4())
    incident = await centre.incident()
    made = await centre.send(incident, 0)
    with pytest.raises(Conflict, match="nothing to explain"):
        async with centre.database.write() as session:
            await explain_override(centre.act(session), made.id, OverrideReason.ROAD)
    async with centre.database.read() as session:
        assert await list_unexplained(session, "aksu") == []


async def test_a_wrong_status_corrected_gives_the_incident_back(centre: Centre) -> None:
    incident = await centre.incident()
    made = await centre.send(incident, 0)
    outcome = await centre.say(0, S.EN_ROUTE, run_id=made.id)
    assert outcome.entry_id is not None
    async with centre.database.write() as session:
        await correct_unit_status(centre.act(session), outcome.entry_id, status=S.AT_STATION)
    assert await centre.active(0) is None
    assert await state_of(centre, incident) == IncidentState.OPEN


async def test_a_cancelled_incident_frees_its_units_without_an_alarm(centre: Centre) -> None:
    incident = await centre.incident()
    await centre.send(incident, 0)
    sent = await centre.send(incident, 1)
    await centre.say(1, S.EN_ROUTE, run_id=sent.id)
    async with centre.database.write() as session:
        await cancel_incident_and_units(centre.act(session), incident, CancelReason.CALLER_CANCELLED)
    async with centre.database.read() as session:
        ended = await list_of_incident(session, incident)
    assert [one.end_reason for one in ended] == [EndReason.CANCELLED] * 2
    assert await state_of(centre, incident) == IncidentState.CANCELLED
    assert await payloads(centre, "assignment.incident_returned") == []
    statuses = [line["status"] for line in await payloads(centre, "unit.status_changed")]
    assert statuses[-2:] == [S.AT_STATION, S.RETURNING_AVAILABLE]


async def test_who_drives_a_patient_is_not_called_off_and_who_is_unknown_stays_so(centre: Centre) -> None:
    incident = await centre.incident()
    driving, lost = await centre.send(incident, 0), await centre.send(incident, 1)
    await centre.say(0, S.TRANSPORTING, run_id=driving.id)
    await centre.say(1, S.UNKNOWN, source=Source.DISPATCHER)
    with pytest.raises(Refused, match="patient on board"):
        async with centre.database.write() as session:
            await cancel(centre.act(session), driving.id)
    async with centre.database.write() as session:
        await cancel(centre.act(session), lost.id)
    assert await centre.active(1) is None
    statuses = [line["status"] for line in await payloads(centre, "unit.status_changed")]
    assert statuses[-1] == S.UNKNOWN
