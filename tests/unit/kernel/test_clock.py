from datetime import UTC, datetime, timedelta, timezone

import pytest

from dispatch.kernel.clock import ManualClock, SystemClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_system_clock_tells_utc_and_goes_forward() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert second >= first


def test_the_manual_clock_stands_still_until_moved() -> None:
    clock = ManualClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.advance(timedelta(seconds=90)) == NOON + timedelta(seconds=90)
    assert clock.jump_to(NOON + timedelta(hours=1)) == clock.now() == NOON + timedelta(hours=1)


def test_time_cannot_go_back() -> None:
    clock = ManualClock(NOON)
    with pytest.raises(ValueError, match="go back"):
        clock.jump_to(NOON - timedelta(microseconds=1))
    with pytest.raises(ValueError, match="go back"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == NOON


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        ManualClock(NOON.replace(tzinfo=None))


def test_other_time_zones_become_utc() -> None:
    urumqi = timezone(timedelta(hours=6))
    assert ManualClock(datetime(2026, 3, 1, 18, tzinfo=urumqi)).now().utcoffset() == timedelta(0)
