"""Messages of an incident, with their words and who has read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_patients import list_merged_into
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_personal import Owner, PersonalValue
from dispatch.messages.tables import Message, MessageRead


@dataclass(frozen=True, slots=True)
class Told:
    """A message. words: None of a phrase, and of what was erased by law."""

    message: Message
    words: str | None
    erased: bool
    reads: Sequence[MessageRead]


async def find_message(session: AsyncSession, message_id: UUID) -> Message | None:
    """One message; None: there is none."""
    found: Message | None = await session.get(Message, message_id)
    return found


async def list_messages(session: AsyncSession, incident_id: UUID, patient_id: UUID | None = None) -> list[Told]:
    """The messages of an incident, or those of one of its patients, by true time."""
    query = select(Message).where(Message.incident_id == incident_id)
    if patient_id is not None:
        merged = [row.id for row in await list_merged_into(session, patient_id)]
        query = query.where(Message.patient_id.in_([patient_id, *merged]))
    rows = (await session.scalars(query.order_by(Message.at, Message.entered_at, Message.id))).all()
    ids = [row.id for row in rows]
    values = await current_values(session, ids)
    reads: defaultdict[UUID, list[MessageRead]] = defaultdict(list)
    seen = select(MessageRead).where(MessageRead.message_id.in_(ids)).order_by(MessageRead.at, MessageRead.actor)
    for read in await session.scalars(seen):
        reads[read.message_id].append(read)
    told = []
    for row in rows:
        value = values.get((row.id, PersonalKind.MESSAGE))
        words = None if value is None else value.value
        told.append(Told(row, words, value is not None and words is None, reads[row.id]))
    return told


async def list_unread(
    session: AsyncSession, incident_id: UUID, actor: str, message_ids: Collection[UUID]
) -> Sequence[UUID]:
    """Those of these messages that others wrote and this actor has not seen yet."""
    seen = select(MessageRead.message_id).where(MessageRead.actor == actor)
    query = select(Message.id).where(
        Message.incident_id == incident_id, Message.id.in_(message_ids), Message.actor != actor, Message.id.not_in(seen)
    )
    return (await session.scalars(query.order_by(Message.id))).all()


def words_of(*, incident_id: UUID | None = None, patient_id: UUID | None = None) -> ColumnElement[bool]:
    """The words of all messages of an incident, or of a patient, among the personal values."""
    ids = select(Message.id)
    ids = (
        ids.where(Message.incident_id == incident_id)
        if patient_id is None
        else ids.where(Message.patient_id == patient_id)
    )
    return (PersonalValue.owner == Owner.MESSAGE) & PersonalValue.owner_id.in_(ids)
