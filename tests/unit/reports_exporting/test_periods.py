"""Which periods want their report: of Beijing time, once they have ended and settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.reports.exporting.rules_periods import MOST, SETTLES, coming, ended
from dispatch.reports.exporting.states import Step

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - drawn in UTC


def test_days_begin_at_midnight_of_beijing_and_settle_first() -> None:
    midnight = datetime(2026, 11, 26, 16, tzinfo=UTC)
    day = (midnight - timedelta(days=1), midnight)
    assert ended(Step.DAILY, day[0], midnight + SETTLES) == [day]
    assert ended(Step.DAILY, day[0], midnight + SETTLES - timedelta(seconds=1)) == []
    assert ended(Step.DAILY, midnight, midnight + SETTLES) == []


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    now = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert ended(Step.WEEKLY, LONG_AGO, now)[-1] == (
        datetime(2026, 2, 22, 16, tzinfo=UTC), datetime(2026, 3, 1, 16, tzinfo=UTC)
    )  # fmt: skip
    assert ended(Step.MONTHLY, LONG_AGO, now)[-1] == (
        datetime(2026, 1, 31, 16, tzinfo=UTC), datetime(2026, 2, 28, 16, tzinfo=UTC)
    )  # fmt: skip


@pytest.mark.parametrize("step", list(Step))
@given(now=MOMENTS)
def test_periods_follow_one_another_without_gap_or_overlap(step: Step, now: datetime) -> None:
    found = ended(step, LONG_AGO, now)
    assert len(found) == MOST
    assert all(earlier[1] == later[0] for earlier, later in pairwise(found))
    assert found[-1][1] + SETTLES <= now
    later = ended(step, LONG_AGO, now + timedelta(days=1))
    assert set(later) >= set(found[2:]), "a period once due is the same period tomorrow"


@pytest.mark.parametrize("step", list(Step))
@given(now=MOMENTS)
def test_the_next_report_is_of_the_period_after_the_last_that_settled(step: Step, now: datetime) -> None:
    begins, until = coming(step, now)
    assert begins == ended(step, LONG_AGO, now)[-1][1]
    assert until + SETTLES > now
    assert ended(step, LONG_AGO, until + SETTLES)[-1] == (begins, until)
