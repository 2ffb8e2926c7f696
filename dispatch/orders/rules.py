"""What can be ordered, from `orders.toml` and the treatments of the chart, and how far an order is. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from dispatch.charting.rules import FORMS, OTHER, Charted, checked
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.orders.states import OrderState


@dataclass(frozen=True, slots=True)
class Named:
    """A code in three languages."""

    code: str
    zh: str
    en: str
    ug: str


@dataclass(frozen=True, slots=True)
class OrderForms:
    """All of `orders.toml`. routed: groups of treatments that go by a route; signed_off_by: empty until one has."""

    version: str
    source: str
    signed_off_by: str
    routed: tuple[str, ...]
    routes: Mapping[str, Named]
    reasons: Mapping[str, Named]


def _named(given: Mapping[str, Any]) -> Mapping[str, Named]:
    return {code: Named(code, **one) for code, one in given.items()}


def _load() -> OrderForms:
    data = tomllib.loads(files("dispatch.orders").joinpath("orders.toml").read_text(encoding="utf-8"))
    routed = tuple(data.pop("routed"))
    unknown = set(routed) - {one.group for one in FORMS.treatments.values()}
    if unknown:
        raise ValueError(f"orders.toml names groups that no treatment has: {unknown}")
    return OrderForms(**data | {"routed": routed, "routes": _named(data["routes"]), "reasons": _named(data["reasons"])})


ORDER_FORMS: Final = _load()


def check_ordered(treatment: str, amount: float | None, route: str | None, words: str | None) -> None:
    """Let through what can be ordered: a drug says its amount and its route, nothing else has a route.

    OTHER has neither, but words. Raises Invalid: `chart.treatment`, `chart.amount`, `order.route`, `order.amount`,
    `order.words`.
    """
    if treatment == OTHER:
        if amount is not None or route is not None or not (words or "").strip():
            raise Invalid("order.words", "Another order says in words what is to be done, and nothing else.")
        return
    checked(Charted(treatment=treatment, amount=amount))
    known = FORMS.treatments[treatment]
    routed = known.group in ORDER_FORMS.routed
    if routed != (route is not None) or (route is not None and route not in ORDER_FORMS.routes):
        raise Invalid("order.route", "A drug is ordered by one route, and nothing else is.", "See /api/order-forms.")
    if routed and amount is None:
        raise Invalid("order.amount", "An ordered drug says how much.", f"In {known.unit}.")


def check_reason(reason: str) -> None:
    """Let through why an order was not done. Raises Invalid (`order.reason`)."""
    if reason not in ORDER_FORMS.reasons:
        raise Invalid("order.reason", "There is no such reason.", f"It is one of {', '.join(ORDER_FORMS.reasons)}.")


@dataclass(frozen=True, slots=True)
class Steps:
    """When what was told of an order; reason: why it was not done."""

    seen_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    cancelled_at: datetime | None
    reason: str | None


def state_of(steps: Steps) -> OrderState:
    """How far an order is: done counts before cancelled, cancelled before not done."""
    if steps.ended_at is not None and steps.reason is None:
        return OrderState.DONE
    if steps.cancelled_at is not None:
        return OrderState.CANCELLED
    if steps.ended_at is not None:
        return OrderState.NOT_DONE
    if steps.confirmed_at is not None:
        return OrderState.CONFIRMED
    return OrderState.SENT if steps.seen_at is None else OrderState.SEEN


OPEN: Final = frozenset({OrderState.SENT, OrderState.SEEN, OrderState.CONFIRMED})


def must_be_open(state: OrderState) -> None:
    """Let through an order that waits. Raises Conflict (`order.over`)."""
    if state not in OPEN:
        raise Conflict("order.over", f"This order is {state.replace('_', ' ')} already.")
