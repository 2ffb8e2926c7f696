"""The draft of a call: saved as it is typed, taken over by another seat, deleted when the call has its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.events_calls import DraftDiscarded, DraftTakenOver
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.queries_drafts import find_draft, get_draft
from dispatch.incidents.rules_drafts import KEPT_FOR, Holder, dropped, may_take_over, must_hold, seat_name
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.service import Act, call_state
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_drafts import CallDraft
from dispatch.kernel.alone_known import Family
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict

_DRAFTS = Family(CallDraft, "call_id")


async def save_draft(
    act: Act, call_id: UUID, seat: str, body: Mapping[str, Any], *, expected_version: int
) -> CallDraft:
    """Save what was typed; version 0 begins it. The same body again only says that the seat is there.

    That is so whatever version it expects: an answer that was lost on its way is asked for again.

    No journal line tells of it: what counts is told when the incident is opened.
    Raises:
        NotFound: `call.not_found`. Invalid: `draft.seat`. Outdated: `draft.outdated`.
        Conflict: `draft.held`, another seat has it; `draft.over`, the call has an outcome.
    """
    asking = Holder(act.actor, seat_name(seat))
    now = act.clock.now()
    call = await get_call(act.session, act.region, call_id, lock=True)
    if call.outcome is not None:
        raise Conflict("draft.over", "This call has its outcome.", "Go on with its incident.", current=call_state(call))
    draft = await find_draft(act.session, call_id)
    if draft is None:
        check_version("draft", expected_version, 0, {"version": 0})
        draft = CallDraft(
            call_id=call_id, region=act.region, version=1, holder=asking.actor, seat=asking.seat, body=dict(body),
            started_at=now, saved_at=now, heard_at=now,
        )  # fmt: skip
        act.session.add(draft)
    else:
        must_hold(_holder(draft), asking, draft_state(draft, now))
        if draft.body != body:
            check_version("draft", expected_version, draft.version, draft_state(draft, now))
            draft.body, draft.saved_at = dict(body), now
            draft.version += 1
        draft.heard_at = now
    await act.session.flush()
    return draft


async def take_over_draft(act: Act, call_id: UUID, seat: str, *, anyway: bool = False) -> CallDraft:
    """Go on with another seat's draft, once that seat has dropped; `anyway`: also before.

    Raises: NotFound: `call.not_found`, `draft.not_found`. Invalid: `draft.seat`. Conflict: `draft.held`.
    """
    asking = Holder(act.actor, seat_name(seat))
    async with act.together():
        now = act.clock.now()
        await get_call(act.session, act.region, call_id, lock=True)
        draft = await get_draft(act.session, act.region, call_id)
        before = _holder(draft)
        gone = dropped(draft.heard_at, now)
        may_take_over(before, asking, gone=gone, anyway=anyway, current=draft_state(draft, now))
        draft.heard_at = now
        if before != asking:
            draft.holder, draft.seat = asking.actor, asking.seat
            draft.version += 1
            act.tell(
                DraftTakenOver(
                    call_id=call_id, seat=asking.seat, before=before.actor, before_seat=before.seat, gone=gone
                )
            )
        await act.session.flush()
        return draft


async def discard_draft(act: Act, call_id: UUID, seat: str) -> None:
    """Throw away what was typed. Raises as `take_over_draft`, but that nothing there is no fault."""
    asking = Holder(act.actor, seat_name(seat))
    async with act.together():
        now = act.clock.now()
        call = await get_call(act.session, act.region, call_id, lock=True)
        draft = await find_draft(act.session, call_id)
        if draft is not None:
            gone = dropped(draft.heard_at, now)
            may_take_over(_holder(draft), asking, gone=gone, anyway=False, current=draft_state(draft, now))
            await drop_draft(act, call)
            act.tell(DraftDiscarded(call_id=call_id))


async def drop_draft(act: Act, call: Call) -> None:
    """Delete a locked call's draft: what was in it is kept elsewhere by now, or is to be kept nowhere."""
    if _DRAFTS.known(act.session, call.id) == []:
        return
    await act.session.execute(delete(CallDraft).where(CallDraft.call_id == call.id))


async def forget_drafts(session: AsyncSession, clock: Clock) -> int:
    """Delete drafts that nobody has touched for half a day; return how many."""
    gone = await session.execute(
        delete(CallDraft).where(CallDraft.heard_at < clock.now() - KEPT_FOR).returning(CallDraft.call_id)
    )
    return len(gone.all())


def draft_state(draft: CallDraft, now: datetime) -> dict[str, object]:
    """Who has a draft, as plain JSON, without what was typed."""
    return {
        "call_id": str(draft.call_id),
        "version": draft.version,
        "holder": draft.holder,
        "seat": draft.seat,
        "saved_at": draft.saved_at.isoformat(),
        "heard_at": draft.heard_at.isoformat(),
        "dropped": dropped(draft.heard_at, now),
    }


def _holder(draft: CallDraft) -> Holder:
    return Holder(draft.holder, draft.seat)
