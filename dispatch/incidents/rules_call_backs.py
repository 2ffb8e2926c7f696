"""When somebody is to be called back, from `calls.toml`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dispatch.incidents.states_calls import Attempt
from dispatch.kernel.figures import laid_over, shipped, unusable

_OF: Final = "calling back"


@dataclass(frozen=True, slots=True)
class CallBackPolicy:
    """See `calls.toml`. after: from the call to the first attempt, then from each attempt to the next."""

    after: tuple[timedelta, ...]

    def due(self, attempts: int, last_at: datetime) -> datetime:
        """When the next attempt is due. It stays due until somebody is reached or a person gives up."""
        return last_at + self.after[min(attempts, len(self.after) - 1)]

    def enough(self, attempts: int) -> bool:
        """Whether so many were made that a person may give up with good reason."""
        return attempts >= len(self.after)


_SHIPPED: Final = shipped("dispatch.incidents", "calls.toml")["call_back"]
_LONGEST_S: Final = 86_400


def read_call_backs(given: Mapping[str, Any] | None = None) -> CallBackPolicy:
    """Return the pauses that ship, or the given ones, named as in `calls.toml`.

    Raises Invalid (`figures.invalid`): as `laid_over`; no pause at all, or one longer than a day.
    """
    after_s = laid_over(given or {}, _SHIPPED, _OF, "call_back.")["after_s"]
    if not after_s or max(after_s) > _LONGEST_S:
        raise unusable(_OF, f"call_back.after_s has one pause or more, none longer than {_LONGEST_S} seconds")
    return CallBackPolicy(tuple(timedelta(seconds=one) for one in after_s))


PROPOSED: Final = read_call_backs()


def in_force(info: Mapping[Any, Any]) -> CallBackPolicy:
    """Return the pauses that a session works by: those set for the whole service, else the proposed ones."""
    found: CallBackPolicy = info.get(CallBackPolicy, PROPOSED)
    return found


def reached(attempt: Attempt) -> bool:
    """Whether somebody was spoken to."""
    return attempt is Attempt.REACHED
