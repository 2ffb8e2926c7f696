"""Whose the data of a place are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from dispatch.telemetry.rules_attachments import Attachment, Mark, attachments, owner_at

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_the_last_mark_before_a_moment_counts_in_whatever_order_they_came() -> None:
    marks = [Mark(at(20), TWO), Mark(at(0), ONE), Mark(at(30), None)]
    assert [owner_at(marks, at(minutes)) for minutes in (-1, 0, 19, 20, 29, 30)] == [None, ONE, ONE, TWO, TWO, None]
    assert attachments(marks) == [Attachment(ONE, at(0), at(20)), Attachment(TWO, at(20), at(30))]
    late = [*marks, Mark(at(10), None)]
    assert owner_at(late, at(15)) is None
    assert attachments(late)[0] == Attachment(ONE, at(0), at(10))
    assert attachments([Mark(at(0), ONE), Mark(at(5), ONE)]) == [Attachment(ONE, at(0), None)]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from([ONE, TWO, None])), unique_by=lambda one: one[0]),
    st.integers(-1, 31),
)
def test_periods_say_the_same_as_marks(told: list[tuple[int, UUID | None]], minute: int) -> None:
    marks = [Mark(at(minutes), patient) for minutes, patient in told]
    within = [
        one.patient_id
        for one in attachments(marks)
        if one.begins_at <= at(minute) and (one.ends_at is None or at(minute) < one.ends_at)
    ]
    owner = owner_at(marks, at(minute))
    assert within == ([] if owner is None else [owner])
