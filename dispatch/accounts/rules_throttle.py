"""How long a wrong password makes one wait. Pure.

Three counts are kept: of the account, of the source (a network address), and of the pair of both. Delays double, to a
ceiling: nobody is locked out for ever. A pair that has logged in lately is *known*: for it only its own count is asked,
so that strangers who try a person's name cannot keep that person out of the place where they work. Nothing is told
about whether an account exists: unknown names are counted alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Count(StrEnum):
    """What failures are counted by."""

    PAIR = "pair"
    ACCOUNT = "account"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; then `first_s`, doubled by each, to `most_s`; `forget_s` of quiet forgets."""

    free: int
    first_s: float
    most_s: float
    forget_s: float


LIMITS: Final[Mapping[Count, Limit]] = {
    Count.PAIR: Limit(free=5, first_s=2, most_s=300, forget_s=3_600),
    # A ceiling so low, because anybody can bring it about; guessing at one a minute leads nowhere.
    Count.ACCOUNT: Limit(free=10, first_s=1, most_s=60, forget_s=3_600),
    # A whole hospital may stand behind one address.
    Count.SOURCE: Limit(free=30, first_s=1, most_s=300, forget_s=3_600),
}
KNOWN_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tries:
    """What is remembered under one count."""

    failures: int = 0
    last_failure_at: datetime | None = None
    blocked_until: datetime | None = None
    succeeded_at: datetime | None = None


NO_TRIES: Final = Tries()


def delay_s(limit: Limit, failures: int) -> float:
    """Seconds to wait after that many failures."""
    beyond = failures - limit.free
    # The exponent is bounded before the power is taken: 2.0 ** 10_000 has no float.
    return 0.0 if beyond <= 0 else min(limit.most_s, limit.first_s * 2.0 ** min(beyond - 1, 60))


def is_known(tries: Mapping[Count, Tries], now: datetime) -> bool:
    """Tell whether this person has logged in from this source lately."""
    at = tries.get(Count.PAIR, NO_TRIES).succeeded_at
    return at is not None and now - at < KNOWN_FOR


def wait_s(tries: Mapping[Count, Tries], now: datetime) -> float:
    """Seconds until the next try is taken; 0: now. Never more than the ceiling, whatever the clock did meanwhile."""
    asked = (Count.PAIR,) if is_known(tries, now) else tuple(Count)
    return max(_wait_s(LIMITS[count], tries.get(count, NO_TRIES), now) for count in asked)


def failed(count: Count, tries: Tries, now: datetime) -> Tries:
    """What is remembered after one more failure."""
    limit = LIMITS[count]
    quiet = tries.last_failure_at is None or now - tries.last_failure_at >= timedelta(seconds=limit.forget_s)
    failures = 1 if quiet else tries.failures + 1
    return Tries(failures, now, now + timedelta(seconds=delay_s(limit, failures)), tries.succeeded_at)


def succeeded(count: Count, tries: Tries, now: datetime) -> Tries:
    """What is remembered after a success, whose try had been counted as a failure when it was admitted.

    Only the pair begins anew: else an attacker with an account of his own could wipe out his source's failures by
    logging in between, and a person's logins would wipe out those of strangers.
    """
    if count is Count.PAIR:
        return Tries(succeeded_at=now)
    failures = max(0, tries.failures - 1)
    blocked_until = None if delay_s(LIMITS[count], failures) == 0 else tries.blocked_until
    return Tries(failures, tries.last_failure_at, blocked_until, now)


def _wait_s(limit: Limit, tries: Tries, now: datetime) -> float:
    if tries.blocked_until is None:
        return 0.0
    return min(limit.most_s, max(0.0, (tries.blocked_until - now).total_seconds()))
