"""What a doctor of the receiving hospital orders a crew to do, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.er.access import seen_of
from api.er.receiving import must_bring, must_receive
from api.incidents.access import must_reach
from api.incidents.routes import IncidentId
from api.messages.routes import PatientQuery, must_take_part
from api.names import names_of_actors
from api.orders.schemas import (
    ORDER,
    ORDER_ID,
    CrewOrderIn,
    CrewOrderOut,
    CrewOrdersOut,
    OrderDoneIn,
    OrderFormsOut,
    OrderNotDoneIn,
    OrderReadBackIn,
    actors_of,
    order_forms_out,
    order_out,
)
from api.patients.routes import PatientId
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.events_incidents import IncidentViewed
from dispatch.incidents.service import Act
from dispatch.incidents.service_views import note_view
from dispatch.kernel.errors import Conflict
from dispatch.orders.queries import Ordered, get_order, list_orders, ordered
from dispatch.orders.service import (
    Ordering,
    cancel_order,
    confirm_order,
    do_order,
    give_order,
    refuse_order,
    see_order,
)
from dispatch.orders.tables import Order
from dispatch.units.queries import get_unit_by_id
from dispatch.units.rules_duty import in_force, reckon

router = APIRouter(tags=["orders"])
_READ: Final = "orders.read"
_CARRY: Final = "orders.carry"
Reader = Annotated[Principal, requires(_READ)]
Giver = Annotated[Principal, requires("orders.give")]
Carrier = Annotated[Principal, requires(_CARRY)]
OrderId = Annotated[UUID, Path(description="The order's `id`.")]
_order, _told_back, _done, _not_done = Body(CrewOrderIn), Body(OrderReadBackIn), Body(OrderDoneIn), Body(OrderNotDoneIn)


@router.get(
    "/order-forms",
    summary="What goes with an order",
    description="Routes of drugs, and reasons why an order was not done, in three languages. Treatments and their "
    "units are those of `/api/chart-forms`. Awaits a medical director.",
    dependencies=[requires("session.show")],
    **contract(OrderFormsOut),
)
async def forms() -> Response:
    """Give the lists."""
    return answer(order_forms_out())


@router.get(
    "/incidents/{incident_id}/orders",
    summary="What a crew is ordered to do in an incident",
    description="By true time, each with how far it is. A hospital names its patient. It leaves a line in the journal.",
    **contract(CrewOrdersOut, example={"now": "2026-11-22T09:33:00Z", "orders": [ORDER]}, problems=[404]),
)
async def listed(
    door: DoorkeeperDep, actor: Reader, incident_id: IncidentId, patient_id: PatientQuery = None
) -> Response:
    """List orders."""
    async with acting(door, actor) as act:
        await must_take_part(act, actor, _READ, incident_id, patient_id)
        rows = await list_orders(act.session, incident_id, patient_id)
        told = CrewOrdersOut(act.clock.now(), await _all_out(act, rows))
        await note_view(act, IncidentViewed(incident_id=incident_id, record=False))
    return answer(told)


@router.post(
    "/patients/{patient_id}/orders",
    summary="Order a crew to do something for a patient",
    description="By name, for a patient that is brought to the asker's hospital (409 `order.no_crew` once nobody "
    "brings it any more). The crew reads it back. The same `id` again changes nothing. The journal tells the treatment "
    "and the route, never the amount or the words.",
    **contract(
        CrewOrderOut, body=CrewOrderIn, status=201, example=ORDER | {"state": "sent"}, problems=[404, 409],
        body_examples={
            "a drug": {"id": ORDER_ID, "treatment": "aspirin", "amount": 300, "route": "po"},
            "a treatment": {"id": ORDER_ID, "treatment": "intubation"},
        },
    ),
)  # fmt: skip
async def given(request: Request, door: DoorkeeperDep, actor: Giver, patient_id: PatientId) -> Response:
    """Give."""
    asked = await _order.of(request)
    hospital_id = await must_bring(door, actor, patient_id)
    async with acting(door, actor) as act:
        seen = await seen_of(act.session, act.region, act.clock.now(), actor, patient_id)
        if seen is None or seen.inbound is None or seen.inbound.by is None:
            raise Conflict("order.no_crew", "Nobody brings this patient any more.", "Order it at the hospital.")
        at = _at(act, asked.at, asked.sent_at)
        what = Ordering(
            asked.id, hospital_id, actor.organisation, at, asked.treatment, asked.amount, asked.route, asked.words
        )
        row = await give_order(act, patient_id, what)
        told = await _out(act, row)
    return answer(told, status=201)


@router.post(
    "/orders/{order_id}/seen",
    summary="The crew's page has shown an order",
    description="Who was first counts.",
    **contract(CrewOrderOut, example=ORDER | {"state": "seen"}, problems=[404]),
)
async def seen(door: DoorkeeperDep, actor: Carrier, order_id: OrderId) -> Response:
    """See."""
    async with acting(door, actor) as act:
        await _must_carry(act, actor, order_id)
        told = await _out(act, await see_order(act, order_id))
    return answer(told)


@router.post(
    "/orders/{order_id}/confirmation",
    summary="The crew reads an order back",
    description="By name. Said again it stays; of one that was cancelled or has its end it is refused (409).",
    **contract(
        CrewOrderOut, body=OrderReadBackIn, example=ORDER | {"state": "confirmed"}, problems=[404, 409],
        body_examples={"now": {}, "earlier": {"at": "2026-11-22T09:31:10Z", "sent_at": "2026-11-22T09:35:00Z"}},
    ),
)  # fmt: skip
async def confirmed(request: Request, door: DoorkeeperDep, actor: Carrier, order_id: OrderId) -> Response:
    """Read back."""
    asked = await _told_back.of(request)
    async with acting(door, actor) as act:
        await _must_carry(act, actor, order_id)
        told = await _out(act, await confirm_order(act, order_id, _at(act, asked.at, asked.sent_at)))
    return answer(told)


@router.post(
    "/orders/{order_id}/done",
    summary="The crew has done what was ordered",
    description="With its true time, also long after. It stands in the patient's chart once, as an entry of the same "
    "id. What was done while a cancellation was on its way was done all the same: it is told beside it.",
    **contract(
        CrewOrderOut, body=OrderDoneIn, example=ORDER, problems=[404, 409],
        body_examples={"as ordered": {}, "less": {"amount": 100, "at": "2026-11-22T09:32:00Z"}},
    ),
)  # fmt: skip
async def done(request: Request, door: DoorkeeperDep, actor: Carrier, order_id: OrderId) -> Response:
    """Have done."""
    asked = await _done.of(request)
    async with acting(door, actor) as act:
        await _must_carry(act, actor, order_id)
        if asked.unit_id is not None:
            await get_unit_by_id(act.session, act.region, asked.unit_id)
        row = await do_order(act, order_id, _at(act, asked.at, asked.sent_at), asked.amount, asked.unit_id)
        told = await _out(act, row)
    return answer(told)


@router.post(
    "/orders/{order_id}/not-done",
    summary="The crew did not do what was ordered",
    description="With the reason. What was done already is refused (409).",
    **contract(
        CrewOrderOut, body=OrderNotDoneIn,
        example=ORDER | {"state": "not_done", "given_amount": None, "reason": "contraindicated"}, problems=[404, 409],
        body_examples={"a reason": {"reason": "contraindicated"}, "in words": {"reason": "other", "words": "已入院门"}},
    ),
)  # fmt: skip
async def not_done(request: Request, door: DoorkeeperDep, actor: Carrier, order_id: OrderId) -> Response:
    """Have not done."""
    asked = await _not_done.of(request)
    async with acting(door, actor) as act:
        await _must_carry(act, actor, order_id)
        row = await refuse_order(act, order_id, _at(act, asked.at, asked.sent_at), asked.reason, asked.words)
        told = await _out(act, row)
    return answer(told)


@router.post(
    "/orders/{order_id}/cancellation",
    summary="Take an order back",
    description="By name, by the hospital that gave it, before its end (409 `order.over`). It stays in the record.",
    **contract(CrewOrderOut, example=ORDER | {"state": "cancelled"}, problems=[404, 409]),
)
async def cancelled(door: DoorkeeperDep, actor: Giver, order_id: OrderId) -> Response:
    """Cancel."""
    await _must_have_given(door, actor, order_id)
    async with acting(door, actor) as act:
        told = await _out(act, await cancel_order(act, order_id))
    return answer(told)


async def _must_carry(act: Act, actor: Principal, order_id: UUID) -> None:
    row = await get_order(act.session, act.region, order_id)
    await must_reach(act.session, act.region, actor, _CARRY, row.incident_id)


async def _must_have_given(door: Doorkeeper, actor: Principal, order_id: UUID) -> None:
    async with acting(door, actor) as act:
        row = await get_order(act.session, act.region, order_id)
        hospital_id, patient_id = row.hospital_id, row.patient_id
    await must_receive(door, actor, hospital_id, patient_id)


def _at(act: Act, at: datetime | None, sent_at: datetime | None) -> datetime:
    """When it truly was, by a device's clock set right."""
    tolerance_s = in_force(act.session.info).clock_tolerance_s
    return reckon(at, act.clock.now(), sent_at=sent_at, tolerance_s=tolerance_s).at


async def _out(act: Act, row: Order) -> CrewOrderOut:
    return (await _all_out(act, [await ordered(act.session, row)]))[0]


async def _all_out(act: Act, rows: list[Ordered]) -> list[CrewOrderOut]:
    names = await names_of_actors(act.session, [who for one in rows for who in actors_of(one)])
    return [order_out(one, names) for one in rows]
