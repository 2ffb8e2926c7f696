"""What the journal tells of orders: which treatment and how far it is, never an amount or free words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event


@event("order.given", subject="order_id")
class OrderGiven(Event):
    """A doctor of the hospital ordered a treatment. route: its code, or empty; digest: of the amount."""

    order_id: UUID
    patient_id: UUID
    incident_id: UUID
    hospital_id: UUID
    at: datetime
    treatment: str
    route: str
    digest: str


@event("order.seen", subject="order_id")
class OrderSeen(Event):
    """The crew's page has shown it."""

    order_id: UUID
    patient_id: UUID
    incident_id: UUID


@event("order.confirmed", subject="order_id")
class OrderConfirmed(Event):
    """The crew has read it back."""

    order_id: UUID
    patient_id: UUID
    incident_id: UUID
    at: datetime


@event("order.done", subject="order_id")
class OrderDone(Event):
    """The crew has done it; the chart has an entry of the same id. as_ordered: the amount is the one that was ordered.

    cancelled: it had been withdrawn when this came.
    """

    order_id: UUID
    patient_id: UUID
    incident_id: UUID
    at: datetime
    as_ordered: bool
    cancelled: bool


@event("order.not_done", subject="order_id")
class OrderNotDone(Event):
    """The crew did not do it. reason: its code."""

    order_id: UUID
    patient_id: UUID
    incident_id: UUID
    at: datetime
    reason: str


@event("order.cancelled", subject="order_id")
class OrderCancelled(Event):
    """The hospital took it back."""

    order_id: UUID
    patient_id: UUID
    incident_id: UUID
