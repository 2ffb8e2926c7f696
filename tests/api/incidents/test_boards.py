"""The rows of the boards of calls and incidents."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from factories.fleet import START, make_region
from factories.incidents import DISPATCHER, EXCHANGE, PHONE, REGION, act_of, an_incident, signal

from api.calls import board as calls
from api.incidents import board as incidents
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.service_calls import NewCall, decide_outcome, end_call, open_call
from dispatch.incidents.service_exchange import record_exchange_event
from dispatch.incidents.service_links import link_call
from dispatch.incidents.service_notes import add_note
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.service_personal import erase_incident
from dispatch.incidents.service_progress import cancel_incident
from dispatch.incidents.states_calls import Outcome, Signal
from dispatch.incidents.states_incidents import CancelReason, LinkKind
from dispatch.incidents.states_patients import ErasureBasis, PatientOutcome
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
async def region(database: Database) -> None:
    async with database.write() as session:
        await make_region(session, REGION)


async def board_of_calls(database: Database, ids: list[UUID] | None = None) -> list[calls.CallRow]:
    async with database.read() as session:
        return await calls.rows(session, REGION, START, ids)


async def board_of_incidents(database: Database, ids: list[UUID] | None = None) -> list[incidents.IncidentRow]:
    async with database.read() as session:
        return await incidents.rows(session, REGION, START, ids)


async def test_a_ringing_call_stands_on_the_board_with_its_number_masked(database: Database) -> None:
    async with database.write() as session:
        await record_exchange_event(act_of(session, actor=EXCHANGE), signal(Signal.RINGING, phone=PHONE))
    (row,) = await board_of_calls(database)
    assert (row.state, row.phone, row.open, row.answered_at) == ("ringing", "138****1234", True, None)
    assert (row.t0, row.t0_source, row.incident_id, row.incident_number) == (START, "exchange", None, None)


async def test_a_silent_call_stays_until_somebody_is_reached(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        act = act_of(session, clock)
        call = await open_call(act, NewCall(phone=PHONE))
        await decide_outcome(act, call.id, Outcome.SILENT)
        await end_call(act, call.id)
        quiet = await open_call(act, NewCall())
        await decide_outcome(act, quiet.id, Outcome.MISDIAL)
        await end_call(act, quiet.id)
    (row,) = await board_of_calls(database)
    assert (row.id, row.state, row.outcome, row.open) == (call.id, "ended", "silent", True)
    assert row.call_back is not None
    assert (row.call_back.due_at, row.call_back.attempts) == (START, 0)
    gone, stays = sorted(await board_of_calls(database, [quiet.id, call.id]), key=lambda one: one.open)
    assert (gone.id, gone.open, gone.phone) == (quiet.id, False, "")
    assert stays == row


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


async def test_an_incident_tells_what_its_calls_patients_and_notes_add_up_to(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        act = act_of(session, clock, DISPATCHER)
        incident = await an_incident(act)
        for minute, kind in ((2, LinkKind.ASKED_AGAIN), (5, LinkKind.ASKED_AGAIN), (6, LinkKind.LINKED)):
            clock.jump_to(at(minute))
            call = await open_call(act, NewCall())
            await link_call(act, call.id, incident.id, kind)
        await add_patient(act, incident.id)
        await add_patient(act, incident.id, outcome=OutcomeGiven(PatientOutcome.NOT_FOUND))
        clock.jump_to(at(7))
        await add_note(act, incident.id, "second floor")
    (row,) = await board_of_incidents(database)
    assert (row.number, row.state, row.priority, row.complaint, row.active) == (
        "2026-000001",
        "open",
        "P2",
        "K03",
        True,
    )
    assert (row.calls, row.asked_again, row.asked_again_at) == (4, 2, at(5))
    assert (row.patients, row.patients_open, row.last_note_at) == (2, 1, at(7))
    assert (row.words, row.lat, row.place_version) == ("示例路12号2单元301", 40.5475, 1)
    (first, *_) = await board_of_calls(database)
    assert (first.incident_id, first.incident_number, first.outcome) == (incident.id, row.number, "new_incident")


async def test_what_is_over_leaves_the_board_and_shows_its_place_to_the_street(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await an_incident(act)
        await cancel_incident(act, incident.id, CancelReason.NO_EMERGENCY)
    assert await board_of_incidents(database) == []
    (row,) = await board_of_incidents(database, [incident.id])
    assert (row.active, row.state, row.cancel_reason, row.words) == (False, "cancelled", "no_emergency", "示例路****")
    async with database.write() as session:
        await erase_incident(act_of(session), incident.id, ErasureBasis.REQUEST)
    (row,) = await board_of_incidents(database, [incident.id])
    assert (row.words, row.lat) == ("", 40.55)


async def test_boards_show_their_own_region_only(database: Database) -> None:
    async with database.write() as session:
        incident = await an_incident(act_of(session))
    async with database.read() as session:
        assert await incidents.rows(session, "other", START) == []
        assert await incidents.rows(session, "other", START, [incident.id]) == []
        assert await calls.rows(session, "other", START) == []
        assert await calls.rows(session, REGION, START, []) == []
