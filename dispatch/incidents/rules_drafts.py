"""Who holds the draft of a call, and when another seat may take it over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.texts import text_fault

DROPPED_AFTER: Final = timedelta(seconds=15)
"""A seat that was not heard of for this long has dropped. Seats save, or say they are there, every five seconds."""
KEPT_FOR: Final = timedelta(hours=12)
"""A draft nobody touched for this long is deleted: a shift is over, and it holds what callers said."""
LONGEST_SEAT: Final = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """Who types: a person at a seat. The same person at another seat is somebody else, until they take it over."""

    actor: str
    seat: str


def seat_name(value: str) -> str:
    """Return a seat's name as it is kept. Raises Invalid (`draft.seat`)."""
    name = value.strip()
    if not name or text_fault(name, LONGEST_SEAT) or len(name.splitlines()) > 1:
        raise Invalid("draft.seat", f"A seat is named in 1 to {LONGEST_SEAT} characters.")
    return name


def dropped(heard_at: datetime, now: datetime) -> bool:
    """Whether a seat has not been heard of for too long."""
    return now - heard_at > DROPPED_AFTER


def must_hold(holder: Holder, asking: Holder, current: dict[str, object]) -> None:
    """Refuse who does not hold the draft. Raises Conflict (`draft.held`), which tells who does."""
    if holder != asking:
        raise held(current)


def may_take_over(holder: Holder, asking: Holder, *, gone: bool, anyway: bool, current: dict[str, object]) -> None:
    """Refuse to take a draft from a seat that is still there; `anyway`: both have spoken about it.

    One's own draft can be taken to another seat at any time. Raises Conflict (`draft.held`), which tells who has it.
    """
    if holder.actor != asking.actor and not gone and not anyway:
        raise held(current)


def held(current: dict[str, object]) -> Conflict:
    """The refusal: another seat has it."""
    return Conflict(
        "draft.held", "Another seat has this call.", "Take it over once they have dropped.", current=current
    )
