"""Time-ordered ids made in Python: UUID version 7 (RFC 9562, section 5.7).

48 bits of Unix milliseconds, then 74 bits that start at random and only grow within one millisecond
(RFC 9562, section 6.2, method 2). Ids of one clock grow strictly inside a process, even when the clock steps back.
"""

import os
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from dispatch.kernel.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TAIL_BITS = 74
_LOW_BITS = 62


@dataclass
class _Last:
    time_ms: int = -1
    tail: int = 0


_lock = threading.Lock()
_last: WeakKeyDictionary[Clock, _Last] = WeakKeyDictionary()


def new_id(clock: Clock) -> UUID:
    """Return a fresh UUIDv7 of the clock's present millisecond, greater than every earlier one of that clock."""
    time_ms = (clock.now() - _EPOCH) // _MILLISECOND
    with _lock:
        last = _last.setdefault(clock, _Last())
        if time_ms > last.time_ms:
            # The top bit starts at zero, so that there is room to count in.
            last.time_ms, last.tail = time_ms, secrets.randbits(_TAIL_BITS - 1)
        else:
            last.tail += 1 + secrets.randbits(32)
            if last.tail >> _TAIL_BITS:
                last.time_ms, last.tail = last.time_ms + 1, secrets.randbits(_TAIL_BITS - 1)
        return _uuid7(last.time_ms, last.tail)


def time_ms_of(value: UUID) -> int:
    """Return the Unix milliseconds inside a UUIDv7."""
    return value.int >> 80


def _uuid7(time_ms: int, tail: int) -> UUID:
    high, low = tail >> _LOW_BITS, tail & ((1 << _LOW_BITS) - 1)
    return UUID(int=(time_ms << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


def _after_fork() -> None:
    # A forked child must not continue its parent's count, nor inherit a lock held by a thread it does not have.
    global _lock  # noqa: PLW0603 - a lock cannot be reset in place
    _lock = threading.Lock()
    _last.clear()


os.register_at_fork(after_in_child=_after_fork)
