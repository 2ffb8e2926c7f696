"""How long wrong passwords make one wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.accounts.rules_throttle import (
    KNOWN_FOR,
    LIMITS,
    NO_TRIES,
    Count,
    Tries,
    delay_s,
    failed,
    is_known,
    succeeded,
    wait_s,
)

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
Memory = dict[Count, Tries]
counts = st.sampled_from(list(Count))


def after_failures(number: int, now: datetime = NOW, memory: Memory | None = None) -> Memory:
    made = dict(memory or {})
    for _ in range(number):
        made = {count: failed(count, made.get(count, NO_TRIES), now) for count in Count}
    return made


def after_success(memory: Memory, now: datetime) -> Memory:
    counted = after_failures(1, now, memory)
    return {count: succeeded(count, counted[count], now) for count in Count}


@given(counts, st.integers(0, 100_000))
def test_delays_grow_to_a_ceiling(count: Count, failures: int) -> None:
    limit = LIMITS[count]
    assert delay_s(limit, failures) <= delay_s(limit, failures + 1) <= limit.most_s
    assert (delay_s(limit, failures) == 0) == (failures <= limit.free)


@given(st.integers(0, 12_000), st.integers(0, 400_000_000))
def test_nobody_waits_longer_than_the_ceiling_whatever_the_clock_does(failures: int, back_s: int) -> None:
    # The clock may be set back by years after the failures were written down.
    memory = {count: Tries(failures, NOW, NOW + timedelta(seconds=back_s)) for count in Count}
    longest_s = max(limit.most_s for limit in LIMITS.values())
    assert 0 <= wait_s(memory, NOW) <= longest_s
    assert wait_s(memory, NOW + timedelta(seconds=back_s)) == 0


def test_five_slips_cost_nothing_and_the_sixth_two_seconds() -> None:
    assert wait_s(after_failures(5), NOW) == 0
    assert wait_s(after_failures(6), NOW) == 2
    assert wait_s(after_failures(7), NOW) == 4


def test_ten_thousand_wrong_passwords_cost_the_right_person_five_minutes_at_most() -> None:
    memory = after_failures(10_000)
    assert wait_s(memory, NOW) == 300
    assert wait_s(memory, NOW + timedelta(seconds=300)) == 0


def test_how_often_a_patient_attacker_gets_through_in_a_day() -> None:
    memory, now, tries = {}, NOW, 0
    while now < NOW + timedelta(days=1):
        left_s = wait_s(memory, now)
        now += timedelta(seconds=left_s)
        memory, tries = after_failures(1, now, memory), tries + 1
    assert 250 < tries < 320, "one in five minutes, after the first few"


def test_strangers_cannot_keep_a_person_out_of_where_they_work() -> None:
    home = after_success({}, NOW)
    strangers = after_failures(500)
    memory = home | {Count.ACCOUNT: strangers[Count.ACCOUNT], Count.SOURCE: strangers[Count.SOURCE]}
    assert wait_s(strangers, NOW) > 0
    assert wait_s(memory, NOW) == 0
    assert not is_known(memory, NOW + KNOWN_FOR)
    assert wait_s(memory, NOW) == 0


def test_a_known_place_is_no_free_ticket() -> None:
    memory = after_failures(20, NOW, after_success({}, NOW))
    assert is_known(memory, NOW)
    assert wait_s(memory, NOW) == 300


@given(st.integers(0, 60))
def test_ones_own_account_does_not_wash_off_a_sources_failures(failures: int) -> None:
    before = after_failures(failures)
    after = after_success(before, NOW)
    for count in (Count.SOURCE, Count.ACCOUNT):
        assert after[count].failures == before.get(count, NO_TRIES).failures
    assert after[Count.PAIR].failures == 0


def test_an_hour_of_quiet_forgets() -> None:
    memory = after_failures(40)
    later = NOW + timedelta(hours=1)
    assert failed(Count.PAIR, memory[Count.PAIR], later).failures == 1
    assert failed(Count.PAIR, memory[Count.PAIR], later - timedelta(seconds=1)).failures == 41


@pytest.mark.parametrize("count", list(Count))
def test_a_success_leaves_nobody_waiting_who_was_not(count: Count) -> None:
    assert wait_s(after_success(after_failures(5), NOW), NOW) == 0
    assert succeeded(count, failed(count, NO_TRIES, NOW), NOW).failures == 0
