"""Who holds a draft, and who may take it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.fleet import START

from dispatch.incidents.rules_drafts import DROPPED_AFTER, Holder, dropped, may_take_over, must_hold, seat_name
from dispatch.kernel.errors import Conflict, Invalid

ONE, OTHER = Holder("person:1", "01"), Holder("person:2", "02")
CURRENT: dict[str, object] = {"seat": "01"}


def test_a_seat_has_dropped_when_it_was_not_heard_of_for_15_seconds() -> None:
    assert not dropped(START, START + DROPPED_AFTER)
    assert dropped(START, START + DROPPED_AFTER + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("asking", "gone", "anyway", "refused"),
    [
        (OTHER, False, False, True),
        (OTHER, True, False, False),
        (OTHER, False, True, False),
        (ONE, False, False, False),
        (Holder("person:1", "07"), False, False, False),
    ],
)
def test_who_may_take_a_draft(asking: Holder, gone: bool, anyway: bool, refused: bool) -> None:
    def take() -> None:
        may_take_over(ONE, asking, gone=gone, anyway=anyway, current=CURRENT)

    if refused:
        with pytest.raises(Conflict) as caught:
            take()
        assert (caught.value.code, caught.value.current) == ("draft.held", CURRENT)
    else:
        take()


def test_only_the_holder_at_its_seat_writes() -> None:
    must_hold(ONE, ONE, CURRENT)
    for other in (OTHER, Holder("person:1", "02"), Holder("person:2", "01")):
        with pytest.raises(Conflict):
            must_hold(ONE, other, CURRENT)


@pytest.mark.parametrize("name", ["", "  ", "x" * 21, "a\nb", "a\0b", "\ud800"])
def test_a_seat_has_a_short_plain_name(name: str) -> None:
    with pytest.raises(Invalid, match=r"1 to 20"):
        seat_name(name)
    assert seat_name(" 01 席 ") == "01 席"
