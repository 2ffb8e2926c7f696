"""Calls as they are told: read after what was done is committed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from api.auth import Doorkeeper
from api.calls.board import CallRow, call_row
from api.calls.schemas import CallBackOut, CallOut, SignalOut, TransferOut
from dispatch.incidents.queries_board import list_board_calls
from dispatch.incidents.queries_calls import list_signals, list_transfers
from dispatch.incidents.queries_incidents import find_link
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.rules_call_backs import in_force
from dispatch.incidents.rules_calls import answered_in_s
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import Agency, CallBackReason, CallBackState, Outcome, Signal
from dispatch.incidents.states_incidents import LinkKind
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call, CallBack, CallTransfer
from dispatch.kernel.db import Session


async def told_row(door: Doorkeeper, call_id: UUID) -> CallRow:
    """The row, as it stands now, of a call that is there."""
    async with door.parts.database.read() as session:
        (row,) = await rows_of(session, door.parts.settings.region, [call_id])
    return row


async def rows_of(session: Session, region: str, ids: Iterable[UUID]) -> list[CallRow]:
    """The rows of these calls, in the order of T0."""
    return [call_row(one) for one in await list_board_calls(session, region, list(ids))]


async def told_call(session: Session, call: Call, *, whole: bool) -> CallOut:
    """One call with all that was reported of it; with `whole` its number, name and recording unmasked."""
    (row,) = await rows_of(session, call.region, [call.id])
    values = await current_values(session, [call.id])

    def value(kind: PersonalKind) -> str:
        known = values.get((call.id, kind))
        text = None if known is None else known.value
        return (text or "") if whole else masked(kind, text)

    link = await find_link(session, call.id)
    answered = Source(call.answered_source) if call.answered_source else None
    return CallOut(
        call=msgspec.structs.replace(row, phone=value(PersonalKind.PHONE)) if whole else row,
        caller=value(PersonalKind.NAME),
        recording=value(PersonalKind.RECORDING) if whole else "",
        whole=whole,
        answered_in_s=answered_in_s(call.t0, Source(call.t0_source), call.answered_at, answered),
        oddities=call.oddities,
        link=LinkKind(link.kind) if link is not None else None,
        signals=[
            SignalOut(Signal(one.signal), one.at, one.told_at, Source(one.source), one.received_at)
            for one in await list_signals(session, call.id)
        ],
        transfers=[transfer_out(one) for one in await list_transfers(session, call.id)],
    )


def transfer_out(row: CallTransfer) -> TransferOut:
    """Tell a transfer."""
    return TransferOut(
        id=row.id,
        call_id=row.call_id,
        kind=Outcome(row.kind),
        agency=Agency(row.agency),
        prefecture=row.prefecture,
        their_reference=row.their_reference,
        at=row.occurred_at,
        entered_at=row.entered_at,
        source=Source(row.source),
        author=row.actor,
    )


async def told_call_backs(session: Session, region: str, found: Iterable[CallBack]) -> list[CallBackOut]:
    """These entries of the call-back list, with their calls' masked numbers."""
    found = list(found)
    calls = {one.call.id: one for one in await list_board_calls(session, region, {row.call_id for row in found})}
    return [
        CallBackOut(
            id=row.id,
            call_id=row.call_id,
            reason=CallBackReason(row.reason),
            state=CallBackState(row.state),
            opened_at=row.opened_at,
            due_at=row.due_at,
            attempts=row.attempts,
            last_attempt_at=row.last_attempt_at,
            closed_at=row.closed_at,
            enough=in_force(session.info).enough(row.attempts),
            phone=masked(PersonalKind.PHONE, calls[row.call_id].phone),
            language=calls[row.call_id].call.language,
            t0=calls[row.call_id].call.t0,
        )
        for row in found
    ]
