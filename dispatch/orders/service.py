"""Giving an order once, and telling what becomes of it. Nothing here commits. Locks: the incident, then the order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.charting.rules import OTHER, Charted, checked
from dispatch.charting.service import Writing, chart
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.rules_texts import personal_text
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import erase_matching, keep_value
from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.orders.events import OrderCancelled, OrderConfirmed, OrderDone, OrderGiven, OrderNotDone, OrderSeen
from dispatch.orders.queries import find_order, get_order, words_of
from dispatch.orders.rules import Steps, check_ordered, check_reason, must_be_open, state_of
from dispatch.orders.states import OrderState
from dispatch.orders.tables import Order


@dataclass(frozen=True, slots=True)
class Ordering:
    """What is ordered, under an id of the giver's own. at: true time; amount: in the treatment's unit."""

    id: UUID
    hospital_id: UUID
    organisation: str
    at: datetime
    treatment: str
    amount: float | None = None
    route: str | None = None
    words: str | None = None


async def give_order(act: Act, patient_id: UUID, given: Ordering) -> Order:
    """Give an order; the same again gives what is kept. Who may is the caller's to see to.

    Raises:
        NotFound: `patient.not_found`. Invalid: `chart.*`, `order.*`, `text.*`, `time.*`.
        Conflict: `order.other`, the id stands for another order.
    """
    check_ordered(given.treatment, given.amount, given.route, given.words)
    async with act.together():
        patient = await get_patient(act.session, act.region, patient_id)
        await get_incident(act.session, act.region, patient.incident_id, lock=True)
        kept = await find_order(act.session, given.id)
        if kept is not None:
            return await _same(act, kept, patient_id, given)
        when = act.moment(Told(min(given.at, act.clock.now())))
        row = Order(
            id=given.id,
            incident_id=patient.incident_id,
            patient_id=patient_id,
            hospital_id=given.hospital_id,
            organisation=given.organisation,
            actor=act.actor,
            at=when.occurred_at,
            entered_at=when.entered_at,
            treatment=given.treatment,
            amount=given.amount,
            route=given.route,
        )
        act.session.add(row)
        await act.session.flush()
        if given.words is not None:
            await keep_value(act, Owner.ORDER, row.id, PersonalKind.MESSAGE, given.words, when)
        act.tell(
            OrderGiven(
                order_id=row.id, patient_id=patient_id, incident_id=row.incident_id, hospital_id=row.hospital_id,
                at=row.at, treatment=row.treatment, route=row.route or "",
                digest=act.digester.digest("order", json.dumps([str(row.id), row.amount])),
            ),
            when,
        )  # fmt: skip
        return row


async def see_order(act: Act, order_id: UUID) -> Order:
    """The crew's page has shown it; who was first counts. Raises NotFound (`order.not_found`)."""
    async with act.together():
        row = await _locked(act, order_id)
        if row.seen_at is None:
            await _seen(act, row)
        return row


async def confirm_order(act: Act, order_id: UUID, at: datetime) -> Order:
    """The crew has read it back; said again it stays. Raises NotFound, Conflict (`order.over`), Invalid (`time.*`)."""
    async with act.together():
        row = await _locked(act, order_id)
        if row.confirmed_at is not None:
            return row
        must_be_open(state(row))
        when = _when(act, row, at)
        if row.seen_at is None:
            await _seen(act, row)
        row.confirmed_at, row.confirmed_by = when.occurred_at, act.actor
        await _told(act, row, OrderConfirmed(**_of(row), at=when.occurred_at), when)
        return row


async def do_order(act: Act, order_id: UUID, at: datetime, amount: float | None, unit_id: UUID | None) -> Order:
    """The crew has done it, and the chart tells it once. amount: what was given; None: as ordered.

    OTHER has no amount; its words stay with the order, of which the entry has the id.

    What was done while a cancellation was on its way was done all the same, and so was what was thought not to be done.
    Said again it changes nothing. Raises NotFound (`order.not_found`), Invalid (`chart.amount`, `time.*`),
    Conflict (`chart.other`).
    """
    async with act.together():
        row = await _locked(act, order_id)
        if state(row) is OrderState.DONE:
            return row
        given = row.amount if amount is None else amount
        what = Charted(treatment=row.treatment, amount=given)
        if row.treatment == OTHER and given is not None:
            raise Invalid("chart.amount", "Another order has no amount.")
        checked(what, ordered=True)
        when = _when(act, row, at)
        if row.seen_at is None:
            await _seen(act, row)
        cancelled = row.cancelled_at is not None
        row.ended_at, row.ended_entered_at, row.ended_by = when.occurred_at, when.entered_at, act.actor
        row.given_amount, row.reason = given, None
        await chart(act, row.patient_id, Writing(row.id, what, when.occurred_at, unit_id, ordered=True))
        same = given == row.amount
        await _told(act, row, OrderDone(**_of(row), at=when.occurred_at, as_ordered=same, cancelled=cancelled), when)
        return row


