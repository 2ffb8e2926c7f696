"""What both sides put on a case page: values over time, messages and that they were read. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from dispatch.audit.queries import was_told
from dispatch.ecmo.events_requests import CaseMessageSent, CaseMessagesRead, CaseViewed, ValuesRecorded
from dispatch.ecmo.queries_case import find_message, list_unread
from dispatch.ecmo.queries_requests import concerned_by, get_request, list_joined
from dispatch.ecmo.rules_items import checked
from dispatch.ecmo.service_requests import request_state
from dispatch.ecmo.states_case import CaseSide, MessageKind
from dispatch.ecmo.states_requests import RequestState
from dispatch.ecmo.tables_case import EcmoMessage, EcmoRead, EcmoValue
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.service_views import ONE_LOOK
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of an item. at: when it was so, true time, None: now. value None: what was entered was a mistake."""

    item: str
    value: object
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseSaying:
    """What is said, under an id of the writer's own. at: true time."""

    id: UUID
    kind: MessageKind
    side: CaseSide
    organisation: str
    at: datetime
    words: str


async def record_values(act: Act, request_id: UUID, measured: Sequence[Measured]) -> EcmoRequest:
    """Keep values with their author and time; what was entered before stays in the history.

    Raises NotFound (`ecmo_request.not_found`), Invalid (`ecmo.item`, `ecmo.value`, `time.*`), Conflict
    (`ecmo_request.over`: joined, withdrawn).
    """
    checks = [(one, None if one.value is None else checked(one.item, one.value)) for one in measured]
    async with act.together():
        row = await _open(act, request_id)
        now = act.clock.now()
        for one, value in checks:
            when = act.moment(Told(min(one.at or now, now)))
            act.session.add(
                EcmoValue(
                    id=act.new_id(), request_id=row.id, item=one.item, value=value, at=when.occurred_at,
                    entered_at=when.entered_at, actor=act.actor,
                )
            )  # fmt: skip
        row.version += 1
        row.saved_at = now
        await act.session.flush()
        if measured:
            act.tell(
                ValuesRecorded(
                    request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                    items=tuple(sorted({one.item for one in measured})),
                )
            )  # fmt: skip
        return row


async def say_to_case(act: Act, request_id: UUID, said: CaseSaying) -> EcmoMessage:
    """Keep a message; the same again gives what is kept. A case that is over can still be written to.

    Raises NotFound (`ecmo_request.not_found`), Invalid (`text.*`, `time.*`), Conflict (`message.other`, the id stands
    for another message).
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        kept = await find_message(act.session, said.id)
        if kept is not None:
            value = await find_value(act.session, kept.id, PersonalKind.MESSAGE)
            other = value is not None and value.value not in (None, said.words)
            if other or (kept.request_id, kept.actor) != (row.id, act.actor):
                raise Conflict("message.other", "This id stands for another message.", "Use a fresh id for each.")
            return kept
        when = act.moment(Told(min(said.at, act.clock.now())))
        made = EcmoMessage(
            id=said.id, request_id=row.id, kind=said.kind, side=said.side, organisation=said.organisation,
            actor=act.actor, at=when.occurred_at, entered_at=when.entered_at,
        )  # fmt: skip
        act.session.add(made)
        await act.session.flush()
        await keep_value(act, Owner.ECMO, made.id, PersonalKind.MESSAGE, said.words, when)
        act.tell(
            CaseMessageSent(
                request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                message_id=made.id, kind=said.kind, side=said.side,
            ),
            when,
        )  # fmt: skip
        return made


async def read_messages(act: Act, request_id: UUID, organisation: str, message_ids: Collection[UUID]) -> int:
    """Have read these messages of others; return how many were new to the actor. Raises NotFound."""
    async with act.together():
        row = await get_request(act.session, act.region, request_id)
        new = await list_unread(act.session, await list_joined(act.session, row.id), act.actor, message_ids)
        if not new:
            return 0
        now = act.clock.now()
        rows = [{"message_id": one, "actor": act.actor, "organisation": organisation, "at": now} for one in new]
        await act.session.execute(insert(EcmoRead).values(rows).on_conflict_do_nothing())
        act.tell(
            CaseMessagesRead(
                request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                message_ids=tuple(new),
            )
        )  # fmt: skip
        return len(new)


async def note_case_view(act: Act, request_id: UUID, *, whole: bool) -> None:
    """Leave a line that the actor looked at a case, unless one of the last minutes says so. Call it last."""
    row = await get_request(act.session, act.region, request_id)
    concerned = await concerned_by(act.session, row.id)
    view = CaseViewed(request_id=row.id, region=row.region, concerned=concerned, whole=whole)
    if not await was_told(act.session, view, act.actor, act.clock.now() - ONE_LOOK):
        async with act.together():
            act.tell(view)


async def _open(act: Act, request_id: UUID) -> EcmoRequest:
    row = await get_request(act.session, act.region, request_id, lock=True)
    if row.state in (RequestState.WITHDRAWN, RequestState.JOINED):
        raise Conflict("ecmo_request.over", "This request is over.", current=request_state(row))
    return row
