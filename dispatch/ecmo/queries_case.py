"""Every question to what is on a case page: values, messages, files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from dispatch.ecmo.tables_case import EcmoFile, EcmoFilePiece, EcmoMessage, EcmoRead, EcmoValue
from dispatch.ecmo.tables_offers import EcmoCondition, EcmoDecision, EcmoOffer
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_personal import Owner, PersonalValue
from dispatch.kernel.errors import NotFound
from dispatch.pictures.rules_pieces import whole_until


@dataclass(frozen=True, slots=True)
class Told:
    """A message. words: None of what was erased by law."""

    message: EcmoMessage
    words: str | None
    reads: Sequence[EcmoRead]


async def list_values(session: AsyncSession, request_ids: Collection[UUID]) -> Sequence[EcmoValue]:
    """All that was entered for requests, by true time, then by entry."""
    wanted = select(EcmoValue).where(EcmoValue.request_id.in_(request_ids))
    return (await session.scalars(wanted.order_by(EcmoValue.at, EcmoValue.entered_at, EcmoValue.id))).all()


async def find_message(session: AsyncSession, message_id: UUID) -> EcmoMessage | None:
    """One message; None: there is none."""
    found: EcmoMessage | None = await session.get(EcmoMessage, message_id)
    return found


async def list_messages(session: AsyncSession, request_ids: Collection[UUID]) -> list[Told]:
    """The messages of requests by true time, with who has read them."""
    wanted = select(EcmoMessage).where(EcmoMessage.request_id.in_(request_ids))
    rows = (await session.scalars(wanted.order_by(EcmoMessage.at, EcmoMessage.entered_at, EcmoMessage.id))).all()
    ids = [row.id for row in rows]
    words = await words_of(session, ids, PersonalKind.MESSAGE)
    reads: defaultdict[UUID, list[EcmoRead]] = defaultdict(list)
    seen = select(EcmoRead).where(EcmoRead.message_id.in_(ids)).order_by(EcmoRead.at, EcmoRead.actor)
    for read in await session.scalars(seen):
        reads[read.message_id].append(read)
    return [Told(row, words.get(row.id), reads[row.id]) for row in rows]


async def list_unread(
    session: AsyncSession, request_ids: Collection[UUID], actor: str, message_ids: Collection[UUID]
) -> Sequence[UUID]:
    """Those of these messages that others wrote and this actor has not seen yet."""
    seen = select(EcmoRead.message_id).where(EcmoRead.actor == actor)
    wanted = select(EcmoMessage.id).where(
        EcmoMessage.request_id.in_(request_ids), EcmoMessage.id.in_(message_ids), EcmoMessage.actor != actor,
        EcmoMessage.id.not_in(seen),
    )  # fmt: skip
    return (await session.scalars(wanted.order_by(EcmoMessage.id))).all()


async def words_of(session: AsyncSession, owner_ids: Iterable[UUID], kind: PersonalKind) -> Mapping[UUID, str]:
    """The newest words of records, by their ids; what was erased is left out."""
    found = await current_values(session, owner_ids)
    return {key: one.value for (key, is_kind), one in found.items() if is_kind is kind and one.value is not None}


async def find_file(session: AsyncSession, file_id: UUID, *, lock: bool = False) -> EcmoFile | None:
    """One file, without its bytes; None: there is none."""
    wanted = select(EcmoFile).where(EcmoFile.id == file_id).execution_options(populate_existing=True)
    found: EcmoFile | None = await session.scalar(wanted.with_for_update() if lock else wanted)
    return found


async def get_whole_file(session: AsyncSession, request_ids: Collection[UUID], file_id: UUID) -> EcmoFile:
    """One file with its bytes. Raises NotFound (`ecmo_file.not_found`): not there, not whole, or erased by law."""
    wanted = select(EcmoFile).where(
        EcmoFile.id == file_id, EcmoFile.request_id.in_(request_ids), EcmoFile.data.is_not(None)
    )
    found: EcmoFile | None = await session.scalar(wanted.options(undefer(EcmoFile.data), undefer(EcmoFile.small)))
    if found is None:
        raise NotFound("ecmo_file.not_found", "There is no such file of this request, or not whole, or no more.")
    return found


async def list_files(session: AsyncSession, request_ids: Collection[UUID]) -> Sequence[EcmoFile]:
    """The files that are here whole, by when they were taken; without their bytes."""
    wanted = select(EcmoFile).where(EcmoFile.request_id.in_(request_ids), EcmoFile.whole_at.is_not(None))
    return (await session.scalars(wanted.order_by(EcmoFile.at, EcmoFile.id))).all()


async def list_pieces(session: AsyncSession, file_id: UUID) -> Sequence[EcmoFilePiece]:
    """The pieces that are here, in their order."""
    wanted = select(EcmoFilePiece).where(EcmoFilePiece.file_id == file_id).order_by(EcmoFilePiece.start)
    return (await session.scalars(wanted)).all()


async def received(session: AsyncSession, file_id: UUID) -> int:
    """How many bytes are here from the beginning on: where to go on."""
    wanted = select(EcmoFilePiece.start, func.length(EcmoFilePiece.data)).where(EcmoFilePiece.file_id == file_id)
    rows = await session.execute(wanted.order_by(EcmoFilePiece.start))
    return whole_until((start, length) for start, length in rows)


def personal_of(request_id: UUID) -> ColumnElement[bool]:
    """All personal values of a request: its patient's, its decisions', conditions' and messages'."""
    offers = select(EcmoOffer.id).where(EcmoOffer.request_id == request_id)
    decisions = select(EcmoDecision.id).where(EcmoDecision.offer_id.in_(offers))
    conditions = select(EcmoCondition.id).where(EcmoCondition.decision_id.in_(decisions))
    messages = select(EcmoMessage.id).where(EcmoMessage.request_id == request_id)
    owners = decisions.union(conditions, messages).scalar_subquery()
    return (PersonalValue.owner == Owner.ECMO) & (
        (PersonalValue.owner_id == request_id) | PersonalValue.owner_id.in_(owners)
    )
