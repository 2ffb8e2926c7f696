"""Patients in a real PostgreSQL: named, carried, given an outcome, merged and told apart again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.fleet import START
from factories.incidents import act_of, an_incident, on_scene
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.incidents import queries_patients as queries
from dispatch.incidents.queries_personal import list_versions
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.rules_patients import OutcomeGiven, placeholder
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_care import CareGiven, begin_care, end_care, hand_over
from dispatch.incidents.service_patients import (
    add_patient,
    describe_patient,
    merge_patients,
    set_patient_outcome,
    unmerge_patient,
)
from dispatch.incidents.service_progress import cancel_incident, close_incident
from dispatch.incidents.states import IllegalTransition, Source
from dispatch.incidents.states_incidents import CancelReason
from dispatch.incidents.states_patients import Care, CareReason, PatientOutcome, PersonalKind, Proof, Sex
from dispatch.incidents.tables_patients import PatientCare
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]

FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
HOSPITAL = UUID(int=9)
LEFT = OutcomeGiven(PatientOutcome.TREATED_LEFT)


async def test_somebody_unknown_is_named_later_with_history(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await on_scene(act)
        patient = await add_patient(act, incident.id, sex=Sex.MALE, age_years=60)
        ((_, (name, _)),) = await queries.list_named(session, incident.id)
        assert name is None
        assert placeholder(incident.number, patient.ordinal) == "无名氏2026-000001-1"
        await describe_patient(act, patient.id, names={PersonalKind.NAME: "示例甲"}, expected_version=1)
        await describe_patient(act, patient.id, names={PersonalKind.NAME: "示例乙"}, age_years=61)
        with pytest.raises(Outdated) as refused:
            await describe_patient(act, patient.id, age_years=62, expected_version=1)
        assert refused.value.current["age_years"] == 61
        ((_, (name, _)),) = await queries.list_named(session, incident.id)
        versions = await list_versions(session, patient.id, PersonalKind.NAME)
        assert (name, [row.value for row in versions]) == ("示例乙", ["示例甲", "示例乙"])
        for wrong in ({PersonalKind.REASON: "x"}, {PersonalKind.NAME: "a\ud800"}):
            with pytest.raises(Invalid):
                await describe_patient(act, patient.id, names=wrong)
        with pytest.raises(Invalid):
            await describe_patient(act, patient.id, age_years=131)
        lines = (await session.scalars(select(JournalLine.payload))).all()
        assert "示例" not in str(lines)


async def test_relay_rendezvous_and_breakdown(database: Database) -> None:
    clock = ManualClock(START)
    async with database.write() as session:
        act = act_of(session, clock)
        patient = await add_patient(act, (await on_scene(act)).id)
        await begin_care(act, patient.id, CareGiven(FIRST))
        clock.advance(timedelta(minutes=5))
        with pytest.raises(Conflict, match="carries"):
            await begin_care(act, patient.id, CareGiven(SECOND))
        await begin_care(act, patient.id, CareGiven(SECOND, Care.ATTENDS, CareReason.RENDEZVOUS))
        clock.advance(timedelta(minutes=5))
        broke_at = clock.now() - timedelta(minutes=1)
        await hand_over(
            act, patient.id, CareGiven(THIRD, reason=CareReason.BREAKDOWN, told=Told(broke_at, Source.VOICE))
        )
        await end_care(act, patient.id, SECOND, care=Care.ATTENDS)
        with pytest.raises(Conflict):
            await end_care(act, patient.id, SECOND, care=Care.ATTENDS)
        with pytest.raises(Invalid):
            await end_care(act, patient.id, THIRD, told=Told(broke_at))
        rows = await queries.list_care(session, patient.id)
        found = [(row.unit_id, row.care, row.reason, row.begins_at, row.ends_at) for row in rows]
        assert found == [
            (FIRST, "carries", "first", START, broke_at),
            (SECOND, "attends", "rendezvous", START + timedelta(minutes=5), clock.now()),
            (THIRD, "carries", "breakdown", broke_at, None),
        ]
        assert [one.id for one in await queries.carried_by(session, THIRD)] == [patient.id]
        assert await queries.carried_by(session, FIRST) == []


async def test_the_database_itself_refuses_two_carriers(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        patient = await add_patient(act, (await on_scene(act)).id)
        await begin_care(act, patient.id, CareGiven(FIRST, told=Told(START - timedelta(minutes=9))))
        await end_care(act, patient.id, FIRST)
    async with database.write() as session:
        with pytest.raises(IntegrityError, match="ex_patient_care_carries"):
            async with session.begin_nested():
                session.add(
                    PatientCare(
                        id=UUID(int=77),
                        patient_id=patient.id,
                        unit_id=SECOND,
                        care="carries",
                        reason="first",
                        begins_at=START - timedelta(minutes=1),
                        ends_at=None,
                        entered_at=START,
                        source="manual",
                        actor="person:p",
                    )
                )


async def test_a_corrected_outcome_needs_a_reason_and_keeps_the_first(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await on_scene(act)
        patient = await add_patient(act, incident.id)
        await set_patient_outcome(act, patient.id, LEFT)
        right = OutcomeGiven(PatientOutcome.TRANSPORTED, destination_id=HOSPITAL)
        with pytest.raises(Invalid) as refused:
            await set_patient_outcome(act, patient.id, right)
        assert refused.value.code == "outcome.reason"
        await close_incident(act, incident.id)
        await set_patient_outcome(act, patient.id, right, reason="回车后补记", told=Told(START, Source.PAPER))
        assert (patient.outcome, patient.destination_id) == ("transported", HOSPITAL)
        assert [row.outcome for row in await queries.list_outcomes(session, patient.id)] == [
            "treated_left",
            "transported",
        ]


async def test_each_outcome_is_kept_with_what_it_needs(database: Database) -> None:
    outcomes = [
        OutcomeGiven(PatientOutcome.TRANSPORTED, destination_words="示例县医院"),
        OutcomeGiven(PatientOutcome.REFUSED, proof=Proof.SIGNATURE),
        OutcomeGiven(PatientOutcome.REFUSED, proof=Proof.WITNESS, witness="示例证人"),
        OutcomeGiven(PatientOutcome.DEAD_ON_SCENE),
        OutcomeGiven(PatientOutcome.RESUSCITATION_STOPPED),
        OutcomeGiven(PatientOutcome.NOT_FOUND),
        OutcomeGiven(PatientOutcome.HANDED_ON, handed_to="119"),
    ]
    async with database.write() as session:
        act = act_of(session)
        incident = await on_scene(act)
        for given in outcomes:
            patient = await add_patient(act, incident.id, outcome=given)
            (row,) = await queries.list_outcomes(session, patient.id)
            assert (row.outcome, row.proof, row.handed_to) == (given.outcome, given.proof, given.handed_to)
            assert (row.witness_id is not None) == bool(given.witness)
            assert (row.destination_words_id is not None) == bool(given.destination_words)
        await close_incident(act, incident.id)


async def test_a_merge_keeps_both_and_is_undone(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await on_scene(act)
        kept = await add_patient(act, incident.id, names={PersonalKind.NAME: "示例甲"}, outcome=LEFT)
        twin = await add_patient(act, incident.id)
        third = await add_patient(act, incident.id, outcome=LEFT)
        assert (await merge_patients(act, kept.id, twin.id)).id == kept.id
        assert (twin.state, twin.merged_into, kept.version) == ("merged", kept.id, 2)
        assert [row.id for row in await queries.list_merged_into(session, kept.id)] == [twin.id]
        for wrong in (merge_patients(act, twin.id, third.id), merge_patients(act, third.id, twin.id)):
            with pytest.raises(Conflict):
                await wrong
        with pytest.raises(Invalid):
            await merge_patients(act, kept.id, kept.id)
        with pytest.raises(NotFound):
            await merge_patients(act, kept.id, UUID(int=5))
        with pytest.raises(Conflict):
            await begin_care(act, twin.id, CareGiven(FIRST))
        await unmerge_patient(act, twin.id)
        assert (twin.state, twin.merged_into) == ("open", None)
        with pytest.raises(Conflict):
            await unmerge_patient(act, twin.id)
        await merge_patients(act, kept.id, twin.id)
        await close_incident(act, incident.id)
        with pytest.raises(Conflict) as refused:
            await unmerge_patient(act, twin.id)
        assert refused.value.code == "incident.over"


async def test_no_outcome_on_what_is_merged_or_cancelled(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        incident = await on_scene(act)
        kept, merged = await add_patient(act, incident.id), await add_patient(act, incident.id)
        await merge_patients(act, kept.id, merged.id)
        await set_patient_outcome(act, kept.id, LEFT)
        other = await an_incident(act)
        there = await add_patient(act, other.id)
        await cancel_incident(act, other.id, CancelReason.OWN_TRANSPORT)
        with pytest.raises(Conflict):
            await set_patient_outcome(act, there.id, LEFT)
        with pytest.raises(Conflict):
            await add_patient(act, other.id, outcome=LEFT)
        with pytest.raises(IllegalTransition):
            await merge_patients(act, kept.id, merged.id)
