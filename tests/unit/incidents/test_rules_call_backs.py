"""When somebody is called back, and pauses that are set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.dispatching.rules_policy import read_figures
from dispatch.incidents.rules_call_backs import PROPOSED, in_force, read_call_backs
from dispatch.kernel.errors import Invalid

START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_call_backs_come_at_once_and_then_slower() -> None:
    assert PROPOSED.due(0, START) == START
    waits = [PROPOSED.due(count, START) - START for count in range(7)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=10)
    assert [PROPOSED.enough(count) for count in (3, 4)] == [False, True]


def test_pauses_that_are_set_count() -> None:
    own = read_figures("[call_back]\nafter_s = [30, 45]").call_back
    assert [own.due(count, START) - START for count in (0, 1, 2)] == [timedelta(seconds=s) for s in (30, 45, 45)]
    assert [own.enough(count) for count in (1, 2)] == [False, True]
    assert in_force({type(own): own}) is own
    assert in_force({}) is PROPOSED


@pytest.mark.parametrize(
    "text",
    ["after_s = []", "after_s = 60", "after_s = [60, -1]", "after_s = [inf]", "after_s = [90000]", "later_s = [1]"],
)
def test_pauses_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_figures(f"[call_back]\n{text}")
    assert caught.value.code == "figures.invalid"
    assert read_call_backs() == PROPOSED
