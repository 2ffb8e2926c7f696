"""What can be ordered, and how far an order is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dispatch.charting.rules import FORMS
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.orders.rules import ORDER_FORMS, Steps, check_ordered, check_reason, must_be_open, state_of
from dispatch.orders.states import OrderState

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def test_every_list_is_whole_and_awaits_a_medical_director() -> None:
    named = [*ORDER_FORMS.routes.values(), *ORDER_FORMS.reasons.values()]
    assert all(one.zh and one.en and one.ug for one in named)
    assert {"iv", "po", "sl"} <= ORDER_FORMS.routes.keys()
    assert "other" in ORDER_FORMS.reasons
    assert not ORDER_FORMS.signed_off_by
    assert all(one.amount is not None for one in FORMS.treatments.values() if one.group in ORDER_FORMS.routed)


@pytest.mark.parametrize(
    ("treatment", "amount", "route", "words", "code"),
    [
        ("leeches", None, None, None, "chart.treatment"),
        ("aspirin", -1, "po", None, "chart.amount"),
        ("intubation", 3, None, None, "chart.amount"),
        ("aspirin", 300, None, None, "order.route"),
        ("aspirin", 300, "ear", None, "order.route"),
        ("oxygen", 6, "iv", None, "order.route"),
        ("aspirin", None, "po", None, "order.amount"),
        ("other", None, None, " ", "order.words"),
        ("other", 1, None, "示例:抬高下肢", "order.words"),
        ("other", None, "po", "示例:抬高下肢", "order.words"),
    ],
)
def test_what_cannot_be_ordered_is_refused(
    treatment: str, amount: float | None, route: str | None, words: str | None, code: str
) -> None:
    with pytest.raises(Invalid) as told:
        check_ordered(treatment, amount, route, words)
    assert told.value.code == code


def test_a_drug_by_its_route_and_a_treatment_without_can_be_ordered() -> None:
    check_ordered("aspirin", 300, "po", None)
    check_ordered("oxygen", 6, None, None)
    check_ordered("intubation", None, None, None)
    check_ordered("other", None, None, "示例:抬高下肢")
    check_reason("contraindicated")
    with pytest.raises(Invalid):
        check_reason("tired")


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (Steps(None, None, None, None, None), OrderState.SENT),
        (Steps(NOW, None, None, None, None), OrderState.SEEN),
        (Steps(NOW, NOW, None, None, None), OrderState.CONFIRMED),
        (Steps(NOW, NOW, NOW, None, "other"), OrderState.NOT_DONE),
        (Steps(None, None, None, NOW, None), OrderState.CANCELLED),
        (Steps(NOW, NOW, NOW, NOW, None), OrderState.DONE),
    ],
)
def test_what_was_done_stays_done_and_a_cancelled_order_is_not_open(steps: Steps, state: OrderState) -> None:
    assert state_of(steps) is state
    if state in (OrderState.SENT, OrderState.SEEN, OrderState.CONFIRMED):
        must_be_open(state)
    else:
        with pytest.raises(Conflict, match="already"):
            must_be_open(state)
