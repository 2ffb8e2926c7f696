"""Incidents in a real PostgreSQL: opened, linked, edited, on their way, closed or cancelled."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.fleet import START
from factories.incidents import (
    ALAR,
    DISPATCHER,
    DOCTOR,
    EXCHANGE,
    SUPERVISOR,
    SYSTEM,
    a_call,
    act_of,
    an_incident,
    on_scene,
    signal,
)
from sqlalchemy import select

from dispatch.incidents import queries_incidents as queries
from dispatch.incidents.rules_duplicates import Telling
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_priority import OnDuty, judged
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_calls import NewCall, open_call
from dispatch.incidents.service_exchange import record_exchange_event
from dispatch.incidents.service_incidents import Changes, NewIncident, change_priority, edit_incident, open_incident
from dispatch.incidents.service_links import link_call, unlink_call
from dispatch.incidents.service_notes import add_note, correct_note
from dispatch.incidents.service_patients import add_patient, set_patient_outcome
from dispatch.incidents.service_progress import (
    cancel_incident,
    close_incident,
    mark_dispatched,
    mark_on_scene,
    return_to_open,
)
from dispatch.incidents.states import IllegalTransition, Source
from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_incidents import CancelReason, LinkKind, Priority
from dispatch.incidents.states_patients import PatientOutcome, PersonalKind
from dispatch.kernel.actor import Actor
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound, Refused
from dispatch.kernel.journal_table import JournalLine
from geo.datum import Datum, from_wgs84
from geo.points import GeoPoint

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]


async def test_an_incident_of_a_call(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await an_incident(act)
        assert (incident.number, incident.state, incident.version) == ("2026-000001", "open", 1)
        assert (incident.t0, incident.t0_source, incident.taken_at) == (START, "manual", START)
        assert (incident.lat, incident.lon, incident.capabilities) == (ALAR.lat, ALAR.lon, "BA")
        assert (await an_incident(act)).number == "2026-000002"
        (link,) = await queries.list_links(session, incident.id)
        assert (link.kind, link.t0) == ("first", START)
        assert (await queries.get_incident_by_number(session, "aksu", "2026-000001")).id == incident.id
        with pytest.raises(NotFound):
            await queries.get_incident_by_number(session, "aksu", "2026-\x00")


async def test_t0_is_the_earliest_of_its_calls_and_others_are_left_alone(database: Database) -> None:
    clock = ManualClock(START + timedelta(hours=1))
    async with database.write() as session:
        act = act_of(session, clock, EXCHANGE)
        calls = []
        for index, after_s in enumerate((40, 10, 90)):
            await record_exchange_event(act, signal(Signal.RINGING, after_s, call=f"X-{index}"))
            calls.append(await record_exchange_event(act, signal(Signal.ANSWERED, after_s + 5, call=f"X-{index}")))
        incident = await open_incident(act, NewIncident(Priority.P3, call_id=calls[0].id))
        other = await an_incident(act)
        untouched = (other.version, other.t0, other.priority, other.state)
        assert incident.t0 == START + timedelta(seconds=40)
        for call in calls[1:]:
            await link_call(act, call.id, incident.id, LinkKind.ASKED_AGAIN)
        assert incident.t0 == START + timedelta(seconds=10)
        assert [call.outcome for call in calls] == ["new_incident", "asked_again", "asked_again"]
        with pytest.raises(Conflict, match="belongs"):
            await link_call(act, calls[1].id, other.id, LinkKind.LINKED)
        await unlink_call(act, calls[1].id)
        assert incident.t0 == START + timedelta(seconds=40)
        assert calls[1].outcome is None
        await link_call(act, calls[1].id, other.id, LinkKind.LINKED)
        assert other.t0 == START + timedelta(seconds=10)
        assert (incident.t0, incident.version) == (START + timedelta(seconds=40), 1)
        assert untouched[0] == other.version
        assert len(await queries.list_links(session, incident.id, undone=True)) == 3


async def test_found_by_a_crew_it_counts_from_there(database: Database) -> None:
    true = START - timedelta(minutes=20)
    async with database.write() as session:
        act = act_of(session)
        told = Told(true, Source.VOICE)
        incident = await open_incident(act, NewIncident(Priority.P2, told=told))
        assert (incident.t0, incident.t0_source, incident.entered_at) == (true, "voice", START)
        call = await open_call(act, NewCall(told=Told(START - timedelta(minutes=5))))
        await link_call(act, call.id, incident.id, LinkKind.LINKED)
        assert incident.t0 == true
        assert incident.taken_at is None


async def test_edits_on_an_old_version_are_told_what_is_there(database: Database) -> None:
    async with database.write() as session:
        incident = await an_incident(act_of(session))
    async with database.write() as session:
        await edit_incident(act_of(session), incident.id, Changes(complaint="K10"), expected_version=1)
    async with database.write() as session:
        with pytest.raises(Outdated) as refused:
            await edit_incident(act_of(session), incident.id, Changes(complaint="K05"), expected_version=1)
    assert refused.value.code == "incident.outdated"
    assert (refused.value.current["version"], refused.value.current["complaint"]) == (2, "K10")


async def test_places_are_kept_in_versions_with_the_original(database: Database) -> None:
    true = GeoPoint(40.55, 81.29)
    shifted = from_wgs84(true, Datum.GCJ02)
    async with database.write() as session:
        act = act_of(session)
        incident = await an_incident(act)
        better = PlaceGiven(shifted.lat, shifted.lon, Datum.GCJ02, words="高速出口", direction="往库车")
        await edit_incident(act, incident.id, Changes(place=better), expected_version=1)
        assert incident.lat is not None
        assert abs(incident.lat - true.lat) < 1e-6
        assert (incident.direction, incident.place_version, incident.version) == ("往库车", 2, 2)
        await edit_incident(act, incident.id, Changes(place=PlaceGiven(words="桥下")), expected_version=2)
        assert abs(incident.lat - true.lat) < 1e-6, "words alone do not undo a point"
        places = await queries.list_places(session, incident.id)
        assert [place.datum for place in places] == ["wgs84", "gcj02", "wgs84"]
        assert places[1].given_lat == shifted.lat
        lines = (await session.scalars(select(JournalLine).where(JournalLine.type == "incident.placed"))).all()
        assert "lat" not in str([line.payload for line in lines])


@pytest.mark.parametrize(
    ("actor", "allowed"), [(DISPATCHER, False), (EXCHANGE, False), (SYSTEM, False), (DOCTOR, True), (SUPERVISOR, True)]
)
async def test_priority_is_raised_by_anybody_and_lowered_by_few(
    database: Database, actor: Actor, *, allowed: bool
) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        incident = await an_incident(act_of(session, clock))
        clock.advance(timedelta(minutes=3))
        act = act_of(session, clock, actor)
        await change_priority(act, incident.id, Priority.P1, on_duty=OnDuty(supervisor=True))
        assert (incident.priority, incident.initial_priority) == ("P1", "P2")
        clock.advance(timedelta(minutes=10))
        if allowed:
            with pytest.raises(Invalid):
                await change_priority(act, incident.id, Priority.P3, on_duty=OnDuty(supervisor=True))
            await change_priority(act, incident.id, Priority.P3, reason="张三已清醒", on_duty=OnDuty(supervisor=True))
            assert incident.priority == "P3"
        else:
            with pytest.raises(Refused):
                await change_priority(
                    act, incident.id, Priority.P3, reason="张三已清醒", on_duty=OnDuty(supervisor=True)
                )
            assert incident.priority == "P1"
        steps = await queries.list_priority_steps(session, incident.id)
        assert [step.priority for step in steps] == ["P2", "P1", *(["P3"] if allowed else [])]
        assert {step.actor for step in steps[1:]} == {str(actor)}
        arrived_at = START + timedelta(minutes=9)
        found = judged(queries.as_history(steps), arrived_at)
        assert (found.priority, found.since) == (Priority.P1, START + timedelta(minutes=3))
        lines = (await session.scalars(select(JournalLine.payload))).all()
        assert "张三" not in str(lines)


async def test_from_open_to_closed_and_back_with_the_first_t0(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        act = act_of(session, clock)
        incident = await an_incident(act)
        clock.advance(timedelta(minutes=1))
        await mark_dispatched(act, incident.id)
        await mark_dispatched(act, incident.id)
        clock.advance(timedelta(minutes=1))
        await return_to_open(act, incident.id)
        assert (incident.state, incident.t0, incident.returned_at) == ("open", START, clock.now())
        with pytest.raises(IllegalTransition):
            await mark_on_scene(act, incident.id)
        await mark_dispatched(act, incident.id)
        await mark_on_scene(act, incident.id, Told(clock.now() - timedelta(seconds=30), Source.VOICE))
        assert incident.dispatched_at == START + timedelta(minutes=1)
        assert incident.on_scene_at == clock.now() - timedelta(seconds=30)
        with pytest.raises(IllegalTransition):
            await cancel_incident(act, incident.id, CancelReason.NO_EMERGENCY)


async def test_it_closes_when_every_patient_has_an_outcome(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await on_scene(act)
        with pytest.raises(Conflict) as refused:
            await close_incident(act, incident.id)
        assert refused.value.code == "incident.no_patients"
        first = await add_patient(act, incident.id)
        second = await add_patient(act, incident.id, outcome=OutcomeGiven(PatientOutcome.NOT_FOUND))
        with pytest.raises(Conflict) as refused:
            await close_incident(act, incident.id)
        assert (refused.value.code, second.ordinal) == ("incident.open_patients", 2)
        await set_patient_outcome(act, first.id, OutcomeGiven(PatientOutcome.TREATED_LEFT))
        await close_incident(act, incident.id, expected_version=1)
        assert (incident.state, incident.closed_at) == ("closed", START)
        for refused_now in (
            edit_incident(act, incident.id, Changes(complaint="K01"), expected_version=2),
            change_priority(act, incident.id, Priority.P1, on_duty=OnDuty(supervisor=True)),
            add_patient(act, incident.id),
            mark_dispatched(act, incident.id),
        ):
            with pytest.raises(Conflict):
                await refused_now
        # A patient forgotten on paper still comes in, with what came of him.
        late = await add_patient(act, incident.id, outcome=OutcomeGiven(PatientOutcome.TREATED_LEFT))
        assert late.state == "settled"


async def test_the_calls_of_a_duplicate_go_over(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        act = act_of(session, clock)
        first = await an_incident(act)
        clock.advance(timedelta(minutes=2))
        second = await an_incident(act)
        again = await a_call(act)
        await link_call(act, again.id, first.id, LinkKind.ASKED_AGAIN)
        with pytest.raises(Invalid):
            await cancel_incident(act, first.id, CancelReason.DUPLICATE)
        await cancel_incident(act, first.id, CancelReason.DUPLICATE, duplicate_of=second.id)
        assert (first.state, first.t0, first.duplicate_of) == ("cancelled", START, second.id)
        assert second.t0 == START, "the earliest call counts"
        kinds = sorted(link.kind for link in await queries.list_links(session, second.id))
        assert kinds == ["asked_again", "first", "linked"]
        assert await queries.list_links(session, first.id) == []
        with pytest.raises(Conflict):
            await link_call(act, (await a_call(act)).id, first.id, LinkKind.LINKED)


async def test_notes_in_versions(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await an_incident(act)
        note = await add_note(act, incident.id, "患者张三,心脏病史", Told(START - timedelta(hours=1), Source.PAPER))
        await correct_note(act, note.id, "患者李四,心脏病史", expected_version=1)
        with pytest.raises(Outdated):
            await correct_note(act, note.id, "另一个", expected_version=1)
        ((found, value),) = await queries.list_notes(session, incident.id)
        assert (found.version, value.value) == (2, "患者李四,心脏病史")
        for bad in ("x" * 100_000, "a\ud800", "a\x00", ""):
            with pytest.raises(Invalid):
                await add_note(act, incident.id, bad)
        lines = (await session.scalars(select(JournalLine.payload))).all()
        assert "张三" not in str(lines)


async def test_hints_of_open_incidents(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await an_incident(act)
        here = GeoPoint(40.5476, 81.2807)
        (hint,) = await queries.list_hints(session, "aksu", Telling(START, here, complaint="K03"))
        assert hint.incident_id == incident.id
        digest = act.digester.digest(PersonalKind.PHONE, "13812341234")
        (hint,) = await queries.list_hints(session, "aksu", Telling(START, number_digest=digest))
        assert "same_number" in hint.reasons
        assert await queries.list_hints(session, "aksu", Telling(START)) == ()
        assert await queries.list_hints(session, "aksu", Telling(START, GeoPoint(41.2, 80.2))) == ()
        await cancel_incident(act, incident.id, CancelReason.ADVICE_ONLY)
        assert await queries.list_hints(session, "aksu", Telling(START, here, number_digest=digest)) == ()
        with pytest.raises(NotFound):
            await queries.get_incident(session, "aksu", UUID(int=1))
