"""What can be charted, and what counts of what was."""

from __future__ import annotations

from uuid import UUID

import pytest

from dispatch.charting.rules import FORMS, Charted, checked, superseded
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.kernel.errors import Invalid

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def test_every_list_is_whole() -> None:
    assert all(name in SIGNALS.by_name for name in FORMS.by_hand)
    assert {"adrenaline", "defibrillation", "iv", "oxygen", "intubation"} <= FORMS.treatments.keys()
    assert all(one.zh and one.en and one.ug for one in FORMS.treatments.values())
    assert not FORMS.signed_off_by


def test_a_value_that_cannot_be_right_is_kept() -> None:
    given = Charted({"heart_rate": 900.0})
    assert checked(given) is given


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Charted(), "chart.empty"),
        (Charted({}), "chart.empty"),
        (Charted({"spo2": 95}, "oxygen"), "chart.empty"),
        (Charted({"spo2": 95}, amount=1), "chart.empty"),
        (Charted({"ecmo_flow": 4}), "chart.signal"),
        (Charted({"spo2": float("nan")}), "chart.value"),
        (Charted({"spo2": 1e9}), "chart.value"),
        (Charted(treatment="leeches"), "chart.treatment"),
        (Charted(treatment="oxygen", amount=0), "chart.amount"),
        (Charted(treatment="oxygen", amount=float("nan")), "chart.amount"),
        (Charted(treatment="suction", amount=1), "chart.amount"),
    ],
)
def test_what_says_nothing_or_is_not_known_is_refused(given: Charted, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(given)
    assert refused.value.code == code


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    assert superseded([(A, None, False), (B, A, False), (C, B, False)]) == {A, B}


def test_a_correction_that_was_withdrawn_corrects_nothing() -> None:
    assert superseded([(A, None, False), (B, A, True)]) == {B}
    assert superseded([(A, None, True)]) == {A}
