"""The list of those to call back: silent calls, calls cut off, and callers who hung up before an answer."""

from __future__ import annotations

from uuid import UUID

from dispatch.incidents.events_calls import CallBackAttempted, CallBackClosed, CallBackOpened
from dispatch.incidents.queries_calls import find_waiting_call_back, get_call, get_call_back
from dispatch.incidents.rules_call_backs import in_force, reached
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act
from dispatch.incidents.states_calls import Attempt, CallBackReason, CallBackState, advance_call_back
from dispatch.incidents.tables_calls import Call, CallBack, CallBackAttempt


async def open_call_back(act: Act, call: Call, reason: CallBackReason) -> CallBack:
    """Put a locked call on the list, due as the figures have it; one that waits already keeps its place."""
    waiting = await find_waiting_call_back(act.session, call.id)
    if waiting is not None:
        return waiting
    now = act.clock.now()
    due_at = in_force(act.session.info).due(0, now)
    row = CallBack(
        id=act.new_id(),
        region=act.region,
        call_id=call.id,
        reason=reason,
        state=CallBackState.WAITING,
        opened_at=now,
        due_at=due_at,
        attempts=0,
        last_attempt_at=None,
        closed_at=None,
    )
    act.session.add(row)
    await act.session.flush()
    act.tell(CallBackOpened(call_id=call.id, call_back_id=row.id, reason=reason, due_at=due_at))
    return row


async def record_attempt(act: Act, call_back_id: UUID, met: Attempt, told: Told | None = None) -> CallBack:
    """Note that it was tried. Who was reached is on the list no more; otherwise it is due again later.

    Raises: NotFound: `call_back.not_found`. Conflict: `call_back.transition`. Invalid: `time.*`.
    """
    async with act.together():
        when = act.moment(told)
        row = await _locked(act, call_back_id)
        state = CallBackState.REACHED if reached(met) else CallBackState.WAITING
        advance_call_back(CallBackState(row.state), state)
        row.attempts += 1
        row.last_attempt_at = max(filter(None, (row.last_attempt_at, when.occurred_at)))
        act.session.add(
            CallBackAttempt(
                id=act.new_id(),
                call_back_id=row.id,
                ordinal=row.attempts,
                met=met,
                occurred_at=when.occurred_at,
                entered_at=when.entered_at,
                source=when.source,
                actor=act.actor,
            )
        )
        if state is CallBackState.WAITING:
            row.due_at = in_force(act.session.info).due(row.attempts, row.last_attempt_at)
        due_at = row.due_at if state is CallBackState.WAITING else None
        act.tell(
            CallBackAttempted(call_id=row.call_id, call_back_id=row.id, ordinal=row.attempts, met=met, due_at=due_at),
            when,
        )
        if state is CallBackState.REACHED:
            _close(act, row, state, when)
        await act.session.flush()
        return row


async def give_up_call_back(act: Act, call_back_id: UUID) -> CallBack:
    """Take somebody off the list whom nobody reached. A person decides it, however many attempts there were.

    Raises: NotFound: `call_back.not_found`. Conflict: `call_back.transition`.
    """
    async with act.together():
        row = await _locked(act, call_back_id)
        _close(act, row, CallBackState.GIVEN_UP, act.moment())
        await act.session.flush()
        return row


async def withdraw_call_back(act: Act, call: Call, only: CallBackReason | None = None) -> None:
    """Take a locked call off the list, if it is on it (and for that reason)."""
    row = await find_waiting_call_back(act.session, call.id)
    if row is not None and only in (None, row.reason):
        _close(act, row, CallBackState.WITHDRAWN, act.moment())
        await act.session.flush()


def _close(act: Act, row: CallBack, state: CallBackState, when: Moment) -> None:
    row.state = advance_call_back(CallBackState(row.state), state)
    row.closed_at = when.entered_at
    act.tell(CallBackClosed(call_id=row.call_id, call_back_id=row.id, state=state), when)


async def _locked(act: Act, call_back_id: UUID) -> CallBack:
    row = await get_call_back(act.session, act.region, call_back_id)
    await get_call(act.session, act.region, row.call_id, lock=True)
    await act.session.refresh(row)
    return row