async def refuse_order(act: Act, order_id: UUID, at: datetime, reason: str, words: str | None) -> Order:
    """The crew did not do it; the same again changes nothing. One that was cancelled stays so.

    Raises NotFound (`order.not_found`), Invalid (`order.reason`, `text.*`, `time.*`), Conflict (`order.over`).
    """
    check_reason(reason)
    async with act.together():
        row = await _locked(act, order_id)
        if row.cancelled_at is not None and row.ended_at is None:
            return row
        if row.reason == reason and row.ended_by == act.actor:
            return row
        must_be_open(state(row))
        when = _when(act, row, at)
        if row.seen_at is None:
            await _seen(act, row)
        row.ended_at, row.ended_entered_at, row.ended_by = when.occurred_at, when.entered_at, act.actor
        row.reason = reason
        if words is not None:
            await keep_value(act, Owner.ORDER, row.id, PersonalKind.REASON, words, when)
        await _told(act, row, OrderNotDone(**_of(row), at=when.occurred_at, reason=reason), when)
        return row


async def cancel_order(act: Act, order_id: UUID) -> Order:
    """The hospital takes it back; said again it stays. Raises NotFound (`order.not_found`), Conflict (`order.over`)."""
    async with act.together():
        row = await _locked(act, order_id)
        if row.cancelled_at is not None:
            return row
        must_be_open(state(row))
        row.cancelled_at, row.cancelled_by = act.clock.now(), act.actor
        await _told(act, row, OrderCancelled(**_of(row)), None)
        return row


async def erase_orders(
    act: Act, basis: ErasureBasis, *, incident_id: UUID | None = None, patient_id: UUID | None = None
) -> int:
    """Erase the free words of all orders of an incident, or of a patient; return how many were still there."""
    return await erase_matching(act, words_of(incident_id=incident_id, patient_id=patient_id), basis)


def state(row: Order) -> OrderState:
    """How far an order is."""
    return state_of(Steps(row.seen_at, row.confirmed_at, row.ended_at, row.cancelled_at, row.reason))


async def _locked(act: Act, order_id: UUID) -> Order:
    known = await get_order(act.session, act.region, order_id)
    await get_incident(act.session, act.region, known.incident_id, lock=True)
    row = await find_order(act.session, order_id, lock=True)
    if row is None:  # pragma: no cover - nothing deletes orders
        raise NotFound("order.not_found", "There is no such order in this region.")
    return row


def _when(act: Act, row: Order, at: datetime) -> Moment:
    """A crew's clock may be behind the hospital's: nothing comes of an order before it was given."""
    return act.moment(Told(max(row.at, min(at, act.clock.now()))))


async def _seen(act: Act, row: Order) -> None:
    row.seen_at, row.seen_by = act.clock.now(), act.actor
    await _told(act, row, OrderSeen(**_of(row)), None)


async def _told(
    act: Act, row: Order, event: OrderSeen | OrderConfirmed | OrderDone | OrderNotDone | OrderCancelled,
    when: Moment | None,
) -> None:  # fmt: skip
    row.version += 1
    await act.session.flush()
    act.tell(event, when)


def _of(row: Order) -> dict[str, UUID]:
    return {"order_id": row.id, "patient_id": row.patient_id, "incident_id": row.incident_id}


async def _same(act: Act, kept: Order, patient_id: UUID, given: Ordering) -> Order:
    value = await find_value(act.session, kept.id, PersonalKind.MESSAGE)
    digest = None
    if given.words is not None:
        digest = act.digester.digest(PersonalKind.MESSAGE, personal_text(PersonalKind.MESSAGE, given.words))
    told = (kept.patient_id, kept.actor, kept.treatment, kept.amount, kept.route)
    said = None if value is None else value.digest
    if (*told, said) != (patient_id, act.actor, given.treatment, given.amount, given.route, digest):
        raise Conflict("order.other", "This id stands for another order.", "Use a fresh id for each order.")
    return kept
