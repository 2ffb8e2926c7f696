"""Calls opened and ended by hand, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dispatch.incidents.events_calls import CallDescribed, CallRecorded, CallTransferred
from dispatch.incidents.queries_calls import get_call, get_transfer
from dispatch.incidents.queries_incidents import find_link
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_texts import language_code, reference
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act, call_state, claim_key
from dispatch.incidents.service_callbacks import open_call_back
from dispatch.incidents.service_links import set_outcome
from dispatch.incidents.service_personal import keep_values
from dispatch.incidents.service_signals import SignalGiven, add_signal, apply_signals
from dispatch.incidents.states_calls import (
    OF_A_TRANSFER,
    OF_AN_INCIDENT,
    TO_CALL_BACK,
    Agency,
    CallBackReason,
    CallState,
    Origin,
    Outcome,
    Signal,
)
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call, CallTransfer
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.texts import text_fault


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call taken without telephony. `told.at` is the moment that intake opened: T0, and T1 unless it is known apart.

    answered_at: T1, where somebody wrote it down beside T0.
    """

    phone: str = ""
    caller: str = ""
    language: str = ""
    recording: str = ""
    told: Told = field(default_factory=Told)
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A call passed to, or joined with, another service.

    `prefecture` names whose 120 it is; `their_reference` is their number of the case.
    """

    kind: Outcome
    agency: Agency
    prefecture: str = ""
    their_reference: str = ""
    told: Told = field(default_factory=Told)


async def open_call(act: Act, new: NewCall, *, key: str | None = None) -> Call:
    """Record a call by hand. The same key with the same body gives the same call.

    Raises:
        Invalid: `text.*`, `time.*` (`time.order`, answered before it rang), `call.language`, `reference.invalid`.
        Conflict: `request.key_reused`.
    """
    async with act.together():
        call_id = act.new_id()
        if key is not None and (made := await claim_key(act, "call", key, new, call_id)) != call_id:
            return await get_call(act.session, act.region, made)
        when = act.moment(new.told)
        answered = when if new.answered_at is None else act.moment(Told(new.answered_at, when.source))
        if answered.occurred_at < when.occurred_at:
            raise Invalid("time.order", "A call cannot be answered before it rang.")
        call = Call(
            id=call_id,
            region=act.region,
            origin=Origin.MANUAL,
            exchange_ref=None,
            state=CallState.ANSWERED,
            outcome=None,
            t0=when.occurred_at,
            t0_source=when.source,
            answered_at=answered.occurred_at,
            answered_source=when.source,
            oddities=0,
            language=language_code(new.language),
            version=1,
            created_at=when.entered_at,
        )
        act.session.add(call)
        for signal, at in ((Signal.RINGING, when.occurred_at), (Signal.ANSWERED, answered.occurred_at)):
            add_signal(act, call, SignalGiven(signal, at, at, when.source))
        await act.session.flush()
        act.tell(
            CallRecorded(
                call_id=call_id,
                origin=Origin.MANUAL,
                state=CallState.ANSWERED,
                t0=call.t0,
                t0_source=when.source,
                exchange_ref=None,
                answered_at=answered.occurred_at,
            ),
            when,
        )
        values = {
            PersonalKind.PHONE: new.phone,
            PersonalKind.NAME: new.caller,
            PersonalKind.RECORDING: new.recording,
        }
        await keep_values(act, Owner.CALL, call_id, values, when)
        return call


async def answer_call(act: Act, call_id: UUID, told: Told | None = None) -> Call:
    """Take a ringing call on the screen. What the exchange measures of its answering goes before it.

    Raises: NotFound: `call.not_found`. Conflict: `call.not_ringing`. Invalid: `time.*`.
    """
    async with act.together():
        when = act.moment(told)
        call = await get_call(act.session, act.region, call_id, lock=True)
        if call.state != CallState.RINGING:
            raise Conflict("call.not_ringing", f"This call is {call.state}.", "Look at the board: somebody has it.")
        if when.occurred_at < call.t0:
            raise Invalid("time.order", "A call cannot be answered before it rang.")
        given = SignalGiven(Signal.ANSWERED, when.occurred_at, when.occurred_at, when.source)
        add_signal(act, call, given)
        await apply_signals(act, call, given)
        return call


async def describe_call(
    act: Act,
    call_id: UUID,
    *,
    phone: str = "",
    caller: str = "",
    language: str = "",
    expected_version: int | None = None,
    told: Told | None = None,
) -> Call:
    """Add or correct what is known of a caller; empty is left as it is.

    Raises NotFound, Invalid as `open_call`, Outdated (`call.outdated`).
    """
    async with act.together():
        when = act.moment(told)
        call = await get_call(act.session, act.region, call_id, lock=True)
        check_version("call", expected_version, call.version, call_state(call))
        if language and call.language != language_code(language):
            call.language = language
            act.tell(CallDescribed(call_id=call_id, language=language), when)
        values = {PersonalKind.PHONE: phone, PersonalKind.NAME: caller}
        await keep_values(act, Owner.CALL, call_id, values, when)
        call.version += 1
        await act.session.flush()
        return call


async def end_call(act: Act, call_id: UUID, told: Told | None = None) -> Call:
    """End a call by hand, where no exchange reports it. One that has ended already is left as it is.

    Raises: NotFound: `call.not_found`. Conflict: `call.measured`, the exchange tells of this one. Invalid: `time.*`.
    """
    async with act.together():
        when = act.moment(told)
        call = await get_call(act.session, act.region, call_id, lock=True)
        if call.origin == Origin.EXCHANGE:
            raise Conflict("call.measured", "The exchange tells when this call ends.")
        if call.state == CallState.ENDED:
            return call
        if call.answered_at is not None and when.occurred_at < call.answered_at:
            raise Invalid("time.order", "A call cannot end before it was answered.")
        given = SignalGiven(Signal.ENDED, when.occurred_at, when.occurred_at, when.source)
        add_signal(act, call, given)
        await apply_signals(act, call, given)
        return call


async def decide_outcome(act: Act, call_id: UUID, outcome: Outcome) -> Call:
    """Say what came of a call that belongs to no incident. A silent one, or one cut off, goes on the call-back list.

    Raises:
        NotFound: `call.not_found`. Invalid: `call.outcome`, this one is set by linking or by recording a transfer.
        Conflict: `call.ringing`, `call.linked`.
    """
    if outcome in OF_AN_INCIDENT | OF_A_TRANSFER:
        raise Invalid("call.outcome", f"{outcome} is set by linking the call, or by recording its transfer.")
    async with act.together():
        call = await _unlinked(act, call_id)
        await set_outcome(act, call, outcome)
        if outcome in TO_CALL_BACK:
            await open_call_back(act, call, CallBackReason(outcome.value))
        call.version += 1
        await act.session.flush()
        return call


async def transfer_call(act: Act, call_id: UUID, given: Transfer, *, key: str | None = None) -> CallTransfer:
    """Record that a call was passed to, or joined with, another service. A call of an incident keeps its outcome.

    The same key with the same body gives the same transfer.

    Raises:
        NotFound: `call.not_found`. Invalid: `transfer.kind`, `transfer.prefecture`, `reference.invalid`, `time.*`.
        Conflict: `call.ringing`, `request.key_reused`.
    """
    if given.kind not in OF_A_TRANSFER:
        raise Invalid("transfer.kind", "A call is passed to another service, or joined with it.")
    prefecture = given.prefecture.strip()
    if (given.agency is Agency.OTHER_120) != bool(prefecture) or text_fault(prefecture, 50):
        raise Invalid("transfer.prefecture", "Name the prefecture of another 120, and only then.")
    theirs = reference(given.their_reference, "other service's number") if given.their_reference else ""
    async with act.together():
        transfer_id = act.new_id()
        body = (call_id, given)
        if key is not None and (made := await claim_key(act, "transfer", key, body, transfer_id)) != transfer_id:
            return await get_transfer(act.session, made)
        when = act.moment(given.told)
        call = await get_call(act.session, act.region, call_id, lock=True)
        if call.state == CallState.RINGING:
            raise Conflict("call.ringing", "Nobody has answered this call yet.", "Answer it first.")
        row = CallTransfer(
            id=transfer_id,
            call_id=call_id,
            kind=given.kind,
            agency=given.agency,
            prefecture=prefecture,
            their_reference=theirs,
            occurred_at=when.occurred_at,
            entered_at=when.entered_at,
            source=when.source,
            actor=act.actor,
        )
        act.session.add(row)
        act.tell(
            CallTransferred(
                call_id=call_id, transfer_id=row.id, kind=given.kind, agency=given.agency, their_reference=theirs
            ),
            when,
        )
        if call.incident_id is None:
            await set_outcome(act, call, given.kind)
        call.version += 1
        await act.session.flush()
        return row


async def _unlinked(act: Act, call_id: UUID) -> Call:
    call = await get_call(act.session, act.region, call_id, lock=True)
    if call.state == CallState.RINGING:
        raise Conflict("call.ringing", "Nobody has answered this call yet.", "Answer it first.")
    if await find_link(act.session, call_id) is not None:
        raise Conflict("call.linked", "This call belongs to an incident.", "Undo that link first.")
    return call
