"""Orders to crews, what can be ordered, and what a crew tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.calls.board import INCIDENT_ID
from api.fleet.when import Happened, Sent
from api.patients.schemas import HOSPITAL_ID, PATIENT_ID
from dispatch.charting.rules import FORMS
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.states_patients import PersonalKind
from dispatch.orders.queries import Ordered
from dispatch.orders.rules import ORDER_FORMS, Named
from dispatch.orders.service import state
from dispatch.orders.states import OrderState

_Amount = Annotated[float | None, Meta(description="In the treatment's unit.")]
_Words = Annotated[str, Meta(min_length=1, max_length=LIMITS[PersonalKind.MESSAGE])]
_Why = Annotated[str, Meta(min_length=1, max_length=LIMITS[PersonalKind.REASON])]
_Code = Annotated[str, Meta(max_length=40)]


class CrewOrderIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A treatment that the crew shall give. A drug says its amount and its route."""

    id: Annotated[UUID, Meta(description="A fresh id of your own: what is sent twice is given once.")]
    treatment: Annotated[_Code, Meta(description="Its code, of `/api/chart-forms`; `other`: as `words` say.")]
    amount: _Amount = None
    route: Annotated[_Code | None, Meta(description="Of `/api/order-forms`; of drugs only.")] = None
    words: Annotated[_Words | None, Meta(description="What is to be heeded besides; of `other` the order.")] = None
    at: Happened = None
    sent_at: Sent = None


class OrderReadBackIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The crew has read it back."""

    at: Happened = None
    sent_at: Sent = None


class OrderDoneIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The crew has done it."""

    amount: Annotated[float | None, Meta(description="What was given, in the treatment's unit; null: as ordered.")] = (
        None
    )
    unit_id: Annotated[UUID | None, Meta(description="The vehicle on which it was done.")] = None
    at: Happened = None
    sent_at: Sent = None


class OrderNotDoneIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The crew did not do it."""

    reason: Annotated[_Code, Meta(description="Of `/api/order-forms`.")]
    words: _Why | None = None
    at: Happened = None
    sent_at: Sent = None


class CrewOrderOut(msgspec.Struct, frozen=True, kw_only=True):
    """One order. Times of the crew are its device's, set right; `ended_entered_at` is when the service was told."""

    id: UUID
    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    organisation: Annotated[str, Meta(description="Of the doctor who gave it.")]
    state: OrderState
    version: int
    treatment: str
    amount: _Amount
    unit: Annotated[str, Meta(description="Of the amounts; empty: it has none.")]
    route: str | None
    words: Annotated[str | None, Meta(description="Null: none, or erased by law.")]
    erased: bool
    given_at: datetime
    entered_at: datetime
    given_by: str
    given_by_name: str | None
    seen_at: datetime | None
    seen_by_name: str | None
    confirmed_at: Annotated[datetime | None, Meta(description="The crew has read it back.")]
    confirmed_by_name: str | None
    ended_at: Annotated[datetime | None, Meta(description="Done, or not done: when that truly was.")]
    ended_entered_at: datetime | None
    ended_by_name: str | None
    given_amount: _Amount
    reason: Annotated[str | None, Meta(description="Why it was not done.")]
    reason_words: str | None
    cancelled_at: Annotated[datetime | None, Meta(description="May stand beside `done`: it was done all the same.")]
    cancelled_by_name: str | None


class CrewOrdersOut(msgspec.Struct, frozen=True):
    """Orders by true time, the newest last."""

    now: datetime
    orders: list[CrewOrderOut]


class NamedOut(msgspec.Struct, frozen=True):
    """A code in three languages."""

    code: str
    zh: str
    en: str
    ug: str


class OrderFormsOut(msgspec.Struct, frozen=True):
    """What goes with an order. routed: groups of treatments of which a route is said."""

    version: str
    signed_off: Annotated[bool, Meta(description="False: no medical director has signed the list off.")]
    routed: list[str]
    routes: list[NamedOut]
    reasons: list[NamedOut]


def order_out(told: Ordered, names: Mapping[str, str]) -> CrewOrderOut:
    """Tell an order."""
    row = told.order
    treatment = FORMS.treatments.get(row.treatment)
    name = names.get
    return CrewOrderOut(
        id=row.id,
        patient_id=row.patient_id,
        incident_id=row.incident_id,
        hospital_id=row.hospital_id,
        organisation=row.organisation,
        state=state(row),
        version=row.version,
        treatment=row.treatment,
        amount=row.amount,
        unit="" if treatment is None else treatment.unit,
        route=row.route,
        words=told.words,
        erased=told.erased,
        given_at=row.at,
        entered_at=row.entered_at,
        given_by=row.actor,
        given_by_name=name(row.actor),
        seen_at=row.seen_at,
        seen_by_name=name(row.seen_by or ""),
        confirmed_at=row.confirmed_at,
        confirmed_by_name=name(row.confirmed_by or ""),
        ended_at=row.ended_at,
        ended_entered_at=row.ended_entered_at,
        ended_by_name=name(row.ended_by or ""),
        given_amount=row.given_amount,
        reason=row.reason,
        reason_words=told.reason_words,
        cancelled_at=row.cancelled_at,
        cancelled_by_name=name(row.cancelled_by or ""),
    )


def actors_of(told: Ordered) -> list[str | None]:
    """Whose names are told of an order."""
    row = told.order
    return [row.actor, row.seen_by, row.confirmed_by, row.ended_by, row.cancelled_by]


def named_out(one: Named) -> NamedOut:
    """Tell a code."""
    return NamedOut(one.code, one.zh, one.en, one.ug)


def order_forms_out() -> OrderFormsOut:
    """Tell what goes with an order."""
    return OrderFormsOut(
        ORDER_FORMS.version, bool(ORDER_FORMS.signed_off_by), list(ORDER_FORMS.routed),
        [named_out(one) for one in ORDER_FORMS.routes.values()],
        [named_out(one) for one in ORDER_FORMS.reasons.values()],
    )  # fmt: skip


ORDER_ID: Final = "0198c0de-0000-7000-8000-000000000f01"
ORDER: Final = {
    "id": ORDER_ID,
    "patient_id": PATIENT_ID,
    "incident_id": INCIDENT_ID,
    "hospital_id": HOSPITAL_ID,
    "organisation": "示例医院",
    "state": "done",
    "version": 4,
    "treatment": "aspirin",
    "amount": 300.0,
    "unit": "mg",
    "route": "po",
    "words": None,
    "erased": False,
    "given_at": "2026-11-22T09:31:00Z",
    "entered_at": "2026-11-22T09:31:00Z",
    "given_by": "person:0198c0de-0000-7000-8000-000000000502",
    "given_by_name": "示例医生",
    "seen_at": "2026-11-22T09:31:04Z",
    "seen_by_name": "示例护士",
    "confirmed_at": "2026-11-22T09:31:10Z",
    "confirmed_by_name": "示例护士",
    "ended_at": "2026-11-22T09:32:00Z",
    "ended_entered_at": "2026-11-22T09:32:01Z",
    "ended_by_name": "示例护士",
    "given_amount": 300.0,
    "reason": None,
    "reason_words": None,
    "cancelled_at": None,
    "cancelled_by_name": None,
}
