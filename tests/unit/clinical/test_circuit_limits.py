"""Limits of a circuit lie in their order, and each is of a signal that can be measured."""

from __future__ import annotations

import pytest

from dispatch.clinical.rules_circuit import CIRCUIT, SIGNED_OFF_BY, Ends
from dispatch.clinical.rules_signals import SIGNALS

DROP = "ecmo_drop"


@pytest.mark.parametrize("name", sorted(CIRCUIT))
def test_what_is_critical_lies_beyond_what_warns_and_that_beyond_what_is_expected(name: str) -> None:
    one = CIRCUIT[name]
    lows = [end.low for end in (one.critical, one.warn, one.expected) if end.low is not None]
    highs = [end.high for end in (one.expected, one.warn, one.critical) if end.high is not None]
    assert lows == sorted(lows)
    assert highs == sorted(highs)
    assert name == DROP or name in SIGNALS.by_name


def test_the_table_of_the_reference() -> None:
    assert CIRCUIT["ecmo_flow"].critical == Ends(2.0, None)
    assert (CIRCUIT[DROP].warn, CIRCUIT[DROP].critical, CIRCUIT[DROP].inclusive) == (
        Ends(None, 50),
        Ends(None, 80),
        True,
    )
    assert CIRCUIT["ecmo_venous_pressure"].critical == Ends(-120, None)
    assert CIRCUIT["ecmo_blood_temperature"].warn == Ends(35.0, 38.5)
    assert SIGNED_OFF_BY == ""
