"""Calls in a real PostgreSQL: by hand, by the exchange in any order, passed on, called back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

import pytest
from factories.fleet import START
from factories.incidents import EXCHANGE, PHONE, a_call, act_of, an_incident, signal
from sqlalchemy import func, select

from dispatch.incidents import queries_calls as queries
from dispatch.incidents.queries_board import list_board_calls
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_personal import find_value, list_versions
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_callbacks import give_up_call_back, record_attempt
from dispatch.incidents.service_calls import (
    NewCall,
    Transfer,
    answer_call,
    decide_outcome,
    describe_call,
    end_call,
    open_call,
    transfer_call,
)
from dispatch.incidents.service_exchange import ExchangeReport, record_exchange_event
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.service_links import link_call
from dispatch.incidents.service_personal import erase_call
from dispatch.incidents.states import IllegalTransition, Source
from dispatch.incidents.states_calls import Agency, Attempt, CallState, Outcome, Signal
from dispatch.incidents.states_incidents import LinkKind, Priority
from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.incidents.tables_calls import Call, CallSignal
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.kernel.journal_table import JournalLine
from geo.datum import Datum, from_wgs84
from geo.points import GeoPoint

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]

LIFE = [
    signal(Signal.RINGING, 0, phone=PHONE),
    signal(Signal.ANSWERED, 8),
    signal(Signal.DETAILS, 12, language="ug", recording=f"rec/{PHONE}.wav"),
    signal(Signal.ENDED, 100),
]


def later() -> ManualClock:
    return ManualClock(START + timedelta(hours=1))


async def test_without_telephony_ringing_and_answer_are_one_unmeasured_moment(database: Database) -> None:
    async with database.write() as session:
        call = await a_call(act_of(session))
        assert (call.state, call.origin) == ("answered", "manual")
        assert (call.t0, call.answered_at, call.t0_source) == (START, START, "manual")
    async with database.write() as session:
        act = act_of(session, later())
        ended = await end_call(act, call.id)
        assert (ended.state, ended.ended_at) == ("ended", START + timedelta(hours=1))
        assert (await end_call(act, call.id)).version == ended.version
        types = (
            await session.scalars(
                select(JournalLine.type).where(JournalLine.subject != "aksu").order_by(JournalLine.seq)
            )
        ).all()
    assert types == ["call.recorded", "personal.recorded", "call.signalled"]


async def test_a_call_from_paper_keeps_its_true_time(database: Database) -> None:
    true = START - timedelta(hours=6)
    async with database.write() as session:
        call = await open_call(act_of(session), NewCall(PHONE, told=Told(true, Source.PAPER)))
        line = (await session.scalars(select(JournalLine).where(JournalLine.type == "call.recorded"))).one()
        value = await find_value(session, call.id, PersonalKind.PHONE)
    assert (call.t0, call.t0_source, call.created_at) == (true, "paper", START)
    assert (line.occurred_at, line.recorded_at, line.payload["late_source"]) == (true, START, "paper")
    assert value is not None
    assert (value.occurred_at, value.recorded_at, value.source) == (true, START, "paper")


@pytest.mark.parametrize("seed", range(6))
async def test_events_twice_and_shuffled_make_the_same_call(database: Database, seed: int) -> None:
    events = LIFE * 2
    Random(seed).shuffle(events)
    for event in events:
        async with database.write() as session:
            call = await record_exchange_event(act_of(session, later(), EXCHANGE), event)
    assert (call.state, call.oddities, call.language) == ("ended", 0, "ug")
    assert (call.t0, call.t0_source) == (START, "exchange")
    assert (call.answered_at, call.ended_at) == (START + timedelta(seconds=8), START + timedelta(seconds=100))
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Call)) == 1
        assert await session.scalar(select(func.count()).select_from(CallSignal)) == 4
        told = (await session.scalars(select(JournalLine).where(JournalLine.type == "call.signalled"))).all()
        assert len(told) == 4
        assert [row.value for row in await list_versions(session, call.id, PersonalKind.PHONE)] == [PHONE]
        # An end that came before its answer looked like a caller lost; nobody is left waiting for it.
        assert await queries.list_call_backs(session, "aksu") == []


async def test_sixteen_events_at_once_make_one_call(database: Database) -> None:
    async def send(event: ExchangeReport) -> None:
        async with database.write() as session:
            await record_exchange_event(act_of(session, later(), EXCHANGE), event)

    await asyncio.gather(*(send(event) for event in LIFE * 4))
    async with database.read() as session:
        call = (await session.scalars(select(Call))).one()
        assert (call.state, call.oddities) == ("ended", 0)
        assert await session.scalar(select(func.count()).select_from(CallSignal)) == 4


async def test_an_event_id_with_another_content_is_refused(database: Database) -> None:
    async with database.write() as session:
        await record_exchange_event(act_of(session), signal(Signal.RINGING, event="E-1"))
    async with database.write() as session:
        with pytest.raises(Conflict) as refused:
            await record_exchange_event(act_of(session), signal(Signal.ANSWERED, event="E-1"))
    assert refused.value.code == "call.event_reused"


async def test_a_late_ringing_moves_the_incidents_t0(database: Database) -> None:
    clock = later()
    async with database.write() as session:
        act = act_of(session, clock)
        call = await record_exchange_event(act, signal(Signal.ANSWERED, 9))
        incident = await open_incident(act, NewIncident(Priority.P1, call_id=call.id))
        assert (incident.t0, incident.t0_source) == (START + timedelta(seconds=9), "inferred")
    async with database.write() as session:
        await record_exchange_event(act_of(session, clock), signal(Signal.RINGING, 0))
        incident = await get_incident(session, "aksu", incident.id)
        assert (incident.t0, incident.t0_source) == (START, "exchange")
        line = (await session.scalars(select(JournalLine).where(JournalLine.type == "incident.t0_corrected"))).one()
        assert line.subject == str(incident.id)


async def test_an_exchange_whose_clock_runs_ahead(database: Database) -> None:
    async with database.write() as session:
        call = await record_exchange_event(act_of(session), signal(Signal.RINGING, 600))
        row = (await queries.list_signals(session, call.id))[0]
    assert (call.t0, call.t0_source) == (START, "inferred")
    assert (row.told_at, row.at) == (START + timedelta(seconds=600), START)


async def test_a_position_in_chinese_coordinates(database: Database) -> None:
    true = GeoPoint(40.5475, 81.2807)
    shifted = from_wgs84(true, Datum.GCJ02)
    place = PlaceGiven(shifted.lat, shifted.lon, Datum.GCJ02, accuracy_m=300.0)
    async with database.write() as session:
        ringing = ExchangeReport("E-1", "X-1", Signal.RINGING, START, position=place)
        call = await record_exchange_event(act_of(session), ringing)
    assert call.lat is not None
    assert call.lon is not None
    assert GeoPoint(call.lat, call.lon).distance_m(true) < 0.1
    assert (call.given_lat, call.datum, call.accuracy_m) == (shifted.lat, "gcj02", 300.0)


async def test_an_abandoned_call_with_a_number_is_called_back(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session, later(), EXCHANGE)
        await record_exchange_event(act, signal(Signal.RINGING, 0, phone=PHONE))
        call = await record_exchange_event(act, signal(Signal.ABANDONED, 20))
        (waiting,) = await queries.list_call_backs(session, "aksu")
        assert (call.state, waiting.call_id, waiting.reason) == ("abandoned", call.id, "abandoned")
        await record_exchange_event(act, signal(Signal.RINGING, 0, call="X-2"))
        await record_exchange_event(act, signal(Signal.ABANDONED, 5, call="X-2"))
        assert len(await queries.list_call_backs(session, "aksu")) == 1, "no number, nobody to call"


async def test_a_silent_call_is_tried_until_reached(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        act = act_of(session, clock)
        call = await decide_outcome(act, (await a_call(act)).id, Outcome.SILENT)
        (waiting,) = await queries.list_call_backs(session, "aksu", due_by=clock.now())
        clock.advance(timedelta(seconds=10))
        row = await record_attempt(act, waiting.id, Attempt.NO_ANSWER)
        assert (row.state, row.attempts, row.due_at) == ("waiting", 1, clock.now() + timedelta(minutes=1))
        assert await queries.list_call_backs(session, "aksu", due_by=clock.now()) == []
        clock.advance(timedelta(minutes=2))
        row = await record_attempt(act, waiting.id, Attempt.REACHED)
        assert (row.state, row.closed_at) == ("reached", clock.now())
        with pytest.raises(IllegalTransition):
            await record_attempt(act, waiting.id, Attempt.BUSY)
        met = [attempt.met for attempt in await queries.list_attempts(session, waiting.id)]
        assert met == ["no_answer", "reached"]
        # What it was about is decided anew.
        assert (await decide_outcome(act, call.id, Outcome.MISDIAL)).outcome == "misdial"


async def test_nobody_waits_for_a_call_that_found_its_incident(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        cut = await decide_outcome(act, (await a_call(act)).id, Outcome.CUT_OFF)
        assert len(await queries.list_call_backs(session, "aksu")) == 1
        await link_call(act, cut.id, (await an_incident(act)).id, LinkKind.LINKED)
        assert await queries.list_call_backs(session, "aksu") == []
        silent = await decide_outcome(act, (await a_call(act)).id, Outcome.SILENT)
        (waiting,) = await queries.list_call_backs(session, "aksu")
        assert (await give_up_call_back(act, waiting.id)).state == "given_up"
        assert silent.outcome == "silent"


async def test_passed_on_and_joined(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        call = await a_call(act)
        row = await transfer_call(act, call.id, Transfer(Outcome.PASSED, Agency.POLICE, their_reference="110-0042"))
        assert (call.outcome, row.their_reference, row.occurred_at) == ("passed", "110-0042", START)
        incident = await an_incident(act)
        first = (await list_board_calls(session, "aksu"))[-1].call
        await transfer_call(act, first.id, Transfer(Outcome.JOINED, Agency.OTHER_120, "喀什"))
        assert (first.outcome, first.incident_id) == ("new_incident", incident.id)
        assert [row.prefecture for row in await queries.list_transfers(session, first.id)] == ["喀什"]
        for wrong in (Transfer(Outcome.PASSED, Agency.OTHER_120), Transfer(Outcome.PASSED, Agency.FIRE, "喀什")):
            with pytest.raises(Invalid, match="prefecture"):
                await transfer_call(act, call.id, wrong)
        with pytest.raises(Invalid):
            await transfer_call(act, call.id, Transfer(Outcome.INQUIRY, Agency.FIRE))


async def test_a_ringing_call_is_taken_once(database: Database) -> None:
    async with database.write() as session:
        ringing = await record_exchange_event(act_of(session, actor=EXCHANGE), signal(Signal.RINGING))
    async with database.write() as session:
        act = act_of(session, later())
        call = await answer_call(act, ringing.id)
        assert (call.state, call.answered_source, call.answered_at) == ("answered", "manual", later().now())
        with pytest.raises(Conflict, match="answered"):
            await answer_call(act, ringing.id)
        call = await describe_call(act, call.id, language="ug", expected_version=call.version)
        with pytest.raises(Outdated) as refused:
            await describe_call(act, call.id, language="zh", expected_version=call.version - 1)
        assert refused.value.current is not None
        assert (refused.value.current["version"], refused.value.current["language"]) == (call.version, "ug")


async def test_the_calls_of_a_number_are_found_by_its_digest(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        first, second = await a_call(act), await a_call(act)
        await a_call(act, "13900000000")
        digest = act.digester.digest(PersonalKind.PHONE, PHONE)
        assert set(await queries.list_calls_of_number(session, "aksu", digest)) == {first.id, second.id}
        await erase_call(act, second.id, ErasureBasis.REQUEST)
        assert await queries.list_calls_of_number(session, "aksu", digest) == [first.id]
        assert await queries.list_calls_of_number(session, "other", digest) == []


async def test_refusals(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session, later())
        ringing = await record_exchange_event(act, signal(Signal.RINGING))
        for refused in (
            decide_outcome(act, ringing.id, Outcome.MISDIAL),
            transfer_call(act, ringing.id, Transfer(Outcome.PASSED, Agency.FIRE)),
            open_incident(act, NewIncident(Priority.P1, call_id=ringing.id)),
            end_call(act, ringing.id),
        ):
            with pytest.raises(Conflict):
                await refused
        with pytest.raises(Invalid, match="linking"):
            await decide_outcome(act, ringing.id, Outcome.LINKED)
        with pytest.raises(NotFound):
            await end_call(act, act.new_id())
        with pytest.raises(Invalid):
            await record_exchange_event(act, signal(Signal.RINGING, call="张 三"))
        with pytest.raises(Invalid):
            await open_call(act, NewCall("13812341234\ud800"))
    assert ringing.state == CallState.RINGING


async def test_a_corrected_number_keeps_the_first(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        call = await a_call(act)
        await describe_call(act, call.id, phone="13900001111", caller="示例人", language="zh")
        versions = await list_versions(session, call.id, PersonalKind.PHONE)
    assert [(row.version, row.value) for row in versions] == [(1, PHONE), (2, "13900001111")]
