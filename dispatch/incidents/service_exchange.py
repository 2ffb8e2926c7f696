"""What the telephone exchange reports: once per event, in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from dispatch.incidents.events_calls import CallRecorded
from dispatch.incidents.queries_calls import find_exchange_call, get_signal, list_signals
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.rules_calls import believed
from dispatch.incidents.rules_places import PlaceGiven, point_of
from dispatch.incidents.rules_texts import language_code, personal_text, reference
from dispatch.incidents.rules_times import Moment
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.service_signals import SignalGiven, add_signal, apply_signals, row_of
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import CallState, Origin, Signal
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call, CallSignal
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.alone import is_alone
from dispatch.kernel.alone_known import know_row
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.prepared import Prepared

_CALL: Final = (
    "id", "region", "origin", "exchange_ref", "state", "t0", "t0_source", "oddities", "language", "version",
    "created_at",
)  # fmt: skip
_SIGNAL: Final = (
    "id", "region", "call_id", "event_id", "body_digest", "signal", "language", "told_at", "at", "source",
    "received_at",
)  # fmt: skip
# Each makes its row unless another was quicker: then no row comes back.
_MAKE: Final = Prepared(
    insert(Call).values({name: bindparam(name) for name in _CALL}).on_conflict_do_nothing().returning(Call.id)
)
_CLAIM: Final = Prepared(
    insert(CallSignal)
    .values({name: bindparam(name) for name in _SIGNAL})
    .on_conflict_do_nothing()
    .returning(CallSignal.id)
)


@dataclass(frozen=True, slots=True)
class ExchangeReport:
    """One event of the exchange. `event_id` and `call_ref` are its own ids; neither may be a telephone number.

    `position` is the caller's as the network knows it: coordinates, datum and accuracy. A field that this event does
    not tell is empty.
    """

    event_id: str
    call_ref: str
    signal: Signal
    at: datetime
    phone: str = ""
    language: str = ""
    recording: str = ""
    position: PlaceGiven | None = None


async def record_exchange_event(act: Act, report: ExchangeReport) -> Call:
    """Take in one event and return the call as it stands with it. The same event again changes nothing.

    Events may come late and in any order: a call is what all its events add up to in the order of their own times.
    A time ahead of our clock is kept as told, and the moment of receipt stands in for it, marked inferred.

    Raises:
        Invalid: `reference.invalid`, `time.zone`, `text.*`, `call.language`, `place.*`.
        Conflict: `call.event_reused`, that event id came with another content before.
    """
    reference(report.event_id, "event's id")
    reference(report.call_ref, "call's id")
    if report.at.tzinfo is None:
        raise Invalid("time.zone", "A time needs its zone.", "Write it as 2026-03-01T08:00:00+08:00.")
    language_code(report.language)
    values = {PersonalKind.PHONE: report.phone, PersonalKind.RECORDING: report.recording}
    told = {kind: personal_text(kind, value) for kind, value in values.items() if value}
    async with act.together():
        told_at = report.at.astimezone(UTC)
        at, source = believed(told_at, act.clock.now())
        call, new = await _call(act, report, at)
        given = SignalGiven(
            signal=report.signal,
            told_at=told_at,
            at=at,
            source=source,
            language=report.language,
            event_id=report.event_id,
            body_digest=act.digester.digest("exchange", repr(report)),
        )
        if not await _claim(act, call, given):
            return call
        if new:
            act.tell(
                CallRecorded(
                    call_id=call.id,
                    origin=Origin.EXCHANGE,
                    state=CallState.RINGING,
                    t0=call.t0,
                    t0_source=Source(call.t0_source),
                    exchange_ref=report.call_ref,
                )
            )
        when = Moment(at, act.clock.now(), source)
        for kind, value in told.items():
            before = None if new else await find_value(act.session, call.id, kind)
            # What a dispatcher wrote, or a later event told, is not undone by an older event.
            if before is None or before.occurred_at <= at:
                await keep_value(act, Owner.CALL, call.id, kind, value, when)
        if report.position is not None:
            _position(call, report.position, at)
        await apply_signals(act, call, given)
        return call


async def _call(act: Act, report: ExchangeReport, at: datetime) -> tuple[Call, bool]:
    """The call, locked; made if this is the first that is heard of it, whoever else hears of it at this moment."""
    known = await find_exchange_call(act.session, act.region, report.call_ref)
    if known is not None:
        return known, False
    row: dict[str, Any] = {
        "id": act.new_id(), "region": act.region, "origin": Origin.EXCHANGE, "exchange_ref": report.call_ref,
        "state": CallState.RINGING, "t0": at, "t0_source": Source.INFERRED, "oddities": 0, "language": "",
        "version": 1, "created_at": act.clock.now(),
    }  # fmt: skip
    if is_alone(act.session):
        # Nobody else hears of it, and nobody was quicker.
        made_here = Call(**row)
        act.session.add(made_here)
        know_row(act.session, (act.region, report.call_ref), made_here)
        return made_here, True
    made = await _MAKE.rows(act.session, **row)
    call = await find_exchange_call(act.session, act.region, report.call_ref)
    if call is None:
        raise RuntimeError("a call that was just made, or was there, is gone: no call is ever deleted")
    return call, bool(made)


async def _claim(act: Act, call: Call, given: SignalGiven) -> bool:
    """Write the signal unless its event is there. Raises Conflict (`call.event_reused`)."""
    if is_alone(act.session):
        # Nobody else is told of this call, and that an event is told of one call the table's key sees to.
        told = [one for one in await list_signals(act.session, call.id) if one.event_id == given.event_id]
        if not told:
            add_signal(act, call, given)
            return True
        earlier = told[0]
    elif await _CLAIM.rows(act.session, **row_of(act, call, given)):
        return True
    else:
        earlier = await get_signal(act.session, act.region, str(given.event_id))
    if earlier.body_digest != given.body_digest:
        raise Conflict(
            "call.event_reused",
            "An event of that id came before, with another content.",
            "The exchange must give each event an id of its own.",
        )
    return False


def _position(call: Call, given: PlaceGiven, at: datetime) -> None:
    """Take over a position that is not older than the one that is known. Raises Invalid (`place.*`)."""
    point = point_of(given.lat, given.lon, given.datum)
    if point is None or (call.positioned_at is not None and at < call.positioned_at):
        return
    if given.accuracy_m is not None and not 0.0 <= given.accuracy_m <= 1_000_000.0:
        raise Invalid("place.accuracy", "An accuracy is a number of metres from 0 to 1,000,000.")
    call.lat, call.lon = point.lat, point.lon
    call.given_lat, call.given_lon = given.lat, given.lon
    call.datum, call.accuracy_m, call.positioned_at = given.datum, given.accuracy_m, at
