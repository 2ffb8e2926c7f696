"""What is erased by law is nowhere any more; rows, digests and the journal stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.fleet import START
from factories.incidents import DIGESTER, PHONE, SUPERVISOR, act_of, signal
from sqlalchemy import Text, UpdateBase, cast, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_incidents import get_incident, list_notes, list_places
from dispatch.incidents.queries_patients import list_named
from dispatch.incidents.queries_personal import list_versions
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_priority import OnDuty
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.service_calls import NewCall, describe_call, open_call
from dispatch.incidents.service_exchange import record_exchange_event
from dispatch.incidents.service_incidents import Changes, NewIncident, change_priority, edit_incident, open_incident
from dispatch.incidents.service_links import link_call
from dispatch.incidents.service_notes import add_note, correct_note
from dispatch.incidents.service_patients import add_patient, describe_patient, set_patient_outcome
from dispatch.incidents.service_personal import erase_call, erase_incident, erase_patient, erase_phone, erase_values
from dispatch.incidents.service_progress import mark_dispatched, mark_on_scene
from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_incidents import LinkKind, Priority
from dispatch.incidents.states_patients import ErasureBasis, PatientOutcome, PersonalKind, Proof
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]

# Each appears in one place of the record only, and nowhere else in the world.
SECRETS = [
    PHONE,
    "13977770001",
    "呼叫人甲",
    "录音路径7788",
    "示例路12号2单元301",
    "改正后的住址99号",
    "备注里的王五",
    "备注里的赵六",
    "降级原因因为孙七",
    "患者周八",
    "患者吴九",
    "652901198001011234",
    "证人郑十",
    "更正原因冯十一",
    "81.2807123",
    "40.5475456",
]
BASIS = ErasureBasis.REQUEST


async def everywhere(session: AsyncSession) -> str:
    """Every row of every table of the database, as text."""
    names = (await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
    assert len(names) > 15
    found: list[str] = []
    for name in names:
        # The journal's payload, arrays and numbers come out as text like everything else.
        found += (await session.scalars(select(cast(text("t.*"), Text)).select_from(text(f'"{name}" AS t')))).all()
    return "\n".join(found)


async def full_record(session: AsyncSession) -> tuple[Incident, Patient]:
    clock = ManualClock(START + timedelta(hours=1))
    act = act_of(session, clock, SUPERVISOR)
    place = PlaceGiven(40.5475456, 81.2807123, words="示例路12号2单元301")
    ringing = signal(Signal.RINGING, phone=PHONE, recording="rec/录音路径7788.wav")
    await record_exchange_event(act, ringing)
    call = await record_exchange_event(act, signal(Signal.ANSWERED, 5))
    call.lat, call.lon, call.positioned_at = 40.5475456, 81.2807123, START
    call.given_lat, call.given_lon, call.datum = 40.5475456, 81.2807123, "wgs84"
    await describe_call(act, call.id, caller="呼叫人甲")
    new = NewIncident(Priority.P1, "K03", place=place, note="备注里的王五", call_id=call.id)
    incident = await open_incident(act, new, key="k-1")
    other = await open_call(act, NewCall("13977770001"), key="k-2")
    await link_call(act, other.id, incident.id, LinkKind.ASKED_AGAIN)
    await edit_incident(
        act, incident.id, Changes(place=PlaceGiven(words="改正后的住址99号")), expected_version=incident.version
    )
    await change_priority(act, incident.id, Priority.P3, reason="降级原因因为孙七", on_duty=OnDuty(supervisor=True))
    await correct_note(act, (await list_notes(session, incident.id))[0][0].id, "备注里的赵六", expected_version=1)
    await mark_dispatched(act, incident.id)
    await mark_on_scene(act, incident.id)
    patient = await add_patient(act, incident.id, names={PersonalKind.NAME: "患者周八"})
    await describe_patient(
        act, patient.id, names={PersonalKind.NAME: "患者吴九", PersonalKind.ID_NUMBER: "652901198001011234"}
    )
    refusal = OutcomeGiven(PatientOutcome.REFUSED, proof=Proof.WITNESS, witness="证人郑十")
    await set_patient_outcome(act, patient.id, refusal)
    await set_patient_outcome(act, patient.id, OutcomeGiven(PatientOutcome.TREATED_LEFT), reason="更正原因冯十一")
    return incident, patient


async def test_an_erased_incident_is_nowhere(database: Database) -> None:
    async with database.write() as session:
        incident, _ = await full_record(session)
    async with database.read() as session:
        before = await everywhere(session)
        assert [secret for secret in SECRETS if secret not in before] == [], "the search must be able to find them"
        lines = "\n".join(str(line) for line in await session.scalars(select(JournalLine.payload)))
        assert [secret for secret in SECRETS if secret in lines] == [], "the journal never held them"
        count = await session.scalar(select(func.count()).select_from(PersonalValue))
        digests = set(await session.scalars(select(PersonalValue.digest)))
    async with database.write() as session:
        assert await erase_incident(act_of(session, actor=SUPERVISOR), incident.id, BASIS) == count
    async with database.read() as session:
        after = await everywhere(session)
        assert [secret for secret in SECRETS if secret in after] == []
        rows = (await session.scalars(select(PersonalValue))).all()
        assert (len(rows), {row.digest for row in rows}) == (count, digests)
        assert {(row.value, row.erased_by, row.erasure_basis) for row in rows} == {
            (None, "person:p-supervisor", "request")
        }
        erased = select(func.count()).select_from(JournalLine).where(JournalLine.type == "personal.erased")
        assert await session.scalar(erased) == count
        found = await get_incident(session, "aksu", incident.id)
        assert (found.lat, found.lon, found.priority) == (40.55, 81.28, "P3")
        assert all(place.coarse and place.given_lat is None for place in await list_places(session, incident.id))
        # An unknown name again, and nothing that shows what it was.
        ((_, named),) = await list_named(session, found.id)
        assert named == (None, None)
        assert {masked(PersonalKind(row.kind), row.value) for row in rows} == {""}
        # Who holds the value can still show that it stood there.
        assert any(DIGESTER.matches("phone", PHONE, row.digest) for row in rows)


async def test_twice_erases_nothing_more(database: Database) -> None:
    async with database.write() as session:
        incident, patient = await full_record(session)
    async with database.write() as session:
        act = act_of(session)
        assert await erase_patient(act, patient.id, BASIS) == 5
        assert await erase_patient(act, patient.id, BASIS) == 0
        (one, other) = await list_versions(session, patient.id, PersonalKind.NAME)
        assert (one.value, other.value, one.digest != other.digest) == (None, None, True)
        # A new value after an erasure is a new version.
        await describe_patient(act, patient.id, names={PersonalKind.NAME: "示例丙"})
        assert [row.version for row in await list_versions(session, patient.id, PersonalKind.NAME)] == [1, 2, 3]
        assert len(await list_notes(session, incident.id)) == 1


async def test_one_number_or_one_value(database: Database) -> None:
    async with database.write() as session:
        incident, _ = await full_record(session)
        act = act_of(session)
        note = await add_note(act, incident.id, "另一条备注何十二")
        (value,) = await list_versions(session, note.id, PersonalKind.NOTE)
        assert await erase_values(act, [value.id], BASIS) == 1
        assert await erase_phone(act, "138-1234-1234", BASIS) == 2, "the number, and the recording named after it"
        found = await everywhere(session)
        assert [secret for secret in (PHONE, "录音路径7788", "何十二") if secret in found] == []
        assert "13977770001" in found


async def test_a_call_alone(database: Database) -> None:
    async with database.write() as session:
        act = act_of(session)
        call = await open_call(act, NewCall(PHONE, "呼叫人甲", recording="a.wav"))
        assert await erase_call(act, call.id, ErasureBasis.TERM_ENDED) == 3
        found = await everywhere(session)
        assert PHONE not in found
        assert "呼叫人甲" not in found


@pytest.mark.parametrize(
    "change",
    [
        update(PersonalValue).values(value="anders"),
        update(PersonalValue).values(digest="anders"),
        update(PersonalValue).values(
            value=None, erased_at=START, erased_by="x", erasure_basis="request", digest="anders"
        ),
        delete(PersonalValue),
    ],
)
async def test_the_database_keeps_what_was_written(database: Database, change: UpdateBase) -> None:
    async with database.write() as session:
        await full_record(session)
        with pytest.raises(DBAPIError, match="is erased or stays as it is"):
            async with session.begin_nested():
                await session.execute(change)


async def test_the_database_refuses_a_value_half_erased(database: Database) -> None:
    async with database.write() as session:
        await full_record(session)
        with pytest.raises(IntegrityError, match="ck_personal_values_erased"):
            async with session.begin_nested():
                await session.execute(update(PersonalValue).values(value=None))
