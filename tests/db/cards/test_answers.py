"""Answers with an incident: kept in versions; priority and letters follow by the card's rules."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.cards import CARDS
from factories.fleet import START
from factories.incidents import ALAR, DISPATCHER, DOCTOR, REGION, act_of
from sqlalchemy import select

from dispatch.cards.queries import as_answers, list_answers, list_assessments
from dispatch.cards.rules_assess import Assessment
from dispatch.cards.service_answers import Given, record_answers
from dispatch.incidents.queries_incidents import get_incident, list_priority_steps
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.rules_priority import OnDuty
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_incidents import NewIncident, change_priority, open_incident
from dispatch.incidents.service_progress import cancel_incident
from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import CancelReason, Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.actor import Actor
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]
P1, P2, P3, P4 = Priority
CALM = {"a": "yes", "b": "yes", "c": "no", "e": "older", "f": "no", "h_breath": "none", "i": 30, "j": ["none"]}


async def opened(database: Database, priority: Priority = P3, letters: str = "") -> UUID:
    async with database.write() as session:
        new = NewIncident(priority, "K36", letters, ALAR)
        return (await open_incident(act_of(session), new)).id


async def answered(
    database: Database, incident_id: UUID, card: str = "K03", *, by: Actor = DISPATCHER, **answers: object
) -> tuple[Incident, Assessment]:
    async with database.write() as session:
        return await record_answers(act_of(session, actor=by), CARDS, incident_id, Given(card, answers))


async def changed(database: Database, incident_id: UUID, priority: Priority, by: Actor = DISPATCHER) -> None:
    async with database.write() as session:
        await change_priority(
            act_of(session, actor=by), incident_id, priority, reason="示例", on_duty=OnDuty(supervisor=True)
        )


async def test_the_incident_follows_its_answers_and_the_journal_tells_no_answer(database: Database) -> None:
    incident_id = await opened(database)
    incident, found = await answered(database, incident_id, **CALM | {"c": "yes"})
    assert (incident.complaint, incident.priority, incident.capabilities) == ("K03", "P1", "A")
    assert found.rule.id == "K03.p1.sweat"
    async with database.read() as session:
        lines = (await session.scalars(select(JournalLine).order_by(JournalLine.seq))).all()
        steps = await list_priority_steps(session, incident_id)
    told = {line.type: line.payload for line in lines}
    assert [(step.priority, step.move) for step in steps] == [("P3", "initial"), ("P1", "by_card")]
    assert told["incident.answered"] == {
        "incident_id": str(incident_id),
        "card": "K03",
        "cards_version": CARDS.version,
        "cards_digest": CARDS.digest,
        "changed": sorted(CALM),
        "corrected": 0,
        "priority": "P1",
        "provisional": False,
        "rule": "K03.p1.sweat",
    }
    assert told["incident.priority_changed"]["move"] == "by_card"
    assert told["incident.described"]["complaint"] == "K03"


async def test_a_corrected_answer_lowers_without_a_doctor_and_both_stay(database: Database) -> None:
    incident_id = await opened(database)
    await answered(database, incident_id, **CALM | {"c": "yes"})
    incident, found = await answered(database, incident_id, c="no")
    assert (incident.priority, found.rule.id) == ("P3", "K03.else")
    async with database.read() as session:
        rows = await list_answers(session, incident_id)
        said = await list_assessments(session, incident_id)
    assert [(row.version, row.value, row.actor) for row in rows if row.question == "c"] == [
        (1, "yes", str(DISPATCHER)),
        (2, "no", str(DISPATCHER)),
    ]
    assert [(row.ordinal, row.priority, row.rule) for row in said] == [(1, "P1", "K03.p1.sweat"), (2, "P3", "K03.else")]
    assert as_answers(rows)["j"] == ("none",)


async def test_the_same_answers_again_leave_nothing_behind(database: Database) -> None:
    incident_id = await opened(database)
    first, _ = await answered(database, incident_id, **CALM)
    again, _ = await answered(database, incident_id, **CALM)
    assert again.version == first.version
    async with database.read() as session:
        assert len(await list_answers(session, incident_id)) == len(CALM)
        assert len(await list_assessments(session, incident_id)) == 1


async def test_an_answer_is_taken_back_as_if_not_asked(database: Database) -> None:
    incident_id = await opened(database)
    await answered(database, incident_id, **CALM | {"c": "unknown"})
    incident, found = await answered(database, incident_id, c=None)
    assert (incident.priority, found.open, found.provisional) == ("P3", ("c",), False)
    async with database.read() as session:
        assert "c" not in as_answers(await list_answers(session, incident_id))
    incident, _ = await answered(database, incident_id, c="yes")
    assert incident.priority == "P1"


async def test_what_a_person_raised_stays_raised(database: Database) -> None:
    incident_id = await opened(database)
    await answered(database, incident_id, **CALM)
    await changed(database, incident_id, P2)
    incident, _ = await answered(database, incident_id, e="under_1_h")
    assert incident.priority == "P2"
    incident, _ = await answered(database, incident_id, f="yes")
    assert incident.priority == "P1"
    incident, _ = await answered(database, incident_id, f="no")
    assert incident.priority == "P2", "back to what the person said, not below"


async def test_an_incident_opened_as_more_urgent_than_its_answers_stays_so(database: Database) -> None:
    incident_id = await opened(database, P1)
    incident, found = await answered(database, incident_id, **CALM)
    assert (incident.priority, found.priority) == ("P1", P3)


async def test_an_incident_opened_by_provisional_answers_comes_down_with_them(database: Database) -> None:
    """The screen opens with P1? after no answer at all, and the first record says the same."""
    incident_id = await opened(database, P1)
    incident, found = await answered(database, incident_id)
    assert (found.priority, found.provisional, incident.provisional) == (P1, True, True)
    incident, _ = await answered(database, incident_id, **CALM)
    assert (incident.priority, incident.provisional) == ("P3", False)


async def test_only_unknown_answers_leave_a_priority_in_doubt(database: Database) -> None:
    incident_id = await opened(database)
    incident, _ = await answered(database, incident_id, **CALM | {"c": "unknown"})
    assert (incident.priority, incident.provisional) == ("P1", True)
    incident, _ = await answered(database, incident_id, c="yes")
    assert (incident.priority, incident.provisional) == ("P1", False)
    incident, _ = await answered(database, incident_id, c="unknown")
    assert incident.provisional
    await changed(database, incident_id, P3, DOCTOR)
    async with database.read() as session:
        assert not (await get_incident(session, REGION, incident_id)).provisional, "a doctor has said what it is"


async def test_a_doctors_lowering_stands_until_there_is_a_new_danger(database: Database) -> None:
    incident_id = await opened(database)
    await answered(database, incident_id, **CALM | {"c": "yes"})
    await changed(database, incident_id, P3, DOCTOR)
    incident, _ = await answered(database, incident_id, i=58)
    assert incident.priority == "P2", "the age is new, and P2"
    await changed(database, incident_id, P4, DOCTOR)
    incident, _ = await answered(database, incident_id, e="under_1_h")
    assert incident.priority == "P4", "nothing new"
    incident, _ = await answered(database, incident_id, f="yes")
    assert incident.priority == "P1"


async def test_letters_follow_but_those_added_by_hand_stay(database: Database) -> None:
    incident_id = await opened(database, letters="R")
    incident, _ = await answered(database, incident_id, "K04", a="yes", b="yes", r="yes")
    assert incident.capabilities == "AGR"
    incident, _ = await answered(database, incident_id, "K04", r="no")
    assert incident.capabilities == "AR"


async def test_a_change_of_card_keeps_what_both_ask(database: Database) -> None:
    incident_id = await opened(database)
    await answered(database, incident_id, **CALM | {"c": "yes"})
    incident, found = await answered(database, incident_id, "K36")
    assert (incident.complaint, incident.priority, found.rule.id) == ("K36", "P1", "K36.p1.sweat")


async def test_an_answer_from_paper_keeps_its_true_time(database: Database) -> None:
    incident_id = await opened(database)
    clock = ManualClock(START + timedelta(hours=2))
    async with database.write() as session:
        told = Told(START + timedelta(minutes=3), Source.PAPER)
        await record_answers(act_of(session, clock), CARDS, incident_id, Given("K03", {"c": "yes"}), told=told)
    async with database.read() as session:
        (row,) = await list_answers(session, incident_id)
        steps = await list_priority_steps(session, incident_id)
    assert (row.occurred_at, row.entered_at, row.source) == (told.at, clock.now(), "paper")
    assert steps[-1].occurred_at == told.at


async def test_what_cannot_be_kept_is_refused_and_leaves_nothing(database: Database) -> None:
    incident_id = await opened(database)
    with pytest.raises(Invalid, match="no question 'zz'"):
        await answered(database, incident_id, zz="yes")
    with pytest.raises(Invalid):
        await answered(database, incident_id, c="yes", i=-1)
    with pytest.raises(NotFound):
        await answered(database, incident_id, "K99")
    async with database.write() as session:
        with pytest.raises(Outdated):
            await record_answers(act_of(session), CARDS, incident_id, Given("K03", {}), expected_version=7)
    async with database.write() as session:
        await cancel_incident(act_of(session), incident_id, CancelReason.NO_EMERGENCY)
    with pytest.raises(Conflict):
        await answered(database, incident_id, c="yes")
    async with database.read() as session:
        assert await list_answers(session, incident_id) == []
