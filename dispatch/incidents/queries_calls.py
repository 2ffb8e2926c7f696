"""Every question to the tables of calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.rules_calls import Seen
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import CallBackState, CallState, Signal
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call, CallBack, CallBackAttempt, CallSignal, CallTransfer
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.alone_known import Family, know_row, known_row
from dispatch.kernel.errors import NotFound

# Written out, not handed over as values: only so can any plan use the indexes of what is not over.
UNDER_WAY: Final[list[ColumnElement[str]]] = [
    literal_column(f"'{state}'") for state in (CallState.RINGING, CallState.ANSWERED)
]
WAITING: Final[ColumnElement[str]] = literal_column(f"'{CallBackState.WAITING}'")


_BY_REF: Final = (
    select(Call)
    .where(Call.region == bindparam("region"), Call.exchange_ref == bindparam("exchange_ref"))
    .with_for_update(key_share=True)
)
_SIGNALS: Final = (
    select(CallSignal).where(CallSignal.call_id == bindparam("call_id")).order_by(CallSignal.at, CallSignal.id)
)


_FAMILY: Final = Family(CallSignal, "call_id")
_CALL_BACKS: Final = Family(CallBack, "call_id")


async def get_call(session: AsyncSession, region: str, call_id: UUID, *, lock: bool = False) -> Call:
    """One call, locked until the transaction ends if asked. Raises NotFound (`call.not_found`)."""
    known = known_row(session, Call, call_id)
    if known is not None and known.region == region:
        return known
    wanted = select(Call).where(Call.region == region, Call.id == call_id)
    if lock:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    call = await session.scalar(wanted)
    know_row(session, call_id, call)
    if call is None:
        raise NotFound("call.not_found", "There is no such call in this region.")
    return call


async def find_exchange_call(session: AsyncSession, region: str, exchange_ref: str) -> Call | None:
    """The call that the exchange knows by that id, locked; None while nothing was heard of it."""
    call = known_row(session, Call, (region, exchange_ref))
    if call is None:
        asked = {"region": region, "exchange_ref": exchange_ref}
        call = await session.scalar(_BY_REF, asked, execution_options={"populate_existing": True})
        know_row(session, (region, exchange_ref), call)
        know_row(session, None if call is None else call.id, call)
    return call


async def list_signals(session: AsyncSession, call_id: UUID) -> Sequence[CallSignal]:
    """All that was reported of a call, in the order in which it happened."""
    known = _FAMILY.known(session, call_id)
    if known is not None:
        return sorted(known, key=lambda one: (one.at, one.id))
    found = (await session.scalars(_SIGNALS, {"call_id": call_id})).all()
    _FAMILY.know(session, call_id, found)
    return found


def as_seen(signals: Sequence[CallSignal]) -> list[Seen]:
    """The same as the rules take it."""
    return [Seen(Signal(row.signal), row.at, Source(row.source)) for row in signals]


async def get_signal(session: AsyncSession, region: str, event_id: str) -> CallSignal:
    """The report with that id of the exchange; it must be there."""
    return (
        await session.scalars(select(CallSignal).where(CallSignal.region == region, CallSignal.event_id == event_id))
    ).one()


async def list_transfers(session: AsyncSession, call_id: UUID) -> Sequence[CallTransfer]:
    """To whom a call was passed or joined, in order."""
    return (
        await session.scalars(
            select(CallTransfer)
            .where(CallTransfer.call_id == call_id)
            .order_by(CallTransfer.occurred_at, CallTransfer.id)
        )
    ).all()


async def get_transfer(session: AsyncSession, transfer_id: UUID) -> CallTransfer:
    """One transfer; it must be there."""
    return (await session.scalars(select(CallTransfer).where(CallTransfer.id == transfer_id))).one()


async def list_calls_of_number(
    session: AsyncSession, region: str, number_digest: str, limit: int = 50
) -> Sequence[UUID]:
    """The ids of the newest calls from a number, by its salted digest; erased numbers are not found."""
    return (
        await session.scalars(
            select(Call.id)
            .join(PersonalValue, PersonalValue.owner_id == Call.id)
            .where(
                Call.region == region,
                PersonalValue.region == region,
                PersonalValue.kind == PersonalKind.PHONE,
                PersonalValue.digest == number_digest,
                PersonalValue.value.is_not(None),
            )
            .group_by(Call.id)
            .order_by(Call.t0.desc(), Call.id.desc())
            .limit(limit)
        )
    ).all()


async def find_waiting_call_back(session: AsyncSession, call_id: UUID) -> CallBack | None:
    """The call's open entry on the list, if any. The call must be locked."""
    known = _CALL_BACKS.known(session, call_id)
    if known is not None:
        return next((one for one in known if one.state == CallBackState.WAITING), None)
    found: CallBack | None = await session.scalar(
        select(CallBack).where(CallBack.call_id == call_id, CallBack.state == WAITING)
    )
    _CALL_BACKS.know(session, call_id, [] if found is None else [found])
    return found


async def get_call_back(session: AsyncSession, region: str, call_back_id: UUID) -> CallBack:
    """One entry of the list. Raises NotFound (`call_back.not_found`)."""
    found = await session.scalar(select(CallBack).where(CallBack.region == region, CallBack.id == call_back_id))
    if found is None:
        raise NotFound("call_back.not_found", "There is no such call-back in this region.")
    return found


async def list_call_backs(
    session: AsyncSession, region: str, due_by: datetime | None = None, limit: int = 500
) -> Sequence[CallBack]:
    """Who is to be called back, the longest due first; `due_by`: only those due by then."""
    wanted = select(CallBack).where(CallBack.region == region, CallBack.state == WAITING)
    if due_by is not None:
        wanted = wanted.where(CallBack.due_at <= due_by)
    return (await session.scalars(wanted.order_by(CallBack.due_at, CallBack.id).limit(limit))).all()


async def list_attempts(session: AsyncSession, call_back_id: UUID) -> Sequence[CallBackAttempt]:
    """The attempts of one entry, in order."""
    return (
        await session.scalars(
            select(CallBackAttempt)
            .where(CallBackAttempt.call_back_id == call_back_id)
            .order_by(CallBackAttempt.ordinal)
        )
    ).all()
