"""When something really happened, of what a device's clock says. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

MAX_AGE_US: Final = 7 * 86_400 * 1_000_000
"""A store on board keeps a day; what claims to be older than a week has a wrong clock."""


class TrueTime(NamedTuple):
    """By our clock, microseconds since 1970, never after the receipt. sure: False where the receipt had to stand in."""

    at_us: int
    sure: bool


def true_time(device_us: int, received_us: int, offset_us: int) -> TrueTime:
    """Return when it was by our clock. offset_us: by how much the device's clock is ahead, measured on the connection.

    What then still lies ahead of the receipt was measured just now. What lies more than `MAX_AGE_US` back was timed by
    another clock than the one measured (a device that began in 1970 and was set since): only the receipt is known.
    """
    at_us = device_us - offset_us
    if received_us - at_us > MAX_AGE_US:
        return TrueTime(received_us, False)
    return TrueTime(min(at_us, received_us), at_us <= received_us + MAX_AGE_US)
