"""Saying something once, and having read it. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.rules_texts import personal_text
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import erase_matching, keep_value
from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, NotFound
from dispatch.messages.events import MessageSent, MessagesRead
from dispatch.messages.queries import find_message, list_unread, words_of
from dispatch.messages.rules import check_said
from dispatch.messages.tables import Message, MessageRead
from dispatch.telemetry.detection.states import Side


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said, under an id of the writer's own. at: true time. Either a phrase or words."""

    id: UUID
    side: Side
    organisation: str
    at: datetime
    patient_id: UUID | None = None
    unit_id: UUID | None = None
    phrase: str | None = None
    words: str | None = None


async def say(act: Act, incident_id: UUID, said: Saying) -> Message:
    """Keep a message; the same again gives what is kept. The unit's existence is the caller's to see to.

    Raises:
        NotFound: `incident.not_found`, `patient.not_found` (of another incident too). Invalid: `message.*`, `text.*`,
        `time.*`. Conflict: `message.other`, the id stands for another message.
    """
    check_said(said.side, said.phrase, said.words)
    async with act.together():
        await get_incident(act.session, act.region, incident_id, lock=True)
        if said.patient_id is not None:
            patient = await get_patient(act.session, act.region, said.patient_id)
            if patient.incident_id != incident_id:
                raise NotFound("patient.not_found", "There is no such patient in this incident.")
        kept = await find_message(act.session, said.id)
        if kept is not None:
            return await _same(act, kept, incident_id, said)
        when = act.moment(Told(min(said.at, act.clock.now())))
        row = Message(
            id=said.id,
            incident_id=incident_id,
            patient_id=said.patient_id,
            unit_id=said.unit_id,
            side=said.side,
            organisation=said.organisation,
            actor=act.actor,
            at=when.occurred_at,
            entered_at=when.entered_at,
            phrase=said.phrase,
        )
        act.session.add(row)
        await act.session.flush()
        if said.words is not None:
            await keep_value(act, Owner.MESSAGE, row.id, PersonalKind.MESSAGE, said.words, when)
        act.tell(
            MessageSent(
                message_id=row.id, incident_id=incident_id, patient_id=row.patient_id, side=said.side, at=row.at,
                phrase=row.phrase or "",
            ),
            when,
        )  # fmt: skip
        return row


async def read(act: Act, incident_id: UUID, side: Side, organisation: str, message_ids: Collection[UUID]) -> int:
    """Have read these messages of the incident, those of others; return how many were new to the actor."""
    async with act.together():
        new = await list_unread(act.session, incident_id, act.actor, message_ids)
        if not new:
            return 0
        rows = [
            {
                "message_id": one, "actor": act.actor, "side": side, "organisation": organisation,
                "at": act.clock.now(),
            }
            for one in new
        ]  # fmt: skip
        await act.session.execute(insert(MessageRead).values(rows).on_conflict_do_nothing())
        act.tell(MessagesRead(incident_id=incident_id, message_ids=tuple(new), side=side))
        return len(new)


async def erase_messages(
    act: Act, basis: ErasureBasis, *, incident_id: UUID | None = None, patient_id: UUID | None = None
) -> int:
    """Erase the words of all messages of an incident, or of a patient; return how many were still there."""
    return await erase_matching(act, words_of(incident_id=incident_id, patient_id=patient_id), basis)


async def _same(act: Act, kept: Message, incident_id: UUID, said: Saying) -> Message:
    value = await find_value(act.session, kept.id, PersonalKind.MESSAGE)
    digest = None
    if said.words is not None:
        digest = act.digester.digest(PersonalKind.MESSAGE, personal_text(PersonalKind.MESSAGE, said.words))
    told = (kept.incident_id, kept.patient_id, kept.actor, kept.phrase, None if value is None else value.digest)
    if told != (incident_id, said.patient_id, act.actor, said.phrase, digest):
        raise Conflict("message.other", "This id stands for another message.", "Use a fresh id for each message.")
    return kept
