"""Tokens, lifetimes, sources."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.accounts.rules_sessions import (
    DEVICE_PREFIX,
    Lifetimes,
    ends_at,
    new_token,
    source_of,
    token_hash,
)

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_tokens_are_long_and_never_alike() -> None:
    tokens = {new_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert {len(token) for token in tokens} == {43}
    assert all(token_hash(token) not in (None, token.encode()) for token in tokens)


def test_a_devices_token_is_no_sessions_token() -> None:
    token = new_token(DEVICE_PREFIX)
    assert token_hash(token, DEVICE_PREFIX) is not None
    assert token_hash(token) is None
    assert token_hash(new_token(), DEVICE_PREFIX) is None


@given(st.text(max_size=100))
def test_what_is_no_token_is_told_without_asking(text: str) -> None:
    assert token_hash(text) is None or len(text) == 43


@given(st.integers(0, 100_000), st.integers(1, 100_000), st.integers(1, 100_000))
def test_a_session_never_outlives_either_limit(seen_s: int, idle_s: int, absolute_s: int) -> None:
    lifetimes = Lifetimes(timedelta(seconds=absolute_s), timedelta(seconds=idle_s))
    seen, expires = NOW + timedelta(seconds=seen_s), NOW + timedelta(seconds=absolute_s)
    assert ends_at(seen, expires, lifetimes) in (expires, seen + lifetimes.idle)
    assert ends_at(seen, expires, lifetimes) <= min(expires, seen + lifetimes.idle)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("/run/tarim.sock", "unknown"),
    ],
)
def test_one_customer_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source
